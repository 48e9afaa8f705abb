"""Payouts from our balance at Stripe to our own bank account, which people make in Stripe's dashboard.

    made ──> taken out of the balance ──> at the bank
                       │                       │
                       └──── failed or canceled, even later: given back

Each of Stripe's balance transactions is booked once, whoever tells of it first; a fee is a journal of its
own. Only what we owe to nobody may leave: the nightly watch names what did beyond that (`owed_at_bank`).
"""

from collections.abc import Mapping
from typing import Protocol

from marketplace.ledger import postings
from marketplace.ledger.totals import Sides
from marketplace.shared.accounts import BANK, STRIPE, owner_and_name
from marketplace.shared.events import EventType
from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction

_OWED = frozenset({"wallet", "refunding", "reinstated", "hold", "client_fee", "available", "in_transit"})
"""The names of accounts that our balance at Stripe must be enough for. What workers have in their own
accounts there is beside it."""
_NOTHING = Sides()


@dataclass(frozen=True)
class OwnLine:
    """One balance transaction of a payout of ours. `change` is minor units of `currency` (ISO 4217) into our
    balance at Stripe, below zero what went to the bank, gross of the `fee` that Stripe took.
    (Stripe: /api/payouts/object, `balance_transaction` and `failure_balance_transaction`)"""

    id: str
    payout: str
    change: int
    fee: int
    currency: str

    @property
    def references(self) -> tuple[str, str]:
        """Stripe's ids, the most specific first."""
        return self.id, self.payout


class OwnPayouts(Protocol):
    """What Stripe says of them."""

    def lines_of(self, payout: str) -> Outcome[tuple[OwnLine, ...]]:
        """Of one: what it took, and what came back of it."""
        ...

    def lines_since(self, instant: int) -> Outcome[tuple[OwnLine, ...]]:
        """Of all that were made from then on, epoch seconds."""
        ...


def book_own_line(line: OwnLine, tx: Transaction) -> None:
    """The money is at our bank, or has come back."""
    moved = postings.own_bank_payout(line.change)
    tx.post(line.currency, "our own bank payout", moved, references=line.references)
    tx.publish(EventType.OWN_PAYOUT_POSTED, about=line.references)


def book_fee_of_own_line(line: OwnLine, tx: Transaction) -> None:
    """What Stripe asked for an instant one, or gave back."""
    fee = postings.stripe_fee(line.fee)
    tx.post(line.currency, "Stripe's fee for our own bank payout", fee, references=line.references)
    tx.publish(EventType.STRIPE_FEE_POSTED, about=line.references)


def owed_at_bank(accounts: Mapping[str, Sides]) -> int:
    """How much of what lies at our bank is owed to others, minor units: what our balance at Stripe lacks of
    it. `accounts` are all of one currency."""
    owed = -sum(sides.balance for account, sides in accounts.items() if owner_and_name(account)[1] in _OWED)
    lacking = owed - accounts.get(STRIPE, _NOTHING).balance
    return max(0, min(lacking, accounts.get(BANK, _NOTHING).balance))
