"""Streams and queues through the product's own functions: heads to events, events to queues, then to work."""

from dataclasses import dataclass
from typing import Any

from chalicelib.archive import archive
from chalicelib.consumers import EventMissing
from chalicelib.relay import relay
from chalicelib.routing import SETTLEMENTS, queues_for
from chalicelib.work.settlements import together
from marketplace.shared.events import Event, EventType
from marketplace.storage.trail import ProjectionThrottled
from tests.simulation.faults import Killed, Throttled
from tests.simulation.queues import PROJECTIONS, TROUBLE, Message, Queues, consumer
from tests.simulation.wire.connection import the_wire
from tests.simulation.wire.models import EVENTS, HEADS
from tests.simulation.wire.store import FAILURES, Record


@dataclass
class WireQueues(Queues):
    """`projects`: every event is projected into the trail; else only what is work is delivered."""

    projects: bool = False

    def relay(self, store: Any, count: int) -> None:
        """The oldest records of the streams; what could not be sent stays, and comes again."""
        records, store.stream[:count] = store.stream[:count], []
        left = self._told(archive, [one for one in records if one.table == HEADS])
        carried = [one for one in store.stream if one.table == EVENTS]
        for one in carried:
            store.stream.remove(one)
        left += self._told(relay, [*(one for one in records if one.table == EVENTS), *carried])
        store.stream[:0] = left

    def send(self, event: Any) -> None:
        """A record, or what an event has become, comes twice."""
        if isinstance(event, Record):
            self._told(archive if event.table == HEADS else relay, [event])
            return
        for queue in queues_for(event.type):
            self.arrive(queue, event)

    def arrive(self, queue: str, event: Event) -> None:
        """A message is in its queue."""
        shown = event.type not in PROJECTIONS.get(queue, EventType)
        if shown and not self._concerned(queue, event):
            self.worked.add((queue, event.id))
        else:
            self.waiting.append(Message(queue, event.id))

    def _concerned(self, queue: str, event: Event) -> bool:
        return super()._concerned(queue, event) or (queue == SETTLEMENTS and self.projects)

    def copy(self) -> "WireQueues":
        """The same queues."""
        return WireQueues(
            list(self.waiting), list(self.dead), set(self.worked), self.announces, self.projects
        )

    @staticmethod
    def _told(function: Any, records: list[Record]) -> list[Record]:
        """One call of a function that follows a stream; what it did not do, or all when it fell over."""
        if not records:
            return []
        rows = [
            {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "NewImage": one.image}}
            for number, one in enumerate(records)
        ]
        try:
            failed = function({"Records": rows}, None)["batchItemFailures"]
        except (*FAILURES, Killed) as fallen:
            if isinstance(fallen, Killed) or the_wire().failing:
                return records
            raise
        return records[min((int(one["itemIdentifier"]) for one in failed), default=len(records)) :]

    def _consume(self, message: Message, store: Any, runtime: Any, failed: list[Message]) -> str:
        try:
            event = store.event(message.event_id)
            if event is None:
                raise EventMissing(message.event_id)
            if (self.projects or self.announces) and message.queue == SETTLEMENTS:
                store.asked(lambda: together((event,), runtime))
            consumer(message.queue)(event, runtime)
        except (*TROUBLE, Throttled, ProjectionThrottled, EventMissing) as failure:
            failed.append(message)
            return f"{message.queue} {message.event_id}: {type(failure).__name__}"
        self.worked.add((message.queue, message.event_id))
        return f"{message.queue} {message.event_id}: ok"
