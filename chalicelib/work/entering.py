"""Goes through the runs of before there were lists of open exceptions by month, a few at a time."""

from collections.abc import Callable
from functools import partial

from marketplace.reconciliation.entering import (
    ENTERING_ID,
    RUNS_PER_STEP,
    Entering,
    enter_breaks,
    move_on,
)
from marketplace.runtime import Runtime
from marketplace.shared.events import Cause
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import ALL, RECONCILIATION_BREAKS, RECONCILIATIONS

BREAKS_PER_COMMIT = 25


def enter_open_breaks(runtime: Runtime) -> bool:
    """One step, unless all has been entered; whether it has. Steps taken at once do the same twice."""
    found = runtime.store.read(Entering, ENTERING_ID)
    seen = found[0] if found else Entering()
    if seen.done:
        return True
    runs, before = runtime.reads.page(RECONCILIATIONS, ALL, limit=RUNS_PER_STEP, before=seen.before)
    for one in runs:
        listed = runtime.reads.every(RECONCILIATION_BREAKS, one.id)
        still = [found.id for found in listed if found.open_in is not None]
        for start in range(0, len(still), BREAKS_PER_COMMIT):
            _commit(runtime, partial(enter_breaks, still[start : start + BREAKS_PER_COMMIT]))
    _commit(runtime, partial(move_on, seen, before))
    return before is None


def _commit(runtime: Runtime, work: Callable[[Transaction], None]) -> None:
    cause = Cause(
        event_id=runtime.new_id("evt"),
        actor="reconciliation",
        request_id=runtime.new_id("req"),
        at=runtime.clock.now(),
        repeatable=False,
    )
    run(runtime.store, cause, work)
