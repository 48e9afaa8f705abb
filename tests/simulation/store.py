"""The tables in memory: versions, guarded balances, one event an id, a stream, and indexes that lag.

Aggregates are kept as they are: they are frozen. `encoded` stores keep them through the codec instead, so
that a shape that does not survive the tables shows. An event that rides on a head arrives in its table only
when the stream is relayed, and the next write of that head drops it: as forgetful as real tables may ever be.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from marketplace.matching.track import NO_TRACK, Track
from marketplace.shared.accounts import owed_first
from marketplace.shared.books import PRESENT_SECONDS
from marketplace.shared.clock import Clock
from marketplace.shared.errors import CommitConflict, CommitUnknown, InsufficientFunds
from marketplace.shared.events import Event
from marketplace.shared.ids import prefix_of
from marketplace.shared.store import Commit, Head
from marketplace.storage import codec
from marketplace.storage.keys import Listing
from marketplace.storage.personal_answers import are_one
from marketplace.storage.places import shelf_of
from marketplace.storage.shelves import SHELVES
from tests.simulation.faults import COMMIT, READ, Outside, Throttled

_SHELVES = {shelf.kind: shelf for shelf in SHELVES}

Seen = Callable[[Commit, list[Any]], None]
"""Told of every commit that took effect, with the heads as they were before (None for a new one)."""


@dataclass
class SimStore:
    """Implements `Store`."""

    outside: Outside
    clock: Clock
    seen: Seen = lambda commit, before: None
    encoded: bool = False
    heads: dict[str, tuple[int, Any]] = field(default_factory=dict)
    kept: dict[tuple[str, str, str], int] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    of_kind: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    stream: list[Event] = field(default_factory=list)
    due: dict[str, int] = field(default_factory=dict)
    due_before: dict[str, int | None] = field(default_factory=dict)
    late: list[tuple[int, Commit]] = field(default_factory=list)
    arrived: set[str] = field(default_factory=set)
    riding: dict[str, tuple[Event, ...]] = field(default_factory=dict)

    def read(self, kind: type[Any], identifier: str) -> tuple[Any, int] | None:
        """The aggregate and its version."""
        if self.outside.fault(READ):
            raise Throttled(identifier)
        found = self.heads.get(identifier)
        return None if found is None else (found[1], found[0])

    def head(self, kind: type[Any], identifier: str) -> Head[Any] | None:
        """The aggregate, its version, and the events that ride on it."""
        found = self.read(kind, identifier)
        if found is None:
            return None
        return Head(*found, self.riding.get(identifier, ()))

    def head_many(self, kinds: Mapping[str, type[Any]]) -> dict[str, Head[Any]]:
        """As `head`, one after the other: anything may happen between two."""
        found = {identifier: self.head(kind, identifier) for identifier, kind in kinds.items()}
        return {identifier: head for identifier, head in found.items() if head is not None}

    def event(self, event_id: str, *, near: str = "") -> Event | None:
        """The event with this id, if it rides `near` or has arrived in its table."""
        if self.outside.fault(READ):
            raise Throttled(event_id)
        rides = any(event.id == event_id for event in self.riding.get(near, ()))
        return self.events.get(event_id) if rides or event_id in self.arrived else None

    def event_beside(self, head: Head[Any] | None, event_id: str) -> Event | None:
        """The event with this id, if it has arrived in its table."""
        return self.event(event_id)

    def arrive(self, event: Event) -> None:
        """It is carried from its head to its table, if it is not there."""
        self.arrived.add(event.id)

    def balances(self, owner: str) -> dict[str, dict[str, int]]:
        """Currency to account name to minor units."""
        if self.outside.fault(READ):
            raise Throttled(owner)
        found: dict[str, dict[str, int]] = {}
        for (whose, currency, name), amount in sorted(self.kept.items()):
            if whose == owner:
                found.setdefault(currency, {})[name] = amount
        return found

    def commit(self, commit: Commit) -> None:
        """Raises CommitConflict, InsufficientFunds, CommitUnknown."""
        fault = self.outside.fault(COMMIT)
        if fault == "conflict":
            raise CommitConflict("TransactionConflict")
        if fault in ("throttled", "silent"):
            raise CommitUnknown(fault)
        if fault == "late":
            self.late.append((self.clock.now(), commit))
            raise CommitUnknown(fault)
        self.write(commit)
        self.outside.done(fault)
        if fault == "lost":
            raise CommitUnknown(fault)

    def write(self, commit: Commit) -> None:
        """All of it or nothing. Raises CommitConflict, InsufficientFunds."""
        event = commit.event
        self._check(commit)
        before = []
        for change in commit.heads:
            aggregate, found = change.aggregate, self.heads.get(change.aggregate.id)
            before.append(found and found[1])
            if self.encoded:
                aggregate = codec.load(type(aggregate), codec.dump(aggregate))
                assert aggregate == change.aggregate, f"{change.aggregate} does not survive the tables"
            self.heads[aggregate.id] = (change.version + 1, aggregate)
            if found is None:
                self.of_kind[prefix_of(aggregate.id)].append(aggregate.id)
            self._clock(aggregate)
            self._ride(aggregate.id, event if event and commit.carrier == aggregate.id else None)
        for place, amount in commit.balances.items():
            self.kept[place] = self.kept.get(place, 0) + amount
        if event is not None:
            if self.encoded:
                again = replace(codec.event_of(codec.event_item(event)), written_ms=0)
                assert are_one(event, again), f"{event} does not survive the tables"
            assert event.id not in self.events, f"{event.id} has happened twice"
            self.events[event.id] = event
            self.stream.append(event)
            if not commit.carrier:
                self.arrived.add(event.id)
        self.seen(commit, before)

    def land(self) -> None:
        """A write whose answer nobody waits for any more arrives, if it still can; money's within minutes."""
        sent_at, commit = self.late.pop(0)
        if commit.event and commit.event.journal and self.clock.now() > sent_at + PRESENT_SECONDS:
            return
        try:
            self.write(commit)
        except (CommitConflict, InsufficientFunds):
            return

    def catch_up(self) -> None:
        """The indexes show everything."""
        self.due_before.clear()

    def timers(self, *, stale: bool = False) -> list[tuple[int, str]]:
        """(due_at, id) of every clock that runs, earliest first; a stale look sees what was."""
        due: dict[str, int | None] = {**self.due, **self.due_before} if stale else dict(self.due)
        return sorted((at, identifier) for identifier, at in due.items() if at is not None)

    def now(self) -> int:
        """As the machine that runs the present step has it."""
        return self.clock.now()

    def copy(self, outside: Outside, clock: Clock) -> "SimStore":
        """The same tables; what is in them is frozen."""
        return SimStore(
            outside,
            clock,
            encoded=self.encoded,
            heads=dict(self.heads),
            kept=dict(self.kept),
            events=dict(self.events),
            of_kind=defaultdict(list, {prefix: list(ids) for prefix, ids in self.of_kind.items()}),
            stream=list(self.stream),
            due=dict(self.due),
            arrived=set(self.arrived),
            riding=dict(self.riding),
        )

    def _check(self, commit: Commit) -> None:
        if commit.event is not None and not commit.carrier and commit.event.id in self.arrived:
            raise CommitConflict(commit.event.id)
        for change in commit.heads:
            self._is_as_read(change.aggregate.id, change.version)
        for identifier, version in commit.unchanged.items():
            self._is_as_read(identifier, version)
        for place, amount in commit.expected.items():
            if self.kept.get(place, 0) != amount:
                raise CommitConflict(place[0])
        for place, amount in commit.balances.items():
            if amount < 0 and self.kept.get(place, 0) + amount < 0:
                raise InsufficientFunds(place[0])
        for debt in owed_first(commit.balances):
            if self.kept.get(debt, 0) > 0:
                raise InsufficientFunds(debt[0])

    def _is_as_read(self, identifier: str, version: int) -> None:
        found = self.heads.get(identifier)
        if (found[0] if found else 0) != version:
            raise CommitConflict(identifier)

    def _ride(self, identifier: str, event: Event | None) -> None:
        before = self.riding.get(identifier)
        kept = tuple([rider for rider in before if rider.id not in self.arrived]) if before else ()
        self.riding[identifier] = (*kept, event) if event else kept

    def _clock(self, aggregate: Any) -> None:
        due_at, shown = shelf_of(aggregate).due_at(aggregate), self.due.get(aggregate.id)
        if due_at != shown:
            self.due_before.setdefault(aggregate.id, shown)
            if due_at is None:
                del self.due[aggregate.id]
            else:
                self.due[aggregate.id] = due_at


