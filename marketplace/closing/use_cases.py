"""What finance does: closes a month; and what a timer does then."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from marketplace.closing.coverage import Days, Span, missing_days
from marketplace.closing.period import SETTLING_SECONDS, Forced, Period, period_id
from marketplace.ledger.totals import Totals
from marketplace.reconciliation.breaks import Break
from marketplace.shared.books import BOOKS_ID, Books
from marketplace.shared.errors import ExceptionsOpen, IllegalTransition, NotReconciled
from marketplace.shared.events import EventType
from marketplace.shared.months import month_end, month_of, month_start, months_until
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction

LOOK_BACK_MONTHS = 12
"""An exception of the month, or of the eleven before it, stands in the way while it is open."""
COUNTED_MAX = 100
"""So many open exceptions of a month are counted."""
SHOWN_MAX = 20
"""So many are named."""


@dataclass(frozen=True)
class ClosePeriod:
    """`month` is `2026-10`. With a `force_reason` it is closed whatever reconciliations say, or do not."""

    month: str
    force_reason: str | None = None


class Findings(Protocol):
    """What is known of months that are not closed."""

    def open_breaks(self, month: str, *, limit: int) -> Sequence[Break]:
        """Up to `limit` exceptions dated in it that nobody has resolved."""
        ...

    def compared(self, first: int, end: int) -> Sequence[Span]:
        """What reconciliations that have finished have compared of [first, end), and beyond it."""
        ...

    def first_journal(self, first: int, end: int) -> int | None:
        """An instant not after the earliest journal that is dated in [first, end), epoch seconds; None where
        there is none."""
        ...


def close_period(command: ClosePeriod, findings: Findings, tx: Transaction) -> Period:
    """From its commit on nothing posts into the month, nor into an earlier one. Raises IllegalTransition
    where it is closed, not over for an hour, or not the first open one with journals; and unless it is
    forced, ExceptionsOpen and NotReconciled."""
    month = command.month
    earlier = tx.find(Period, period_id(month))
    books = tx.find(Books, BOOKS_ID) or Books()
    if earlier is not None or month_end(month) <= books.closed_until:
        raise IllegalTransition(f"{month} is closed")
    _is_over(month, tx.now)
    _is_next(month, books, findings)
    forced = _forced(command, books, findings)
    period = Period(
        id=period_id(month),
        month=month,
        closed_from=books.closed_until,
        closed_at=tx.now,
        closed_by=tx.cause.actor,
        event=tx.cause.event_id,
        forced=forced,
    )
    tx.save(period, replace(books, closed_until=month_end(month)))
    tx.publish(EventType.PERIOD_CLOSED, about=(period.id,), **({"forced": True} if forced else {}))
    return period


def sum_up_period(identifier: str, totals_before: Callable[[int], Totals], tx: Transaction) -> None:
    """Writes down what the ledger came to at the month's end, once; `totals_before` an instant of business
    time. Raises NotFound."""
    period = tx.get(Period, identifier)
    if period.sum_up_at is None or tx.now < period.sum_up_at:
        return
    summed = period.summed_up(totals_before(period.closed_from), totals_before(period.ends_at))
    tx.save(summed)
    tx.publish(EventType.PERIOD_SUMMED_UP, about=(period.id,), fingerprint=summed.fingerprint)


def _is_over(month: str, now: int) -> None:
    if now < month_end(month):
        raise IllegalTransition(f"{month} has not ended")
    from_when = month_end(month) + SETTLING_SECONDS
    if now < from_when:
        told = datetime.fromtimestamp(from_when, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        raise IllegalTransition(f"what happened in {month} may still be on its way: close it from {told} on")


def _is_next(month: str, books: Books, findings: Findings) -> None:
    since, until = books.closed_until, month_start(month)
    first = findings.first_journal(since, until) if since < until else None
    if first is not None:
        named = month_of(max(first, since))
        raise IllegalTransition(f"journals are dated in earlier months that are open: close {named} first")


def missing_in(month: str, books: Books, findings: Findings) -> tuple[Days, ...]:
    """The days that are closed with it, and that no reconciliation has compared: the month's, and those of
    the months that were left out since another was closed, as far as exceptions of theirs would count."""
    looked_back = month_start(months_until(month, LOOK_BACK_MONTHS)[0])
    first = max(books.closed_until, looked_back) if books.closed_until else month_start(month)
    end = month_end(month)
    return missing_days(first, end, findings.compared(first, end))


def _forced(command: ClosePeriod, books: Books, findings: Findings) -> Forced | None:
    """What it is closed over; None where nothing stands in the way. Raises ExceptionsOpen, NotReconciled."""
    month, reason = command.month, command.force_reason
    found = [
        one
        for name in months_until(month, LOOK_BACK_MONTHS)
        for one in findings.open_breaks(name, limit=COUNTED_MAX)
    ]
    missing = missing_in(month, books, findings)
    if reason is not None:
        return Forced(reason, missing, len(found)) if found or missing else None
    if found:
        raise _open(found)
    if missing:
        days = ", ".join(f"{_day(one.start)} to {_day(one.end - 1)}" for one in missing)
        told = f"no reconciliation that began after they were over has finished for these days: {days}"
        raise NotReconciled(told, [(one.start, one.end) for one in missing])
    return None


def _open(found: Sequence[Break]) -> ExceptionsOpen:
    counted = Counter(month_of(one.happened_at) for one in found)
    each = ", ".join(
        f"{count}{' or more' if count == COUNTED_MAX else ''} in {name}"
        for name, count in sorted(counted.items())
    )
    named = [(one.id, one.reconciliation_id, month_of(one.happened_at)) for one in found[:SHOWN_MAX]]
    return ExceptionsOpen(f"exceptions are open that must be resolved first: {each}", named)


def _day(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d")
