"""What closing a month looks at: exceptions by index, and the ledger's totals of two instants."""

from collections.abc import Sequence

from marketplace.ledger.totals import Totals
from marketplace.reconciliation.run import Break
from marketplace.storage import ledger
from marketplace.storage.keys import OPEN_BREAKS
from marketplace.storage.reads import Reads


class PeriodFindings:
    """Implements `closing.use_cases.Findings`."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def open_breaks(self, month: str, *, limit: int) -> Sequence[Break]:
        """By the list of the open ones; one that has just been resolved is left out."""
        found, _ = self._reads.page(OPEN_BREAKS, month, limit=limit)
        return [one for one in found if one.open_in == month]

    def first_journal(self, first: int, end: int) -> int | None:
        """Journals are never taken away, so there is one where the sums differ."""
        at_end = totals_before(end)
        if first == 0:
            return at_end.first if at_end.currencies else None
        return None if at_end == totals_before(first) else first


def totals_before(instant: int) -> Totals:
    """The sums of all journals dated before it, epoch seconds of business time."""
    return ledger.totals(instant - 1) if instant > 0 else Totals()
