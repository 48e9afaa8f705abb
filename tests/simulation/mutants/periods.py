"""Bugs in closing months, and in dating what comes late."""

from marketplace.closing import use_cases
from marketplace.reconciliation.run import Reconciliation
from marketplace.shared import books
from marketplace.shared.transaction import Transaction
from marketplace.storage import commit
from tests.simulation.mutants import Mutant, rewritten

LATE = "close a month, and what silence approved in it comes late"
EARLY = "a month is reconciled before it is over"
RACED = "what silence approves is about to be posted when its month is closed"

MUTANTS = (
    Mutant(
        "a late journal is dated into a closed month",
        (rewritten(Transaction._dated, "max(at, books.closed_until) if books else at", "at"),),
        shown_by=LATE,
    ),
    Mutant(
        "nobody looks whether the month of a journal may be closed",
        (rewritten(books.may_be_closed, "at < month_start(month_of(present))", "False"),),
        shown_by=LATE,
    ),
    Mutant(
        "the books may be closed between reading them and posting",
        (rewritten(Transaction.staged, "self._expected, self._unchanged", "self._expected"),),
        shown_by=RACED,
    ),
    Mutant(
        "the tables are not asked whether the books are as they were read",
        (rewritten(commit._transact, "commit.unchanged.items()", "()"),),
        level=2,
        shown_by=RACED,
    ),
    Mutant(
        "a closed month has the totals of the one before",
        (
            rewritten(
                use_cases.sum_up_period, "totals_before(period.ends_at)", "totals_before(period.starts_at)"
            ),
        ),
        shown_by=LATE,
    ),
    Mutant(
        "a month is closed that nobody has reconciled",
        (rewritten(use_cases._forced, "if missing:", "if False:"),),
        shown_by=EARLY,
    ),
    Mutant(
        "a reconciliation tells of days that were not over",
        (rewritten(Reconciliation.compared, "min(self.window_end, self.created_at)", "self.window_end"),),
        shown_by=EARLY,
    ),
    Mutant(
        "a closed month is never summed up",
        (rewritten(use_cases.sum_up_period, "period.sum_up_at is None or tx.now", "True or tx.now"),),
        shown_by=LATE,
    ),
)
