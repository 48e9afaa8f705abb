"""The contract's head: its terms, its state, and what it holds.

    funded = held + released + returned + charged_back        always, and the client's fee stands beside
    held = reserved + allowance + headroom     work in review, the running session, what is free

Money here is integer minor units of `currency`. The contract's hold account is `held`, guarded by the
head's version. The session that runs on it is `clock`'s idea; whoever clocks in and out uses clocking.py.
"""

from enum import StrEnum

from marketplace.compliance.agreement import Pinned
from marketplace.contracts.billed_time import BilledTime
from marketplace.contracts.charged_back import NOTHING_CHARGED_BACK, ContractChargeback
from marketplace.contracts.contract_clock import ContractClock
from marketplace.contracts.fees import FeeTerms, WorkerFee
from marketplace.contracts.milestone import Milestone, MilestoneStatus
from marketplace.contracts.minutes import RunningSession
from marketplace.contracts.result_counts import ResultCounts
from marketplace.contracts.shares import AgencyShares
from marketplace.shared.errors import (
    CurrencyMismatch,
    Fault,
    IllegalTransition,
    InsufficientFunds,
    InvalidRequest,
    NotFound,
)
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after
from marketplace.work.scorecard import Scorecard
from marketplace.work.terms import Pay, PayModel

OFFER_SECONDS = 7 * 86_400
REVIEW_SECONDS = {
    PayModel.MILESTONE: 14 * 86_400,
    PayModel.PER_RESULT: 7 * 86_400,
    PayModel.PER_MINUTE: 7 * 86_400,
}
RATING_WINDOW_SECONDS = 14 * 86_400
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
    (ContractStatus.OFFERED, "suspend"): ContractStatus.CANCELLED,
    (ContractStatus.ACTIVE, "pause"): ContractStatus.PAUSED,
    (ContractStatus.PAUSED, "resume"): ContractStatus.ACTIVE,
    **{(status, "complete"): ContractStatus.COMPLETED for status in _UNDER_WAY},
    **{(status, "cancel"): ContractStatus.CANCELLED for status in _UNDER_WAY},
}


