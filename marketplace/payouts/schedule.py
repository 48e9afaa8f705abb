"""When a worker's earnings are paid out by themselves: one clock a worker, in UTC, whatever the season.

    manual <──set──> daily, weekly, monthly ──due──> moved on to the next instant
                             ^      │ due, and the account is not ready
                             └──────┴──> looked at again a day later; the money stays available

A day's payouts are spread over its first hour, each worker at a second of their own, so that midnight is not
everybody's.
"""

import zlib
from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from marketplace.payouts.amounts import minimum as smallest
from marketplace.shared.ids import renamed
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass, replace

PREFIX = "psc"
SPREAD_SECONDS = 3_600
POSTPONED_SECONDS = 86_400
DAYS_AHEAD_MAX = 62
"""Within so many days every schedule comes due."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Interval(StrEnum):
    """How often; `manual` is never by itself."""

    MANUAL = "manual"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


ANCHORS = {Interval.WEEKLY: range(1, 8), Interval.MONTHLY: range(1, 32)}
"""Which days an interval can be anchored to; the first is taken when none is named."""


def payout_schedule_id(worker_id: str) -> str:
    """A worker has one schedule, so its id is the worker's, renamed."""
    return renamed(worker_id, PREFIX)


@dataclass(frozen=True)
class PayoutSchedule:
    """`anchor` is the ISO weekday of a weekly one, and the day of a monthly one, in short months the last
    day; less than `minimum` is left where it is. Instants are epoch seconds."""

    id: str
    worker_id: str
    created_at: int
    interval: Interval = Interval.MANUAL
    anchor: int | None = None
    minimum: Money | None = None
    due_at: int | None = None
    set_at: int = 0

    @classmethod
    def manual(cls, worker_id: str, at: int) -> "PayoutSchedule":
        """What everybody begins with."""
        return cls(payout_schedule_id(worker_id), worker_id, at)

    @property
    def is_on(self) -> bool:
        """Whether anything happens by itself."""
        return self.interval != Interval.MANUAL

    def set_to(
        self, interval: Interval, anchor: int | None, minimum: Money | None, at: int
    ) -> "PayoutSchedule":
        """Counted from `at` on; what is chosen again goes on as it was."""
        if (interval, anchor, minimum) == (self.interval, self.anchor, self.minimum):
            return self
        chosen = replace(self, interval=interval, anchor=anchor, minimum=minimum, set_at=at)
        return chosen.moved_on(at)

    def moved_on(self, at: int) -> "PayoutSchedule":
        """To the next instant after `at`."""
        return replace(self, due_at=self._next_after(at))

    def stands_as_of(self, at: int) -> bool:
        """Whether what came due at `at` is still to be paid out for it: it has neither been chosen anew nor
        come due again, nor been postponed, since."""
        return self.is_on and self.set_at <= at and self.due_at == self._next_after(at)

    def postponed(self, at: int) -> "PayoutSchedule":
        """Looked at again a day after `at`, unless that comes sooner."""
        if self.due_at is None:
            return self
        later = at + POSTPONED_SECONDS
        return replace(self, due_at=later if self.due_at <= at else min(self.due_at, later))

    def takes(self, balances: Mapping[str, Mapping[str, int]]) -> list[Money]:
        """All that is available, in each currency in which it is enough; `balances` are the worker's."""
        found = (Money(names.get("available", 0), currency) for currency, names in sorted(balances.items()))
        return [money for money in found if money.amount >= self.least(money.currency)]

    def least(self, currency: str) -> int:
        """The smallest amount that is paid out by itself, minor units."""
        if self.minimum is not None and self.minimum.currency == currency:
            return self.minimum.amount
        return smallest(currency)

    def _next_after(self, at: int) -> int | None:
        if not self.is_on:
            return None
        offset = zlib.crc32(self.worker_id.encode()) % SPREAD_SECONDS
        today = datetime.fromtimestamp(at, UTC).date()
        days = (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD_MAX))
        instants = (_midnight(day) + offset for day in days if self._falls_on(day))
        return next(instant for instant in instants if instant > at)

    def _falls_on(self, day: date) -> bool:
        if self.interval == Interval.WEEKLY:
            return day.isoweekday() == self.anchor
        if self.interval == Interval.MONTHLY:
            return day.day == min(self.anchor or 1, monthrange(day.year, day.month)[1])
        return True


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
