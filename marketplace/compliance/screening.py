"""A check that a provider makes of a worker: background check, tax form.

    a round is opened:                    nothing, passed, failed, expired ──> pending
    the provider's latest finding of it:  any state ──> pending, passed, failed, expired
    a human, on appeal:                   failed ──> passed, as a finding of that instant
    we look, LOOK_FIRST_SECONDS and then ever longer after it was opened, as long as it is pending
    our timers:                           pending ──nobody told anything for PATIENCE_SECONDS──> expired
                                          passed ──its own end──> expired

The provider knows a round by a reference of ours, and says when it found what. The latest finding of the
round that is open counts, and of two that are equally late the graver one; the rest changes nothing. So
events that are repeated, reordered or late all lead to the same.
"""

from enum import StrEnum

from marketplace.people.workers import Worker
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.events import EventType
from marketplace.shared.ids import derived_id, is_id
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.shared.transitions import after

PATIENCE_SECONDS = 30 * 86_400
"""A provider that says nothing for so long says nothing more: the worker may begin again."""
LOOK_FIRST_SECONDS = 3_600
"""After so long without a word the provider is asked what it found; each further look comes twice as late."""
LOOK_SECONDS_MAX = 86_400
"""And at least so often."""
OVERRULED_SECONDS = 365 * 86_400
"""How long a check counts that a human passed on appeal."""
OVERRULED = "appeal_granted"
"""The code of that finding."""
RENEWAL_SECONDS = 60 * 86_400
"""So long before its end a passed one may be renewed."""


class ScreeningKind(StrEnum):
    """What is looked at."""

    BACKGROUND_CHECK = "background_check"
    TAX_FORM = "tax_form"


class ScreeningStatus(StrEnum):
    """As the checklist shows it; `missing` is no screening at all."""

    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"
    EXPIRED = "expired"


TRANSITIONS = {
    (status, "open"): ScreeningStatus.PENDING
    for status in (ScreeningStatus.PASSED, ScreeningStatus.FAILED, ScreeningStatus.EXPIRED)
}

_GRAVITY = {status: place for place, status in enumerate(ScreeningStatus)}
_NEVER = 1 << 40


@dataclass(frozen=True)
class Finding:
    """What a provider tells of one round at `occurred_at`; `reason` is its code for it, `expires_at` when a
    passed one ends; epoch seconds."""

    reference: str
    status: ScreeningStatus
    occurred_at: int
    expires_at: int | None = None
    reason: Private[str | None] = None

    @property
    def screening_id(self) -> str | None:
        """Whose round it is of; None when the reference is none of ours."""
        identifier = self.reference.partition(".")[0]
        return identifier if is_id(identifier, "scr") else None

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """The higher one of two findings of a round counts."""
        ends = -(self.expires_at or _NEVER)
        return (self.occurred_at, _GRAVITY[self.status], ends, self.reason or "")


