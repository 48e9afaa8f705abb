"""What a person may ask of us about their own data: a copy of it, and that it be forgotten.

    export    preparing ──(part by part)──> ready ──(EXPORT_SECONDS)──> expired; asked again, prepared anew
    erasure   asked ──(looked, step by step)──> asked, doors shut
                                                       │ STILL_SECONDS
                                                       v
                               (looked at it all again, step by step)──> erasing ──(step by step)──> erased

Whenever something is found that binds us, money or contracts, it is `refused`, the doors are open again, and
it may be asked again.

Why twice: while the doors are open, work may begin behind the back of whoever looks, and lists are a moment
behind. Once they are shut nothing begins any more; STILL_SECONDS later whatever had begun has come to its end
and stands in the lists. So what is found then is all that there is.

Both are worked off a queue, a bounded step for each message. Each step says by its number which one it is,
and leaves behind from where the next goes on; so messages may come twice, late, or in disorder: only the one
that is next does anything. What is erased is what tells of the person; the ledger, contracts and events stay,
under an id that names nobody any more.
"""

from collections.abc import Iterable
from enum import StrEnum

from marketplace.access.suspension import Suspension
from marketplace.shared.books import PRESENT_SECONDS
from marketplace.shared.errors import AlreadyExists, IllegalTransition
from marketplace.shared.ids import derived_within, renamed
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction

EXPORT_PREFIX = "exp"
PART_PREFIX = "exq"
ERASURE_PREFIX = "ers"
EXPORT_SECONDS = 7 * 86_400
"""How long a copy can be fetched."""
PART_CHARS_MAX = 200_000
"""Sealed, it fits into one item of 400 KB."""
PARTS_MAX = 2_000
"""A copy that would have more is not complete."""
PARTS_PER_COMMIT = 25
"""So many are emptied at once."""
STILL_SECONDS = 2 * PRESENT_SECONDS
"""Between the doors and the last look. A call lives for 29 seconds, a list is behind by a few, and what moves
money and was sent to the tables without an answer arrives within PRESENT_SECONDS, or never: together less."""


class ExportStatus(StrEnum):
    """Of a copy."""

    PREPARING = "preparing"
    READY = "ready"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Export:
    """A person's copy, the last one asked for. `worker_id` is whose: a worker's, or a client's. `complete` is
    False when there was more than the parts hold. `after` is the place that the parts have come to, `steps`
    the number of the step that is next, in all that were ever asked for, and `kept` of how many parts
    something may be there, from this one or from an earlier copy."""

    id: str
    worker_id: str
    asked_at: int
    status: ExportStatus = ExportStatus.PREPARING
    parts: int = 0
    complete: bool = True
    ends_at: int | None = None
    after: str = ""
    steps: int = 0
    kept: int = 0

    @property
    def held(self) -> int:
        """How many parts may have to be emptied; before `kept` was counted, those that there were."""
        return max(self.parts, self.kept)

    def again(self, at: int) -> "Export":
        """Asked once more. Raises AlreadyExists while one is prepared."""
        if self.status == ExportStatus.PREPARING:
            raise AlreadyExists("a copy is being prepared")
        return Export(self.id, self.worker_id, at, steps=self.steps + 1, kept=self.held)

    def awaits(self, step: int) -> bool:
        """Whether that is the step that is next."""
        return self.status == ExportStatus.PREPARING and self.steps == step

    def with_part(self, after: str) -> "Export":
        """One more part is there, which goes to `after`."""
        parts = self.parts + 1
        return replace(self, parts=parts, kept=max(parts, self.held), after=after, steps=self.steps + 1)

    def without_part(self, after: str) -> "Export":
        """Up to `after` there was nothing."""
        return replace(self, after=after, steps=self.steps + 1)

    def ready(self, *, complete: bool, at: int) -> "Export":
        """It can be fetched."""
        return replace(
            self,
            status=ExportStatus.READY,
            complete=complete,
            ends_at=at + EXPORT_SECONDS,
            after="",
            steps=self.steps + 1,
        )

    def expired(self) -> "Export":
        """Nobody can fetch it any more; its parts are still to be emptied."""
        return replace(
            self,
            status=ExportStatus.EXPIRED,
            parts=0,
            ends_at=None,
            after="",
            steps=self.steps + 1,
            kept=self.held,
        )

    def emptied(self) -> "Export":
        """The last PARTS_PER_COMMIT of its parts hold nothing any more."""
        return replace(self, kept=max(0, self.kept - PARTS_PER_COMMIT), steps=self.steps + 1)


