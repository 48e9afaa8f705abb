"""Signatures of the Standard Webhooks specification, version 1.0.0 (symmetric, `v1`).

The content that is signed is `{id}.{timestamp}.{body}`; the id and the timestamp are ours, and hold no dot.
(standardwebhooks.com: spec, Signature scheme)
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The specification asks for 24 to 64."""


def new_secret() -> str:
    """A fresh secret, `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(event_id: str, body: bytes, keys: Iterable[str], *, at: int) -> dict[str, str]:
    """What a receiver verifies; `at` is epoch seconds of this attempt. Each of the secrets signs, so that
    whoever has only the old one, or only the new one, can tell that it is us."""
    signatures = " ".join(f"v1,{_signature(secret, event_id, at, body)}" for secret in keys)
    return {"webhook-id": event_id, "webhook-timestamp": str(at), "webhook-signature": signatures}


def _signature(secret: str, event_id: str, at: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = f"{event_id}.{at}.".encode() + body
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
