"""The product's own storage over the wire, and what a stranger sees of its tables: every item that is written
is read again through the codec, and the laws are told of it as of a commit in memory."""

from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from marketplace.shared.books import PRESENT_SECONDS
from marketplace.shared.clock import Clock
from marketplace.shared.errors import StoreSilent
from marketplace.shared.events import Event
from marketplace.shared.ids import prefix_of
from marketplace.shared.store import BalanceChanges, Commit, Head, HeadChange
from marketplace.storage import codec
from marketplace.storage.models import EventItem
from marketplace.storage.personal_answers import are_one
from marketplace.storage.shelves import SHELVES
from marketplace.storage.store import DynamoStore
from marketplace.storage.timers import look
from tests.simulation.faults import Killed, Outside, Throttled
from tests.simulation.store import Seen
from tests.simulation.wire.connection import the_wire
from tests.simulation.wire.expressions import Item
from tests.simulation.wire.models import BALANCES, EVENTS, HEADS, SCHEMAS, TRAIL
from tests.simulation.wire.requests import Refused, Request
from tests.simulation.wire.tables import Tables, Write

DUE_PARTITIONS = 2
OLD = 0.5
"""How often a read that may be stale is, of an item that has changed."""

FAILURES = (PynamoDBException, BotoCoreError, ClientError, StoreSilent)
"""What a request without a proper answer ends in."""

_KINDS = {shelf.prefix: shelf.kind for shelf in SHELVES}
Result = TypeVar("Result")


@dataclass(frozen=True)
class Record:
    """One row of a stream: a head with a new event on it, or a new event."""

    table: str
    event_id: str
    image: Item


