"""A dispute: the two sides, or an operator, divide money of a contract that is not paid yet.

               ┌─offer─┐
    (claim) ─> open <──┘ ──accept──> settled
                │ └──withdraw──────> withdrawn    the work goes on as before
                │ escalate, or nobody answers in time
                v
            escalated ──decide─────> decided
                └──withdraw────────> withdrawn

The claim is the first offer. Whoever is asked takes the standing offer, or makes another, within
ANSWER_SECONDS; else it lapses, and an operator decides. One who does not is reminded, once, by an alarm.
Who made it can only better it: whoever takes it gets at least what they saw.

Money is gross minor units of the contract's currency; instants are epoch seconds.
"""

from enum import StrEnum

from marketplace.shared.errors import IllegalTransition, InvalidRequest
from marketplace.shared.ids import derived_within
from marketplace.shared.money import Money
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after

PREFIX = "dis"
ANSWER_SECONDS = 7 * 86_400
DECISION_SECONDS = 5 * 86_400
"""How long an operator has before an alarm is raised."""
OFFERS_MAX = 20


class DisputeStatus(StrEnum):
    """The last three are final."""

    OPEN = "open"
    ESCALATED = "escalated"
    SETTLED = "settled"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


TRANSITIONS = {
    (DisputeStatus.OPEN, "make an offer"): DisputeStatus.OPEN,
    (DisputeStatus.OPEN, "accept"): DisputeStatus.SETTLED,
    (DisputeStatus.OPEN, "escalate"): DisputeStatus.ESCALATED,
    (DisputeStatus.OPEN, "withdraw"): DisputeStatus.WITHDRAWN,
    (DisputeStatus.ESCALATED, "decide"): DisputeStatus.DECIDED,
    (DisputeStatus.ESCALATED, "withdraw"): DisputeStatus.WITHDRAWN,
}


class Party(StrEnum):
    """Who opens a dispute; the clock asks an operator about what neither side has spoken for."""

    CLIENT = "client"
    WORKER = "worker"
    CLOCK = "clock"


@dataclass(frozen=True)
class Offer:
    """`by` would be content if the worker got `to_worker`."""

    by: Party
    to_worker: int
    made_at: int

    def is_worse_than(self, to_worker: int) -> bool:
        """Whether the other side would rather have `to_worker`."""
        return to_worker > self.to_worker if self.by == Party.CLIENT else to_worker < self.to_worker


@dataclass(frozen=True)
class Ending:
    """`to_worker` of the disputed money was the worker's; of a decision, `by` is the operator and `reason`
    what was said."""

    at: int
    to_worker: int | None = None
    by: str | None = None
    reason: Private[str | None] = None


@dataclass(frozen=True)
class Dispute:
    """`amount` is all that is disputed and set aside, `requested` what the opener wants of it, and `offers`
    how many were made; `clock_at` is when its clock runs out."""

    id: str
    contract_id: str
    subject_id: str
    client_id: str
    worker_id: str
    position: str
    opened_by: Party
    claim: Private[str]
    amount: Money
    requested: int
    opened_at: int
    status: DisputeStatus = DisputeStatus.OPEN
    offer: Offer | None = None
    offers: int = 0
    clock_at: int | None = None
    escalated_at: int | None = None
    ending: Ending | None = None

    @property
    def is_live(self) -> bool:
        """Whether its money is still to be divided."""
        return self.status in (DisputeStatus.OPEN, DisputeStatus.ESCALATED)

    @property
    def awaits_decision(self) -> bool:
        """Whether an operator is asked."""
        return self.status == DisputeStatus.ESCALATED

    @property
    def decision_due_at(self) -> int | None:
        """When an operator should have decided."""
        waits = self.awaits_decision and self.escalated_at is not None
        return (self.escalated_at or 0) + DECISION_SECONDS if waits else None

    def offered(self, by: Party, to_worker: int, at: int) -> "Dispute":
        """Another offer stands, and its clock begins. Raises IllegalTransition, InvalidRequest."""
        self._require_time(at)
        status = after(TRANSITIONS, self.status, "make an offer")
        if self.offers >= OFFERS_MAX:
            raise IllegalTransition(f"a dispute has at most {OFFERS_MAX} offers; ask an operator")
        self.require_part(to_worker, "/to_worker/amount")
        if self.offer is not None and self.offer.by == by and not self.offer.is_worse_than(to_worker):
            raise IllegalTransition("your offer stands until it is answered; you can only better it")
        return replace(
            self,
            status=status,
            offer=Offer(by, to_worker, at),
            offers=self.offers + 1,
            clock_at=at + ANSWER_SECONDS,
        )

    def accepted(self, by: Party, at: int) -> "Dispute":
        """The other side takes the standing offer. Raises IllegalTransition, also when it has lapsed and no
        timer has said so yet."""
        self._require_time(at)
        status = after(TRANSITIONS, self.status, "accept")
        if self.offer is None or self.offer.by == by:
            raise IllegalTransition("there is no offer of the other side")
        return self._ended(status, Ending(at, self.offer.to_worker, by))

    def escalated(self, at: int) -> "Dispute":
        """An operator is asked; no offer stands any more. Raises IllegalTransition."""
        status = after(TRANSITIONS, self.status, "escalate")
        return replace(self, status=status, offer=None, escalated_at=at, clock_at=at + DECISION_SECONDS)

    def reminded(self) -> "Dispute":
        """The alarm was raised; no further clock runs."""
        return replace(self, clock_at=None)

    def decided(self, to_worker: int, *, by: str, reason: str | None, at: int) -> "Dispute":
        """The operator's word. Raises IllegalTransition, InvalidRequest."""
        status = after(TRANSITIONS, self.status, "decide")
        self.require_part(to_worker, "/to_worker/amount")
        return self._ended(status, Ending(at, to_worker, by, reason))

    def withdrawn(self, by: Party, at: int) -> "Dispute":
        """Its opener lets go of it. Raises IllegalTransition."""
        status = after(TRANSITIONS, self.status, "withdraw")
        if self.opened_by != by:
            raise IllegalTransition("only who has opened a dispute withdraws it")
        return self._ended(status, Ending(at, by=by))

    def require_part(self, to_worker: int, pointer: str) -> None:
        """Raises InvalidRequest unless it is at most what is disputed."""
        if to_worker > self.amount.amount:
            raise InvalidRequest.at(pointer, f"must be at most the disputed {self.amount.amount}")

    def _ended(self, status: DisputeStatus, ending: Ending) -> "Dispute":
        return replace(self, status=status, clock_at=None, ending=ending)

    def _require_time(self, at: int) -> None:
        """What was not answered in time is an operator's business."""
        open_until = self.clock_at if self.status == DisputeStatus.OPEN else None
        if open_until is not None and at >= open_until:
            raise IllegalTransition("the offer has lapsed; an operator decides")


def dispute_id(subject_id: str, opened_by: Party, ground: str) -> str:
    """One id for each side and each state of the work, so that nobody opens the same dispute twice."""
    return derived_within(PREFIX, subject_id, opened_by, ground)
