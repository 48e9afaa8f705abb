"""A bid: a worker's one standing offer on a task.

Its id derives from the task and the worker, so one worker cannot have two on a task however many calls
race; bidding again when it has come to nothing sets the same bid up anew. `position` orders lists by the
time of bidding.
"""

from collections.abc import Sequence
from enum import StrEnum

from marketplace.shared.errors import (
    AlreadyExists,
    CurrencyMismatch,
    Fault,
    IllegalTransition,
    InvalidRequest,
)
from marketplace.shared.ids import derived_within
from marketplace.shared.money import Money, Rate
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after
from marketplace.work.rejection import Rejection
from marketplace.work.task import Task
from marketplace.work.terms import PayModel

MILESTONES_MAX = 20
LOOK_SECONDS = 30 * 86_400
"""How long a live bid stands before it looks itself whether its task still takes bids: a list that lagged may
not have shown it when that ended, or it was made at that very moment."""


class BidStatus(StrEnum):
    """A live bid is submitted or shortlisted."""

    SUBMITTED = "submitted"
    SHORTLISTED = "shortlisted"
    AWARDED = "awarded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_LIVE = (BidStatus.SUBMITTED, BidStatus.SHORTLISTED)

TRANSITIONS = {
    (BidStatus.SUBMITTED, "shortlist"): BidStatus.SHORTLISTED,
    **{(status, "award"): BidStatus.AWARDED for status in _LIVE},
    **{(status, "decline"): BidStatus.DECLINED for status in _LIVE},
    **{(status, "withdraw"): BidStatus.WITHDRAWN for status in _LIVE},
    **{(status, "expire"): BidStatus.EXPIRED for status in _LIVE},
    (BidStatus.AWARDED, "offer_declined"): BidStatus.WITHDRAWN,
    (BidStatus.AWARDED, "offer_lapsed"): BidStatus.EXPIRED,
    (BidStatus.AWARDED, "offer_cancelled"): BidStatus.DECLINED,
    (BidStatus.AWARDED, "offer_suspended"): BidStatus.SUBMITTED,
}


@dataclass(frozen=True)
class ProposedMilestone:
    """`amount` is minor units of the bid's price; `due_at` epoch seconds."""

    title: Private[str]
    amount: int
    due_at: int | None = None


@dataclass(frozen=True)
class Bid:
    """`price` is a budget or unit price, or a rate for a task paid by the minute; `agency_id` is for whom the
    worker bids, if not for themselves; `declined` says why it was not taken, by the client's word or
    because something else ended, `looked_at` is when it last looked at its task."""

    id: str
    task_id: str
    client_id: str
    worker_id: str
    price: Money | Rate
    milestones: tuple[ProposedMilestone, ...]
    message: Private[str]
    created_at: int
    position: str
    status: BidStatus = BidStatus.SUBMITTED
    expires_at: int | None = None
    agency_id: str | None = None
    declined: Rejection | None = None
    looked_at: int | None = None

    @property
    def looks_at(self) -> int:
        """When it looks whether its task still takes bids, epoch seconds."""
        return (self.looked_at or self.created_at) + LOOK_SECONDS

    @property
    def due_at(self) -> int | None:
        """When its timer fires: at its end, or to look at its task."""
        if not self.is_live:
            return None
        return self.looks_at if self.expires_at is None else min(self.expires_at, self.looks_at)

    @property
    def is_live(self) -> bool:
        """Whether it may still be awarded."""
        return self.status in _LIVE

    def expires_after(self, instant: int) -> bool:
        """Whether it is still there at `instant`, or would never end."""
        return self.expires_at is None or self.expires_at > instant

    def stepped(self, step: str, at: int) -> "Bid":
        """After shortlist, award, decline, withdraw, expire, or the end of its offer. Raises
        IllegalTransition, also when it has expired and no timer has said so yet."""
        if step != "expire" and self.is_live and self.expires_at is not None and at >= self.expires_at:
            raise IllegalTransition("the bid has expired")
        return replace(self, status=after(TRANSITIONS, self.status, step))

    def replacing(self, earlier: "Bid | None") -> "Bid":
        """This bid in the place of the worker's earlier one on the task. Raises AlreadyExists."""
        if earlier is not None and (earlier.is_live or earlier.status == BidStatus.AWARDED):
            raise AlreadyExists("you already have a bid on this task")
        return self


def bid_id(task_id: str, worker_id: str) -> str:
    """The id of the one bid that this worker may have on this task."""
    return derived_within("bid", task_id, worker_id)


def check_terms(task: Task, price: Money | Rate, milestones: Sequence[ProposedMilestone]) -> None:
    """Whether the offer answers the task's kind of pay. Raises InvalidRequest, CurrencyMismatch."""
    by_the_minute = task.pay.model == PayModel.PER_MINUTE
    if by_the_minute != isinstance(price, Rate):
        raise InvalidRequest.at("/price", f"a rate per minute is {'' if by_the_minute else 'not '}asked for")
    if price.currency != task.pay.currency:
        raise CurrencyMismatch((Fault("/price/currency", f"the task pays in {task.pay.currency}"),))
    if milestones and task.pay.model != PayModel.MILESTONE:
        raise InvalidRequest.at("/milestones", "only a task paid by milestones has them")
    if isinstance(price, Money) and milestones and sum(m.amount for m in milestones) != price.amount:
        raise InvalidRequest.at("/milestones", "must add up to the price")


def planned(bid: Bid, title: str) -> tuple[ProposedMilestone, ...]:
    """The bid's milestones; a price without a plan is one milestone, named after the task."""
    if bid.milestones or not isinstance(bid.price, Money):
        return bid.milestones
    return (ProposedMilestone(title, bid.price.amount),)
