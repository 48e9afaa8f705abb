"""Refunds at Stripe: implements `CardRefunds`. Each carries our refund's id, so that a look-up finds it."""

import stripe

from marketplace.funding.ports import CardRefund
from marketplace.gateways.stripe_calls import PAGE_MAX, id_of, ours, outcome_of
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass


class SeveralRefunds(RuntimeError):
    """A refund of ours was made more than once: the one thing that must never happen."""


@dataclass(frozen=True)
class StripeRefunds:
    """Of payments to the platform's account."""

    client: stripe.StripeClient

    def send_refund(
        self, *, key: str, refund_id: str, attempt: int, payment_intent: str, amount: Money
    ) -> Outcome[CardRefund]:
        """The currency is the payment's. (Stripe: /api/refunds/create)"""

        def call() -> CardRefund:
            refund = self.client.v1.refunds.create(
                {
                    "payment_intent": payment_intent,
                    "amount": amount.amount,
                    "reason": "requested_by_customer",
                    "metadata": {"refund_id": refund_id, "attempt": str(attempt)},
                },
                {"idempotency_key": key},
            )
            return _refund(refund)

        return outcome_of(call)

    def find_refund(self, *, payment_intent: str, refund_id: str) -> Outcome[CardRefund | None]:
        """Raises SeveralRefunds."""

        def call() -> CardRefund | None:
            found = [row for row in self._listed(payment_intent) if row.refund_id == refund_id]
            if len(found) > 1:
                raise SeveralRefunds(f"{refund_id}: {', '.join(row.id for row in found)}")
            return found[0] if found else None

        return outcome_of(call)

    def refund(self, stripe_id: str) -> Outcome[CardRefund]:
        """How it stands now."""
        return outcome_of(lambda: _refund(self.client.v1.refunds.retrieve(stripe_id)))

    def refunds_of(self, payment_intent: str) -> Outcome[tuple[CardRefund, ...]]:
        """All of a payment's, the newest first."""
        return outcome_of(lambda: tuple(self._listed(payment_intent)))

    def _listed(self, payment_intent: str) -> list[CardRefund]:
        listed = self.client.v1.refunds.list({"payment_intent": payment_intent, "limit": PAGE_MAX})
        return [_refund(row) for row in listed.auto_paging_iter()]


def _refund(refund: stripe.Refund) -> CardRefund:
    return CardRefund(
        id=refund.id,
        state=refund.status or "pending",
        amount=Money(refund.amount, refund.currency.upper()),
        refund_id=ours(refund.metadata, "refund_id"),
        charge=id_of(refund.charge),
        balance_transaction=id_of(refund.balance_transaction),
        failure_balance_transaction=id_of(getattr(refund, "failure_balance_transaction", None)),
        failure_reason=getattr(refund, "failure_reason", None) or "",
    )
