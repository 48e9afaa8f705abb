"""Has the days that are over compared with Stripe, which a deployment does by the hour
(chalicelib/schedules.py).

There it is about when things were written, by the machine's time; here days pass in a moment. So each night
one run takes in all that was not compared before, from the beginning of the month in which the sandbox first
looked.
"""

from functools import partial
from typing import Any

from marketplace.reconciliation.days import day_of
from marketplace.reconciliation.use_cases import StartReconciliation, start_reconciliation
from marketplace.runtime import Runtime
from marketplace.shared.events import Cause
from marketplace.shared.ids import derived_id
from marketplace.shared.months import month_of, month_start
from marketplace.shared.running import run
from sandbox.calendar import Daily

NAME = "compare_days"
SECONDS = 3 * 3_600
"""After midnight, when a day is ripe."""


class Comparison:
    """What is done every night."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._reached = 0

    @property
    def daily(self) -> Daily:
        """As the calendar has it."""
        return Daily(NAME, SECONDS, self._compare)

    def _compare(self, _event: dict[str, Any], _context: None) -> None:
        """Starts a run; the queue takes it from there."""
        runtime = self._runtime
        now, end = runtime.clock.now(), day_of(runtime.clock.now())
        start = self._reached or month_start(month_of(end - 1))
        if start >= end:
            return
        command = StartReconciliation(runtime.new_id("rec"), start, end)
        event_id = derived_id("evt", NAME, str(start), str(end))
        cause = Cause(event_id, "reconciliation", runtime.new_id("req"), now)
        run(runtime.store, cause, partial(start_reconciliation, command))
        self._reached = end
