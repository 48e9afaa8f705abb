"""What the tables tell of the way that events took: their lines in statements and histories, and seals."""

import time
from collections.abc import Iterable, Iterator

from marketplace.ledger.audit import Breach
from marketplace.ledger.totals import INSTANT_MAX, Totals
from marketplace.shared.events import Event
from marketplace.storage import ledger, marks, seals, trail
from marketplace.storage.audit_spool import Spool
from marketplace.storage.models import TrailItem
from marketplace.storage.riding import batches
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


def wrong_seals(spool: Spool, since: int, sealed_until: int) -> Iterator[Breach]:
    """Law 2: seals since a day that are not the sums of their journals, and buckets that lack one although
    everything before `sealed_until` was sealed when the look began."""
    for month in marks.months():
        sealed = (start for start in seals.of_month(month) if month >= marks.month_of(since))
        for start, kept in sealed:
            if start >= since and kept is not None:
                sums = _journals_of(spool, start)
                if kept != sums or not _same_span(kept, sums):
                    yield Breach(2, f"bucket {start}", "its sealed sum is not that of its journals")
            spool.seen_sealed(start)
    for start in spool.unsealed(sealed_until):
        yield Breach(2, f"bucket {start}", "its journals were never sealed")


def _same_span(kept: Totals, sums: Totals) -> bool:
    """Sums that do not tell their span are opened whenever it matters."""
    return kept.last == INSTANT_MAX or (kept.first, kept.last) == (sums.first, sums.last)


def _journals_of(spool: Spool, start: int) -> Totals:
    """From what was read, or, where nobody has marked the bucket, read now."""
    text = spool.bucket(start)
    if text is None:
        return ledger.fold(start)
    return Totals.load(text) if text else Totals()
