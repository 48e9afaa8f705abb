"""Money set aside for one payout: what goes to the bank, and what settles what its worker owes."""

from dataclasses import dataclass

from marketplace.ledger import postings
from marketplace.payouts.payout import Payout
from marketplace.payouts.rules import PayoutRules
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.shared.events import EventType
from marketplace.shared.money import Money
from marketplace.shared.transaction import Transaction

OWED = "owed"
"""The name of the balance, and the reason of the deduction."""


@dataclass(frozen=True)
class Withdrawal:
    """`asked` leaves what is available; `owed` is what the worker owes in that currency, minor units, read
    after the account was."""

    payout_id: str
    asked: Money
    owed: int
    rules: PayoutRules


def ready_account(worker_id: str, tx: Transaction) -> PayoutAccount | None:
    """The worker's account, if Stripe pays out through it."""
    account = tx.find(PayoutAccount, payout_account_id(worker_id))
    return account if account is not None and account.is_ready else None


def withdraw(wanted: Withdrawal, account: PayoutAccount, tx: Transaction) -> Payout:
    """The payout, its journal and its event; the money cannot be withdrawn twice from here on.

    Where something is recovered, the account is written too, as it is: of two payouts that would settle the
    same debt, the second finds it changed since, and reads again what is still owed.
    """
    currency = wanted.asked.currency
    recovered = wanted.rules.recovered(wanted.asked.amount, owed=wanted.owed)
    amount = Money(wanted.asked.amount - recovered, currency)
    payout = Payout.requested(
        wanted.payout_id,
        account.worker_id,
        account.stripe_account or "",
        amount,
        tx.now,
        recovered=recovered,
        clearance=wanted.rules.clearance(amount, verified_at=account.verified_at, at=tx.now),
    )
    tx.save(payout)
    if recovered:
        tx.save(account)
    moved = postings.payout_requested(payout.worker_id, amount.amount, recovered=recovered)
    tx.post(currency, "payout requested", moved)
    tx.publish(EventType.PAYOUT_REQUESTED, about=(payout.id, payout.worker_id))
    return payout
