"""The sandbox's nights: each day is compared once it is over, however far the clock jumps."""

from types import SimpleNamespace
from typing import cast

from marketplace.reconciliation.run import Reconciliation
from marketplace.runtime import Runtime
from marketplace.shared.events import EventType
from marketplace.shared.ids import new_id
from sandbox.calendar import Calendar
from sandbox.clock import MovableClock
from sandbox.comparing import Comparison
from tests.fakes.memory_store import MemoryStore

DAY, AFTER = 86_400, 4 * 3_600
MAY = 1_809_129_600
"""2027-05-01T00:00:00Z."""


def test_each_night_takes_in_what_was_not_compared_before() -> None:
    clock, store = MovableClock(), MemoryStore()
    clock.freeze()
    clock.move_to(MAY + 9 * DAY + AFTER)
    runtime = cast("Runtime", SimpleNamespace(store=store, clock=clock, new_id=new_id))
    nights = Calendar(clock, [Comparison(runtime).daily])
    for day in (10, 11, 40):
        clock.move_to(MAY + day * DAY + AFTER)
        nights.run_due()
    told = [event for event in store.events.values() if event.type == EventType.RECONCILIATION_STARTED]
    runs = [store.read(Reconciliation, event.about[0]) for event in told]
    spans = [(row[0].window_start - MAY, row[0].window_end - MAY) for row in runs if row]
    assert spans == [(0, 10 * DAY), (10 * DAY, 11 * DAY), (11 * DAY, 40 * DAY)]
