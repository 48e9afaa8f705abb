"""Fee schedules: published by an operator, in effect from an instant, copied into the contracts offered then.

The calendar is one small head that says which schedule was in effect when; a schedule never changes.
"""

from bisect import bisect_right
from itertools import pairwise

from marketplace.contracts.fees import FeeTerms, Tier
from marketplace.shared.errors import Fault, InvalidRequest
from marketplace.shared.events import EventType
from marketplace.shared.ids import derived_id
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction

FEE_BASIS_POINTS = 1_000
"""The worker's side, as long as no schedule is in effect."""
NOTICE_SECONDS = 120
"""How long ahead a schedule is published, at least: longer than any call lives and any two clocks are apart.
So whoever makes an offer after it is in effect finds it there, without a condition on the calendar."""
CURRENCIES_MAX = 50
CALENDAR_MAX = 20
"""How many schedules the calendar keeps: those to come, the one in effect, and the latest before it."""


@dataclass(frozen=True)
class CurrencyFees:
    """The amounts of one currency, minor units; `tiers` ascend, and begin above zero."""

    currency: str
    tiers: tuple[Tier, ...] = ()
    fixed: int = 0
    minimum: int = 0


@dataclass(frozen=True)
class FeeSchedule:
    """`basis_points` is the worker's side of every currency, and in one with tiers the rate below the first;
    `client_basis_points` comes on top, from the client. `effective_at` is epoch seconds."""

    id: str
    effective_at: int
    basis_points: int
    client_basis_points: int
    currencies: tuple[CurrencyFees, ...]
    created_at: int

    def terms_in(self, currency: str) -> FeeTerms:
        """What a contract in that currency keeps: without a row for it, the percentages alone."""
        row = next((row for row in self.currencies if row.currency == currency), CurrencyFees(currency))
        return FeeTerms(
            schedule_id=self.id,
            tiers=row.tiers or None,
            fixed=row.fixed or None,
            minimum=row.minimum or None,
            client_basis_points=self.client_basis_points or None,
        )


@dataclass(frozen=True)
class Effective:
    """From then on, this schedule."""

    at: int
    schedule_id: str


@dataclass(frozen=True)
class FeeCalendar:
    """`entries` by their instant; of two for the same instant the later published counts."""

    id: str
    entries: tuple[Effective, ...] = ()

    def in_effect(self, at: int) -> str | None:
        """The schedule in effect at that instant, None where the default is."""
        index = bisect_right(self.entries, at, key=lambda entry: entry.at)
        return self.entries[index - 1].schedule_id if index else None

    def with_entry(self, entry: Effective, *, now: int) -> "FeeCalendar":
        """One more; the oldest are forgotten. Raises InvalidRequest when too many are still to come."""
        place = bisect_right(self.entries, entry.at, key=lambda one: one.at)
        entries = (*self.entries[:place], entry, *self.entries[place:])
        if sum(one.at > now for one in entries) >= CALENDAR_MAX:
            raise InvalidRequest.at("/effective_at", f"fewer than {CALENDAR_MAX} schedules may be to come")
        return replace(self, entries=entries[-CALENDAR_MAX:])


@dataclass(frozen=True)
class PublishFeeSchedule:
    """`effective_at` None means as soon as may be."""

    schedule_id: str
    effective_at: int | None
    basis_points: int
    client_basis_points: int
    currencies: tuple[CurrencyFees, ...]


def publish_fee_schedule(command: PublishFeeSchedule, tx: Transaction) -> FeeSchedule:
    """Raises InvalidRequest, also when it would change the terms of what may have been offered by now."""
    calendar = tx.find(FeeCalendar, CALENDAR_ID) or FeeCalendar(CALENDAR_ID)
    earliest = tx.now + NOTICE_SECONDS
    effective_at = earliest if command.effective_at is None else command.effective_at
    if effective_at < earliest:
        raise InvalidRequest.at("/effective_at", f"must be at least {NOTICE_SECONDS} seconds ahead")
    check_currencies(command.currencies)
    schedule = FeeSchedule(
        id=command.schedule_id,
        effective_at=effective_at,
        basis_points=command.basis_points,
        client_basis_points=command.client_basis_points,
        currencies=command.currencies,
        created_at=tx.now,
    )
    tx.save(calendar.with_entry(Effective(effective_at, schedule.id), now=tx.now), schedule)
    tx.publish(EventType.FEE_SCHEDULE_PUBLISHED, about=(schedule.id,), effective_at=effective_at)
    return schedule


def fee_terms(currency: str, tx: Transaction) -> tuple[int, FeeTerms | None]:
    """The worker's side in basis points and whatever else applies to a contract that is offered now."""
    calendar = tx.find(FeeCalendar, CALENDAR_ID)
    current = calendar.in_effect(tx.now) if calendar else None
    if current is None:
        return FEE_BASIS_POINTS, None
    schedule = tx.get(FeeSchedule, current)
    return schedule.basis_points, schedule.terms_in(currency)


def check_currencies(currencies: tuple[CurrencyFees, ...]) -> None:
    """Each currency once, each tier above the one before. Raises InvalidRequest."""
    faults = []
    for index, row in enumerate(currencies):
        bounds = [0, *(tier.above for tier in row.tiers)]
        if any(later <= earlier for earlier, later in pairwise(bounds)):
            faults.append(Fault(f"/currencies/{index}/tiers", "must ascend, and begin above zero"))
        if any(row.currency == other.currency for other in currencies[:index]):
            faults.append(Fault(f"/currencies/{index}/currency", "is there twice"))
    if faults:
        raise InvalidRequest(faults)


CALENDAR_ID = derived_id("fcl", "platform")
