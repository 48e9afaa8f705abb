"""Bids and their award."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.contract_views import ContractView, contract_view
from chalicelib.api.workers import own_worker_id, worker_of
from chalicelib.candidacy import candidate_ahead
from chalicelib.http import BOTH_SIDES, CLIENT, WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.reading_ahead import Path
from chalicelib.types import UNIQUE_PART, Given, Instant, Line, Model, Money, Price, Prose, price_of
from marketplace.access.principals import Role
from marketplace.bidding import use_cases
from marketplace.bidding.bid import MILESTONES_MAX, Bid, ProposedMilestone, bid_id
from marketplace.bidding.use_cases import StepBid, SubmitBid
from marketplace.contracts.fee_schedules import CALENDAR_ID
from marketplace.contracts.offers import AwardBid, award_bid
from marketplace.shared import money
from marketplace.shared.errors import CurrencyMismatch, Fault, NotFound
from marketplace.storage.ahead import Along
from marketplace.storage.keys import CLIENT_BIDS, TASK_BIDS, WORKER_BIDS
from marketplace.work.rejection import NOT_SELECTED_WORDS, RejectionCode
from marketplace.work.task import Task

routes = Routes()


class MilestoneProposal(Model):
    """A piece of the work with its price."""

    title: Line
    amount: Money
    due_at: Instant | None = None


class NewBid(Model):
    """An offer; milestones must add up to the price. With `agency_id`, the agency's members share the pay."""

    price: Price
    milestones: Annotated[list[MilestoneProposal], Field(max_length=MILESTONES_MAX)] = []
    message: Prose = ""
    agency_id: Annotated[Annotated[str, StringConstraints(pattern=rf"^agn_{UNIQUE_PART}$")] | None, Given] = (
        None
    )


BidReasonCode = Literal["not_selected", "price", "experience", "availability", "other"]


class Declining(Model):
    """Why the worker is told no; the worker reads both."""

    reason_code: BidReasonCode = "not_selected"
    reason: Line = NOT_SELECTED_WORDS


class DeclinedView(Model):
    """Why a bid was not taken: by its client's word, or because its task, its time or its offer ended."""

    reason_code: (
        BidReasonCode | Literal["task_closed", "task_filled", "client_left", "undecided", "offer_cancelled"]
    )
    reason: str
    declined_at: Instant


class BidView(Model):
    """A bid; `declined` says why one that is declined or expired was not taken."""

    id: str
    object: Literal["bid"] = "bid"
    task_id: str
    worker_id: str
    agency_id: str | None
    price: Price
    milestones: list[MilestoneProposal]
    message: str
    status: Literal["submitted", "shortlisted", "awarded", "declined", "withdrawn", "expired"]
    declined: DeclinedView | None
    created_at: Instant


def bid_view(bid: Bid) -> BidView:
    """A bid for an answer."""
    return BidView(
        id=bid.id,
        task_id=bid.task_id,
        worker_id=bid.worker_id,
        agency_id=bid.agency_id,
        price=price_of(bid.price),
        milestones=[
            MilestoneProposal(
                title=row.title,
                amount=Money(amount=row.amount, currency=bid.price.currency),
                due_at=row.due_at,
            )
            for row in bid.milestones
        ],
        message=bid.message,
        status=bid.status.value,
        declined=_declined_view(bid),
        created_at=bid.created_at,
    )


def _bidder_ahead(role: Role, caller_id: str, path: Path) -> Along:
    """The worker, and its earlier bid on this task."""
    candidate = candidate_ahead(role, caller_id, path)
    return Along((*candidate.heads, bid_id(path["task_id"], caller_id)))


def _calendar_ahead(_role: Role, _caller_id: str, _path: Path) -> Along:
    """What fees there are: a contract is offered at today's."""
    return Along((CALENDAR_ID,))


@routes.add(
    "POST",
    "/v1/tasks/{task_id}/bids",
    who=WORKER,
    body=NewBid,
    answer=BidView,
    status=201,
    along=_bidder_ahead,
)
def submit_bid(call: Call[NewBid]) -> Reply:
    """Bids on an open task; one live bid for each worker and task."""
    price = call.body.price.to_domain()
    command = SubmitBid(
        task_id=call.id("task_id", "task"),
        worker_id=own_worker_id(call),
        position=call.runtime.new_id("bid"),
        price=price,
        milestones=_proposed(call.body.milestones, price),
        message=call.body.message,
        agency_id=call.body.agency_id,
    )
    return call.commit(lambda tx: use_cases.submit_bid(command, tx), bid_view)


