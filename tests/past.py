"""Years before this product: what tests write there meets nobody else's, and is forgotten afterwards."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from marketplace.storage import ledger, marks, rollups, seals
from marketplace.storage.models import TrailItem

CURSORS = ("until", "again_until", rollups.DAYS_UNTIL, rollups.MONTHS_UNTIL, "audited", "audited_sums")
FIRST_YEAR = "2026"


@contextmanager
def past() -> Iterator[None]:
    """Sealing begins at the beginning; afterwards no bucket of these years is known any more."""
    _from_the_beginning()
    yield
    for month in [month for month in marks.months() if month < FIRST_YEAR]:
        for partition in (f"{marks.CALENDAR}#{month}", f"seal#{month}", f"seal#days#{month}"):
            _forget(TrailItem.query(partition))
    for partition in (marks.CALENDAR, "seal#carried", "seal#months"):
        _forget(TrailItem.query(partition, TrailItem.position < FIRST_YEAR))
    _from_the_beginning()


def seal_all(until: int) -> None:
    """As the schedule does, until there is nothing left to do by `until`, epoch seconds."""
    while ledger.seal(until):
        pass


def _from_the_beginning() -> None:
    """Cursors that fell back only make sealing do its work again."""
    for name in CURSORS:
        seals.move_cursor(name, 0)
    _forget(TrailItem.query("audit#broken"))


def _forget(rows: Iterable[TrailItem]) -> None:
    for row in rows:
        row.delete()
