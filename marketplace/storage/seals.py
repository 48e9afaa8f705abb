"""Sums of buckets that are over, kept so that nobody adds them up again.

    seal            the cursors: how far sealing, and looking again, got
    seal#yyyy-mm    one row (or, beyond an item's size, several) a bucket that holds journals

A seal's text is the deflated JSON of its totals, cut into pieces of which each names the whole (a hash) and
their number. A seal that is not whole (its pieces are being written anew) is no seal: its bucket is then
folded from its journals.
"""

import base64
import hashlib
import zlib
from collections.abc import Iterator
from itertools import groupby

from marketplace.ledger.totals import Totals
from marketplace.storage.marks import month_of
from marketplace.storage.models import TrailItem

CURSORS = "seal"
PIECE_CHARS_MAX = 300_000
"""An item holds at most 400 KB, its names included."""
_WHOLE_LENGTH = 16


def put(start: int, totals: Totals) -> None:
    """Seals the bucket that begins at `start`; the first piece, which the others hang on, comes last."""
    text = base64.b64encode(zlib.compress(totals.dump().encode(), 9)).decode()
    whole = hashlib.sha256(text.encode()).hexdigest()[:_WHOLE_LENGTH]
    pieces = [text[at : at + PIECE_CHARS_MAX] for at in range(0, len(text), PIECE_CHARS_MAX)]
    for number, piece in reversed(list(enumerate(pieces))):
        position = f"{start:012d}#{number:03d}"
        TrailItem(_partition(month_of(start)), position, body=f"{whole}:{len(pieces)}:{piece}").save()


def of_month(month: str) -> Iterator[tuple[int, Totals | None]]:
    """(start, totals) of every seal of a month (`2026-11`), the earliest first; None for one not whole."""
    rows = TrailItem.query(_partition(month), consistent_read=True)
    for start, pieces in groupby(rows, key=lambda row: int(row.position.partition("#")[0])):
        yield start, _opened([piece.body for piece in pieces])


def cursor(name: str) -> int:
    """Every bucket that begins before this (epoch seconds) has been dealt with; 0 at first."""
    try:
        return int(TrailItem.get(CURSORS, name, consistent_read=True).body)
    except TrailItem.DoesNotExist:
        return 0


def move_cursor(name: str, start: int) -> None:
    """Two sealers may move it at once: one that falls back only makes work be done again."""
    TrailItem(CURSORS, name, body=str(start)).save()


def _opened(bodies: list[str]) -> Totals | None:
    whole, count, _ = bodies[0].split(":", 2)
    parts = [body.split(":", 2) for body in bodies[: int(count)]]
    text = "".join(piece for _, _, piece in parts)
    if hashlib.sha256(text.encode()).hexdigest()[:_WHOLE_LENGTH] != whole:
        return None
    return Totals.load(zlib.decompress(base64.b64decode(text)).decode())


def _partition(month: str) -> str:
    return f"{CURSORS}#{month}"
