"""What the tables tell of the way that events took: their lines in statements and histories, and seals."""

import time
from collections.abc import Iterable, Iterator
from itertools import takewhile

from marketplace.ledger.audit import Breach
from marketplace.ledger.totals import INSTANT_MAX, Totals
from marketplace.shared.events import Event
from marketplace.storage import ledger, marks, seals, trail
from marketplace.storage.audit_spool import Spool
from marketplace.storage.models import TrailItem
from marketplace.storage.riding import batches
from marketplace.storage.rollups import DAY_SECONDS, rolled
from marketplace.storage.stripe_account import PROJECTION_SECONDS_MAX

Place = tuple[str, str]


def unprojected(events: Iterable[Event]) -> Iterator[Breach]:
    """Law 10, of events that are old enough: each stands in the first history that it belongs to, and its
    journal, line by line, in the statements."""
    settled = (time.time() - PROJECTION_SECONDS_MAX) * 1_000
    for some in batches(event for event in events if event.written_ms < settled):
        rows = {(about, at): (body, event.id) for event in some for about, at, body in _evidence(event)}
        there: dict[Place, str] = {}
        for places in batches(rows):
            there |= {(row.about, row.position): row.body for row in TrailItem.batch_get(places)}
        for place, (body, event_id) in rows.items():
            if place not in there:
                yield Breach(10, event_id, f"is not in the history or statement of {place[0]}")
            elif there[place] != body:
                yield Breach(2, event_id, f"stands in the statement of {place[0]} with other contents")


def _evidence(event: Event) -> Iterator[tuple[str, str, str]]:
    if event.about:
        yield next(trail.rows_of(event))
    yield from trail.statement_rows(event)


def wrong_seals(spool: Spool, sealed_until: int) -> Iterator[Breach]:
    """Law 2: seals that are not the sums of their journals, and buckets that lack one although everything
    before `sealed_until` was sealed when the look began."""
    for month in marks.months():
        for start, kept in seals.of_month(month):
            yield from _wrong_seal(start, kept, _journals_of(spool, start))
            spool.seen_sealed(start)
    for start in spool.unsealed(sealed_until):
        yield _never_sealed(start)


def wrong_sums(since: int, until: int) -> Iterator[Breach]:
    """Law 2, of the rolled-up day that ends at `until` (epoch seconds): its seals and its sum, and those of
    months that ended after `since`. Journals are read anew."""
    day, sealed = until - DAY_SECONDS, set()
    for start, kept in seals.between(day, until):
        yield from _wrong_seal(start, kept, ledger.fold(start))
        sealed.add(start)
    marked = takewhile(lambda start: start < until, marks.marked(day))
    for start in (start for start in marked if start not in sealed):
        if ledger.fold(start).currencies:
            yield _never_sealed(start)
    yield from wrong_rollups(rolled(since, until))


def wrong_rollups(sums: Iterable[tuple[str, Totals | None, Totals]]) -> Iterator[Breach]:
    """Law 2: (name, kept, added up) of sums that are not what they sum up."""
    for name, kept, added_up in sums:
        if kept != added_up:
            yield Breach(2, name, "its rolled-up sum is not that of its seals")


def _wrong_seal(start: int, kept: Totals | None, sums: Totals) -> Iterator[Breach]:
    if kept is not None and (kept != sums or not _same_span(kept, sums)):
        yield Breach(2, f"bucket {start}", "its sealed sum is not that of its journals")


def _never_sealed(start: int) -> Breach:
    return Breach(2, f"bucket {start}", "its journals were never sealed")


def _same_span(kept: Totals, sums: Totals) -> bool:
    """Sums that do not tell their span are opened whenever it matters."""
    return kept.last == INSTANT_MAX or (kept.first, kept.last) == (sums.first, sums.last)


def _journals_of(spool: Spool, start: int) -> Totals:
    """From what was read, or, where nobody has marked the bucket, read now."""
    text = spool.bucket(start)
    if text is None:
        return ledger.fold(start)
    return Totals.load(text) if text else Totals()
