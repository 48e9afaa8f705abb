"""Money that should have moved and has not: what a nightly look finds, by whatever path it was forgotten.

It trusts neither timers nor queues: it looks at how things stand.
"""

from collections.abc import Iterable, Iterator

from marketplace.payouts.payout import Payout, PayoutStatus, Reason
from marketplace.payouts.schedule import Interval, PayoutSchedule
from marketplace.payouts.states import OVER
from marketplace.people.payout_account import PayoutAccount
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass

OVERDUE_SECONDS = 86_400
"""How long after its expected time a payout may still be on its way."""
UNKNOWN_SECONDS = 6 * 3_600
"""How long nobody may know what became of an attempt: it is looked up within minutes."""
UNFUNDED_SECONDS = 5 * 86_400
"""How long a payout may wait for funds: card money is available after two days, five over holidays."""
AT_STRIPE_SECONDS = 14 * 86_400
"""How long what failed at the bank may lie at Stripe, where its rules do not say less."""
AT_STRIPE_SECONDS_MAX = {"US": 730 * 86_400, "TH": 10 * 86_400}
AT_STRIPE_SECONDS_MAX_ELSEWHERE = 90 * 86_400
"""How long Stripe lets money wait on manual payouts, by the account's country. (Stripe:
/connect/manual-payouts)
"""
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
    """Payouts that have not come to an end although they should have, but for those that failed. One
    that waits for funds is expected later each time that it is tried, so it counts from its beginning."""
    for payout in under_way:
        since, seconds, why = _limit(payout)
        if payout.status not in OVER and now > since + seconds:
            yield Unmoved(
                payout.id, payout.left, since, f"{why}: {payout.status}, {payout.reason or 'no reason'}"
            )


def left_at_stripe(payout: Payout, country: str, now: int) -> Unmoved | None:
    """What failed at the bank and nobody has tried again or fetched back; `country` is its account's."""
    most = AT_STRIPE_SECONDS_MAX.get(country, AT_STRIPE_SECONDS_MAX_ELSEWHERE)
    since = payout.transfer.planned_at
    if payout.status != PayoutStatus.FAILED or now <= since + min(AT_STRIPE_SECONDS, most // 2):
        return None
    days = max(0, since + most - now) // 86_400
    return Unmoved(payout.id, payout.left, since, f"waits at Stripe, which allows {days} days more")


def _limit(payout: Payout) -> tuple[int, int, str]:
    """From when on it may take how many seconds, and what it is if it takes longer."""
    if payout.status == PayoutStatus.UNKNOWN:
        leg = payout.bank if payout.transfer.stripe_id else payout.transfer
        return leg.planned_at, UNKNOWN_SECONDS, "nobody knows what became of it"
    if payout.reason == Reason.AWAITING_FUNDS:
        clearance = payout.clearance
        freed = (clearance.held_until or 0, *(approval.at for approval in clearance.approvals))
        return max(payout.requested_at, *freed), UNFUNDED_SECONDS, "no funds"
    return payout.expected_at, OVERDUE_SECONDS, "overdue"


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