@dataclass
class SimReads:
    """Lists; the indexes that they come from may lag, the heads do not."""

    store: SimStore

    def page(
        self, items: Listing[Any], key: str, *, limit: int, before: str | None = None
    ) -> tuple[list[Any], str | None]:
        """Up to `limit` of the list before that position, newest first."""
        position = _SHELVES[items.kind].position
        rows = sorted(self.every(items, key), key=position, reverse=True)
        rows = [row for row in rows if before is None or position(row) < before]
        return rows[:limit], position(rows[limit - 1]) if len(rows) > limit else None

    def every(self, items: Listing[Any], key: str) -> Iterator[Any]:
        """The whole list, newest first; a stale index leaves out, or still shows, some."""
        outside = self.store.outside
        if outside.fault(READ):
            raise Throttled(items.name)
        stale = outside.chance.random() < outside.weather.stale if outside.weather.stale else False
        prefix = _SHELVES[items.kind].prefix
        for identifier in reversed(self.store.of_kind[prefix]):
            head = self.store.heads[identifier][1]
            shown = items.key_of(head) == key
            if stale and outside.chance.random() < outside.weather.stale:
                outside.note("stale index")
                shown = not shown and items.key_of(head) is None
            if shown:
                yield head

    def ids(self, items: Listing[Any], key: str) -> Iterator[str]:
        """The ids of the whole list."""
        return (row.id for row in self.every(items, key))

    def places(
        self, items: Listing[Any], key: str, *, limit: int, before: str | None = None
    ) -> list[tuple[str, str]]:
        """Positions and ids, newest first."""
        position = _SHELVES[items.kind].position
        rows, _ = self.page(items, key, limit=limit, before=before)
        return [(position(row), row.id) for row in rows]

    def track(self, worker_id: str) -> Track:
        """Matching is not played."""
        return NO_TRACK

    def statement(self, account: str, *, limit: int, before: str | None = None) -> tuple[list[Any], None]:
        """Statements are not played."""
        return [], None

    def of_kinds(self, kinds: Mapping[str, type[Any]]) -> dict[str, Any]:
        """The heads with these ids; one that is not there is left out."""
        if kinds and self.store.outside.fault(READ):
            raise Throttled("heads")
        heads = self.store.heads
        return {identifier: heads[identifier][1] for identifier in kinds if identifier in heads}
