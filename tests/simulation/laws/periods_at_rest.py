"""What closed months came to, and what had been compared before."""

from collections.abc import Iterator

from marketplace.closing.period import Period, fingerprint
from marketplace.reconciliation.days import day_of
from marketplace.shared.accounts import STRIPE
from tests.simulation.laws.periods import totals_before
from tests.simulation.world import World
from tests.simulation.written import EVENT_MS

DAY_SECONDS = 86_400


def closed_months_stand(world: World) -> Iterator[str]:
    """Laws 2 and 11: each has its totals in the end, and they are what its journals come to."""
    for period in world.heads("prd"):
        if period.fingerprint is None:
            yield f"law 11: {period.id} was never summed up"
        elif period.fingerprint != fingerprint(totals_before(world.store.events.values(), period.ends_at)):
            yield f"law 2: {period.id} has other totals than its journals"
        missing = [] if period.forced else [day for day in _days(period) if not _compared(world, day, period)]
        if missing:
            yield f"law 6: {period.id} was closed, and nobody had compared {len(missing)} of its days"


def _days(period: Period) -> range:
    return range(period.starts_at, period.ends_at, DAY_SECONDS)


def _compared(world: World, day: int, period: Period) -> bool:
    """Whether a run that had finished by then began after that day was over, and after the last that was
    dated in it before it was closed."""
    dated = _last_written(world, day, period)
    return any(
        run.window_start <= day and day + DAY_SECONDS <= min(run.window_end, run.created_at)
        for run in world.heads("rec")
        if run.finished_at is not None and run.finished_at <= period.closed_at and dated < run.began_ms
    )


def _last_written(world: World, day: int, period: Period) -> int:
    """When it was, as the machine's time is told here; -1 where nothing was."""
    last = -1
    for number, event in enumerate(world.store.events.values()):
        if event.id == period.event:
            break
        dated = event.journal and day_of(event.journal.at) == day
        if dated and any(posting.account == STRIPE for posting in event.journal.postings):
            last = number * EVENT_MS
    return last
