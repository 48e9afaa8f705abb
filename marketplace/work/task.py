"""A task: a posting with seats, from draft to filled or closed."""

from dataclasses import field
from enum import StrEnum

from marketplace.shared.errors import CurrencyMismatch, Fault, IllegalTransition, InvalidRequest, SeatsFilled
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after
from marketplace.work.scorecard import Scorecard
from marketplace.work.terms import Pay

PUBLIC = "public"
INVITED = "invited"


class TaskStatus(StrEnum):
    """`filled` opens again when a seat comes free."""

    DRAFT = "draft"
    OPEN = "open"
    FILLED = "filled"
    CLOSED = "closed"


TRANSITIONS = {
    (TaskStatus.DRAFT, "publish"): TaskStatus.OPEN,
    (TaskStatus.DRAFT, "close"): TaskStatus.CLOSED,
    (TaskStatus.OPEN, "close"): TaskStatus.CLOSED,
    (TaskStatus.FILLED, "close"): TaskStatus.CLOSED,
    (TaskStatus.OPEN, "fill"): TaskStatus.FILLED,
    (TaskStatus.FILLED, "reopen"): TaskStatus.OPEN,
}


@dataclass(frozen=True)
class Requirements:
    """What a worker must bring: everything is optional. `minimum_rating` is 1 to 5; `agreements` and
    `qualifications` are ids or names. Agreements are signed with the offer, `trainings` acknowledged before
    work begins, `checks` are items of the checklist that must be passed."""

    minimum_rating: float | None = None
    agreements: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    trainings: tuple[str, ...] | None = None
    checks: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Task:
    """`seats_left` falls with every award and rises when an offer falls through; `client_left` says that the
    task was closed because its client is there no more."""

    id: str
    client_id: str
    title: str
    description: str
    category: str
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    pay: Pay
    seats: int
    seats_left: int
    visibility: str
    created_at: int
    status: TaskStatus = TaskStatus.DRAFT
    requirements: Requirements = field(default_factory=Requirements)
    bidding_closes_at: int | None = None
    outcomes: Scorecard | None = None
    client_left: bool | None = None

    def takes_bids(self, at: int) -> bool:
        """Whether a bid may be made at `at`."""
        return self.status == TaskStatus.OPEN and not self.bidding_closed(at)

    def bidding_closed(self, at: int) -> bool:
        """Whether the posting's own deadline has passed."""
        return self.bidding_closes_at is not None and at >= self.bidding_closes_at

    def check_review(self) -> None:
        """Raises InvalidRequest when more workers must agree on a result than can ever be hired."""
        review = self.pay.review
        if review is not None and review.workers > self.seats:
            raise InvalidRequest.at("/pay/review/workers", f"must be at most the {self.seats} seats")

    def check_outcomes(self) -> None:
        """Raises CurrencyMismatch when a cap is in another currency than the pay, InvalidRequest when one
        score would both earn and lose."""
        card = self.outcomes
        if card is None:
            return
        for name, band in (("bonus", card.bonus), ("deduction", card.deduction)):
            if band is not None and band.cap.currency != self.pay.currency:
                where = f"/outcomes/{name}/cap/currency"
                raise CurrencyMismatch((Fault(where, f"the task pays in {self.pay.currency}"),))
        if card.bonus and card.deduction and card.deduction.threshold > card.bonus.threshold:
            where = "/outcomes/deduction/below_basis_points"
            raise InvalidRequest.at(where, "must be at most where the bonus begins")

    def published(self, at: int) -> "Task":
        """Open for bids. Raises IllegalTransition."""
        if self.bidding_closed(at):
            raise IllegalTransition("bidding would already be closed")
        return replace(self, status=after(TRANSITIONS, self.status, "publish"))

    def closed(self) -> "Task":
        """No more bids or awards. Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, "close"))

    def withdrawn(self) -> "Task":
        """Closed, since its client is gone. Raises IllegalTransition."""
        return replace(self.closed(), client_left=True)

    def seat_taken(self) -> "Task":
        """One seat fewer; the last one fills the task. Raises SeatsFilled, IllegalTransition."""
        if self.seats_left < 1:
            raise SeatsFilled("every seat of this task is awarded")
        if self.status != TaskStatus.OPEN:
            raise IllegalTransition(f"cannot award while {self.status}")
        left = self.seats_left - 1
        status = self.status if left else after(TRANSITIONS, self.status, "fill")
        return replace(self, seats_left=left, status=status)

    def seat_returned(self) -> "Task":
        """One seat more; a filled task opens again, a closed one stays closed."""
        reopens = self.status == TaskStatus.FILLED
        status = after(TRANSITIONS, self.status, "reopen") if reopens else self.status
        return replace(self, seats_left=self.seats_left + 1, status=status)
