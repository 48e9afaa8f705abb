"""Stripe behind its port of payouts, the rarer half: money that is fetched back, and what an instant payout
costs us."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from marketplace.gateways.stripe_books import BalanceTransaction
from marketplace.payouts.ports import BankPayout, InstantFee, TransferReversal
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Outcome, Refused
from tests.simulation.stripe_keys import StripeKeys
from tests.simulation.stripe_notes import ONLY

INSTANT_SECONDS = 1_800
INSTANT_MAX = 1_500
"""Minor units of one instant payout: Stripe's daily limits are ours, and used by others as well."""
INSTANT_FEE = 57
LOOKED_FOR_SECONDS = 25 * 86_400
"""So long after it was to go to the bank somebody looks whether it was fetched back."""


class TransferReturns:
    """A part of `StripeModel`."""

    keys: StripeKeys
    balance: Counter[str]
    connected: Counter[tuple[str, str]]
    transfers: dict[str, Any]
    bank: dict[str, tuple[str, Money, BankPayout, int]]
    lines: dict[str, BalanceTransaction]
    reversed: dict[str, tuple[str, TransferReversal]]
    now: Callable[[], int]
    _id: Callable[[str], str]
    _ask: Callable[[Callable[[], Any]], Outcome[Any]]
    _book: Callable[[str, int, int, str], None]
    _tell: Callable[..., None]

    def reverse_transfer(
        self, *, key: str, transfer: str, payout_id: str, attempt: int, amount: Money
    ) -> Outcome[TransferReversal]:
        def effect() -> Outcome[TransferReversal]:
            return self.fetch_back(transfer, amount.amount, attempt)

        return self.keys.send(self, key, (transfer, payout_id, attempt, amount), effect)  # type: ignore[arg-type]

    def reversals(self, transfer: str) -> Outcome[tuple[TransferReversal, ...]]:
        return self._ask(lambda: tuple(row for whose, row in self.reversed.values() if whose == transfer))

    def instant_fees(self, bank_payout_id: str) -> Outcome[tuple[InstantFee, ...]]:
        def value() -> tuple[InstantFee, ...]:
            names = (f"txn_{bank_payout_id}", f"txn_{bank_payout_id}_back")
            found = [self.lines[name] for name in names if name in self.lines]
            return tuple(InstantFee(line.id, Money(-line.amount, line.currency)) for line in found)

        return self._ask(value)

    def fetch_back(self, transfer: str, amount: int, attempt: int = 0) -> Outcome[TransferReversal]:
        """Money of a transfer comes back; with `attempt` 0 it was somebody at Stripe's dashboard."""
        row = self.transfers[transfer]
        place = (row.account, row.amount.currency)
        if amount > self.left_of_transfer(transfer):
            return Refused("", "more than is left of the transfer", "amount")
        if amount > self.connected[place]:
            return Refused("balance_insufficient", "insufficient funds in the account")
        made = TransferReversal(self._id("trr"), amount, self.now(), attempt)
        self.reversed[made.id] = (transfer, made)
        self.connected[place] -= amount
        self.balance[row.amount.currency] += amount
        self._book(made.id, amount, 0, row.amount.currency)
        marks = {"payout_id": row.payout_id}
        if not self._is_looked_for(row.payout_id):
            marks |= ONLY
        self._tell("transfer.reversed", "", transfer, **marks)
        return Done(made)

    def left_of_transfer(self, transfer: str) -> int:
        """What has not come back of it, minor units."""
        back = sum(made.amount for whose, made in self.reversed.values() if whose == transfer)
        return int(self.transfers[transfer].amount.amount) - back

    def _is_looked_for(self, payout_id: str) -> bool:
        """Whether it has failed at the bank, and lately."""
        rows = [(row, made) for _, _, row, made in self.bank.values() if row.payout_id == payout_id]
        return bool(rows) and rows[-1][0].state == "failed" and self.now() < rows[-1][1] + LOOKED_FOR_SECONDS

    def _ask_fee(self, bank_payout_id: str, amount: Money) -> None:
        self._book_fee(f"txn_{bank_payout_id}", -INSTANT_FEE, amount.currency, bank_payout_id)

    def _give_fee_back(self, bank_payout_id: str) -> None:
        """What was asked for an instant payout that failed, if anything."""
        asked = self.lines.get(f"txn_{bank_payout_id}")
        if asked is not None:
            self._book_fee(f"{asked.id}_back", -asked.amount, asked.currency, bank_payout_id)

    def _book_fee(self, name: str, change: int, currency: str, source: str) -> None:
        self.lines[name] = BalanceTransaction(name, change, 0, currency, source, self.now(), is_fee=True)
        self.balance[currency] += change