@dataclass(frozen=True)
class Screening:
    """`round` counts how often it was begun, the last time at `opened_at`, epoch seconds; the provider knows
    that round by `reference`, which nobody can guess; `last` is the finding that counts. `looks` counts how
    often the provider was asked in this round, the last time at `looked_at`."""

    id: str
    worker_id: str
    kind: ScreeningKind
    created_at: int
    opened_at: int
    reference: str
    round: int = 1
    status: ScreeningStatus = ScreeningStatus.PENDING
    last: Finding | None = None
    looks: int | None = None
    looked_at: int | None = None

    @property
    def expires_at(self) -> int | None:
        """When what was passed ends; None for never."""
        return self.last.expires_at if self.last and self.last.status == ScreeningStatus.PASSED else None

    @property
    def due_at(self) -> int | None:
        """When a timer has to look."""
        if self.status == ScreeningStatus.PENDING:
            return min(self.looks_at, self.waits_until)
        return self.expires_at if self.status == ScreeningStatus.PASSED else None

    @property
    def waits_until(self) -> int:
        """When a pending one is given up."""
        return max(self.opened_at, self.last.occurred_at if self.last else 0) + PATIENCE_SECONDS

    @property
    def looks_at(self) -> int:
        """When the provider is asked next."""
        pause = LOOK_FIRST_SECONDS << min(self.looks or 0, LOOK_SECONDS_MAX.bit_length())
        return (self.looked_at or self.opened_at) + min(pause, LOOK_SECONDS_MAX)

    def looked(self, at: int) -> "Screening":
        """With the provider asked once more at `at`."""
        return replace(self, looks=(self.looks or 0) + 1, looked_at=at)

    def passes(self, at: int) -> bool:
        """Whether it counts at `at`, also before its timer has told."""
        return self.status == ScreeningStatus.PASSED and (self.expires_at is None or at < self.expires_at)

    def opened(self, at: int, nonce: str) -> "Screening":
        """The next round. Raises IllegalTransition while one is pending, or long before a passed one ends."""
        if self.passes(at) and (self.expires_at is None or at < self.expires_at - RENEWAL_SECONDS):
            raise IllegalTransition("it is passed")
        status = after(TRANSITIONS, self.status, "open")
        reference = reference_of(self.id, nonce)
        return Screening(
            self.id, self.worker_id, self.kind, self.created_at, at, reference, self.round + 1, status
        )

    @property
    def failed_for(self) -> str | None:
        """The provider's code, where the finding that counts turned the worker down."""
        if self.status != ScreeningStatus.FAILED or self.last is None:
            return None
        return self.last.reason or "other"

    def overruled(self, at: int) -> "Screening":
        """After a granted appeal: passed by a human at `at`; what the provider finds later counts again.
        Raises IllegalTransition where it has not failed."""
        if self.failed_for is None or self.last is None:
            raise IllegalTransition(f"the screening is {self.status}")
        later = max(at, self.last.occurred_at + 1)
        ends = later + OVERRULED_SECONDS
        return self.heard(Finding(self.reference, ScreeningStatus.PASSED, later, ends, OVERRULED))

    def heard(self, finding: Finding) -> "Screening":
        """With what the provider found; itself when that is of another round, or something that counts more
        is known."""
        known = self.last is not None and self.last.rank >= finding.rank
        if known or finding.reference != self.reference:
            return self
        return replace(self, status=finding.status, last=finding)


@dataclass(frozen=True)
class StartScreening:
    """`nonce` is fresh, and makes the round's reference."""

    worker_id: str
    kind: ScreeningKind
    nonce: str


def start_screening(command: StartScreening, tx: Transaction) -> Screening:
    """A first or a further round. Raises NotFound, IllegalTransition."""
    identifier = screening_id(command.worker_id, command.kind)
    found = tx.find(Screening, identifier)
    worker = tx.get(Worker, command.worker_id)
    if found is not None:
        return _told(found.opened(tx.now, command.nonce), EventType.SCREENING_OPENED, tx)
    reference = reference_of(identifier, command.nonce)
    begun = Screening(identifier, worker.id, command.kind, tx.now, tx.now, reference)
    return _told(begun, EventType.SCREENING_OPENED, tx)


def hear_finding(finding: Finding, tx: Transaction) -> None:
    """Works on what the provider told; nothing happens for what is not ours."""
    identifier = finding.screening_id
    screening = tx.find(Screening, identifier) if identifier else None
    if screening is None:
        return
    heard = screening.heard(finding)
    if heard != screening:
        _told(heard, _EVENTS[heard.status], tx)


def wake_screening(identifier: str, tx: Transaction) -> None:
    """The provider is asked, was silent for too long, or what it found has ended."""
    screening = tx.due(Screening, identifier)
    if screening is None:
        return
    if screening.status == ScreeningStatus.PENDING and tx.now < screening.waits_until:
        _told(screening.looked(tx.now), EventType.SCREENING_DUE, tx)
    else:
        _told(replace(screening, status=ScreeningStatus.EXPIRED), EventType.SCREENING_EXPIRED, tx)


def reference_of(screening_id: str, nonce: str) -> str:
    """What the provider is told to call a round."""
    return f"{screening_id}.{nonce}"


def screening_id(worker_id: str, kind: ScreeningKind) -> str:
    """One for each worker and kind."""
    return derived_id("scr", worker_id, str(kind))


_EVENTS = {
    ScreeningStatus.PENDING: EventType.SCREENING_PENDING,
    ScreeningStatus.PASSED: EventType.SCREENING_PASSED,
    ScreeningStatus.FAILED: EventType.SCREENING_FAILED,
    ScreeningStatus.EXPIRED: EventType.SCREENING_EXPIRED,
}


def _told(screening: Screening, event: EventType, tx: Transaction) -> Screening:
    tx.save(screening)
    tx.publish(event, about=(screening.id, screening.worker_id), kind=str(screening.kind))
    return screening


def forget_screening(identifier: str, tx: Transaction) -> None:
    """Its worker is forgotten: what was found goes, whether it was passed stays. Raises NotFound."""
    screening = tx.get(Screening, identifier)
    tx.forget(replace(screening, last=screening.last and replace(screening.last, reason=None)))
