"""Reads for the watchdog, by index: payouts under way, disputes that wait for an operator, workers whose
schedule is on, and the newest lines of what they have available; and the ledger's sums. Nothing is scanned,
and manual earnings are their worker's own business."""

from collections.abc import Iterable, Iterator

from marketplace.ledger.totals import Totals
from marketplace.payouts.payout import Payout
from marketplace.payouts.rules import PayoutRules
from marketplace.payouts.schedule import PayoutSchedule
from marketplace.payouts.watchdog import Unmoved, left_at_stripe, overdue, swept_until, unswept
from marketplace.payouts.withdrawal import is_enough
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.shared.accounts import BANK, SUSPENSE, available, worker_owner
from marketplace.shared.money import Money
from marketplace.storage import ledger, statements
from marketplace.storage.keys import ALL, DISPUTES_TO_DECIDE, PAYOUTS_UNDER_WAY, SCHEDULED_WORKERS
from marketplace.storage.reads import Reads
from marketplace.storage.store import DynamoStore
from marketplace.treasury.own_payouts import owed_at_bank

LINES_PER_READ = 100


def unmoved(store: DynamoStore, reads: Reads, rules: PayoutRules, now: int) -> Iterator[Unmoved]:
    """Money that should have moved by `now` (epoch seconds) and has not; `rules` say what may go out."""
    under_way = list(reads.every(PAYOUTS_UNDER_WAY, ALL))
    yield from overdue(under_way, now)
    yield from _at_stripe(store, under_way, now)
    totals = ledger.totals()
    yield from _in_suspense(totals, now)
    yield from _owed_at_bank(totals, now)
    yield from _undecided(reads, now)
    for schedule in reads.every(SCHEDULED_WORKERS, ALL):
        yield from _left_lying(store, schedule, rules, now)


def _at_stripe(store: DynamoStore, payouts: Iterable[Payout], now: int) -> Iterator[Unmoved]:
    """What failed at the bank and was left there."""
    for payout in payouts:
        found = store.read(PayoutAccount, payout_account_id(payout.worker_id)) if payout.at_stripe else None
        left = left_at_stripe(payout, found[0].country, now) if found else None
        if left is not None:
            yield left


def _in_suspense(totals: Totals, now: int) -> Iterator[Unmoved]:
    """What Stripe moved and nobody has explained."""
    for currency, sides in totals.of_account(SUSPENSE).items():
        if sides.balance:
            amount = Money(abs(sides.balance), currency)
            detail = "nobody has explained what is in suspense"
            yield Unmoved(SUSPENSE, amount, _newest(SUSPENSE, now), detail)


def _owed_at_bank(totals: Totals, now: int) -> Iterator[Unmoved]:
    """What was paid out to our own bank and is not ours."""
    for currency in totals.currencies:
        owed = owed_at_bank(totals.accounts(currency))
        if owed:
            detail = "it lies at our own bank, and our balance at Stripe lacks it for what we owe"
            yield Unmoved(BANK, Money(owed, currency), _newest(BANK, now), detail)


def _newest(account: str, now: int) -> int:
    """When something was last posted to it, epoch seconds; `now` where the projection is behind."""
    newest = statements.page(account, limit=1)[0]
    return newest[0].at if newest else now


def _undecided(reads: Reads, now: int) -> Iterator[Unmoved]:
    for dispute in reads.every(DISPUTES_TO_DECIDE, ALL):
        due_at = dispute.decision_due_at
        if due_at is not None and now >= due_at:
            yield Unmoved(dispute.id, dispute.amount, due_at, "disputed, and no operator has decided")


def _left_lying(
    store: DynamoStore, schedule: PayoutSchedule, rules: PayoutRules, now: int
) -> Iterator[Unmoved]:
    figures = store.balances(worker_owner(schedule.worker_id))
    takes = schedule.takes(figures)
    lying = [money for money in takes if is_enough(money, figures[money.currency], rules)]
    account = store.read(PayoutAccount, payout_account_id(schedule.worker_id)) if lying else None
    until = swept_until(schedule, account[0], now) if account else None
    if until is None:
        return
    for money in lying:
        fresh = _credited_after(until, schedule.worker_id, money.currency)
        found = unswept(schedule, money, fresh=fresh, until=until)
        if found is not None:
            yield found


def _credited_after(instant: int, worker_id: str, currency: str) -> int:
    """What has become available after `instant` (epoch seconds), minor units."""
    credited, before = 0, None
    while True:
        lines, before = statements.page(available(worker_id), limit=LINES_PER_READ, before=before)
        recent = [line for line in lines if line.at > instant]
        credited += sum(line.credit for line in recent if line.currency == currency)
        if before is None or len(recent) < len(lines):
            return credited
