"""The contract's head: its terms, its state, and what it holds.

    funded = held + released + returned        always
    reserved <= held                           stopped sessions that wait for approval

Money here is integer minor units of `currency`. The contract's hold account is `held`, guarded by the
head's version.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from marketplace.contracts.milestone import Milestone, MilestoneStatus
from marketplace.shared.errors import IllegalTransition, InsufficientFunds, InvalidRequest, NotFound
from marketplace.shared.money import Money
from marketplace.shared.transitions import after
from marketplace.work.terms import Pay, PayModel

OFFER_SECONDS = 7 * 86_400
REVIEW_SECONDS = {
    PayModel.MILESTONE: 14 * 86_400,
    PayModel.PER_RESULT: 7 * 86_400,
    PayModel.PER_MINUTE: 7 * 86_400,
}
RATING_WINDOW_SECONDS = 14 * 86_400
FEE_BASIS_POINTS = 1_000
HELD_MAX = 10**15


class ContractStatus(StrEnum):
    """From the offer to its end."""

    OFFERED = "offered"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


_UNDER_WAY = (ContractStatus.ACTIVE, ContractStatus.PAUSED)

TRANSITIONS = {
    (ContractStatus.OFFERED, "accept"): ContractStatus.ACTIVE,
    (ContractStatus.OFFERED, "decline"): ContractStatus.CANCELLED,
    (ContractStatus.OFFERED, "lapse"): ContractStatus.CANCELLED,
    (ContractStatus.OFFERED, "cancel"): ContractStatus.CANCELLED,
    (ContractStatus.ACTIVE, "pause"): ContractStatus.PAUSED,
    (ContractStatus.PAUSED, "resume"): ContractStatus.ACTIVE,
    **{(status, "complete"): ContractStatus.COMPLETED for status in _UNDER_WAY},
    **{(status, "cancel"): ContractStatus.CANCELLED for status in _UNDER_WAY},
}


@dataclass(frozen=True)
class Contract:
    """`reserved` is the gross of stopped sessions that wait for approval; `billed_seconds` counts against
    the cap; `running_session` is set while the worker is clocked in, and looks at `last_funded_at` when its
    money runs out; `rated_by` holds the sides."""

    id: str
    task_id: str
    bid_id: str
    client_id: str
    worker_id: str
    title: str
    pay: Pay
    fee_basis_points: int
    review_seconds: int
    created_at: int
    offer_ends_at: int
    status: ContractStatus = ContractStatus.OFFERED
    milestones: tuple[Milestone, ...] = ()
    agreements: tuple[str, ...] = ()
    funded: int = 0
    held: int = 0
    released: int = 0
    returned: int = 0
    reserved: int = 0
    billed_seconds: int = 0
    running_session: str | None = None
    last_funded_at: int | None = None
    accepted_at: int | None = None
    ended_at: int | None = None
    rated_by: tuple[str, ...] = ()

    @property
    def currency(self) -> str:
        """ISO 4217; the whole contract has one."""
        return self.pay.currency

    @property
    def headroom(self) -> int:
        """Held money that no stopped session has reserved, minor units."""
        return self.held - self.reserved

    @property
    def due_at(self) -> int | None:
        """When the next of its clocks runs out: the offer's, or a milestone's review."""
        if self.status == ContractStatus.OFFERED:
            return self.offer_ends_at
        ends = [m.review_ends_at for m in self.milestones if m.review_ends_at is not None]
        return min(ends, default=None)

    def stepped(self, step: str) -> "Contract":
        """After one step of the state machine. Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, step))

    def accepted(self, at: int) -> "Contract":
        """The worker takes the offer. Raises IllegalTransition."""
        return replace(self.stepped("accept"), accepted_at=at)

    def require_active(self) -> None:
        """Raises IllegalTransition unless work and funding may go on."""
        if self.status != ContractStatus.ACTIVE:
            raise IllegalTransition(f"the contract is {self.status}")

    def with_funds(self, amount: int, *, at: int) -> "Contract":
        """`amount` more is held. Raises IllegalTransition, InvalidRequest."""
        self.require_active()
        if self.held + amount > HELD_MAX:
            raise InvalidRequest.at("/amount/amount", f"a contract holds at most {HELD_MAX}")
        return replace(self, funded=self.funded + amount, held=self.held + amount, last_funded_at=at)

    def with_released(self, gross: int) -> "Contract":
        """`gross` leaves the hold for the worker and the fee. Raises InsufficientFunds."""
        if gross > self.held:
            raise InsufficientFunds(f"contract:{self.id}:hold")
        return replace(self, held=self.held - gross, released=self.released + gross)

    def with_returned(self, amount: int) -> "Contract":
        """`amount` goes back to the wallet. Raises InsufficientFunds beyond the headroom."""
        if amount > self.headroom:
            raise InsufficientFunds(f"contract:{self.id}:hold")
        return replace(self, held=self.held - amount, returned=self.returned + amount)

    def fee_and_net(self, gross: int) -> tuple[int, int]:
        """The platform's fee, rounded half up, and the worker's rest."""
        fee, net = Money(gross, self.currency).split(basis_points=self.fee_basis_points)
        return fee.amount, net.amount

    def milestone(self, milestone_id: str) -> Milestone:
        """Raises NotFound."""
        for milestone in self.milestones:
            if milestone.id == milestone_id:
                return milestone
        raise NotFound

    def with_milestone(self, changed: Milestone) -> "Contract":
        """The contract with one milestone replaced."""
        rows = tuple(changed if row.id == changed.id else row for row in self.milestones)
        return replace(self, milestones=rows)

    @property
    def in_review(self) -> bool:
        """Whether a submitted milestone waits for the client."""
        return any(row.status == MilestoneStatus.SUBMITTED for row in self.milestones)
