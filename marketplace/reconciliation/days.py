"""Which days are to be compared with Stripe, again or for the first time. Days are whole, in UTC.

    day over ──RIPE──> compared ──AGAIN──> compared once more ──something late is written──> compared ...
                          │ a break of it is open: once a day, while that is young

A run vouches for what was written before it began to read. A journal that is dated in a day and was written
later takes the day out of what the run vouches for (`vouched`): it counts as never compared.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from marketplace.reconciliation.breaks import Break
from marketplace.reconciliation.run import Reconciliation, RunStatus
from marketplace.shared.records import dataclass

DAY_SECONDS = 86_400
RIPE_SECONDS = 3 * 3_600
"""So long after its end a day is compared: webhooks and Stripe's list are a little behind."""
AGAIN_SECONDS = RIPE_SECONDS + DAY_SECONDS
"""So long after its end it is compared once more: a line that Stripe's list showed late is found then."""
RECENT_DAYS = 3
"""A day that is older is not compared once more for Stripe's sake alone."""
YOUNG_SECONDS = 5 * DAY_SECONDS
"""A break that is younger is looked at again every day, and once more then: whoever found it may have been
overtaken, and what Stripe tells late comes within days."""
RUNNING_SECONDS = 3 * 3_600
"""A run that has not finished after that is taken for given up: its message is tried again for minutes."""
INDEX_LAG_MS = 900_000
"""What was written so shortly before a run began may not have been in the ledger's index."""

Span = tuple[int, int]
"""[start, end), epoch seconds of business time."""

Late = Mapping[int, int]
"""A day's first instant to when the last journal dated in it was written (machine's epoch milliseconds)."""


def day_of(instant: int) -> int:
    """The first instant of its day."""
    return instant // DAY_SECONDS * DAY_SECONDS


def vouched(run: Reconciliation, late: Late, lag_ms: int = 0) -> Iterator[Span]:
    """What of its window `run` has compared, without the days that something was written into since it began;
    `lag_ms` before it began counts as since. One that does not say when it began vouches for all."""
    if run.compared is None:
        return
    start, end = run.compared
    for day in sorted(late):
        if start < day + DAY_SECONDS and day < end and _was_missed(run, late[day], lag_ms):
            if start < day:
                yield start, day
            start = max(start, day + DAY_SECONDS)
    if start < end:
        yield start, end


def _was_missed(run: Reconciliation, written_ms: int, lag_ms: int) -> bool:
    return run.began_ms is not None and written_ms >= run.began_ms - lag_ms


@dataclass(frozen=True)
class Ledger:
    """What is known when days are chosen: the latest runs, newest first, what came late, and open breaks.
    `since` is the first instant that is looked at."""

    since: int
    runs: Sequence[Reconciliation]
    late: Late
    still_open: Sequence[Break]


def due_days(now: int, known: Ledger, limit: int) -> list[int]:
    """Up to `limit` days that are to be compared, newest first."""
    oldest = day_of(known.since)
    newest = day_of(now - RIPE_SECONDS) - DAY_SECONDS
    of_breaks: dict[int, int] = {}
    for one in known.still_open:
        day, since = day_of(one.happened_at), min(now - DAY_SECONDS, one.created_at + YOUNG_SECONDS)
        of_breaks[day] = max(of_breaks.get(day, 0), since)
    spans = [span for run in known.runs for span in vouched(run, known.late, INDEX_LAG_MS)]
    days = range(newest, oldest - 1, -DAY_SECONDS)
    late = sorted((day for day in known.late if day < oldest), reverse=True)
    due: list[int] = []
    for day in (*days, *late):
        if len(due) == limit:
            break
        needed = (
            not _covered(day, spans)
            or (now - AGAIN_SECONDS >= day + DAY_SECONDS and _is_to_be_seen_again(day, now, known.runs))
            or (day in of_breaks and not _began(day, known.runs, of_breaks[day]))
        )
        if needed and not _is_busy(day, now, known.runs):
            due.append(day)
    return due


def left_late(known: Ledger) -> dict[int, int]:
    """Those of the late days that no run has compared since."""
    spans = [span for run in known.runs for span in vouched(run, known.late, INDEX_LAG_MS)]
    return {day: at for day, at in known.late.items() if not _covered(day, spans)}


def _covered(day: int, spans: Iterable[Span]) -> bool:
    reached = day
    for start, end in sorted(spans):
        if start > reached:
            break
        reached = max(reached, end)
    return reached >= day + DAY_SECONDS


def _is_to_be_seen_again(day: int, now: int, runs: Iterable[Reconciliation]) -> bool:
    recent = day_of(now) - RECENT_DAYS * DAY_SECONDS <= day
    return recent and not _began(day, runs, day + DAY_SECONDS + AGAIN_SECONDS)


def _began(day: int, runs: Iterable[Reconciliation], since: int) -> bool:
    """Whether a run that holds all of it, and has finished, began then or later."""
    return any(
        run.created_at >= since and run.status == RunStatus.FINISHED for run in runs if _holds(run, day)
    )


def _is_busy(day: int, now: int, runs: Iterable[Reconciliation]) -> bool:
    """Whether a run is at work on it, or one that found more than can be kept has told of it today."""
    return any(
        now < run.created_at + (RUNNING_SECONDS if run.status == RunStatus.RUNNING else DAY_SECONDS)
        for run in runs
        if run.compared is None and _holds(run, day)
    )


def _holds(run: Reconciliation, day: int) -> bool:
    return run.window_start <= day and day + DAY_SECONDS <= run.window_end
