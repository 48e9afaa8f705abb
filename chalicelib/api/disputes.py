"""Disputes: claim, offers, and the operator's decision."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.api.contract_access import side, visible_contract, visible_part
from chalicelib.api.dispute_evidence import EvidenceLineView, evidence_of
from chalicelib.api.workers import own_identity_id
from chalicelib.http import BOTH_SIDES, OPERATOR, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Currency, Given, Instant, Model, Money, Prose, Sum
from marketplace.access.principals import Role
from marketplace.disputes import use_cases
from marketplace.disputes.dispute import Dispute, DisputeStatus, Ending, Offer
from marketplace.disputes.use_cases import DecideDispute, MakeOffer, OpenDispute, OwnDispute
from marketplace.shared import money
from marketplace.storage.keys import ALL, CONTRACT_DISPUTES, DISPUTES_TO_DECIDE

TEXT_MAX = 2_000
ID_MAX = 64

routes = Routes()

Text = Annotated[Prose, Field(min_length=1, max_length=TEXT_MAX)]


class Part(Model):
    """A part of the disputed money: nothing up to all of it, minor units."""

    amount: Annotated[int, Field(ge=0, le=money.AMOUNT_MAX)]
    currency: Currency

    def to_domain(self) -> money.Money:
        """The same amount as the product's rules know it."""
        return money.Money(self.amount, self.currency)


class NewDispute(Model):
    """What is disputed, why, and what the caller wants of its unpaid money: a worker to be paid, a client to
    be given back."""

    subject_id: Annotated[str, Field(min_length=1, max_length=ID_MAX)]
    claim: Text
    requested: Money


class NewOffer(Model):
    """What the worker should get of the disputed money, gross; the rest is the client's."""

    to_worker: Part


class Decision(Model):
    """What the worker gets of the disputed money, gross; `reason` is told to both sides."""

    to_worker: Part
    reason: Annotated[Text | None, Given] = None


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


@routes.add(
    "POST",
    "/v1/contracts/{contract_id}/disputes",
    who=BOTH_SIDES,
    scope="work",
    body=NewDispute,
    answer=DisputeView,
    status=201,
    open_to_suspended=True,
)
def open_dispute(call: Call[NewDispute]) -> Reply:
    """Disputes what is not paid of a milestone, a session, a result or an outcome; the claim is the first
    offer."""
    command = OpenDispute(
        contract_id=call.id("contract_id", "con"),
        side=side(call),
        subject_id=call.body.subject_id,
        claim=call.body.claim,
        requested=call.body.requested.to_domain(),
        position=call.runtime.new_id("dis"),
    )
    return call.commit(lambda tx: use_cases.open_dispute(command, tx), dispute_view)


@routes.add(
    "GET",
    "/v1/contracts/{contract_id}/disputes",
    who=BOTH_SIDES,
    query=PageQuery,
    answer=Page,
    row=DisputeView,
    open_to_suspended=True,
)
def list_contract_disputes(call: Call[Any]) -> Reply:
    """The disputes of one contract of the caller's."""
    return call.page(CONTRACT_DISPUTES, visible_contract(call).id, dispute_view)


@routes.add(
    "GET",
    "/v1/disputes",
    who=OPERATOR,
    query=PageQuery,
    answer=Page,
    row=DisputeView,
    shows_personal_data=True,
)
def list_disputes_to_decide(call: Call[Any]) -> Reply:
    """What waits for an operator's decision."""
    return call.page(DISPUTES_TO_DECIDE, ALL, dispute_view, lambda dispute: dispute.awaits_decision)


@routes.add(
    "GET",
    "/v1/disputes/{dispute_id}",
    who=(*BOTH_SIDES, *OPERATOR),
    answer=DisputeDetail,
    open_to_suspended=True,
    shows_personal_data=True,
)
def get_dispute(call: Call[Any]) -> Reply:
    """One dispute, with the evidence that the system has of it."""
    dispute = call.get(Dispute, _dispute_id(call))
    if call.principal.role != Role.OPERATOR:
        visible_part(call, dispute)
    return Reply(DisputeDetail(**dict(dispute_view(dispute)), evidence=evidence_of(dispute, call.runtime)))


@routes.add(
    "POST",
    "/v1/disputes/{dispute_id}/offers",
    who=BOTH_SIDES,
    scope="money",
    body=NewOffer,
    answer=DisputeView,
    status=201,
    open_to_suspended=True,
)
def make_offer(call: Call[NewOffer]) -> Reply:
    """Offers a division; it stands in place of the offer before it, and the other side has a week to
    answer."""
    command = MakeOffer(_dispute_id(call), side(call), call.body.to_worker.to_domain())
    return call.commit(lambda tx: use_cases.make_offer(command, tx), dispute_view)


@routes.add(
    "POST",
    "/v1/disputes/{dispute_id}/accept",
    who=BOTH_SIDES,
    scope="money",
    answer=DisputeView,
    open_to_suspended=True,
)
def accept_dispute_offer(call: Call[NoBody]) -> Reply:
    """Takes the other side's standing offer: the money is divided at once."""
    command = OwnDispute(_dispute_id(call), side(call))
    return call.commit(lambda tx: use_cases.accept_offer(command, tx), dispute_view)


@routes.add(
    "POST",
    "/v1/disputes/{dispute_id}/escalate",
    who=BOTH_SIDES,
    scope="work",
    answer=DisputeView,
    open_to_suspended=True,
)
def escalate_dispute(call: Call[NoBody]) -> Reply:
    """Asks an operator to decide."""
    command = OwnDispute(_dispute_id(call), side(call))
    return call.commit(lambda tx: use_cases.escalate_dispute(command, tx), dispute_view)


@routes.add(
    "POST",
    "/v1/disputes/{dispute_id}/withdraw",
    who=BOTH_SIDES,
    scope="work",
    answer=DisputeView,
    open_to_suspended=True,
)
def withdraw_dispute(call: Call[NoBody]) -> Reply:
    """Lets go of the caller's own dispute: the work goes on as before."""
    command = OwnDispute(_dispute_id(call), side(call))
    return call.commit(lambda tx: use_cases.withdraw_dispute(command, tx), dispute_view)


@routes.add("POST", "/v1/disputes/{dispute_id}/decide", who=OPERATOR, body=Decision, answer=DisputeView)
def decide_dispute(call: Call[Decision]) -> Reply:
    """Divides the money of an escalated dispute, in the operator's name."""
    command = DecideDispute(
        dispute_id=_dispute_id(call),
        operator=call.principal.actor,
        identity_id=own_identity_id(call),
        to_worker=call.body.to_worker.to_domain(),
        reason=call.body.reason,
    )
    return call.commit(lambda tx: use_cases.decide_dispute(command, tx), dispute_view)


def _dispute_id(call: Call[Any]) -> str:
    """The path's dispute. Raises NotFound when the id is malformed."""
    return call.id("dispute_id", "dis")


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
    return Sum.of(money.Money(amount, dispute.amount.currency))
