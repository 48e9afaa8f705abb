"""The port between what is staged and where it is kept: heads as they are stored, and one commit of all."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Generic, Protocol, TypeVar

from marketplace.shared.events import Event
from marketplace.shared.records import dataclass

Aggregate = TypeVar("Aggregate")
Kind_co = TypeVar("Kind_co", covariant=True)

BalanceChanges = dict[tuple[str, str, str], int]
"""(owner, currency, name) to the change in minor units."""


@dataclass(frozen=True)
class Head(Generic[Kind_co]):
    """An aggregate as it is stored. `riding` are the last events that were kept on it instead of on their
    own; `dropped_ms` is when some were dropped last, real time, as far as that is not long ago."""

    aggregate: Kind_co
    version: int
    riding: tuple[Event, ...] = ()
    dropped_ms: int = 0


@dataclass(frozen=True)
class HeadChange:
    """An aggregate to write in place of what was read; None where there must be nothing yet. `forgets`: none
    of the events that rode on it stays there."""

    aggregate: Any
    read: Head[Any] | None = None
    forgets: bool = False

    @property
    def version(self) -> int:
        """What was read; 0 for one that must not exist yet."""
        return 0 if self.read is None else self.read.version


@dataclass(frozen=True)
class Commit:
    """Everything that one use case writes, all of it or nothing. `carrier` is the id of the head that the
    event may ride on, empty where it has to be on its own. `expected` figures of owners whose balances change
    must still be what they were; one that was 0 may not be there yet. `unchanged` heads, by id, must still be
    of the version that was read, 0 for one that was not there."""

    heads: tuple[HeadChange, ...]
    balances: BalanceChanges
    event: Event | None
    carrier: str = ""
    expected: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    unchanged: Mapping[str, int] = field(default_factory=dict)


class Store(Protocol):
    """Where aggregates, balances and events live."""

    def read(self, kind: type[Aggregate], identifier: str) -> tuple[Aggregate, int] | None:
        """The aggregate and its version, strongly consistent."""
        ...

    def head(self, kind: type[Aggregate], identifier: str) -> Head[Aggregate] | None:
        """As `read`, with the events that ride on it."""
        ...

    def head_many(self, kinds: Mapping[str, type[Any]]) -> dict[str, Head[Any]]:
        """As `head`, of several ids in one request; what is not there is left out."""
        ...

    def commit(self, commit: Commit) -> None:
        """Raises CommitConflict, InsufficientFunds (a guarded balance), CommitUnknown."""
        ...

    def event(self, event_id: str, *, near: str = "") -> Event | None:
        """The event with this id, strongly consistent; `near` is the id of a head that it may ride on."""
        ...

    def event_beside(self, head: Head[Any] | None, event_id: str) -> Event | None:
        """The event with this id that does not ride on `head`, which was looked for before; None for a head
        that was not there. Nothing is missed that had happened when the head was read."""
        ...

    def balances(self, owner: str) -> dict[str, dict[str, int]]:
        """Currency to account name to minor units, strongly consistent."""
        ...

    def now(self) -> int:
        """The product's time as this process knows it, epoch seconds."""
        ...
