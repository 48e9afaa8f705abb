"""Money that should have moved and has not: what a nightly look finds, by whatever path it was forgotten.

It trusts neither timers nor queues: it looks at how things stand.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from marketplace.payouts.payout import Payout
from marketplace.payouts.schedule import Interval, PayoutSchedule
from marketplace.people.payout_account import PayoutAccount
from marketplace.shared.money import Money

OVERDUE_SECONDS = 86_400
"""How long after its expected time a payout may still be on its way."""
UNSWEPT_SECONDS = 2 * 86_400
"""How long after a schedule's longest pause money may still lie where it was earned."""

_PAUSE_SECONDS = {
    Interval.DAILY: 86_400,
    Interval.WEEKLY: 7 * 86_400,
    Interval.MONTHLY: 31 * 86_400,
}


@dataclass(frozen=True, order=True)
class Unmoved:
    """`subject` is the payout, the worker whose earnings lie, or the dispute that nobody decides, `since` at
    least that instant (epoch seconds)."""

    subject: str
    amount: Money
    since: int
    detail: str


def overdue(under_way: Iterable[Payout], now: int) -> Iterator[Unmoved]:
    """Payouts that have not come to an end although they should have."""
    for payout in under_way:
        if payout.is_under_way and now > payout.expected_at + OVERDUE_SECONDS:
            why = f"{payout.status}, {payout.reason}" if payout.reason else payout.status.value
            yield Unmoved(payout.id, payout.amount, payout.expected_at, f"overdue: {why}")


def swept_until(schedule: PayoutSchedule, account: PayoutAccount, now: int) -> int | None:
    """What was available by then (epoch seconds) should have been paid out by `now`; None while the schedule
    or the account has not been ready for long enough to say."""
    if not schedule.is_on or not account.is_ready:
        return None
    until = now - _PAUSE_SECONDS[schedule.interval] - UNSWEPT_SECONDS
    return until if until >= max(schedule.set_at, account.ready_since or 0) else None


def unswept(schedule: PayoutSchedule, available: Money, *, fresh: int, until: int) -> Unmoved | None:
    """What a schedule has left lying; `fresh` minor units of `available` have come after `until`."""
    old = available.amount - fresh
    if old < schedule.least(available.currency):
        return None
    return Unmoved(schedule.worker_id, Money(old, available.currency), until, "available and not swept")
