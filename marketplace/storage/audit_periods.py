"""What the tables tell of closed months: nothing was posted into one afterwards, and its totals stand."""

from bisect import bisect_right
from collections.abc import Iterator

from marketplace.closing.period import Period, fingerprint
from marketplace.ledger.audit import Breach
from marketplace.shared.events import Event
from marketplace.storage.keys import ALL, PERIODS
from marketplace.storage.period_findings import totals_before
from marketplace.storage.reads import Reads
from marketplace.storage.store import DynamoStore

STAMPED_MS = 60_000
"""A commit is stamped when it begins, and ends within seconds: one that began so shortly after the closing's
did may still have come before it. What it posted shows in the totals."""


class ClosedPeriods:
    """Those that are closed as the look begins."""

    def __init__(self, store: DynamoStore, reads: Reads) -> None:
        self._periods = sorted(reads.every(PERIODS, ALL), key=lambda period: period.ends_at)
        self._ends = [period.ends_at for period in self._periods]
        self._closed_ms = [_closed_ms(store, period) for period in self._periods]

    def posted_late(self, event: Event) -> Iterator[Breach]:
        """Law 1: the event's journal was not dated in a month that had been closed."""
        journal = event.journal
        place = bisect_right(self._ends, journal.at) if journal else len(self._ends)
        if place < len(self._ends) and event.written_ms > self._closed_ms[place] + STAMPED_MS:
            month = self._periods[place].month
            yield Breach(1, event.id, f"its journal was posted into {month} after that was closed")

    def wrong_totals(self, *, everything: bool) -> Iterator[Breach]:
        """Law 2: what was written down as a period's totals is what its journals come to; of the latest alone
        unless `everything` is asked for."""
        summed = [period for period in self._periods if period.fingerprint is not None]
        for period in summed if everything else summed[-1:]:
            if fingerprint(totals_before(period.ends_at)) != period.fingerprint:
                yield Breach(2, period.id, "its closing totals are not what its journals come to")


def _closed_ms(store: DynamoStore, period: Period) -> int:
    event = store.event(period.event, near=period.id)
    if event is None:
        raise LookupError(f"{period.event}, which closed {period.id}")
    return event.written_ms
