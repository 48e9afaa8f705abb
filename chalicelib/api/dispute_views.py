"""A dispute as answers show it."""

from typing import Literal

from chalicelib.api.dispute_evidence import EvidenceLineView
from chalicelib.types import Instant, Model, Sum
from marketplace.disputes.dispute import Dispute, DisputeStatus, Ending, Offer
from marketplace.shared.money import Money


class OfferView(Model):
    """The standing offer: the other side takes it, or makes another, until `lapses_at`."""

    by: Literal["client", "worker", "clock"]
    to_worker: Sum
    made_at: Instant
    lapses_at: Instant


class EndingView(Model):
    """How it ended: who got what, gross; `by` is the side, or the operator who decided, `reason` what was
    said. A withdrawn one has divided nothing."""

    at: Instant
    by: str | None
    to_worker: Sum | None
    to_client: Sum | None
    reason: str | None


class DisputeView(Model):
    """A dispute. All of `amount` is set aside until it ends; money is gross of the fee, and deciding is free
    of charge. `clock` opened what neither side had spoken for; `decision_due_at` is when an alarm is
    raised."""

    id: str
    object: Literal["dispute"] = "dispute"
    contract_id: str
    subject_id: str
    client_id: str
    worker_id: str
    status: Literal["open", "escalated", "settled", "decided", "withdrawn"]
    opened_by: Literal["client", "worker", "clock"]
    claim: str
    amount: Sum
    requested: Sum
    offer: OfferView | None
    escalated_at: Instant | None
    decision_due_at: Instant | None
    ending: EndingView | None
    created_at: Instant


class DisputeDetail(DisputeView):
    """A dispute with what is known of its subject, oldest first."""

    evidence: list[EvidenceLineView]


def dispute_view(dispute: Dispute) -> DisputeView:
    """A dispute for an answer."""
    return DisputeView(
        id=dispute.id,
        contract_id=dispute.contract_id,
        subject_id=dispute.subject_id,
        client_id=dispute.client_id,
        worker_id=dispute.worker_id,
        status=dispute.status.value,
        opened_by=dispute.opened_by.value,
        claim=dispute.claim,
        amount=Sum.of(dispute.amount),
        requested=_sum(dispute.requested, dispute),
        offer=_offer_view(dispute.offer, dispute),
        escalated_at=dispute.escalated_at,
        decision_due_at=dispute.decision_due_at,
        ending=_ending_view(dispute.ending, dispute),
        created_at=dispute.opened_at,
    )


def _offer_view(offer: Offer | None, dispute: Dispute) -> OfferView | None:
    if offer is None or dispute.status != DisputeStatus.OPEN or dispute.clock_at is None:
        return None
    return OfferView(
        by=offer.by.value,
        to_worker=_sum(offer.to_worker, dispute),
        made_at=offer.made_at,
        lapses_at=dispute.clock_at,
    )


def _ending_view(ending: Ending | None, dispute: Dispute) -> EndingView | None:
    if ending is None:
        return None
    got = ending.to_worker
    return EndingView(
        at=ending.at,
        by=ending.by,
        to_worker=None if got is None else _sum(got, dispute),
        to_client=None if got is None else _sum(dispute.amount.amount - got, dispute),
        reason=ending.reason,
    )


def _sum(amount: int, dispute: Dispute) -> Sum:
    return Sum.of(Money(amount, dispute.amount.currency))
