"""Transfers and bank payouts at Stripe: implements `PayoutRail`.

Every object carries our payout's id and attempt, so that a look-up finds what an answer did not tell.
Source: https://docs.stripe.com/connect/separate-charges-and-transfers
"""

import stripe

from marketplace.gateways.stripe_books import STRIPE_FEE
from marketplace.gateways.stripe_calls import PAGE_MAX, ours, outcome_of, since_about
from marketplace.payouts.ports import BankPayout, InstantFee, TransferReversal
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass


class SeveralTransfers(RuntimeError):
    """A payout has more than one transfer: the one thing that must never happen."""


@dataclass(frozen=True)
class StripePayouts:
    """From the platform's balance to a worker's account, and from there to the bank."""

    client: stripe.StripeClient

    def send_transfer(
        self, *, key: str, payout_id: str, attempt: int, account: str, amount: Money
    ) -> Outcome[str]:
        """Out of the available balance, for no charge in particular: a wallet pools many."""

        def call() -> str:
            transfer = self.client.v1.transfers.create(
                {
                    "amount": amount.amount,
                    "currency": amount.currency.lower(),
                    "destination": account,
                    "transfer_group": payout_id,
                    "metadata": _marks(payout_id, attempt),
                },
                {"idempotency_key": key},
            )
            return transfer.id

        return outcome_of(call)

    def find_transfer(self, payout_id: str) -> Outcome[str | None]:
        """Raises SeveralTransfers."""

        def call() -> str | None:
            found = self.client.v1.transfers.list({"transfer_group": payout_id, "limit": PAGE_MAX}).data
            if len(found) > 1:
                raise SeveralTransfers(f"{payout_id}: {', '.join(transfer.id for transfer in found)}")
            return found[0].id if found else None

        return outcome_of(call)

    def send_to_bank(
        self, *, key: str, payout_id: str, attempt: int, account: str, amount: Money, instant: bool = False
    ) -> Outcome[BankPayout]:
        """To the account's own bank account of that currency."""

        def call() -> BankPayout:
            params: stripe.params.PayoutCreateParams = {
                "amount": amount.amount,
                "currency": amount.currency.lower(),
                "metadata": _marks(payout_id, attempt),
            }
            if instant:
                params["method"] = "instant"
            options: stripe.RequestOptions = {"idempotency_key": key, "stripe_account": account}
            return _bank_payout(self.client.v1.payouts.create(params, options))

        return outcome_of(call)

    def find_bank_payout(
        self, *, account: str, payout_id: str, attempt: int, since: int
    ) -> Outcome[BankPayout | None]:
        """Among the account's payouts from `since` on; there is no filter by metadata."""

        def call() -> BankPayout | None:
            listed = self.client.v1.payouts.list(
                {"created": since_about(since), "limit": PAGE_MAX},
                {"stripe_account": account},
            )
            for payout in listed.auto_paging_iter():
                found = _bank_payout(payout)
                if (found.payout_id, found.attempt) == (payout_id, attempt):
                    return found
            return None

        return outcome_of(call)

    def reverse_transfer(
        self, *, key: str, transfer: str, payout_id: str, attempt: int, amount: Money
    ) -> Outcome[TransferReversal]:
        """Out of what the account has available. (Stripe: /api/transfer_reversals/create)"""

        def call() -> TransferReversal:
            reversal = self.client.v1.transfers.reversals.create(
                transfer,
                {"amount": amount.amount, "metadata": _marks(payout_id, attempt)},
                {"idempotency_key": key},
            )
            return _reversal(reversal)

        return outcome_of(call)

    def reversals(self, transfer: str) -> Outcome[tuple[TransferReversal, ...]]:
        """Newest first."""

        def call() -> tuple[TransferReversal, ...]:
            listed = self.client.v1.transfers.reversals.list(transfer, {"limit": PAGE_MAX})
            return tuple(map(_reversal, listed.auto_paging_iter()))

        return outcome_of(call)

    def instant_fees(self, bank_payout_id: str) -> Outcome[tuple[InstantFee, ...]]:
        """Where the platform pays Stripe's fees, an instant payout's is a line of its own in our balance, and
        so is what Stripe gives back of it. (Stripe: /connect/direct-charges-fee-payer-behavior)"""

        def call() -> tuple[InstantFee, ...]:
            listed = self.client.v1.balance_transactions.list(
                {"source": bank_payout_id, "type": STRIPE_FEE, "limit": PAGE_MAX}
            )
            return tuple(
                InstantFee(row.id, Money(-row.amount, row.currency.upper())) for row in reversed(listed.data)
            )

        return outcome_of(call)

    def bank_payout(self, *, account: str, bank_payout_id: str) -> Outcome[BankPayout]:
        """How it stands now."""
        options: stripe.RequestOptions = {"stripe_account": account}
        return outcome_of(
            lambda: _bank_payout(self.client.v1.payouts.retrieve(bank_payout_id, options=options))
        )


def _marks(payout_id: str, attempt: int) -> dict[str, str]:
    return {"payout_id": payout_id, "attempt": str(attempt)}


def _reversal(reversal: stripe.Reversal) -> TransferReversal:
    attempt = ours(reversal.metadata, "attempt")
    ordinal = int(attempt) if attempt.isdecimal() else 0
    return TransferReversal(reversal.id, reversal.amount, reversal.created, ordinal)


def _bank_payout(payout: stripe.Payout) -> BankPayout:
    attempt = ours(payout.metadata, "attempt")
    return BankPayout(
        id=payout.id,
        state=payout.status,
        arrives_at=payout.arrival_date,
        payout_id=ours(payout.metadata, "payout_id"),
        attempt=int(attempt) if attempt.isdecimal() else 0,
        failure_code=payout.failure_code or "",
        failure_message=payout.failure_message or "",
    )
