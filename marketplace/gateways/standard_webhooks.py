"""Signatures of the Standard Webhooks specification: HMAC-SHA256 over id, time and the exact body.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

TOLERANCE_SECONDS = 300
HEADER_LENGTH_MAX = 2_000
ID_HEADER, TIME_HEADER, SIGNATURE_HEADER = "webhook-id", "webhook-timestamp", "webhook-signature"
KEY_MARK = "whsec_"
VERSION = "v1"


def is_signed(content: bytes, headers: Mapping[str, str], *, secret: str, now: int) -> bool:
    """Whether the headers (lower-case names) sign `content` with `secret` at about `now` (epoch seconds). A
    secret that is not set signs nothing; during a rotation several signatures come, and one is enough."""
    identifier, sent_at = headers.get(ID_HEADER, ""), headers.get(TIME_HEADER, "")
    if not identifier or not (sent_at.isascii() and sent_at.isdecimal()) or len(sent_at) > len(str(now)):
        return False
    if abs(now - int(sent_at)) > TOLERANCE_SECONDS:
        return False
    expected = signature(content, identifier=identifier, at=int(sent_at), secret=secret)
    given = headers.get(SIGNATURE_HEADER, "")[:HEADER_LENGTH_MAX].split(" ")
    return bool(expected) and any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)


def signature(content: bytes, *, identifier: str, at: int, secret: str) -> str:
    """`v1,` and the signature in base64; empty for a secret that is none (`whsec_` and base64)."""
    try:
        key = base64.b64decode(secret.removeprefix(KEY_MARK), validate=True)
    except (binascii.Error, ValueError):
        return ""
    if not key:
        return ""
    signed = b"%s.%d.%s" % (identifier.encode(), at, content)
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"{VERSION},{base64.b64encode(digest).decode()}"