@dataclass(frozen=True)
class ExportPart:
    """`content` is JSON; empty once it has expired."""

    id: str
    content: Private[str]


class ErasureStatus(StrEnum):
    """Of a wish to be forgotten."""

    ASKED = "asked"
    ERASING = "erasing"
    ERASED = "erased"
    REFUSED = "refused"


@dataclass(frozen=True)
class Erasure:
    """`reasons` say why it was refused in the end; `identity_id` is what the person signed in by. `after` is
    the place that it has come to, first of what is looked at and then of what is forgotten, `steps` the
    number of the step that is next, and `forgotten` how many objects have been worked off. `shut_at` is when
    the doors were shut, `due_at` when it is looked at again; None while a step is on its way."""

    id: str
    subject_id: str
    asked_at: int
    asked_by: str
    status: ErasureStatus = ErasureStatus.ASKED
    reasons: tuple[str, ...] = ()
    ended_at: int | None = None
    identity_id: str | None = None
    after: str = ""
    steps: int = 0
    forgotten: int = 0
    shut_at: int | None = None
    due_at: int | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether nothing may begin with the person any more: they are forgotten, or will be unless it was
        begun before."""
        shut = self.status == ErasureStatus.ASKED and self.shut_at is not None
        return shut or self.status in (ErasureStatus.ERASING, ErasureStatus.ERASED)

    def again(self, *, by: str, at: int) -> "Erasure":
        """Asked once more after a refusal. Raises IllegalTransition."""
        if self.status != ErasureStatus.REFUSED:
            raise IllegalTransition("this was asked for already")
        return Erasure(self.id, self.subject_id, at, by, identity_id=self.identity_id, steps=self.steps + 1)

    def awaits(self, step: int, status: ErasureStatus) -> bool:
        """Whether that is the step that is next."""
        return self.status == status and self.steps == step

    def moved(self, after: str, *, forgotten: int = 0) -> "Erasure":
        """A step further, by so many objects."""
        return replace(self, after=after, steps=self.steps + 1, forgotten=self.forgotten + forgotten)

    def shut(self, at: int) -> "Erasure":
        """The person is kept out from here on; it is all looked at again once that has come to rest."""
        return replace(self.moved(""), shut_at=at, due_at=at + STILL_SECONDS)

    def looked_at_again(self) -> "Erasure":
        """What is there now is all that there is."""
        return replace(self, due_at=None)

    def was_shut_by(self, suspension: Suspension | None) -> bool:
        """Whether that has kept the person out ever since the doors were shut."""
        if self.shut_at is None or suspension is None:
            return False
        return suspension.stands and suspension.since <= self.shut_at

    def refused(self, reasons: tuple[str, ...], at: int) -> "Erasure":
        """Something binds us."""
        return replace(self.moved(""), status=ErasureStatus.REFUSED, reasons=reasons, ended_at=at)

    def begun(self) -> "Erasure":
        """Nothing does: it cannot be stopped any more."""
        return replace(self.moved(""), status=ErasureStatus.ERASING)

    def ended(self, at: int) -> "Erasure":
        """Nothing is left to forget."""
        return replace(self.moved(""), status=ErasureStatus.ERASED, ended_at=at)


def export_id(owner_id: str) -> str:
    """One for each person."""
    return renamed(owner_id, EXPORT_PREFIX)


def part_id(export: str, number: int) -> str:
    """Of the part with that number, from 0."""
    return derived_within(PART_PREFIX, export, str(number))


def erasure_id(subject_id: str) -> str:
    """One for each person."""
    return renamed(subject_id, ERASURE_PREFIX)


def require_staying(worker_ids: Iterable[str], tx: Transaction) -> None:
    """Nobody is paid from now on who asked to be forgotten: a bonus, or a share in new work, would come after
    the last look. Raises IllegalTransition."""
    asked = {erasure_id(worker_id): Erasure for worker_id in worker_ids}
    tx.look_up(asked)
    found = (tx.find(kind, identifier) for identifier, kind in asked.items())
    if any(erasure is not None and erasure.is_under_way for erasure in found):
        raise IllegalTransition("somebody whom this would pay is being forgotten, or was")
