"""Months that come to their end: what was compared and found in them, without waiting for a nightly run."""

from collections import Counter

from marketplace.closing.period import SETTLING_SECONDS
from marketplace.reconciliation.breaks import Break
from marketplace.reconciliation.matching import Outcome
from marketplace.reconciliation.run import Reconciliation
from marketplace.shared.events import Event
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.months import month_end, month_of, month_start
from marketplace.shared.store import Commit, HeadChange
from marketplace.storage import account_sums, codec, trail
from marketplace.storage.models import EventItem
from tests.bench import Bench


def found_at_stripe(
    bench: Bench, at: int, outcome: Outcome = Outcome.MISSING_IN_LEDGER, run: str = ""
) -> Break:
    """An exception of a run, by default of one that is not there."""
    line = Break(
        id=new_id("brk"),
        reconciliation_id=run or new_id("rec"),
        outcome=outcome,
        amount=Money(100, "USD"),
        happened_at=at,
        owner="payments",
        reason="",
        created_at=bench.now,
    )
    bench.store.commit(Commit((HeadChange(line),), Counter(), None))
    return line


def recorded() -> list[Event]:
    """All events that have an item of their own."""
    return [codec.event_of(item) for item in EventItem.scan()]


def settle(bench: Bench) -> None:
    """Everything is projected; no timer fires."""
    bench.carry()
    events = recorded()
    trail.project(bench.store.connection, events)
    account_sums.keep_up(events, bench.now)


def compared(
    bench: Bench,
    start: int,
    end: int,
    *,
    began: int | None = None,
    began_ms: int | None = None,
    **found: int,
) -> None:
    """A reconciliation of [start, end) has finished; all matched but what it `found`. It `began` by business
    time, and to read at `began_ms` of the machine's."""
    run = Reconciliation(new_id("rec"), start, end, bench.now if began is None else began)
    run = run.finished({**run.counts, **found}, bench.now, began_ms)
    bench.store.commit(Commit((HeadChange(run),), Counter(), None))


def next_month(bench: Bench, *, reconciled: bool = True) -> str:
    """It is over for an hour, and reconciled; nothing has fired. Its name."""
    month = month_of(bench.now)
    bench.pass_time(month_end(month) + SETTLING_SECONDS - bench.now)
    if reconciled:
        compared(bench, month_start(month), month_end(month))
    return month
