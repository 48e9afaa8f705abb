"""A result: one piece of work on a contract that pays for each accepted one.

    submitted ──accept──> accepted ──reverse──> reversed     within 30 days
        └─────reject────> rejected                 │
                             └──────award──────────┴──> accepted     by a dispute, or a granted appeal

Who accepts or rejects may be the client, a known answer (gold), the agreement of other workers, or, by
silence, the clock. Instants are epoch seconds of the product's clock.
"""

from enum import StrEnum

from marketplace.contracts.contest import Contest, ended, lives, require_uncontested, stood_still
from marketplace.contracts.contract import Contract
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.ids import derived_within
from marketplace.shared.money import Money
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after
from marketplace.work.rejection import RejectionCode, code_of

REVERSAL_SECONDS = 30 * 86_400
"""How long an acceptance can be taken back."""
REJECTION_SECONDS = 14 * 86_400
"""How long a rejection can be disputed."""

GOLD_MISMATCH = "gold_mismatch"
NO_AGREEMENT = "no_agreement"
CONTRACT_CANCELLED = "contract_cancelled"


class ResultStatus(StrEnum):
    """`accepted` is paid; `rejected` and `reversed` are not, and leave their place to another."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVERSED = "reversed"


_CONTESTABLE = (ResultStatus.SUBMITTED, ResultStatus.REJECTED)
_APPEALABLE = (ResultStatus.REJECTED, ResultStatus.REVERSED)

TRANSITIONS = {
    (ResultStatus.SUBMITTED, "accept"): ResultStatus.ACCEPTED,
    (ResultStatus.SUBMITTED, "reject"): ResultStatus.REJECTED,
    (ResultStatus.ACCEPTED, "reverse"): ResultStatus.REVERSED,
    **{(status, "award"): ResultStatus.ACCEPTED for status in _CONTESTABLE},
    (ResultStatus.REVERSED, "award"): ResultStatus.ACCEPTED,
    **{(status, "dismiss"): ResultStatus.REJECTED for status in _CONTESTABLE},
}


@dataclass(frozen=True)
class Result:
    """`price` is gross, fixed when it is handed in; `net` is the worker's part of it in minor units, what is
    expected until it is paid. `submission` is the id of the event that carries the payload; `position` orders
    lists; `reason` says why it is not paid, or not any more."""

    id: str
    contract_id: str
    task_id: str
    client_id: str
    worker_id: str
    position: str
    price: Money
    net: int
    submission: str
    submitted_at: int
    review_ends_at: int
    external_id: str | None = None
    status: ResultStatus = ResultStatus.SUBMITTED
    reason: Private[str | None] = None
    answered_at: int | None = None
    reversed_at: int | None = None
    contest: Contest | None = None
    reason_code: RejectionCode | None = None

    @property
    def rejection_code(self) -> RejectionCode | None:
        """Why it is not paid, or not any more, in one word."""
        return code_of(self.reason, self.reason_code)

    @property
    def fee(self) -> int:
        """The platform's part of the price, minor units."""
        return self.price.amount - self.net

    @property
    def in_review(self) -> bool:
        """Whether it waits for its answer, from the client or by silence."""
        return self.status == ResultStatus.SUBMITTED and not lives(self.contest)

    @property
    def due_at(self) -> int | None:
        """When silence accepts it."""
        return self.review_ends_at if self.in_review else None

    @property
    def reversible_until(self) -> int | None:
        """The first instant at which its acceptance can no longer be taken back."""
        if self.status != ResultStatus.ACCEPTED or self.answered_at is None or self.contest:
            return None
        return self.answered_at + REVERSAL_SECONDS

    def accepted(self, at: int) -> "Result":
        """Paid. Raises IllegalTransition."""
        require_uncontested(self.contest)
        return replace(self, status=after(TRANSITIONS, self.status, "accept"), answered_at=at)

    def rejected(self, reason: str, at: int, code: RejectionCode | None = None) -> "Result":
        """Not paid. Raises IllegalTransition, also when silence has accepted it and no timer has said so."""
        if self.in_review and at >= self.review_ends_at:
            raise IllegalTransition("the review has ended")
        return replace(self.dropped(reason, at), reason_code=code)

    def dropped(self, reason: str, at: int) -> "Result":
        """Not paid, whatever its clock says. Raises IllegalTransition."""
        require_uncontested(self.contest)
        status = after(TRANSITIONS, self.status, "reject")
        return replace(self, status=status, reason=reason, answered_at=at)

    def reversed(self, reason: str, at: int) -> "Result":
        """Its pay is taken back. Raises IllegalTransition, also when that comes too late."""
        require_uncontested(self.contest)
        status = after(TRANSITIONS, self.status, "reverse")
        if self.reversible_until is not None and at >= self.reversible_until:
            raise IllegalTransition(f"an acceptance can be reversed for {REVERSAL_SECONDS // 86_400} days")
        return replace(self, status=status, reason=reason, reversed_at=at)

    def contested(self, by: str, at: int) -> "Result":
        """Something else decides about its price. Raises IllegalTransition, also when silence has accepted
        it, or its rejection stands for too long."""
        require_uncontested(self.contest)
        if self.status not in _CONTESTABLE:
            raise IllegalTransition(f"the result is {self.status}")
        until = self.review_ends_at if self.in_review else (self.answered_at or 0) + REJECTION_SECONDS
        if at >= until:
            raise IllegalTransition("it is too late for that")
        return replace(self, contest=Contest(by, at))

    def reconsidered(self, by: str, at: int) -> "Result":
        """An appeal against its rejection, or against taking its acceptance back, was granted, whenever that
        is. Raises IllegalTransition."""
        require_uncontested(self.contest)
        if self.status not in _APPEALABLE:
            raise IllegalTransition(f"the result is {self.status}")
        return replace(self, contest=Contest(by, at))

    def freed(self, at: int) -> "Result":
        """As it was before; its clock goes on where it stood."""
        still = stood_still(self.contest, at) if self.status == ResultStatus.SUBMITTED else 0
        return replace(self, contest=None, review_ends_at=self.review_ends_at + still)

    def decided(self, to_worker: int, at: int) -> "Result":
        """Accepted for what the worker gets, gross; rejected for nothing. Raises IllegalTransition."""
        status = after(TRANSITIONS, self.status, "award" if to_worker else "dismiss")
        return replace(self, status=status, answered_at=at, contest=ended(self.contest, to_worker))


def result_id(contract: Contract, external_id: str | None, position: str) -> str:
    """One id for each external id of a contract, so that two calls that race for it meet; without one,
    every result is new, named by its position."""
    return position if external_id is None else derived_within("res", contract.id, external_id)
