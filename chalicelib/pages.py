"""Signed cursors: opaque to callers, good for one list only."""

import base64
import hashlib
import hmac
from typing import Annotated

from pydantic import Field

from chalicelib.types import Model
from marketplace.shared.errors import InvalidCursor

LIMIT_DEFAULT = 20
LIMIT_MAX = 100
SIGNATURE_BYTES = 12
CURSOR_LENGTH_MAX = 400


class PageQuery(Model):
    """`?limit=` and `?cursor=` of every list."""

    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX)] = LIMIT_DEFAULT
    cursor: str | None = None


def sign(position: str, *, listed: str, secret: str) -> str:
    """A cursor for `position` in the list named `listed` (whose list it is included)."""
    return (
        base64.urlsafe_b64encode(_signature(position, listed, secret) + position.encode())
        .decode()
        .rstrip("=")
    )


def read(cursor: str | None, *, listed: str, secret: str) -> str | None:
    """The position. Raises InvalidCursor."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        raw = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        position = raw[SIGNATURE_BYTES:].decode()
    except ValueError as broken:
        raise InvalidCursor("the cursor is not one of ours") from broken
    genuine = hmac.compare_digest(raw[:SIGNATURE_BYTES], _signature(position, listed, secret))
    if len(cursor) > CURSOR_LENGTH_MAX or not genuine:
        raise InvalidCursor("the cursor is not one of ours")
    return position


def _signature(position: str, listed: str, secret: str) -> bytes:
    text = f"{listed}\x00{position}".encode()
    return hmac.new(secret.encode(), text, hashlib.sha256).digest()[:SIGNATURE_BYTES]
