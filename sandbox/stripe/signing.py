"""Stripe's webhook signature: HMAC-SHA256 over the time and the exact bytes of the body.

Source: https://docs.stripe.com/webhooks/signature
"""

import hashlib
import hmac


def signature(payload: bytes, secret: str, at: int) -> str:
    """The value of the `Stripe-Signature` header; `at` is epoch seconds."""
    signed = f"{at}.".encode() + payload
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
