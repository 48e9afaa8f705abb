"""A milestone: a priced piece of a contract, a compact row of its head."""

from enum import StrEnum

from marketplace.contracts.contest import Contest, ended, lives, require_uncontested, stood_still
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after


class MilestoneStatus(StrEnum):
    """`approved` is paid; `cancelled` gave its money back."""

    PLANNED = "planned"
    FUNDED = "funded"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    CANCELLED = "cancelled"


_HELD = (MilestoneStatus.FUNDED, MilestoneStatus.SUBMITTED)

TRANSITIONS = {
    (MilestoneStatus.PLANNED, "fund"): MilestoneStatus.FUNDED,
    (MilestoneStatus.FUNDED, "unfund"): MilestoneStatus.PLANNED,
    (MilestoneStatus.FUNDED, "submit"): MilestoneStatus.SUBMITTED,
    (MilestoneStatus.SUBMITTED, "request_changes"): MilestoneStatus.FUNDED,
    (MilestoneStatus.SUBMITTED, "approve"): MilestoneStatus.APPROVED,
    (MilestoneStatus.PLANNED, "cancel"): MilestoneStatus.CANCELLED,
    (MilestoneStatus.FUNDED, "cancel"): MilestoneStatus.CANCELLED,
    **{(status, "award"): MilestoneStatus.APPROVED for status in _HELD},
    **{(status, "dismiss"): MilestoneStatus.CANCELLED for status in _HELD},
}


@dataclass(frozen=True)
class Milestone:
    """`amount` is minor units of the contract's currency. `submission` is the id of the event that
    carries what the worker handed in, `changes` that of the last one which
    says what the client missed; the clock of the review runs while `review_ends_at` is set, and stands
    still during a `contest`."""

    id: str
    title: Private[str]
    amount: int
    status: MilestoneStatus = MilestoneStatus.PLANNED
    due_at: int | None = None
    submitted_at: int | None = None
    review_ends_at: int | None = None
    submission: str | None = None
    contest: Contest | None = None
    changes: str | None = None

    @property
    def silence_at(self) -> int | None:
        """When silence approves it, epoch seconds."""
        return None if lives(self.contest) else self.review_ends_at

    @property
    def awaits_answer(self) -> bool:
        """Whether the client's word is due."""
        return self.status == MilestoneStatus.SUBMITTED and self.contest is None

    def stepped(self, step: str) -> "Milestone":
        """After one step of the state machine; the review's clock stops. Raises IllegalTransition."""
        require_uncontested(self.contest)
        return replace(self, status=after(TRANSITIONS, self.status, step), review_ends_at=None)

    def submitted(self, *, at: int, review_seconds: int, submission: str) -> "Milestone":
        """Handed in; silence for `review_seconds` approves it. Raises IllegalTransition."""
        return replace(
            self.stepped("submit"),
            submitted_at=at,
            review_ends_at=at + review_seconds,
            submission=submission,
        )

    def changes_requested(self, at: int, event_id: str) -> "Milestone":
        """Back to the worker. Raises IllegalTransition, also when silence has approved it and no timer has
        said so yet."""
        self._require_review(at)
        return replace(self.stepped("request_changes"), submitted_at=None, changes=event_id)

    def contested(self, by: str, at: int) -> "Milestone":
        """Something else decides about its money. Raises IllegalTransition unless that is held, or when
        silence has approved it."""
        require_uncontested(self.contest)
        self._require_review(at)
        if self.status not in _HELD:
            raise IllegalTransition(f"the milestone is {self.status}")
        return replace(self, contest=Contest(by, at))

    def freed(self, at: int) -> "Milestone":
        """As it was before; its clock goes on where it stood."""
        ends_at = self.review_ends_at
        later = None if ends_at is None else ends_at + stood_still(self.contest, at)
        return replace(self, contest=None, review_ends_at=later)

    def decided(self, to_worker: int) -> "Milestone":
        """Approved for what the worker gets, gross; cancelled for nothing. Raises IllegalTransition."""
        status = after(TRANSITIONS, self.status, "award" if to_worker else "dismiss")
        contest = ended(self.contest, to_worker)
        return replace(self, status=status, contest=contest, review_ends_at=None)

    def _require_review(self, at: int) -> None:
        if self.review_ends_at is not None and at >= self.review_ends_at:
            raise IllegalTransition("the review has ended")
