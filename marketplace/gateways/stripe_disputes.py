"""Disputes at Stripe: implements `CardDisputes`."""

import stripe

from marketplace.funding.ports import CardDispute, DisputeMovement
from marketplace.gateways.stripe_calls import PAGE_MAX, id_of, ours, outcome_of, since_about
from marketplace.gateways.stripe_payments import UnexpectedCurrency
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Outcome
from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class StripeDisputes:
    """Of charges on the platform's account."""

    client: stripe.StripeClient

    def dispute(self, stripe_id: str) -> Outcome[CardDispute]:
        """Raises UnexpectedCurrency."""
        return outcome_of(
            lambda: _dispute(self.client.v1.disputes.retrieve(stripe_id, {"expand": ["charge"]}))
        )

    def opened_since(self, instant: int) -> Outcome[tuple[str, ...]]:
        """The newest first. (Stripe: /api/disputes/list)"""

        def call() -> tuple[str, ...]:
            listed = self.client.v1.disputes.list({"created": since_about(instant), "limit": PAGE_MAX})
            return tuple(row.id for row in listed.auto_paging_iter())

        return outcome_of(call)

    def answer(self, *, key: str, stripe_id: str, text: str) -> Outcome[CardDispute]:
        """Submitted at once: what is only staged nobody reads. (Stripe: /api/disputes/update)"""

        def call() -> CardDispute:
            answered = self.client.v1.disputes.update(
                stripe_id,
                {"evidence": {"uncategorized_text": text}, "submit": True, "expand": ["charge"]},
                {"idempotency_key": key},
            )
            return _dispute(answered)

        return outcome_of(call)


def _dispute(dispute: stripe.Dispute) -> CardDispute:
    charge, details = dispute.charge, dispute.evidence_details
    return CardDispute(
        id=dispute.id,
        state=dispute.status,
        reason=dispute.reason,
        amount=Money(dispute.amount, dispute.currency.upper()),
        charge=id_of(charge),
        payment_intent=id_of(dispute.payment_intent),
        top_up_id="" if isinstance(charge, str) else ours(charge.metadata, "top_up_id"),
        created=dispute.created,
        due_by=details.due_by,
        answers=details.submission_count,
        movements=tuple(_movement(line, dispute.currency) for line in dispute.balance_transactions),
    )


def _movement(line: stripe.BalanceTransaction, currency: str) -> DisputeMovement:
    if line.currency != currency:
        raise UnexpectedCurrency(f"{line.id} in {line.currency}, its dispute in {currency}")
    return DisputeMovement(line.id, line.amount, line.fee)
