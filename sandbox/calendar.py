"""What the product has AWS do every day (chalicelib/schedules.py), done when the product's clock gets there.

The declarations that Chalice deploys are read, and the deployed handlers are called with an event like AWS's.
A schedule by `rate` is about the machine's time, and not this module's.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from chalice.app import Chalice, ScheduledEventConfig

from chalicelib.log import logger
from sandbox.clock import MovableClock

DAY_SECONDS = 86_400
_DAILY = re.compile(r"cron\((\d{1,2}) (\d{1,2}) \* \* \? \*\)")

Handler = Callable[[dict[str, Any], None], object]


@dataclass(frozen=True)
class Daily:
    """`handler` runs every day (UTC) that many seconds after midnight."""

    name: str
    seconds: int
    handler: Handler

    def after(self, instant: int) -> int:
        """When it runs next after that, epoch seconds."""
        today = instant // DAY_SECONDS * DAY_SECONDS + self.seconds
        return today if today > instant else today + DAY_SECONDS


class Calendar:
    """Knows which days' work was done. What fell due while the sandbox was down is not made up for."""

    def __init__(self, clock: MovableClock, schedules: Iterable[Daily]) -> None:
        self._clock = clock
        self._next = {schedule: schedule.after(clock.now()) for schedule in schedules}

    def next_due(self) -> int | None:
        """Epoch seconds of the product's clock."""
        return min(self._next.values(), default=None)

    def run_due(self) -> int:
        """Runs what is due by now, the earliest first; how many. As on AWS, one that fails is logged, and
        comes again the next day."""
        now = self._clock.now()
        due = sorted((at, schedule.name, schedule) for schedule, at in self._next.items() if at <= now)
        for at, _, schedule in due:
            self._next[schedule] = schedule.after(now)
            try:
                schedule.handler(scheduled_event(schedule.name, at), None)
            except Exception:  # noqa: BLE001  whatever it is, the others run
                logger.exception("a daily schedule failed", about=schedule.name, due_at=at)
        return len(due)


def declared(app: Chalice) -> list[Daily]:
    """All that the application declares for every day. Raises ValueError for other times."""
    configs = (source for source in app.event_sources if isinstance(source, ScheduledEventConfig))
    crons = (config for config in configs if not str(config.schedule_expression).startswith("rate("))
    return [daily(c.name, str(c.schedule_expression), _handler(c.handler_string)) for c in crons]


def daily(name: str, expression: str, handler: Handler) -> Daily:
    """As AWS reads `cron(30 4 * * ? *)`. Raises ValueError for a schedule that is not of every day. (AWS:
    eventbridge/latest/userguide/eb-cron-expressions.html)"""
    found = _DAILY.fullmatch(expression)
    if found is None:
        raise ValueError(f"{name}: {expression} is not of every day")
    minute, hour = map(int, found.groups())
    return Daily(name, hour * 3_600 + minute * 60, handler)


def _handler(path: str) -> Handler:
    module, _, name = path.rpartition(".")
    handler: Handler = getattr(import_module(module), name)
    return handler


def scheduled_event(name: str, at: int) -> dict[str, Any]:
    """As EventBridge sends it. (AWS: eventbridge/latest/userguide/eb-run-lambda-schedule.html)"""
    return {
        "version": "0",
        "id": f"{name}-{at}",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "local",
        "resources": [],
        "detail": {},
    }
