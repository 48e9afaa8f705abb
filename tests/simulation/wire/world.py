"""The world of the second level: the same people, Stripe and laws around the product's real storage."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from types import SimpleNamespace
from typing import Any, Self, TypeVar

import botocore.endpoint

from chalicelib import archive, relay
from marketplace import runtime as runtimes
from marketplace.storage import commit, holdings, trail
from marketplace.storage.item_size import WRITE_UNIT_BYTES
from tests.simulation.calls import Answered, Ask
from tests.simulation.faults import Outside
from tests.simulation.promises import event_of
from tests.simulation.quiet import Quiet
from tests.simulation.stripe_notes import Note
from tests.simulation.wire.connection import ENDPOINT, the_wire
from tests.simulation.wire.laws import LAWS
from tests.simulation.wire.models import MODELS
from tests.simulation.wire.queues import WireQueues
from tests.simulation.wire.reads import WireReads
from tests.simulation.wire.requests import Request
from tests.simulation.wire.store import WireStore
from tests.simulation.world import START, SimClock, World

Told = TypeVar("Told")

COMMIT_MS = 1_700
"""Real time between two commits: some fall into the next of the ledger's buckets."""
PAUSES_MS = (0, 0, 600_000)
"""How long ago, by the machines' clock, the opening was."""
RIDING_MAX = (commit.RIDING_MAX, commit.RIDING_MAX, 3, 2)
UNIT_BYTES = (WRITE_UNIT_BYTES, WRITE_UNIT_BYTES, 300, 1)
"""When a head drops events that have arrived: as it is, or so early that it happens in most stories."""
PROJECTING = 0.15
"""How many stories project every event into the trail."""


class WireWorld(World):
    """`real_ms` is the machines' clock, epoch milliseconds; `given_before` how many events there were."""

    level = 2
    further_laws = LAWS
    store: WireStore
    queues: WireQueues

    def __init__(self, chance: Random | None = None, *, encoded: bool = True) -> None:
        self.real_ms, self.given_before = START * 1_000, 0
        self.riding_max, self.unit_bytes = commit.RIDING_MAX, WRITE_UNIT_BYTES
        super().__init__(chance, encoded=True)

    def vary(self) -> None:
        """What differs from story to story, beside the weather."""
        self.riding_max, self.unit_bytes = self.chance.choice(RIDING_MAX), self.chance.choice(UNIT_BYTES)
        self.queues.projects = self.chance.random() < PROJECTING
        self.real_ms += self.chance.choice(PAUSES_MS)
        self.given_before = len(self.store.events)

    def copy(self, chance: Random) -> Self:
        """The same world from here on."""
        twin = super().copy(chance)
        twin.real_ms = self.real_ms
        return twin

    def _tables(self, outside: Outside, clock: SimClock, *, encoded: bool) -> Any:
        return WireStore(outside, clock)

    def _queues(self) -> WireQueues:
        return WireQueues()

    def _copied(self, outside: Outside, clock: SimClock) -> Any:
        return self.store.copy(outside, clock)

    def _reads(self) -> Any:
        return WireReads(self.store)

    def _wire(self) -> None:
        super()._wire()
        urls = {f"{queue}_queue_url": f"{ENDPOINT}/{queue}" for queue in _QUEUES}
        self.runtime.settings = self.settings.model_copy(update=urls)
        self.runtime.aws = lambda service: getattr(the_wire(), service)

    # the other end of the wire

    def perform(self, operation: str, request: Request) -> Request:
        """Tables and queues. Raises Refused."""
        if operation != "SendMessageBatch":
            return self.store.perform(operation, request)
        assert request.keys() == {"QueueUrl", "Entries"}, request.keys()
        queue = request["QueueUrl"].rpartition("/")[2]
        for entry in request["Entries"]:
            told = json.loads(entry["MessageBody"])
            assert told["type"] == self.store.events[told["id"]].type
            self.queues.arrive(queue, self.store.events[told["id"]])
        return {"Successful": [{"Id": entry["Id"], "MessageId": "1"} for entry in request["Entries"]]}

    def perform_later(self, operation: str, request: Request) -> None:
        """It lands when nobody waits for it."""
        if operation == "SendMessageBatch":
            self.perform(operation, request)
        else:
            self.store.perform_later(operation, request)

    # one step

    def call(self, ask: Ask) -> Answered:
        answer = self._held(super().call(ask))
        kept = event_of(answer, self.store.events) if answer.text else None
        assert kept is None or self.store.is_found(kept.id), (
            f"law 10: {kept} is answered, and not to be found"
        )
        return answer

    def fire(self, due_at: int, identifier: str) -> None:
        super().fire(due_at, identifier)
        self._held(None)

    def hear(self, note: Note) -> bool:
        return self._held(super().hear(note))

    def deliver(self, index: int, size: int = 1) -> None:
        super().deliver(index, size)
        self._held(None)

    def relay(self, count: int) -> None:
        super().relay(count)
        self._held(None)

    def _held(self, told: Told) -> Told:
        """What was written broke no law, whoever has caught that."""
        if self.store.breach is not None:
            raise self.store.breach
        return told

    def next_ms(self) -> int:
        """The machine's time, which goes on."""
        self.real_ms += COMMIT_MS
        return self.real_ms

    @contextmanager
    def connected(self) -> Iterator[None]:
        """The product's models and functions meet this world, and nobody pauses."""
        kept = [(model, model._connection, model.Meta.table_name) for model in MODELS.values()]
        running, wire, before = runtimes._Current.runtime, the_wire(), the_wire().far
        self.store.restart()
        wire.begin(self)
        runtimes.use(self.runtime)
        try:
            yield
        finally:
            runtimes.use(running)
            wire.begin(before)
            for model, connection, table in kept:
                model._connection, model.Meta.table_name = connection, table

    def places(self) -> tuple[tuple[Any, str, Any], ...]:
        """What of the product and of botocore is another while this world runs."""
        hurried = SimpleNamespace(sleep=_no_pause)
        return (
            (commit, "_real_ms", self.next_ms),
            (commit, "RIDING_MAX", self.riding_max),
            (commit, "WRITE_UNIT_BYTES", self.unit_bytes),
            (trail, "time", hurried),
            (holdings, "time", hurried),
            (botocore.endpoint, "time", hurried),
            (archive, "logger", Quiet()),
            (relay, "logger", Quiet()),
        )


_QUEUES = (
    *("payouts", "stripe_events", "settlements", "reputation"),
    *("notifications", "matching", "screenings"),
)


def _no_pause(_: float) -> None:
    """Nobody waits between two tries."""
