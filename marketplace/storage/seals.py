"""Sums of what is over, kept so that nobody adds them up again.

    seal                   the cursors: how far sealing, looking again, and rolling up got
    seal#yyyy-mm           a bucket that holds journals, by when it begins
    seal#days#yyyy-mm      a day of buckets (rollups.py)
    seal#carried           everything from the beginning to the end of a month
    seal#months            what those months span

A sum's text is the deflated JSON of its totals, cut into pieces (rows) of which each names the whole (a hash)
and their number. A sum that is not whole (its pieces are being written anew) is none: what it sums up is then
added up again.
"""

import base64
import hashlib
import zlib
from collections.abc import Iterator
from itertools import groupby

from marketplace.ledger.totals import Totals
from marketplace.shared.months import month_of
from marketplace.storage.models import TrailItem

CURSORS = "seal"
PIECE_CHARS_MAX = 300_000
"""An item holds at most 400 KB, its names included."""
_WHOLE_LENGTH = 16
_LAST_PIECE = "#~"


def put(start: int, totals: Totals) -> None:
    """Seals the bucket that begins at `start`."""
    put_sums(_partition(month_of(start)), _position(start), totals)


def put_sums(partition: str, name: str, totals: Totals) -> None:
    """Keeps sums under a name; the first piece, which the others hang on, comes last."""
    text = base64.b64encode(zlib.compress(totals.dump().encode(), 9)).decode()
    whole = hashlib.sha256(text.encode()).hexdigest()[:_WHOLE_LENGTH]
    pieces = [text[at : at + PIECE_CHARS_MAX] for at in range(0, len(text), PIECE_CHARS_MAX)]
    for number, piece in reversed(list(enumerate(pieces))):
        TrailItem(partition, f"{name}#{number:03d}", body=f"{whole}:{len(pieces)}:{piece}").save()


def of_month(month: str) -> Iterator[tuple[int, Totals | None]]:
    """(start, totals) of every seal of a month (`2026-11`), the earliest first; None for one not whole."""
    yield from ((int(name), totals) for name, totals in sums(_partition(month)))


def between(start: int, end: int) -> Iterator[tuple[int, Totals | None]]:
    """The seals of the buckets of one month that begin in [start, end), epoch seconds."""
    found = sums(_partition(month_of(start)), _position(start), _position(end - 1))
    yield from ((int(name), totals) for name, totals in found)


def sums(partition: str, first: str = "", last: str = "~") -> Iterator[tuple[str, Totals | None]]:
    """(name, totals) of what `put_sums` kept, from name to name; None for one not whole."""
    rows = TrailItem.query(
        partition, TrailItem.position.between(first or "#", last + _LAST_PIECE), consistent_read=True
    )
    for name, pieces in groupby(rows, key=lambda row: row.position.partition("#")[0]):
        yield name, _opened([piece.body for piece in pieces])


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


def _position(start: int) -> str:
    return f"{max(0, start):012d}"