@routes.add("GET", "/v1/tasks/{task_id}/bids", who=BOTH_SIDES, query=PageQuery, answer=Page, row=BidView)
def list_task_bids(call: Call[Any]) -> Reply:
    """All bids on a client's own task; for a worker, its own bid on it."""
    task_id = call.id("task_id", "task")
    if call.principal.role == Role.WORKER:
        return _own_bid(call, bid_id(task_id, own_worker_id(call)))
    found = call.runtime.store.read(Task, task_id)
    if found is None or found[0].client_id != call.principal.id:
        raise NotFound
    return call.page(TASK_BIDS, task_id, bid_view)


@routes.add(
    "GET", "/v1/bids", who=BOTH_SIDES, query=PageQuery, answer=Page, row=BidView, open_to_suspended=True
)
def list_own_bids(call: Call[Any]) -> Reply:
    """The calling worker's bids; for a client, the bids on all of its tasks."""
    if call.principal.role == Role.CLIENT:
        return call.page(CLIENT_BIDS, call.principal.id, bid_view)
    return call.page(WORKER_BIDS, own_worker_id(call), bid_view)


@routes.add("GET", "/v1/bids/{bid_id}", who=BOTH_SIDES, answer=BidView, open_to_suspended=True)
def get_bid(call: Call[Any]) -> Reply:
    """One bid: the worker's own, or one on the client's task."""
    found = call.runtime.store.read(Bid, call.id("bid_id", "bid"))
    if found is None or call.principal.id not in (found[0].client_id, found[0].worker_id):
        raise NotFound
    return Reply(bid_view(found[0]))


@routes.add("POST", "/v1/bids/{bid_id}/withdraw", who=WORKER, answer=BidView, open_to_suspended=True)
def withdraw_bid(call: Call[NoBody]) -> Reply:
    """Takes the caller's bid back."""
    return _step(call, StepBid(call.id("bid_id", "bid"), "withdraw", worker_id=own_worker_id(call)))


@routes.add("POST", "/v1/bids/{bid_id}/shortlist", who=CLIENT, scope="work", answer=BidView)
def shortlist_bid(call: Call[NoBody]) -> Reply:
    """Keeps a bid in the closer choice."""
    return _step(call, StepBid(call.id("bid_id", "bid"), "shortlist", client_id=call.principal.id))


@routes.add("POST", "/v1/bids/{bid_id}/decline", who=CLIENT, scope="work", body=Declining, answer=BidView)
def decline_bid(call: Call[Declining]) -> Reply:
    """Tells a worker no, and why."""
    command = StepBid(
        bid_id=call.id("bid_id", "bid"),
        step="decline",
        client_id=call.principal.id,
        reason_code=RejectionCode(call.body.reason_code),
        reason=call.body.reason,
    )
    return _step(call, command)


@routes.add(
    "POST",
    "/v1/bids/{bid_id}/award",
    who=CLIENT,
    scope="work",
    answer=ContractView,
    status=201,
    along=_calendar_ahead,
)
def award(call: Call[NoBody]) -> Reply:
    """Awards a seat: the answer is the contract that the worker is offered."""
    command = AwardBid(call.id("bid_id", "bid"), call.principal.id, call.runtime.new_id)
    return call.commit(lambda tx: award_bid(command, tx), contract_view)


def _own_bid(call: Call[Any], identifier: str) -> Reply:
    """The one bid that there can be, never by way of the others': their number is nobody's business."""
    found = call.runtime.store.read(Bid, identifier)
    own = [] if found is None else [found[0]]
    return call.page_of(f"own_bid#{identifier}", lambda *_: (own, None), bid_view)


def _declined_view(bid: Bid) -> DeclinedView | None:
    why: Any = bid.declined
    if why is None:
        return None
    return DeclinedView(reason_code=why.code.value, reason=why.reason, declined_at=why.at)


def _step(call: Call[Any], command: StepBid) -> Reply:
    return call.commit(lambda tx: use_cases.step_bid(command, tx), bid_view, worker_of(call))


def _proposed(
    milestones: list[MilestoneProposal], price: money.Money | money.Rate
) -> tuple[ProposedMilestone, ...]:
    for index, row in enumerate(milestones):
        if row.amount.currency != price.currency:
            pointer = f"/milestones/{index}/amount/currency"
            raise CurrencyMismatch((Fault(pointer, f"the price is in {price.currency}"),))
    return tuple(ProposedMilestone(row.title, row.amount.amount, row.due_at) for row in milestones)