@dataclass(frozen=True)
class Contract:
    """`reserved` is the unpaid gross of stopped sessions and submitted results, and what disputes and
    outcomes are about; `reversed` is what came back from the worker, and `released` is without it;
    `billed_seconds` counts against the cap; `billed` is what the next session must know of the last ones;
    `running` is set while the worker is clocked in; `results` once one was submitted; `outcomes` is how work
    is scored; `signs` are the versions of its `agreements` that were in force when it was offered, `labels`
    those of them that were only names, and `trainings` what is acknowledged before work begins; `fees` is
    what a schedule says beyond the worker's percentage, `agency` for whom the worker bid; `rated_by` holds
    the sides; `promptness` counts paid pieces of work that are not told yet, by stars from 1."""

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
    reversed: int = 0
    reserved: int = 0
    billed_seconds: int = 0
    billed: BilledTime | None = None
    running: RunningSession | None = None
    accepted_at: int | None = None
    ended_at: int | None = None
    corrections_asked: int = 0
    results: ResultCounts | None = None
    outcomes: Scorecard | None = None
    fees: FeeTerms | None = None
    agency: AgencyShares | None = None
    rated_by: tuple[str, ...] = ()
    chargeback: ContractChargeback | None = None
    signs: tuple[Pinned, ...] | None = None
    trainings: tuple[Pinned, ...] | None = None
    promptness: tuple[int, ...] | None = None
    labels: tuple[str, ...] | None = None

    @property
    def chargebacks(self) -> ContractChargeback:
        """What chargebacks did to it, mostly nothing."""
        return self.chargeback or NOTHING_CHARGED_BACK

    @property
    def currency(self) -> str:
        """ISO 4217; the whole contract has one."""
        return self.pay.currency

    @property
    def clock(self) -> ContractClock:
        """The time it was billed for, and the session that runs on what is left of its money."""
        free = self.held - self.reserved
        return ContractClock(self.pay, self.hold, free, self.billed_seconds, self.billed, self.running)

    @property
    def hold(self) -> str:
        """The account of its money."""
        return f"contract:{self.id}:hold"

    @property
    def headroom(self) -> int:
        """Held money that no session or result has a claim on, minor units."""
        return self.clock.headroom

    @property
    def running_session(self) -> str | None:
        """The id of the session that runs, if one does."""
        return self.running.session_id if self.running else None

    @property
    def payee_id(self) -> str:
        """Who bid: the worker, or the agency that the worker bid for."""
        return self.agency.agency_id if self.agency else self.worker_id

    @property
    def worker_fee(self) -> WorkerFee:
        """What we keep of the work."""
        terms = self.fees
        if terms is None:
            return WorkerFee(self.fee_basis_points)
        return WorkerFee(self.fee_basis_points, terms.tiers or (), terms.fixed or 0, terms.minimum or 0)

    def client_fee(self, gross: int) -> int:
        """What the client pays on top of so much, minor units."""
        rate = self.fees.client_basis_points if self.fees else None
        return Money(gross, self.currency).split(basis_points=rate)[0].amount if rate else 0

    @property
    def client_fee_earned(self) -> int:
        """The client's fee on what was released."""
        return self.client_fee(self.released)

    @property
    def client_fee_held(self) -> int:
        """The client's fee on what is held, reserved beside it. It is what releasing all of it would earn, so
        whatever is released or returned, and in what parts, the same is earned in the end."""
        return self.client_fee(self.released + self.held) - self.client_fee_earned

    @property
    def due_at(self) -> int | None:
        """When the next of its clocks runs out: the offer's, or a milestone's review."""
        if self.status == ContractStatus.OFFERED:
            return self.offer_ends_at
        ends = [m.silence_at for m in self.milestones if m.silence_at is not None]
        return min(ends, default=None)

    def stepped(self, step: str) -> "Contract":
        """After one step of the state machine. Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, step))

    def accepted(self, at: int) -> "Contract":
        """The worker takes the offer. Raises IllegalTransition, also when it has lapsed and no timer has
        said so yet."""
        if at >= self.offer_ends_at:
            raise IllegalTransition("the offer has lapsed")
        return replace(self.stepped("accept"), accepted_at=at)

    def require_active(self) -> None:
        """Raises IllegalTransition unless work and funding may go on."""
        if self.status != ContractStatus.ACTIVE:
            raise IllegalTransition(f"the contract is {self.status}")

    def require_open_to_work(self) -> None:
        """Raises IllegalTransition unless new paid work may begin: nobody works for money that a chargeback
        contests."""
        self.require_active()
        if self.chargebacks.frozen_by:
            raise IllegalTransition("the contract's money is contested by a chargeback")

    def require_currency(self, amount: Money) -> None:
        """Raises CurrencyMismatch, at `/amount/currency`, unless `amount` is in the contract's currency."""
        if amount.currency != self.currency:
            raise CurrencyMismatch((Fault("/amount/currency", f"the contract is in {self.currency}"),))

    def with_funds(self, amount: int) -> "Contract":
        """`amount` more is held. Raises IllegalTransition, InvalidRequest."""
        self.require_active()
        if self.held + amount > HELD_MAX:
            raise InvalidRequest.at("/amount/amount", f"a contract holds at most {HELD_MAX}")
        return replace(self, funded=self.funded + amount, held=self.held + amount)

    def with_released(self, gross: int) -> "Contract":
        """`gross` leaves the hold for the worker and the fee. Raises InsufficientFunds."""
        if gross > self.held:
            raise InsufficientFunds(self.hold)
        return replace(self, held=self.held - gross, released=self.released + gross)

    def with_returned(self, amount: int) -> "Contract":
        """`amount` goes back to the wallet. Raises InsufficientFunds beyond the headroom."""
        if amount > self.headroom:
            raise InsufficientFunds(self.hold)
        return replace(self, held=self.held - amount, returned=self.returned + amount)

    def with_reversed(self, gross: int) -> "Contract":
        """`gross` that was released comes back into the hold."""
        return replace(
            self, held=self.held + gross, released=self.released - gross, reversed=self.reversed + gross
        )

    def with_reserved(self, gross: int) -> "Contract":
        """`gross` is set aside for work that waits for its answer; negative, it is free again. Raises
        InsufficientFunds."""
        if gross > self.headroom:
            raise InsufficientFunds(self.hold)
        return replace(self, reserved=self.reserved + gross)

    def with_reserved_paid(self, gross: int) -> "Contract":
        """`gross` of what sessions or results have reserved leaves the hold."""
        return replace(self.with_released(gross), reserved=self.reserved - gross)

    def correction_asked(self) -> "Contract":
        """A worker asks for more minutes: the money that would pay them stays until the client answers.

        Raises IllegalTransition when the contract has ended, and its money gone back.
        """
        if self.status not in _UNDER_WAY:
            raise IllegalTransition(f"the contract is {self.status}")
        return replace(self, corrections_asked=self.corrections_asked + 1)

    def correction_answered(self) -> "Contract":
        """The client has accepted or declined."""
        return replace(self, corrections_asked=self.corrections_asked - 1)

    def with_clock(self, clock: ContractClock) -> "Contract":
        """The contract with its clock replaced."""
        return replace(self, running=clock.running, billed=clock.billed, billed_seconds=clock.billed_seconds)

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
    def awaits_answer(self) -> bool:
        """Whether the worker waits for the client's word on work or minutes."""
        results = self.results is not None and self.results.submitted > 0
        milestones = any(row.awaits_answer for row in self.milestones)
        return milestones or self.corrections_asked > 0 or results

    @property
    def in_review(self) -> bool:
        """Whether a submitted milestone waits for the client."""
        return any(row.status == MilestoneStatus.SUBMITTED for row in self.milestones)
