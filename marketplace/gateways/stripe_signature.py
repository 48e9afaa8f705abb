"""Stripe's webhook signatures: HMAC-SHA256 over the time and the exact bytes of the body.

The intake must answer fast, so it does without the library. Source: https://docs.stripe.com/webhooks/signature
"""

import hashlib
import hmac

TOLERANCE_SECONDS = 300
HEADER_LENGTH_MAX = 2_000


def is_signed(content: bytes, header: str, *, secret: str, now: int) -> bool:
    """Whether `header` signs `content` with `secret` at about `now` (epoch seconds). A secret that is not
    set signs nothing; during a rotation Stripe sends several signatures, and one that fits is enough."""
    signed_at, signatures = _parts(header)
    if not secret or signed_at is None or abs(now - signed_at) > TOLERANCE_SECONDS:
        return False
    expected = hmac.new(secret.encode(), b"%d.%s" % (signed_at, content), hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(expected.encode(), given.encode()) for given in signatures)


def _parts(header: str) -> tuple[int | None, list[str]]:
    pairs = [part.strip().partition("=") for part in header[:HEADER_LENGTH_MAX].split(",")]
    times = [value for name, _, value in pairs if name == "t" and value.isascii() and value.isdecimal()]
    return (int(times[0]) if len(times) == 1 else None), [value for name, _, value in pairs if name == "v1"]
