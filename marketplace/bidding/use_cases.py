"""What workers and clients do with bids; the award is in `marketplace.contracts.offers`."""

from marketplace.bidding.bid import Bid, ProposedMilestone, bid_id, check_terms
from marketplace.bidding.invitations import admitted
from marketplace.people.agencies import bidding_agency
from marketplace.people.workers import Worker
from marketplace.shared.errors import IllegalTransition, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.money import Money, Rate
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.work.candidates import candidate_for
from marketplace.work.eligibility import check_client, check_eligible
from marketplace.work.rejection import Rejection, RejectionCode, ended_for
from marketplace.work.task import Task, TaskStatus


@dataclass(frozen=True)
class SubmitBid:
    """`position` is a fresh id: lists of bids are ordered by it."""

    task_id: str
    worker_id: str
    position: str
    price: Money | Rate
    milestones: tuple[ProposedMilestone, ...]
    message: str
    agency_id: str | None = None


@dataclass(frozen=True)
class StepBid:
    """A side's step on a bid: the worker withdraws; the client shortlists or declines, for a `reason`."""

    bid_id: str
    step: str
    client_id: str | None = None
    worker_id: str | None = None
    reason_code: RejectionCode | None = None
    reason: str = ""


_STEP_EVENTS = {
    "withdraw": EventType.BID_WITHDRAWN,
    "shortlist": EventType.BID_SHORTLISTED,
    "decline": EventType.BID_DECLINED,
}


def submit_bid(command: SubmitBid, tx: Transaction) -> Bid:
    """Raises NotFound, NotEligible, Forbidden, IllegalTransition, AlreadyExists, InvalidRequest,
    CurrencyMismatch."""
    identifier = bid_id(command.task_id, command.worker_id)
    before = tx.find(Bid, identifier)
    task = tx.get(Task, command.task_id)
    worker = tx.get(Worker, command.worker_id)
    candidate = candidate_for(task, worker, tx.now, tx.find)
    check_eligible(task, admitted(candidate, task, tx.find))
    if not task.takes_bids(tx.now):
        raise IllegalTransition("this task takes no bids any more")
    check_client(task, tx.find)
    check_terms(task, command.price, command.milestones)
    if command.agency_id is not None:
        bidding_agency(command.agency_id, worker.id, tx)
    bid = Bid(
        id=identifier,
        task_id=task.id,
        client_id=task.client_id,
        worker_id=worker.id,
        price=command.price,
        milestones=command.milestones,
        message=command.message,
        created_at=tx.now,
        position=command.position,
        expires_at=task.bidding_closes_at,
        agency_id=command.agency_id,
    ).replacing(before)
    tx.save(bid)
    tx.publish(EventType.BID_SUBMITTED, about=(bid.id, task.id, worker.id))
    return bid


def step_bid(command: StepBid, tx: Transaction) -> Bid:
    """Raises NotFound, also when the bid is not the caller's; IllegalTransition."""
    bid = tx.get(Bid, command.bid_id)
    if command.client_id not in (None, bid.client_id) or command.worker_id not in (None, bid.worker_id):
        raise NotFound
    stepped, why = bid.stepped(command.step, tx.now), {}
    if command.reason_code is not None:
        why = {"reason_code": command.reason_code.value, "reason": command.reason}
        stepped = replace(stepped, declined=Rejection(command.reason_code, command.reason, tx.now))
    tx.save(stepped)
    tx.publish(_STEP_EVENTS[command.step], about=(bid.id, bid.task_id, bid.worker_id), **why)
    return stepped


def let_go(identifier: str, until: int, tx: Transaction) -> None:
    """Nobody decided on a bid, and its task takes no more: it expires now if that is closed, at `until` if
    it is filled. Raises NotFound."""
    bid = tx.get(Bid, identifier)
    task = tx.get(Task, bid.task_id)
    if bid.is_live and task.status == TaskStatus.CLOSED:
        _expire(bid, task, tx)
    elif bid.is_live and task.status == TaskStatus.FILLED and bid.expires_after(until):
        tx.save(replace(bid, expires_at=until))


def wake_bid(identifier: str, until: int, tx: Transaction) -> None:
    """The end of a bid that nobody decided on, or a look at its task: a closed one ends it, a filled one lets
    it stand until `until`. A bid that was to go with a filled task stays when a seat has come free."""
    bid = tx.due(Bid, identifier)
    if bid is None:
        return
    task = tx.get(Task, bid.task_id)
    ends = bid.expires_at is not None and bid.expires_at <= tx.now
    if ends and task.takes_bids(tx.now):
        tx.save(replace(bid, expires_at=task.bidding_closes_at))
    elif ends or task.status == TaskStatus.CLOSED:
        _expire(bid, task, tx)
    elif task.status == TaskStatus.FILLED and bid.expires_after(until):
        tx.save(replace(bid, expires_at=until, looked_at=tx.now))
    else:
        tx.save(replace(bid, looked_at=tx.now))


def _expire(bid: Bid, task: Task, tx: Transaction) -> None:
    code = _why_over(task)
    tx.save(replace(bid.stepped("expire", tx.now), declined=ended_for(code, tx.now)))
    tx.publish(EventType.BID_EXPIRED, about=(bid.id, bid.task_id, bid.worker_id), reason_code=code.value)


def _why_over(task: Task) -> RejectionCode:
    if task.status == TaskStatus.CLOSED:
        return RejectionCode.CLIENT_LEFT if task.client_left else RejectionCode.TASK_CLOSED
    return RejectionCode.TASK_FILLED if task.status == TaskStatus.FILLED else RejectionCode.UNDECIDED
