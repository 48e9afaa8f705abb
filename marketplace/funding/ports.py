"""What funding needs of whoever charges cards, and pays them back."""

from typing import Protocol

from marketplace.shared.money import Money
from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class OpenedPayment:
    """A payment that waits for its card holder; whoever has the `client_secret` can pay it."""

    payment_intent: str
    client_secret: str


@dataclass(frozen=True)
class CardPayment:
    """How a payment stands. `received` is what the card paid, fees not taken off; `charge` and
    `top_up_id` are empty where there is none."""

    payment_intent: str
    succeeded: bool
    received: Money
    charge: str
    top_up_id: str


@dataclass(frozen=True)
class ChargeFee:
    """What the provider kept of a charge; `balance_transaction` is the line of its books that says so."""

    balance_transaction: str
    charge: str
    fee: Money
    top_up_id: str


@dataclass(frozen=True)
class CardRefund:
    """How a refund stands: `state` is Stripe's own word; `refund_id` is ours, empty where it was not us who
    asked for it; the two balance transactions are the lines of Stripe's books that took the money and gave it
    back, empty where there is none. (Stripe: /api/refunds/object)"""

    id: str
    state: str
    amount: Money
    refund_id: str
    charge: str
    balance_transaction: str = ""
    failure_balance_transaction: str = ""
    failure_reason: str = ""

    @property
    def was_taken(self) -> bool:
        """Whether the money has left our balance, if only to come back."""
        return bool(self.balance_transaction) or self.state == "succeeded"


@dataclass(frozen=True)
class DisputeMovement:
    """A line of Stripe's books that a dispute made: `amount` is minor units, negative when it was withdrawn
    and positive when it was reinstated; `fee` is what Stripe keeps beside it, below zero what
    it gives back."""

    balance_transaction: str
    amount: int
    fee: int


@dataclass(frozen=True)
class CardDispute:
    """How a dispute stands: `state` is Stripe's own word, `due_by` (epoch seconds) is when an answer is due,
    `answers` how often one was submitted; `top_up_id` is empty where the charge is not ours.
    (Stripe: /api/disputes/object)"""

    id: str
    state: str
    reason: str
    amount: Money
    charge: str
    payment_intent: str
    top_up_id: str
    created: int
    due_by: int | None
    answers: int
    movements: tuple[DisputeMovement, ...] = ()


class CardPayments(Protocol):
    """Charges cards. Calls that make something are keyed: repeated, they give the same thing."""

    def open_payment(
        self, *, key: str, top_up_id: str, client_id: str, amount: Money
    ) -> Outcome[OpenedPayment]:
        """A payment that the client's card holder completes with its secret."""
        ...

    def find_payment(
        self, *, top_up_id: str, asked_at: int, until: int | None = None
    ) -> Outcome[OpenedPayment | None]:
        """What was opened for a top-up at about `asked_at` (epoch seconds), or from then to `until`, should
        the answer be lost. Every payment of that time may have to be listed."""
        ...

    def payment(self, payment_intent: str) -> Outcome[CardPayment]:
        """How it stands now."""
        ...

    def fee_of(self, charge: str) -> Outcome[ChargeFee | None]:
        """None while the charge is not booked."""
        ...


class CardRefunds(Protocol):
    """Pays cards back. A send is keyed: repeated within 23 hours, it gives the same refund."""

    def send_refund(
        self, *, key: str, refund_id: str, attempt: int, payment_intent: str, amount: Money
    ) -> Outcome[CardRefund]:
        """A part of what the payment's card paid."""
        ...

    def find_refund(self, *, payment_intent: str, refund_id: str) -> Outcome[CardRefund | None]:
        """Ours of that id among the payment's, whichever attempt made it."""
        ...

    def refund(self, stripe_id: str) -> Outcome[CardRefund]:
        """How it stands now."""
        ...

    def refunds_of(self, payment_intent: str) -> Outcome[tuple[CardRefund, ...]]:
        """All of a payment's."""
        ...


class CardDisputes(Protocol):
    """What card holders and their banks say against payments."""

    def dispute(self, stripe_id: str) -> Outcome[CardDispute]:
        """How it stands now."""
        ...

    def opened_since(self, instant: int) -> Outcome[tuple[str, ...]]:
        """The ids of those opened from `instant` (epoch seconds) on."""
        ...

    def answer(self, *, key: str, stripe_id: str, text: str) -> Outcome[CardDispute]:
        """Hands the bank what the client says; that can be done once."""
        ...
