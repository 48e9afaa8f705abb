"""What a fault gives in place of an answer."""

from sandbox.stripe.errors import StripeError, key_in_use, lock_timeout, rate_limited, unknown_error
from sandbox.stripe.faults import Fault, FaultKind, Planted
from sandbox.stripe.rate_limits import GLOBAL_RATE
from sandbox.stripe.wire import Response, Silence

RETRIED = {"Stripe-Should-Retry": "true"}
"""The libraries retry lock timeouts because of it. Source: https://docs.stripe.com/rate-limits"""

PROXY_ERRORS = {
    FaultKind.BAD_GATEWAY: (502, "Bad Gateway"),
    FaultKind.UNAVAILABLE: (503, "Service Temporarily Unavailable"),
}


def instead_of_effect(struck: Planted, key: str | None) -> Response | Silence | None:
    """What comes back although nothing was done; None when it is only the answer that gets lost.

    Raises StripeError for the faults that look like Stripe's own refusals. `key` is the idempotency key.
    """
    fault = struck.fault
    if fault.kind in (FaultKind.DROPPED_BEFORE, FaultKind.SILENT_BEFORE):
        return Silence(fault.held_seconds, struck.released)
    if fault.kind in PROXY_ERRORS:
        return _proxy_error(*PROXY_ERRORS[fault.kind])
    if fault.kind is FaultKind.KEY_IN_USE:
        raise _advising(key_in_use(key or ""), fault)
    if fault.kind is FaultKind.LOCK_TIMEOUT:
        refused = lock_timeout()
        refused.headers |= RETRIED
        raise _advising(refused, fault)
    if fault.kind is FaultKind.RATE_LIMIT:
        raise _advising(rate_limited(GLOBAL_RATE), fault)
    return None


def server_error(fault: Fault) -> StripeError:
    """The 500 of a fault."""
    return _advising(unknown_error(), fault)


def _advising(refused: StripeError, fault: Fault) -> StripeError:
    refused.headers |= fault.advice
    return refused


def _proxy_error(status: int, reason: str) -> Response:
    said = f"{status} {reason}"
    page = f"<html>\n<head><title>{said}</title></head>\n<body><h1>{said}</h1></body>\n</html>\n"
    return Response(status, {"Content-Type": "text/html"}, page.encode())
