"""Who may ask: the secret keys of test mode.

Source: https://docs.stripe.com/api/authentication
"""

from base64 import b64decode

from sandbox.stripe.errors import invalid_key, missing_key

TEST_KEYS = ("sk_test_", "rk_test_")


def api_key(authorization: str) -> str:
    """The secret key of a Bearer or Basic header; raises StripeError (401)."""
    scheme, _, credentials = authorization.partition(" ")
    key = credentials.strip()
    if scheme.lower() == "basic":
        try:
            key = b64decode(key, validate=True).decode().partition(":")[0]
        except ValueError:
            key = ""
    if scheme.lower() not in ("bearer", "basic") or not key:
        raise missing_key()
    if not key.startswith(TEST_KEYS):
        raise invalid_key(key)
    return key
