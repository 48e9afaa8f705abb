"""What payouts need of whoever moves the money."""

from typing import Protocol

from marketplace.shared.money import Money
from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class BankPayout:
    """A payment from a worker's Stripe account to the bank. `state` is Stripe's own word, `arrives_at`
    epoch seconds; `payout_id` and `attempt` are ours, empty and 0 where it was not us who asked for it.
    (Stripe: /api/payouts/object)"""

    id: str
    state: str
    arrives_at: int
    payout_id: str
    attempt: int
    failure_code: str = ""
    failure_message: str = ""

    @property
    def is_paid(self) -> bool:
        """At the bank, unless the bank returns it later."""
        return self.state == "paid"

    @property
    def has_failed(self) -> bool:
        """The money is back in the worker's Stripe account."""
        return self.state in ("failed", "canceled")


@dataclass(frozen=True)
class TransferReversal:
    """Money of a transfer that came back from the worker's Stripe account, minor units of its currency.
    `attempt` is ours, 0 where it was not us; `created_at` is epoch seconds.
    (Stripe: /api/transfer_reversals/object)"""

    id: str
    amount: int
    created_at: int
    attempt: int = 0


@dataclass(frozen=True)
class InstantFee:
    """What Stripe asked of us for an instant payout, below zero what it gave back of that;
    `balance_transaction` is the line in our balance there that says so."""

    balance_transaction: str
    fee: Money


class PayoutRail(Protocol):
    """Moves money to workers. Sends are keyed: repeated within 23 hours, they give the same thing."""

    def send_transfer(
        self, *, key: str, payout_id: str, attempt: int, account: str, amount: Money
    ) -> Outcome[str]:
        """From our available balance to the worker's Stripe account; the transfer's id."""
        ...

    def find_transfer(self, payout_id: str) -> Outcome[str | None]:
        """The payout's transfer, whichever attempt made it."""
        ...

    def send_to_bank(
        self, *, key: str, payout_id: str, attempt: int, account: str, amount: Money, instant: bool = False
    ) -> Outcome[BankPayout]:
        """From the worker's Stripe account to the bank; `instant` is within minutes."""
        ...

    def find_bank_payout(
        self, *, account: str, payout_id: str, attempt: int, since: int
    ) -> Outcome[BankPayout | None]:
        """What this attempt made, among what was made from `since` (epoch seconds) on."""
        ...

    def reverse_transfer(
        self, *, key: str, transfer: str, payout_id: str, attempt: int, amount: Money
    ) -> Outcome[TransferReversal]:
        """From the worker's Stripe account back to our balance."""
        ...

    def reversals(self, transfer: str) -> Outcome[tuple[TransferReversal, ...]]:
        """All there are of a transfer, whoever made them."""
        ...

    def instant_fees(self, bank_payout_id: str) -> Outcome[tuple[InstantFee, ...]]:
        """What an instant payout cost us, and what came back of that, as far as Stripe has booked it; the
        oldest first."""
        ...

    def bank_payout(self, *, account: str, bank_payout_id: str) -> Outcome[BankPayout]:
        """How it stands now."""
        ...