@dataclass
class WireStore:
    """Implements `Store`, as `SimStore` does and with the same views; `tables` are at the other end.
    `breach` is the first law that a write broke: whoever asked for it may have caught that."""

    outside: Outside
    clock: Clock
    seen: Seen = lambda commit, before: None
    encoded: bool = True
    tables: Tables = field(default_factory=lambda: Tables(SCHEMAS))
    heads: dict[str, tuple[int, Any]] = field(default_factory=dict)
    kept: dict[tuple[str, str, str], int] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    of_kind: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    due: dict[str, int] = field(default_factory=dict)
    arrived: set[str] = field(default_factory=set)
    riders: dict[str, list[str]] = field(default_factory=dict)
    carriers: dict[str, str] = field(default_factory=dict)
    stream: list[Record] = field(default_factory=list)
    late: list[tuple[int, str, Request]] = field(default_factory=list)
    breach: AssertionError | None = None

    def __post_init__(self) -> None:
        self.tables.seen = self._written
        self.tables.now = self.clock.now
        self.tables.stale = lambda: self.outside.chance.random() < OLD
        self.product = self._process()

    def _process(self) -> DynamoStore:
        names = {"heads": HEADS, "balances": BALANCES, "events": EVENTS, "trail": TRAIL}
        product = the_wire().dynamodb
        return DynamoStore(product, **names, due_partitions=DUE_PARTITIONS, clock=self.clock)

    def restart(self) -> None:
        """A new process: it remembers nothing, and the models look at these tables."""
        self.product = self._process()

    # the port

    @property
    def connection(self) -> Any:
        """PynamoDB's."""
        return self.product.connection

    def read(self, kind: type[Any], identifier: str) -> tuple[Any, int] | None:
        return self.asked(lambda: self.product.read(kind, identifier))

    def head(self, kind: type[Any], identifier: str) -> Head[Any] | None:
        return self.asked(lambda: self.product.head(kind, identifier))

    def head_many(self, kinds: Mapping[str, type[Any]]) -> dict[str, Head[Any]]:
        return self.asked(lambda: self.product.head_many(kinds))

    def event(self, event_id: str, *, near: str = "") -> Event | None:
        return self.asked(lambda: self.product.event(event_id, near=near))

    def event_beside(self, head: Head[Any] | None, event_id: str) -> Event | None:
        return self.asked(lambda: self.product.event_beside(head, event_id))

    def balances(self, owner: str) -> dict[str, dict[str, int]]:
        return self.asked(lambda: self.product.balances(owner))

    def is_found(self, event_id: str) -> bool:
        """Whether the product finds an event, just now, that it knows the head of."""
        with the_wire().honest():
            return self.product.event(event_id, near=self.carriers.get(event_id, "")) is not None

    def now(self) -> int:
        return self.clock.now()

    def keep(self, events: Iterable[Event]) -> None:
        self.product.keep(events)

    def commit(self, commit: Commit) -> None:
        self.asked(lambda: self.product.commit(commit))

    def asked(self, call: Callable[[], Result]) -> Result:
        """Raises Throttled for a request that a fault has left without an answer."""
        try:
            return call()
        except FAILURES as failed:
            if the_wire().failing:
                raise Throttled(str(failed)) from failed
            raise

    # the other end

    def perform(self, operation: str, request: Request) -> Request:
        weather = self.outside.weather.stale
        if operation == "Query" and weather and self.outside.chance.random() < weather:
            self.outside.note("stale index")
            self.tables.behind = True
        try:
            return self.tables.answer(operation, request)
        except AssertionError as breach:
            self.breach = self.breach or breach
            raise
        finally:
            self.tables.behind = False

    def perform_later(self, operation: str, request: Request) -> None:
        self.late.append((self.clock.now(), operation, request))

    def land(self) -> None:
        """A request whose answer nobody waits for any more arrives, if it still can, within minutes."""
        sent_at, operation, request = self.late.pop(0)
        if self.clock.now() > sent_at + PRESENT_SECONDS:
            return
        try:
            self.perform(operation, request)
        except Refused:
            return

    def catch_up(self) -> None:
        """The indexes show everything."""
        self.tables.catch_up()

    def timers(self, *, stale: bool = False) -> list[tuple[int, str]]:
        """What is due, as the product finds it; nothing where nobody answers."""
        if not stale and min(self.due.values(), default=self.clock.now() + 1) > self.clock.now():
            return []
        try:
            found, _ = self.asked(lambda: look(DUE_PARTITIONS, now=self.clock.now()))
            return [(timer.due_at, timer.identifier) for timer in found]
        except (Throttled, Killed):
            return []

    def copy(self, outside: Outside, clock: Clock) -> "WireStore":
        """The same tables; what is in them is frozen."""
        assert not self.late
        return WireStore(
            outside,
            clock,
            tables=self.tables.copy(),
            heads=dict(self.heads),
            kept=dict(self.kept),
            events=dict(self.events),
            of_kind=defaultdict(list, {prefix: list(ids) for prefix, ids in self.of_kind.items()}),
            due=dict(self.due),
            arrived=set(self.arrived),
            riders=dict(self.riders),
            carriers=dict(self.carriers),
            stream=list(self.stream),
        )

    # what was written

    def _written(self, writes: list[Write]) -> None:
        """Everything of one request: laws 1, 2 and 10, and then those of a commit."""
        changes: list[HeadChange] = []
        balances: BalanceChanges = Counter()
        event, carrier = None, ""
        for write in writes:
            if write.table == HEADS:
                changes.append(self._head(write))
                event, carrier = self._riding(write, event, carrier)
            elif write.table == BALANCES:
                balances.update(self._balance(write))
            elif write.table == EVENTS:
                event = self._event(write) or event
        before = [change.read and change.read.aggregate for change in changes]
        if event is not None:
            assert event.id not in self.events, f"law 5: {event.id} has happened twice"
            self.events[event.id] = event
        if changes or balances or event is not None:
            moved = Counter({place: change for place, change in balances.items() if change})
            self.seen(Commit(tuple(changes), moved, event, carrier), before)

    def _head(self, write: Write) -> HeadChange:
        (identifier,), item = write.key, write.after
        prefix = prefix_of(identifier)
        body = codec.head_texts(identifier, b64decode(item["body"]["B"]))[0]
        aggregate, version = codec.load(_KINDS[prefix], body), int(item["version"]["N"])
        old = self.heads.get(identifier)
        follows = version == (old[0] if old else 0) + 1
        assert follows, f"law 10: {identifier} was written as {version}, after {old and old[0]}"
        if old is None:
            self.of_kind[prefix].append(identifier)
        self.heads[identifier] = (version, aggregate)
        if "due_key" in item:
            self.due[identifier] = int(item["due_key"]["S"].partition("#")[0])
        else:
            self.due.pop(identifier, None)
        return HeadChange(aggregate, Head(old[1], old[0]) if old else None)

    def _riding(self, write: Write, event: Event | None, carrier: str) -> tuple[Event | None, str]:
        (identifier,), item = write.key, write.after
        riding = codec.riding_on(identifier, b64decode(item["body"]["B"]))
        ids = [rider.id for rider in riding]
        lost = set(self.riders.get(identifier, ())) - set(ids) - self.arrived
        assert not lost, f"law 10: {identifier} drops {sorted(lost)} before they have arrived"
        self.riders[identifier] = ids
        if "event_added" not in item:
            return event, carrier
        assert event is None, f"law 1: {ids[-1]} rides beside {event and event.id}"
        self.carriers[ids[-1]] = identifier
        self.stream.append(Record(HEADS, ids[-1], item))
        return riding[-1], identifier

    def _balance(self, write: Write) -> BalanceChanges:
        (owner,), before = write.key, write.before or {}
        changes: BalanceChanges = Counter()
        for name, value in write.after.items():
            currency, _, account = name.partition("_")
            if account:
                amount = int(value["N"])
                changes[owner, currency, account] = amount - int(before.get(name, {"N": "0"})["N"])
                self.kept[owner, currency, account] = amount
        return changes

    def _event(self, write: Write) -> Event | None:
        """What happened now; None for what was carried here from its head."""
        assert write.before is None, f"law 1: {write.key[0]} is written over"
        event = codec.event_of(event_item(write.after))
        self.arrived.add(event.id)
        self.stream.append(Record(EVENTS, event.id, write.after))
        known = self.events.get(event.id)
        if known is None:
            return event
        assert are_one(known, event), f"law 1: {event.id} is not what it was when it rode"
        return None


def event_item(item: Item) -> EventItem:
    """An item as PynamoDB reads it."""
    return EventItem.from_raw_data({name: _parsed(value) for name, value in item.items()})


def _parsed(value: Any) -> dict[str, Any]:
    return {"B": b64decode(value["B"])} if "B" in value else dict(value)
