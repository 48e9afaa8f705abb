"""Sees to it that each day is compared with Stripe once it is over, and again when something late came in.

    walk over what was written ──> late days ─┐
    runs, open breaks ────────────────────────┴─> due days ──> a run each ──> queue ──> reconciling.reconcile

A step is bounded, and may be taken at any time, twice, or by two machines at once: a run is started once a
day and hour, and what is not done the next step goes on with.
"""

from collections.abc import Callable
from functools import partial
from itertools import islice, takewhile
from math import inf
from typing import TypeVar

from chalicelib.work.reconciling import open_breaks
from marketplace.reconciliation.days import DAY_SECONDS, Ledger, day_of, due_days, left_late
from marketplace.reconciliation.run import Reconciliation
from marketplace.reconciliation.use_cases import StartReconciliation, start_reconciliation
from marketplace.reconciliation.watching import WATCH_ID, Watch, forget_compared, note_walk
from marketplace.runtime import Runtime
from marketplace.shared.books import BOOKS_ID, Books
from marketplace.shared.events import Cause
from marketplace.shared.ids import derived_id
from marketplace.shared.months import month_of, month_start, months_until
from marketplace.shared.records import dataclass
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.storage import written_journals
from marketplace.storage.keys import ALL, RECONCILIATIONS

DAYS_PER_STEP = 8
"""So many runs are started at a time."""
MONTHS_LOOKED_AT = 2
"""Days of this month and of the one before it are compared unasked; later ones when something comes into
them."""
RUNS_MAX = 500
"""So many runs, the latest ones, are looked at for what they have compared."""
HOUR_SECONDS = 3_600

Result = TypeVar("Result")


@dataclass(frozen=True)
class Step:
    """The days (first instants) that a run was started for, how many days wait that something late came into,
    and how long ago, seconds of the machine, the oldest thing was written that was not looked at yet."""

    days: tuple[int, ...]
    late: int
    behind_seconds: int


def compare_days(runtime: Runtime, left: Callable[[], float] = lambda: inf) -> Step:
    """One step; `left` is how many seconds it may take. Raises what the tables raise."""
    runs = list(islice(_runs(runtime), RUNS_MAX))
    watch, whole = _walked(runtime, runs, left)
    known = Ledger(_since(runtime), runs, watch.late_days, open_breaks(runtime, MONTHS_LOOKED_AT))
    due = due_days(runtime.clock.now(), known, DAYS_PER_STEP)
    for day in due:
        command = StartReconciliation(runtime.new_id("rec"), day, day + DAY_SECONDS)
        _commit(runtime, str(day), partial(start_reconciliation, command))
    behind = 0 if whole else written_journals.real_ms() // 1_000 - watch.walked_until
    return Step(tuple(due), len(watch.late), behind)


def _walked(runtime: Runtime, runs: list[Reconciliation], left: Callable[[], float]) -> tuple[Watch, bool]:
    """The watch after this step's walk, without the days that were compared since; and whether the walk came
    to its end. The first one begins where the earliest of the runs did."""
    found = runtime.store.read(Watch, WATCH_ID)
    seen = found[0] if found else Watch()
    watch = _forgotten(runtime, seen, runs)
    if watch.is_full:
        return watch, False
    began = [run.began_ms for run in runs if run.began_ms is not None]
    first = watch.walked_until or min(began, default=written_journals.real_ms()) // 1_000
    walked = written_journals.walk(first, settled=True, left=left)
    if walked.until <= watch.walked_until:
        return watch, walked.is_whole
    noted = _commit(runtime, f"walk {first}", partial(note_walk, watch, walked.until, walked.dated))
    return noted or watch, walked.is_whole


def _forgotten(runtime: Runtime, watch: Watch, runs: list[Reconciliation]) -> Watch:
    still = left_late(Ledger(0, runs, watch.late_days, ()))
    compared = {day: at for day, at in watch.late_days.items() if day not in still}
    if not compared:
        return watch
    return _commit(runtime, "forget", partial(forget_compared, compared)) or watch


def _runs(runtime: Runtime) -> "takewhile[Reconciliation]":
    """Newest first, as far back as days are looked at."""
    start = month_start(months_until(month_of(runtime.clock.now()), MONTHS_LOOKED_AT)[0])
    return takewhile(lambda one: one.created_at >= start, runtime.reads.every(RECONCILIATIONS, ALL))


def _since(runtime: Runtime) -> int:
    """The first day that is compared unasked: of months that are open, and from that of the first journal on,
    all of which is closed."""
    now = runtime.clock.now()
    books = runtime.store.read(Books, BOOKS_ID)
    start = month_start(months_until(month_of(now), MONTHS_LOOKED_AT)[0])
    first = written_journals.first_day(max(start, books[0].closed_until if books else 0))
    return day_of(now) if first is None else month_start(month_of(first))


def _commit(runtime: Runtime, step: str, work: Callable[[Transaction], Result]) -> Result | None:
    """None where the same step was taken before."""
    now = runtime.clock.now()
    cause = Cause(
        event_id=derived_id("evt", "compare_days", step, str(now // HOUR_SECONDS)),
        actor="reconciliation",
        request_id=runtime.new_id("req"),
        at=now,
    )
    return run(runtime.store, cause, work).result
