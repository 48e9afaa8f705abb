"""Keeping a person out: a client or a worker whom an operator has suspended, and why.

    in good standing <──reinstate── suspended
                      ──suspend──>

Whoever asks to be forgotten is kept out by the platform itself, from before it is looked at for the last time
what binds us to them; should something, they are let in again. No human decided that, so none lifts it. Until
they are forgotten an operator may suspend them all the same, and then only an operator lets them in.

What was begun goes its way: clocks run on, silence approves, a running session ends by silence. The person
may see, claim and take out what is theirs (`open_to_suspended` of an operation says where). Nothing new is
begun with them: a worker's bids stand, and wait until it is known whether the suspension does.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from marketplace.shared.errors import IllegalTransition, NotEligible
from marketplace.shared.ids import renamed
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace

PREFIX = "spn"
WORKER_SUSPENDED = "worker_suspended"
"""The code under which others learn that they cannot begin anything with a worker: why is between the worker
and us."""

PLATFORM = "platform"
"""Who keeps out whoever is to be forgotten, or was."""

CLIENT_SUSPENDED = "client_suspended"
"""The code under which a worker learns that nothing can be begun with a client."""

Find = Callable[[type[Any], str], Any]
"""An aggregate by kind and id, or None."""


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
    seconds. `pending` while it is looked into whether the person, who has asked for it, can be forgotten."""

    id: str
    subject_id: str
    by: str
    since: int
    reason_code: ReasonCode
    reason: Private[str]
    lifted_by: str | None = None
    lifted_at: int | None = None
    lifted_reason: Private[str | None] = None
    pending: bool | None = None

    @property
    def stands(self) -> bool:
        """Whether the person is kept out."""
        return self.lifted_at is None

    @property
    def is_farewell(self) -> bool:
        """Whether the person is kept out because they asked to be forgotten."""
        return self.stands and self.by == PLATFORM

    def lifted(self, *, by: str, reason: str, at: int) -> "Suspension":
        """The person is let in again. Raises IllegalTransition, also while they are to be forgotten."""
        if not self.stands:
            raise IllegalTransition("nobody is suspended here")
        if self.is_farewell and by != PLATFORM:
            raise IllegalTransition("who asked to be forgotten is let in again by nobody")
        return replace(self, lifted_by=by, lifted_reason=reason, lifted_at=at, pending=None)


def farewell(subject_id: str, reason: str, since: int, *, pending: bool = False) -> Suspension:
    """Keeps out who asked to be forgotten; for good unless `pending`."""
    return Suspension(
        suspension_id(subject_id),
        subject_id,
        PLATFORM,
        since,
        ReasonCode.REQUESTED,
        reason,
        pending=pending or None,
    )


def suspension_id(subject_id: str) -> str:
    """One for each client or worker."""
    return renamed(subject_id, PREFIX)


def is_kept_out(person_id: str, find: Find) -> bool:
    """Whether a suspension of this client or worker stands."""
    suspension: Suspension | None = find(Suspension, suspension_id(person_id))
    return suspension is not None and suspension.stands


def require_client_let_in(client_id: str, find: Find) -> None:
    """Raises NotEligible while the client of an offer is suspended."""
    if is_kept_out(client_id, find):
        words = "the offer's client is suspended, and may come back: it cannot be accepted until then"
        raise NotEligible([(CLIENT_SUSPENDED, words)])


def require_let_in(worker_ids: Iterable[str], find: Find) -> None:
    """Raises NotEligible, naming those who are suspended."""
    shut = [worker_id for worker_id in worker_ids if is_kept_out(worker_id, find)]
    if shut:
        words = "is suspended, and may come back: nothing new begins with them until then"
        raise NotEligible([(WORKER_SUSPENDED, f"{worker_id} {words}") for worker_id in shut])
