"""A milestone: a priced piece of a contract, a compact row of its head."""

from dataclasses import dataclass, replace
from enum import StrEnum

from marketplace.shared.errors import IllegalTransition
from marketplace.shared.transitions import after


class MilestoneStatus(StrEnum):
    """`approved` is paid; `cancelled` gave its money back."""

    PLANNED = "planned"
    FUNDED = "funded"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    CANCELLED = "cancelled"


TRANSITIONS = {
    (MilestoneStatus.PLANNED, "fund"): MilestoneStatus.FUNDED,
    (MilestoneStatus.FUNDED, "unfund"): MilestoneStatus.PLANNED,
    (MilestoneStatus.FUNDED, "submit"): MilestoneStatus.SUBMITTED,
    (MilestoneStatus.SUBMITTED, "request_changes"): MilestoneStatus.FUNDED,
    (MilestoneStatus.SUBMITTED, "approve"): MilestoneStatus.APPROVED,
    (MilestoneStatus.PLANNED, "cancel"): MilestoneStatus.CANCELLED,
    (MilestoneStatus.FUNDED, "cancel"): MilestoneStatus.CANCELLED,
}


@dataclass(frozen=True)
class Milestone:
    """`amount` is minor units of the contract's currency. `submission` is the id of the event that
    carries what the worker handed in; the clock of the review runs while `review_ends_at` is set."""

    id: str
    title: str
    amount: int
    status: MilestoneStatus = MilestoneStatus.PLANNED
    due_at: int | None = None
    submitted_at: int | None = None
    review_ends_at: int | None = None
    submission: str | None = None

    def stepped(self, step: str) -> "Milestone":
        """After one step of the state machine; the review's clock stops. Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, step), review_ends_at=None)

    def submitted(self, *, at: int, review_seconds: int, submission: str) -> "Milestone":
        """Handed in; silence for `review_seconds` approves it. Raises IllegalTransition."""
        return replace(
            self.stepped("submit"),
            submitted_at=at,
            review_ends_at=at + review_seconds,
            submission=submission,
        )

    def changes_requested(self, at: int) -> "Milestone":
        """Back to the worker. Raises IllegalTransition, also when silence has approved it and no timer has
        said so yet."""
        if self.review_ends_at is not None and at >= self.review_ends_at:
            raise IllegalTransition("the review has ended")
        return replace(self.stepped("request_changes"), submitted_at=None)
