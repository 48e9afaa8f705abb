"""Disputes: claim, offers, and the operator's decision."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.api.contract_access import side, visible_contract, visible_part
from chalicelib.api.dispute_evidence import evidence_of
from chalicelib.api.dispute_views import DisputeDetail, DisputeView, dispute_view
from chalicelib.api.workers import own_identity_id
from chalicelib.http import BOTH_SIDES, OPERATOR, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Currency, Given, Model, Money, Prose
from marketplace.access.principals import Role
from marketplace.disputes import use_cases
from marketplace.disputes.dispute import Dispute
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
