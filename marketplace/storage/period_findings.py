"""What closing a month looks at: exceptions by index, and the ledger's totals of two instants."""

from collections.abc import Sequence
from itertools import islice

from marketplace.closing.coverage import Span, gaps
from marketplace.ledger.totals import Totals
from marketplace.reconciliation.run import Break
from marketplace.storage import ledger
from marketplace.storage.keys import ALL, OPEN_BREAKS, RECONCILIATIONS
from marketplace.storage.reads import Reads

RUNS_MAX = 1_000
"""So many runs, the latest ones, are looked at for what they have compared."""


class PeriodFindings:
    """Implements `closing.use_cases.Findings`."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def open_breaks(self, month: str, *, limit: int) -> Sequence[Break]:
        """By the list of the open ones; one that has just been resolved is left out."""
        found, _ = self._reads.page(OPEN_BREAKS, month, limit=limit)
        return [one for one in found if one.open_in == month]

    def compared(self, first: int, end: int) -> Sequence[Span]:
        """Newest run first, until all of it is, or runs are too old to have seen any of it."""
        spans: list[Span] = []
        for run in islice(self._reads.every(RECONCILIATIONS, ALL), RUNS_MAX):
            if run.created_at <= first or not any(gaps(first, end, spans)):
                break
            if run.compared is not None:
                spans.append(run.compared)
        return spans

    def first_journal(self, first: int, end: int) -> int | None:
        """Journals are never taken away, so there is one where the sums differ."""
        at_end = totals_before(end)
        if first == 0:
            return at_end.first if at_end.currencies else None
        return None if at_end == totals_before(first) else first


def totals_before(instant: int) -> Totals:
    """The sums of all journals dated before it, epoch seconds of business time."""
    return ledger.totals(instant - 1) if instant > 0 else Totals()
