"""Bugs in comparing days again, and in what becomes of exceptions."""

from chalicelib.work import reconciling
from marketplace.reconciliation import breaks, days, judging
from marketplace.reconciliation.breaks import Break
from marketplace.reconciliation.watching import Watch
from tests.simulation.mutants import Mutant, rewritten

LATE = "a day is compared, and what Stripe told late closes its exception"
WEEKS = "what comes weeks late meets what was open"
MONTH = "something comes into a month that was reconciled"
BOTH = "finance and the night find the same exception"

MUTANTS = (
    Mutant(
        "an exception is another one for each run that finds it",
        (rewritten(breaks.break_of, 'derived_id("brk", ', 'derived_id("brk", run.id, '),),
        shown_by=BOTH,
    ),
    Mutant(
        "an exception stays open when both sides have met",
        (rewritten(judging._all_seen, "line.id in seen", "False"),),
        shown_by=LATE,
    ),
    Mutant(
        "what was open long ago is forgotten",
        (rewritten(judging.beside, "not window.reads(line.at)", "False"),),
        shown_by=WEEKS,
    ),
    Mutant(
        "a pair that lies far apart is forgotten",
        (rewritten(Break._is_far, "bool(instants) and", "False and"),),
        shown_by=WEEKS,
    ),
    Mutant(
        "what came into a compared day is not noted",
        (rewritten(Watch.walked, "later_of(self.late_days, dated)", "self.late_days"),),
        shown_by=MONTH,
    ),
    Mutant(
        "a month is closed although something came in since it was compared",
        (rewritten(days._was_missed, "written_ms >= run.began_ms - lag_ms", "False"),),
        shown_by=MONTH,
    ),
    Mutant(
        "an exception closes although its run comes to nothing",
        (
            rewritten(
                reconciling.reconcile,
                "run(runtime.store, cause, lambda tx: finish_reconciliation(asked.id, found, began_ms, tx))",
                "pass",
            ),
        ),
        shown_by=LATE,
    ),
)
