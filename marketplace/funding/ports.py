"""What funding needs of whoever charges cards."""

from dataclasses import dataclass
from typing import Protocol

from marketplace.shared.money import Money
from marketplace.shared.outcomes import Outcome


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


class CardPayments(Protocol):
    """Charges cards. Calls that make something are keyed: repeated, they give the same thing."""

    def open_payment(
        self, *, key: str, top_up_id: str, client_id: str, amount: Money
    ) -> Outcome[OpenedPayment]:
        """A payment that the client's card holder completes with its secret."""
        ...

    def find_payment(self, *, top_up_id: str, asked_at: int) -> Outcome[OpenedPayment | None]:
        """What was opened for a top-up at about `asked_at` (epoch seconds), should the answer be lost."""
        ...

    def payment(self, payment_intent: str) -> Outcome[CardPayment]:
        """How it stands now."""
        ...

    def fee_of(self, charge: str) -> Outcome[ChargeFee | None]:
        """None while the charge is not booked."""
        ...
