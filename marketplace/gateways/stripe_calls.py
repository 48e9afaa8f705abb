"""How we talk to Stripe: one client, with our time-outs, and every answer as an outcome.

    2xx                                                 Done
    400, 402, 404, 403 for an account that left us      Refused: nothing was done
    no answer, 409 (key in use), 429, 5xx               Unknown: something may have been done
    401, other 403, a key used with other parameters    Unknown: our own mistake, never the payee's loss

Source: https://docs.stripe.com/api/errors
"""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict, TypeVar

import stripe

from marketplace.shared.outcomes import Done, Outcome, Refused, Unknown

CONNECT_TIMEOUT_SECONDS = 2.0
READ_TIMEOUT_SECONDS = 8.0
NETWORK_RETRIES_MAX = 1
"""The library repeats under the same key, so a repeat is harmless; more would outlast our caller."""
API_VERSION = "2026-05-27.dahlia"
PAGE_MAX = 100
CLOCK_SKEW_SECONDS_MAX = 600
"""Stripe's clock and ours may differ; what we look for may bear an earlier time than our plan."""
ACCOUNT_INVALID = "account_invalid"
"""The connected account is not, or no longer, ours to act for. (Stripe: /error-codes)"""

Value = TypeVar("Value")


def client(api_key: str, api_base: str) -> stripe.StripeClient:
    """A client that sends nothing but what we ask; `api_base` is where Stripe answers."""
    stripe.enable_telemetry = False
    return stripe.StripeClient(
        api_key,
        stripe_version=API_VERSION,
        base_addresses={"api": api_base},
        max_network_retries=NETWORK_RETRIES_MAX,
        http_client=stripe.RequestsClient(timeout=(CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS)),
    )


def outcome_of(call: Callable[[], Value]) -> Outcome[Value]:
    """What became of one call."""
    try:
        return Done(call())
    except (stripe.InvalidRequestError, stripe.CardError) as refused:
        return Refused(_code(refused), _message(refused), refused.param or "")
    except stripe.StripeError as failed:
        if _code(failed) == ACCOUNT_INVALID:
            return Refused(ACCOUNT_INVALID, _message(failed))
        return Unknown(_code(failed), _message(failed), replayed=_is_replayed(failed))


class Created(TypedDict, total=False):
    """A filter of Stripe's lists by the instant of making, epoch seconds. (Stripe: /api/payouts/list)"""

    gt: int
    gte: int
    lt: int
    lte: int


def since_about(instant: int) -> Created:
    """From `instant` (epoch seconds of our clock) on."""
    return {"gte": instant - CLOCK_SKEW_SECONDS_MAX}


def around(instant: int, until: int | None = None) -> Created:
    """At about `instant` (epoch seconds of our clock), or from then to `until`."""
    last = instant if until is None else until
    return {"gte": instant - CLOCK_SKEW_SECONDS_MAX, "lte": last + CLOCK_SKEW_SECONDS_MAX}


def ours(metadata: Any, name: str) -> str:
    """What we wrote into an object's metadata under `name`; empty where it was not us."""
    found: Mapping[str, str] = metadata.to_dict() if metadata is not None else {}
    return found.get(name, "")


def id_of(reference: Any) -> str:
    """The id of a reference that Stripe gives as an id, as the object itself, or not at all."""
    if reference is None:
        return ""
    return reference if isinstance(reference, str) else str(reference.id)


def _is_replayed(error: stripe.StripeError) -> bool:
    """Whether it is the saved answer to our key. (Stripe: /api/idempotent_requests)"""
    return any(
        name.lower() == "idempotent-replayed" and value == "true"
        for name, value in (error.headers or {}).items()
    )


def _code(error: stripe.StripeError) -> str:
    """Stripe's code; the library leaves it out of errors that are neither the request's nor the card's."""
    from_body = getattr(error.error, "code", None)
    return error.code or from_body or type(error).__name__


def _message(error: stripe.StripeError) -> str:
    return error.user_message or "no message"
