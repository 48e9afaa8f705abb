"""What a person may ask of us about their own data: a copy of it, and that it be forgotten.

    export    preparing ──> ready ──(EXPORT_SECONDS)──> expired; asked again, it is prepared anew
    erasure   asked ──> erased
                 └──> refused: money or contracts came in between; it may be asked again

Both are worked off a queue. What is erased is what tells of the person; the ledger, contracts and events
stay, under an id that names nobody any more.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from marketplace.shared.errors import AlreadyExists, IllegalTransition
from marketplace.shared.ids import derived_within, renamed
from marketplace.shared.private import Private

EXPORT_PREFIX = "exp"
PART_PREFIX = "exq"
ERASURE_PREFIX = "ers"
EXPORT_SECONDS = 7 * 86_400
"""How long a copy can be fetched."""
PART_CHARS_MAX = 200_000
"""Sealed, it fits into one item of 400 KB."""
PARTS_MAX = 90
"""So that all of them can be emptied in one commit."""


class ExportStatus(StrEnum):
    """Of a copy."""

    PREPARING = "preparing"
    READY = "ready"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Export:
    """A worker's copy, the last one asked for. `complete` is False when there was more than the parts
    hold."""

    id: str
    worker_id: str
    asked_at: int
    status: ExportStatus = ExportStatus.PREPARING
    parts: int = 0
    complete: bool = True
    ends_at: int | None = None

    def again(self, at: int) -> "Export":
        """Asked once more. Raises AlreadyExists while one is prepared."""
        if self.status == ExportStatus.PREPARING:
            raise AlreadyExists("a copy is being prepared")
        return replace(self, asked_at=at, status=ExportStatus.PREPARING, ends_at=None)

    def ready(self, *, parts: int, complete: bool, at: int) -> "Export":
        """It can be fetched. The parts of an earlier one that had more stay until they expire together."""
        return replace(
            self,
            status=ExportStatus.READY,
            parts=max(parts, self.parts),
            complete=complete,
            ends_at=at + EXPORT_SECONDS,
        )

    def expired(self) -> "Export":
        """Nobody can fetch it any more."""
        return replace(self, status=ExportStatus.EXPIRED, parts=0, ends_at=None)


@dataclass(frozen=True)
class ExportPart:
    """`content` is JSON; empty once it has expired."""

    id: str
    content: Private[str]


class ErasureStatus(StrEnum):
    """Of a wish to be forgotten."""

    ASKED = "asked"
    ERASED = "erased"
    REFUSED = "refused"


@dataclass(frozen=True)
class Erasure:
    """`reasons` say why it was refused in the end; `identity_id` is what the person signed in by."""

    id: str
    subject_id: str
    asked_at: int
    asked_by: str
    status: ErasureStatus = ErasureStatus.ASKED
    reasons: tuple[str, ...] = ()
    ended_at: int | None = None
    identity_id: str | None = None

    def again(self, *, by: str, at: int) -> "Erasure":
        """Asked once more after a refusal. Raises IllegalTransition."""
        if self.status != ErasureStatus.REFUSED:
            raise IllegalTransition("this was asked for already")
        return Erasure(self.id, self.subject_id, at, by, identity_id=self.identity_id)

    def ended(self, reasons: tuple[str, ...], at: int) -> "Erasure":
        """Refused when there are reasons, done when there are none."""
        status = ErasureStatus.REFUSED if reasons else ErasureStatus.ERASED
        return replace(self, status=status, reasons=reasons, ended_at=at)


def export_id(worker_id: str) -> str:
    """One for each worker."""
    return renamed(worker_id, EXPORT_PREFIX)


def part_id(export: str, number: int) -> str:
    """Of the part with that number, from 0."""
    return derived_within(PART_PREFIX, export, str(number))


def erasure_id(subject_id: str) -> str:
    """One for each person."""
    return renamed(subject_id, ERASURE_PREFIX)
