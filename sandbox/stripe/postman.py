"""Carries one webhook to its endpoint, and says when to try again.

Source: https://docs.stripe.com/webhooks#behaviors (retries for up to three days with exponential back off).
"""

import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from sandbox.stripe.shelf import Obj
from sandbox.stripe.signing import signature

TIMEOUT_SECONDS = 10
ANSWER_BYTES_MAX = 64 * 1024

RETRY_FIRST_SECONDS = 60
RETRY_FACTOR = 4
RETRY_LONGEST_SECONDS = 12 * 3600
RETRIED_FOR_SECONDS = 3 * 24 * 3600


@dataclass(frozen=True)
class Letter:
    """One event on its way to one endpoint, its bytes fixed and signed."""

    url: str
    payload: bytes
    signature: str


def letter(event: Obj, url: str, secret: str, at: int) -> Letter:
    """The event as it is now, signed at `at` (epoch seconds)."""
    payload = json.dumps(event, indent=2).encode()
    return Letter(url, payload, signature(payload, secret, at))


def delivered(sent: Letter) -> bool:
    """Posts a letter; True for any 2xx. No answer in time, any other status and a redirect are False."""
    target = urlsplit(sent.url)
    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": sent.signature,
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    connection = kind(target.netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", path, sent.payload, headers)
        answer = connection.getresponse()
        answer.read(ANSWER_BYTES_MAX)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return 200 <= answer.status < 300


def retry_at(*, created: int, now: int, attempt: int) -> int | None:
    """When to try again after `attempt` (from 1) failed at `now`; None once the event is three days old.

    All in epoch seconds. The pauses: 1 min, 4 min, 16 min, about 1 h, about 4 h, then 12 h each.
    """
    pause = min(RETRY_FIRST_SECONDS * RETRY_FACTOR ** (attempt - 1), RETRY_LONGEST_SECONDS)
    return now + pause if now + pause <= created + RETRIED_FOR_SECONDS else None
