"""What closing a month looks at: exceptions by index, and the ledger's totals of two instants."""

from collections.abc import Sequence
from itertools import islice, takewhile

from marketplace.closing.coverage import Span
from marketplace.ledger.totals import Totals
from marketplace.reconciliation.breaks import Break
from marketplace.reconciliation.days import Late, vouched
from marketplace.reconciliation.run import Reconciliation
from marketplace.reconciliation.watching import WATCH_ID, Watch, later_of
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.store import Store
from marketplace.storage import ledger, written_journals
from marketplace.storage.keys import ALL, OPEN_BREAKS, RECONCILIATIONS
from marketplace.storage.reads import Reads

RUNS_MAX = 2_000
"""So many runs, the latest ones, are looked at for what they have compared."""


class PeriodFindings:
    """Implements `closing.use_cases.Findings`. `thorough` also looks at what was written since the last walk
    (reconciliation/watching.py): a month is closed by that, and shown without."""

    def __init__(self, reads: Reads, store: Store, *, thorough: bool) -> None:
        self._reads = reads
        self._store = store
        self._thorough = thorough

    def open_breaks(self, month: str, *, limit: int) -> Sequence[Break]:
        """By the list of the open ones; one that has just been resolved is left out."""
        found, _ = self._reads.page(OPEN_BREAKS, month, limit=limit)
        return [one for one in found if one.open_in == month]

    def compared(self, first: int, end: int) -> Sequence[Span]:
        """By the runs that are young enough to have seen any of it. What something was written into since, no
        run of before vouches for. Raises IllegalTransition where too much was written to be looked at."""
        latest = islice(self._reads.every(RECONCILIATIONS, ALL), RUNS_MAX)
        runs = [
            run for run in takewhile(lambda run: run.created_at > first, latest) if run.window_start < end
        ]
        late = self._late(runs)
        return [span for run in runs for span in vouched(run, late)]

    def _late(self, runs: Sequence[Reconciliation]) -> Late:
        """By the watch, and by what was written since it walked, or since the first of these began."""
        found = self._store.read(Watch, WATCH_ID)
        watch = found[0] if found else Watch()
        began = [run.began_ms for run in runs if run.began_ms is not None]
        if not self._thorough or not began:
            return watch.late_days
        walked = written_journals.walk(max(watch.walked_until, min(began) // 1_000), settled=False)
        if not walked.is_whole:
            raise IllegalTransition("what was written lately is still being looked through: try again later")
        return later_of(watch.late_days, walked.dated)

    def first_journal(self, first: int, end: int) -> int | None:
        """Journals are never taken away, so there is one where the sums differ."""
        at_end = totals_before(end)
        if first == 0:
            return at_end.first if at_end.currencies else None
        return None if at_end == totals_before(first) else first


def totals_before(instant: int) -> Totals:
    """The sums of all journals dated before it, epoch seconds of business time."""
    return ledger.totals(instant - 1) if instant > 0 else Totals()
