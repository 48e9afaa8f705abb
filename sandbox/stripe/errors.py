"""What goes wrong: Stripe's error objects, and the refusals of the control functions.

Source: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes
"""

from collections.abc import Mapping
from typing import Any

MESSAGE_LENGTH_MAX = 40_000
PARAM_LENGTH_MAX = 5_000
"""Stripe's own limits of the error object, so that what a caller sent cannot make an answer grow."""

KEY_SHOWN_FROM_LENGTH = 8
"""A secret this short is not shown at all."""


class UnknownObject(LookupError):
    """A control function was given an id that this Stripe has never made."""


class NotPossible(Exception):
    """A control function was asked for something that the object's state does not allow."""


class StripeError(Exception):
    """An answer that is not 2xx, in Stripe's shape.

    `more` holds the rarer members of the error object: charge, decline_code, payment_intent, payment_method.
    `headers` go with the answer.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        more: dict[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.code = code
        self.param = param
        self.more = more or {}
        self.headers = dict(headers or {})

    def error(self) -> dict[str, Any]:
        """The error object."""
        error: dict[str, Any] = dict(self.more)
        if self.code is not None:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        error["message"] = self.message[:MESSAGE_LENGTH_MAX]
        if self.param is not None:
            error["param"] = self.param[:PARAM_LENGTH_MAX]
        error["type"] = self.kind
        return error

    def body(self, request_id: str) -> dict[str, Any]:
        """The whole answer, as it goes over the wire."""
        log = f"https://dashboard.stripe.com/test/logs/{request_id}"
        return {"error": {**self.error(), "request_log_url": log}}


def missing_key() -> StripeError:
    """No key at all in the Authorization header."""
    return StripeError(
        401,
        "You did not provide an API key. You need to provide your API key in the Authorization header, "
        "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). "
        "See https://stripe.com/docs/api#authentication for details, "
        "or we can help at https://support.stripe.com/.",
    )


def invalid_key(key: str) -> StripeError:
    """A key that is not a secret or restricted key of test mode."""
    return StripeError(401, f"Invalid API Key provided: {redacted(key)}")


def redacted(key: str) -> str:
    """A key as Stripe prints it: its kind and its last four characters."""
    shown, secret = (key[:8], key[8:]) if key[:3] in ("sk_", "rk_", "pk_") else ("", key)
    kept = secret[-4:] if len(secret) > KEY_SHOWN_FROM_LENGTH else ""
    return f"{shown}{'*' * (len(secret) - len(kept))}{kept}"


def account_invalid(key: str, account: str) -> StripeError:
    """The key reaches no such connected account (Stripe answers 403, not 404)."""
    return StripeError(
        403,
        f"The provided key '{redacted(key)}' does not have access to account '{account}' "
        "(or that account does not exist). Application access may have been revoked.",
        code="account_invalid",
    )


def unrecognized_url(method: str, path: str) -> StripeError:
    """No such method and path."""
    return StripeError(
        404,
        f"Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove the "
        "trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) "
        "identifier in your code. Please see https://stripe.com/docs or we can help at https://support.stripe.com/.",
    )


def not_a_form() -> StripeError:
    """A body of another content type."""
    return StripeError(
        400,
        "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you "
        "have any questions, we can help at https://support.stripe.com/.",
    )


def key_in_use(key: str) -> StripeError:
    """The first request with this key still runs."""
    return StripeError(
        409,
        "There is currently another in-progress request using this Idempotent Key (that probably means you "
        f"submitted twice, and the other request is still going through): {key}. Please try again later.",
        code="idempotency_key_in_use",
    )


def rate_limited(reason: str | None = None) -> StripeError:
    """Too many requests. `reason` is `global-rate` or `endpoint-rate` (docs.stripe.com/rate-limits)."""
    return StripeError(
        429,
        "Request rate limit exceeded. You can learn more about rate limits here "
        "https://stripe.com/docs/rate-limits.",
        code="rate_limit",
        headers={} if reason is None else {"Stripe-Rate-Limited-Reason": reason},
    )


def lock_timeout() -> StripeError:
    """Another request holds the object: no rate limit, so it has no reason (docs.stripe.com/rate-limits)."""
    return StripeError(
        429,
        "This object cannot be accessed right now because another API request or Stripe process is currently "
        "accessing it. If you see this error intermittently, retry the request. If you see this error "
        "frequently and are making multiple concurrent requests to a single object, make your requests "
        "serially or at a lower rate.",
        code="lock_timeout",
    )


def unknown_error() -> StripeError:
    """Stripe's own fault. The library's source expects it to come with advice against a retry."""
    headers = {"Stripe-Should-Retry": "false"}
    return StripeError(500, "An unknown error occurred.", kind="api_error", headers=headers)


def missing(noun: str, object_id: str, param: str, *, status: int = 404) -> StripeError:
    """An id that names nothing: 404 when it is in the path, 400 when it is a parameter."""
    return StripeError(status, f"No such {noun}: '{object_id}'", code="resource_missing", param=param)


def unknown_parameters(names: list[str]) -> StripeError:
    """Parameters that the endpoint does not take."""
    plural = "s" if len(names) > 1 else ""
    return StripeError(
        400,
        f"Received unknown parameter{plural}: {', '.join(names)}",
        code="parameter_unknown",
        param=names[0],
    )


def missing_parameter(name: str) -> StripeError:
    """A parameter that the endpoint must have."""
    return StripeError(400, f"Missing required param: {name}.", code="parameter_missing", param=name)


def empty_parameter(name: str) -> StripeError:
    """An empty text where Stripe takes none."""
    return StripeError(
        400,
        f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a "
        f"parameter; however '{name}' cannot be unset. You should remove '{name}' from your request or "
        "supply a non-empty value.",
        code="parameter_invalid_empty",
        param=name,
    )


def invalid_integer(message: str, name: str) -> StripeError:
    """Not an integer, or outside its bounds."""
    return StripeError(400, message, code="parameter_invalid_integer", param=name)


def invalid(message: str, name: str | None = None) -> StripeError:
    """Any other refusal of a parameter; Stripe gives these no code."""
    return StripeError(400, message, param=name)
