"""An outcome: one piece of work, scored.

    applied                                    a bonus was paid, or nothing came of it
    withheld ──worker is silent──> returned    the deduction is the client's to use again
        └──disputed, and divided──> divided

A deduction is the client's answer to the work: all but the deducted part is paid at once. That part is set
aside while the worker may dispute it. Money is gross minor units; instants are epoch seconds.
"""

from enum import StrEnum

from marketplace.contracts.contest import Contest, ended, lives, require_uncontested, stood_still
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.ids import derived_within
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after
from marketplace.work.scorecard import Band, Scored

PREFIX = "out"
OBJECTION_SECONDS = 7 * 86_400


class OutcomeStatus(StrEnum):
    """Only `withheld` is not final."""

    APPLIED = "applied"
    WITHHELD = "withheld"
    RETURNED = "returned"
    DIVIDED = "divided"


TRANSITIONS = {
    (OutcomeStatus.WITHHELD, "return"): OutcomeStatus.RETURNED,
    (OutcomeStatus.WITHHELD, "divide"): OutcomeStatus.DIVIDED,
}


@dataclass(frozen=True)
class Outcome:
    """`band` is what the `score` came to, of `price`; one of `bonus` and `deduction` may be above 0.
    `version` is the scorecard's; `external_id` is the client's own name of the evaluation."""

    id: str
    contract_id: str
    subject_id: str
    client_id: str
    worker_id: str
    position: str
    currency: str
    version: int
    rows: tuple[Scored, ...]
    score: int
    price: int
    created_at: int
    bonus: int = 0
    deduction: int = 0
    band: Band | None = None
    reason: Private[str | None] = None
    external_id: str | None = None
    status: OutcomeStatus = OutcomeStatus.APPLIED
    objection_ends_at: int | None = None
    contest: Contest | None = None

    @property
    def due_at(self) -> int | None:
        """When the worker's silence lets the deduction go."""
        waits = self.status == OutcomeStatus.WITHHELD and not lives(self.contest)
        return self.objection_ends_at if waits else None

    @property
    def set_aside(self) -> int:
        """What of the contract's money waits for it, minor units."""
        return self.deduction if self.status == OutcomeStatus.WITHHELD else 0

    def withheld(self, at: int) -> "Outcome":
        """The deduction waits for the worker's word."""
        return replace(self, status=OutcomeStatus.WITHHELD, objection_ends_at=at + OBJECTION_SECONDS)

    def returned(self) -> "Outcome":
        """Raises IllegalTransition."""
        require_uncontested(self.contest)
        return replace(self, status=after(TRANSITIONS, self.status, "return"))

    def contested(self, by: str, at: int) -> "Outcome":
        """Something else decides about the deduction. Raises IllegalTransition, also when silence has."""
        require_uncontested(self.contest)
        if self.status != OutcomeStatus.WITHHELD:
            raise IllegalTransition("nothing is withheld")
        if self.objection_ends_at is not None and at >= self.objection_ends_at:
            raise IllegalTransition("the time to object has run out")
        return replace(self, contest=Contest(by, at))

    def freed(self, at: int) -> "Outcome":
        """As it was before; its clock goes on where it stood."""
        ends_at = (self.objection_ends_at or at) + stood_still(self.contest, at)
        return replace(self, contest=None, objection_ends_at=ends_at)

    def decided(self, to_worker: int) -> "Outcome":
        """The worker gets so much of the deduction after all. Raises IllegalTransition."""
        status = after(TRANSITIONS, self.status, "divide")
        return replace(self, status=status, contest=ended(self.contest, to_worker))


def outcome_id(subject_id: str) -> str:
    """One id for each piece of work: it is scored once."""
    return derived_within(PREFIX, subject_id)
