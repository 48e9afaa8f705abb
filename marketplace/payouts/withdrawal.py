"""Money set aside for one payout: what goes to the bank, what settles what its worker owes, and what it
costs to be there at once."""

from collections.abc import Mapping

from marketplace.ledger import postings
from marketplace.payouts import recent
from marketplace.payouts.amounts import minimum
from marketplace.payouts.instant import Instant, Method
from marketplace.payouts.payout import Payout
from marketplace.payouts.rules import PayoutRules
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.shared.accounts import WITHDRAWN, available, worker_owner
from marketplace.shared.errors import InstantUnsupported, InsufficientFunds, InvalidRequest
from marketplace.shared.events import EventType
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction

OWED = "owed"
"""The name of the balance, and the reason of the deduction."""


@dataclass(frozen=True)
class Withdrawal:
    """`asked` leaves what is available; `figures` are the worker's of that currency, minor units by name."""

    payout_id: str
    asked: Money
    figures: Mapping[str, int]
    rules: PayoutRules
    method: Method = Method.STANDARD


@dataclass(frozen=True)
class _Parts:
    """Minor units that `asked` is made of."""

    amount: int
    recovered: int
    fee: int


def ready_account(worker_id: str, tx: Transaction) -> PayoutAccount | None:
    """The worker's account, if Stripe pays out through it."""
    account = tx.find(PayoutAccount, payout_account_id(worker_id))
    return account if account is not None and account.is_ready else None


def is_enough(asked: Money, figures: Mapping[str, int], rules: PayoutRules) -> bool:
    """Whether what a debt leaves of `asked` is not smaller than a payout may be; `figures` are the worker's
    of that currency."""
    return asked.amount - _recovered(asked, figures, rules) >= minimum(asked.currency)


def withdraw(wanted: Withdrawal, account: PayoutAccount, tx: Transaction) -> Payout:
    """The payout, its journal and its event; the money cannot be withdrawn twice from here on.

    Of two payouts that would settle the same debt, or come to too much together, the second finds the figures
    changed since, and is decided again. Raises InsufficientFunds, also for what a debt leaves too little of,
    InstantUnsupported, InvalidRequest for too little to be sent at once.
    """
    worker, currency = account.worker_id, wanted.asked.currency
    if wanted.figures.get("available", 0) < wanted.asked.amount:
        raise InsufficientFunds(available(worker))
    parts = _parts(wanted, account)
    amount = Money(parts.amount, currency)
    payout = Payout.requested(
        wanted.payout_id,
        worker,
        account.stripe_account or "",
        amount,
        tx.now,
        recovered=parts.recovered,
        clearance=wanted.rules.clearance(
            amount,
            verified_at=account.verified_at,
            at=tx.now,
            lately=wanted.rules.lately(wanted.figures, currency, tx.now),
        ),
        instant=Instant(parts.fee) if wanted.method == Method.INSTANT else None,
    )
    tx.save(payout)
    _count(wanted, payout, tx)
    moved = postings.payout_requested(worker, parts.amount, recovered=parts.recovered, fee=parts.fee)
    tx.post(currency, "payout requested", moved)
    tx.publish(EventType.PAYOUT_REQUESTED, about=(payout.id, payout.worker_id))
    return payout


def _parts(wanted: Withdrawal, account: PayoutAccount) -> _Parts:
    recovered = _recovered(wanted.asked, wanted.figures, wanted.rules)
    if not is_enough(wanted.asked, wanted.figures, wanted.rules):
        raise InsufficientFunds(available(account.worker_id))
    left = wanted.asked.amount - recovered
    if wanted.method == Method.STANDARD:
        return _Parts(left, recovered, 0)
    if wanted.asked.currency not in (account.instant_currencies or ()):
        raise InstantUnsupported(f"your bank account takes no instant payouts in {wanted.asked.currency}")
    fee = wanted.rules.instant_fee(left)
    if left - fee < minimum(wanted.asked.currency):
        raise InvalidRequest.at("/amount/amount", f"is too small to be sent at once: the fee is {fee}")
    return _Parts(left - fee, recovered, fee)


def _recovered(asked: Money, figures: Mapping[str, int], rules: PayoutRules) -> int:
    return rules.recovered(asked.amount, owed=figures.get(OWED, 0))


def _count(wanted: Withdrawal, payout: Payout, tx: Transaction) -> None:
    """Figures beside the balances, and what they must still be."""
    owner, currency = worker_owner(payout.worker_id), wanted.asked.currency
    tx.tally(owner, currency, WITHDRAWN, payout.amount.amount)
    if payout.recovered:
        tx.expect(owner, currency, OWED, wanted.figures.get(OWED, 0))
    if wanted.rules.watches(currency):
        window = wanted.rules.approval_window_seconds
        figure = recent.counted(wanted.figures, payout.amount.amount, window_seconds=window, at=tx.now)
        tx.tally(owner, currency, figure.name, figure.change)
        for name, before in recent.looked_at(wanted.figures).items():
            tx.expect(owner, currency, name, before)


def undo(payout: Payout, description: str, tx: Transaction) -> None:
    """Nothing of it was sent, and nothing will be: the exact reverse of what asking for it did."""
    amount, fee = payout.amount, payout.instant.fee if payout.instant else 0
    back = postings.payout_undone(payout.worker_id, amount.amount, recovered=payout.recovered, fee=fee)
    tx.post(amount.currency, description, back)
    tx.tally(worker_owner(payout.worker_id), amount.currency, WITHDRAWN, -amount.amount)
