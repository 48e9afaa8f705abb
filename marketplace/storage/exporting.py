"""What the exports read: journals of a span of business time by the time index, and lists page by page.

A journal stands in the index by when it was written, and may be dated earlier. A day that is rolled up, whose
sums tell that nothing of it lies in the span, is passed over unread.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from marketplace.exports.table import instant
from marketplace.ledger.totals import Totals
from marketplace.payouts.payout import Payout
from marketplace.reconciliation.breaks import Break
from marketplace.reconciliation.sides import Window
from marketplace.shared.errors import InvalidRequest
from marketplace.shared.events import Event, EventType
from marketplace.shared.journal import Journal
from marketplace.shared.records import dataclass
from marketplace.storage import ledger, marks, rollups, seals
from marketplace.storage.keys import ALL, RECONCILIATION_BREAKS, RECONCILIATIONS
from marketplace.storage.reads import BATCH_MAX, Reads
from marketplace.storage.statements import Period

Posted = Iterable[tuple[Event, Journal]]


class Allowance:
    """How long the reading for one file may take, seconds of real time, from now on."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = clock() + seconds

    def check(self, reached: int | None) -> None:
        """Raises InvalidRequest when it is used up; the rows dated up to `reached`, epoch seconds, have been
        read."""
        if self._clock() < self._until:
            return
        told = "" if reached is None else f"; what happened before {instant(reached)} was"
        raise InvalidRequest.at(
            "/to", f"this is too much to be read in one call{told}: ask for less at a time"
        )


@dataclass(frozen=True)
class Stretch:
    """Journals of the period, and where the next ones begin in the time index; None where there are none."""

    posted: list[tuple[Event, Journal]]
    reached: int | None


def journals(period: Period, allowance: Allowance) -> Iterator[tuple[Event, Journal]]:
    """The journals of business time in the period, by when they were written."""
    reached = None
    for start in _buckets(period):
        allowance.check(reached)
        for event, made in _within(start, period):
            reached = made.at
            yield event, made


def stretch(period: Period, *, since: int, until: int, journals_max: int, buckets_max: int) -> Stretch:
    """The journals of the period in whole buckets that begin in [since, until), machine's time, until there
    are that many or so many buckets were looked into: the same whenever it is asked, once the last one is
    over."""
    posted: list[tuple[Event, Journal]] = []
    for number, start in enumerate(_buckets(period, since)):
        if start >= until:
            break
        if len(posted) >= journals_max or number >= buckets_max:
            return Stretch(posted, start)
        posted += _within(start, period)
    return Stretch(posted, None)


def _buckets(period: Period, since: int = 0) -> Iterator[int]:
    """When those begin in which something of the period may lie."""
    passed_days = {
        day
        for day, part in rollups.days_between(0, seals.cursor(rollups.DAYS_UNTIL))
        if _misses(part, period)
    }
    for start in marks.marked(since):
        if start // rollups.DAY_SECONDS * rollups.DAY_SECONDS not in passed_days:
            yield start


def _within(start: int, period: Period) -> Iterator[tuple[Event, Journal]]:
    for event in ledger.events_at_once(start):
        made = event.journal
        if made is not None and period.first <= made.at < period.end:
            yield event.told(), made


def payouts(reads: Reads, period: Period, allowance: Allowance) -> Iterator[Payout]:
    """The payouts that were asked for in the period."""
    return payouts_of(reads, journals(period, allowance))


def payouts_of(reads: Reads, posted: Posted) -> Iterator[Payout]:
    """The payouts that were asked for by these."""
    asked = (
        name
        for event, _ in posted
        if event.type == EventType.PAYOUT_REQUESTED
        for name in event.about
        if name.startswith("pay_")
    )
    while batch := list(islice(asked, BATCH_MAX)):
        heads = reads.by_id(Payout, batch)
        yield from (heads[name] for name in batch if name in heads)


def breaks(reads: Reads, period: Period, allowance: Allowance) -> Iterator[Break]:
    """What happened in the period and did not match, of every run that read any of it."""
    for run in reads.every(RECONCILIATIONS, ALL):
        window = Window(run.window_start, run.window_end)
        if window.read_from < period.end and window.read_to > period.first:
            allowance.check(None)
            found = reads.every(RECONCILIATION_BREAKS, run.id)
            yield from (one for one in found if period.first <= one.happened_at < period.end)


def _misses(part: Totals | None, period: Period) -> bool:
    return part is not None and (part.last < period.first or part.first >= period.end)
