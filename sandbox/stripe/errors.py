"""What goes wrong: Stripe's error objects, and the refusals of the control functions.

Source: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes
"""

from typing import Any

KEY_SHOWN_FROM_LENGTH = 8
"""A secret this short is not shown at all."""


class UnknownObject(LookupError):
    """A control function was given an id that this Stripe has never made."""


class NotPossible(Exception):
    """A control function was asked for something that the object's state does not allow."""


class StripeError(Exception):
    """An answer that is not 2xx, in Stripe's shape.

    `more` holds the rarer members of the error object: charge, decline_code, payment_intent, payment_method.
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
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.code = code
        self.param = param
        self.more = more or {}

    def error(self) -> dict[str, Any]:
        """The error object."""
        error: dict[str, Any] = dict(self.more)
        if self.code is not None:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        error["message"] = self.message
        if self.param is not None:
            error["param"] = self.param
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
