"""A result: one piece of work on a contract that pays for each accepted one.

    submitted ──accept──> accepted ──reverse──> reversed     within 30 days
        └─────reject────> rejected

Who accepts or rejects may be the client, a known answer (gold), the agreement of other workers, or, by
silence, the clock. Instants are epoch seconds of the product's clock.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from marketplace.contracts.contract import Contract
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.ids import derived_within
from marketplace.shared.money import Money
from marketplace.shared.transitions import after

REVERSAL_SECONDS = 30 * 86_400
"""How long an acceptance can be taken back."""

GOLD_MISMATCH = "gold_mismatch"
NO_AGREEMENT = "no_agreement"
CONTRACT_CANCELLED = "contract_cancelled"


class ResultStatus(StrEnum):
    """`accepted` is paid; `rejected` and `reversed` are not, and leave their place to another."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVERSED = "reversed"


TRANSITIONS = {
    (ResultStatus.SUBMITTED, "accept"): ResultStatus.ACCEPTED,
    (ResultStatus.SUBMITTED, "reject"): ResultStatus.REJECTED,
    (ResultStatus.ACCEPTED, "reverse"): ResultStatus.REVERSED,
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
    reason: str | None = None
    answered_at: int | None = None
    reversed_at: int | None = None

    @property
    def fee(self) -> int:
        """The platform's part of the price, minor units."""
        return self.price.amount - self.net

    @property
    def in_review(self) -> bool:
        """Whether it waits for its answer."""
        return self.status == ResultStatus.SUBMITTED

    @property
    def due_at(self) -> int | None:
        """When silence accepts it."""
        return self.review_ends_at if self.in_review else None

    @property
    def reversible_until(self) -> int | None:
        """The first instant at which its acceptance can no longer be taken back."""
        if self.status != ResultStatus.ACCEPTED or self.answered_at is None:
            return None
        return self.answered_at + REVERSAL_SECONDS

    def accepted(self, at: int) -> "Result":
        """Paid. Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, "accept"), answered_at=at)

    def rejected(self, reason: str, at: int) -> "Result":
        """Not paid. Raises IllegalTransition, also when silence has accepted it and no timer has said so."""
        if self.in_review and at >= self.review_ends_at:
            raise IllegalTransition("the review has ended")
        return self.dropped(reason, at)

    def dropped(self, reason: str, at: int) -> "Result":
        """Not paid, whatever its clock says. Raises IllegalTransition."""
        status = after(TRANSITIONS, self.status, "reject")
        return replace(self, status=status, reason=reason, answered_at=at)

    def reversed(self, reason: str, at: int) -> "Result":
        """Its pay is taken back. Raises IllegalTransition, also when that comes too late."""
        status = after(TRANSITIONS, self.status, "reverse")
        if self.reversible_until is not None and at >= self.reversible_until:
            raise IllegalTransition(f"an acceptance can be reversed for {REVERSAL_SECONDS // 86_400} days")
        return replace(self, status=status, reason=reason, reversed_at=at)


def result_id(contract: Contract, external_id: str | None, position: str) -> str:
    """One id for each external id of a contract, so that two calls that race for it meet; without one,
    every result is new, named by its position."""
    return position if external_id is None else derived_within("res", contract.id, external_id)
