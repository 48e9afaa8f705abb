"""Keeping a person out: a client or a worker whom an operator has suspended, and why.

    in good standing <──reinstate── suspended
                      ──suspend──>

What was begun goes its way: clocks run on, silence approves, a running session ends by silence. The person
may see and take out what is theirs (`open_to_suspended` of an operation says where).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from marketplace.shared.errors import IllegalTransition
from marketplace.shared.ids import renamed
from marketplace.shared.private import Private

PREFIX = "spn"


class ReasonCode(StrEnum):
    """Why somebody is kept out."""

    FRAUD = "fraud"
    IDENTITY = "identity"
    CONDUCT = "conduct"
    QUALITY = "quality"
    PAYMENT = "payment"
    LEGAL = "legal"
    REQUESTED = "requested"
    OTHER = "other"


@dataclass(frozen=True)
class Suspension:
    """Of one person, the last one that there was. `by` and `lifted_by` name operators; instants are epoch
    seconds."""

    id: str
    subject_id: str
    by: str
    since: int
    reason_code: ReasonCode
    reason: Private[str]
    lifted_by: str | None = None
    lifted_at: int | None = None
    lifted_reason: Private[str | None] = None

    @property
    def stands(self) -> bool:
        """Whether the person is kept out."""
        return self.lifted_at is None

    def lifted(self, *, by: str, reason: str, at: int) -> "Suspension":
        """The person is let in again. Raises IllegalTransition."""
        if not self.stands:
            raise IllegalTransition("nobody is suspended here")
        return replace(self, lifted_by=by, lifted_reason=reason, lifted_at=at)


def suspension_id(subject_id: str) -> str:
    """One for each client or worker."""
    return renamed(subject_id, PREFIX)
