"""The stream and the queues: at least once, in any order, in batches of which a part may fail.

events ──relay──> queues ──deliver──> consumer ──ok──> gone
                    ^                    │ raised, or killed with its whole batch
                    └────────────────────┘ RECEIVES_MAX times, then the dead letters, and an alarm
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from chalicelib.consumers import EventMissing
from chalicelib.routing import MATCHING, REPUTATION, SETTLEMENTS, queues_for
from chalicelib.work import receivables
from chalicelib.work.announce import announce
from chalicelib.work.receivables import HoldsLeft
from chalicelib.work.results import ResultsLeft
from marketplace.contracts.promptness import TOLD
from marketplace.notifications.announced import object_of
from marketplace.payouts.courier import NotYetSent
from marketplace.payouts.reversing import WhoseIsNotKnown
from marketplace.people.payout_account import StaleAccount
from marketplace.shared.errors import Conflict, ProviderUnavailable
from marketplace.shared.events import Event, EventType
from tests.simulation.faults import READ, Killed, Throttled
from tests.simulation.store import SimStore

RECEIVES_MAX = 5
BATCH_MAX = 3
POISON = "evt_poison"

TROUBLE = (
    *(Throttled, ProviderUnavailable, NotYetSent, WhoseIsNotKnown),
    *(StaleAccount, Conflict, ResultsLeft, HoldsLeft),
)
"""What may stop a consumer, a timer or a webhook for now; anything else is a defect, and ends the story. One
that is overtaken between two reads may find its own work done, and be refused."""

MORE_THAN_SHOWN = (
    EventType.TASK_CLOSED,
    EventType.BID_AWARDED,
    EventType.TASK_BIDS_LEFT,
    EventType.RECONCILIATION_STARTED,
    EventType.RESULT_SUBMITTED,
    EventType.CONTRACT_CANCELLED,
    EventType.WORKER_DEACTIVATED,
    EventType.EXPORT_REQUESTED,
    EventType.ERASURE_REQUESTED,
    EventType.ERASURE_CONTINUED,
    EventType.ERASURE_BEGUN,
)
"""What the settlements' consumer works on, beside its projections."""

OF_RATINGS = (
    EventType.RATING_GIVEN,
    EventType.RATING_REVEALED,
    EventType.RATING_REMOVED,
    EventType.RATING_RESTORED,
)
PROJECTIONS = {
    SETTLEMENTS: MORE_THAN_SHOWN,
    MATCHING: (EventType.CONTRACT_COMPLETED,),
    REPUTATION: OF_RATINGS,
}
"""Queues that mostly show what there is, or let things pass, and what else they work on."""

Work = Callable[[Event, Any], None]


@dataclass
class Message:
    """A message names an event; its consumer reads it."""

    queue: str
    event_id: str
    receives: int = 0


@dataclass
class Queues:
    """What waits, and what was given up with an alarm; with `announces`, clients' systems are told."""

    waiting: list[Message] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)
    worked: set[tuple[str, str]] = field(default_factory=set)
    announces: bool = False

    def relay(self, store: SimStore, count: int) -> None:
        """The oldest events of the stream go to their queues, in one step that may be repeated."""
        for event in store.stream[:count]:
            store.arrive(event)
            self.send(event)
        del store.stream[:count]

    def send(self, event: Event) -> None:
        """A projection is written by its batch, and seen at once here; the rest is work."""
        for queue in queues_for(event.type):
            works_on = PROJECTIONS.get(queue)
            if works_on is None or event.type in works_on or self._concerned(queue, event):
                self.waiting.append(Message(queue, event.id))
            else:
                self.worked.add((queue, event.id))

    def _concerned(self, queue: str, event: Event) -> bool:
        announced = self.announces and object_of(event.type) is not None
        if queue == REPUTATION:
            return TOLD in event.details
        return queue == SETTLEMENTS and (announced or receivables.concerns(event))

    def deliver(self, index: int, size: int, store: SimStore, runtime: Any) -> list[str]:
        """A batch of the queue of the message at `index`; what became of each."""
        queue = self.waiting[index].queue
        batch = [message for message in self.waiting[index:] if message.queue == queue][:size]
        taken = set(map(id, batch))
        self.waiting = [message for message in self.waiting if id(message) not in taken]
        done: list[str] = []
        failed: list[Message] = []
        try:
            done.extend(self._consume(message, store, runtime, failed) for message in batch)
        except Killed:
            failed = batch
            done.append("killed")
        for message in failed:
            again = replace(message, receives=message.receives + 1)
            (self.dead if again.receives >= RECEIVES_MAX else self.waiting).append(again)
        return done

    def redrive(self) -> None:
        """Somebody has seen the alarm. What was poison stays where it is."""
        self.waiting += [replace(one, receives=0) for one in self.dead if one.event_id != POISON]
        self.dead = [one for one in self.dead if one.event_id == POISON]

    def copy(self) -> "Queues":
        """The same queues."""
        return Queues(list(self.waiting), list(self.dead), set(self.worked), self.announces)

    def _consume(self, message: Message, store: Any, runtime: Any, failed: list[Message]) -> str:
        try:
            if store.outside.fault(READ):
                raise Throttled(message.event_id)
            event = store.events.get(message.event_id)
            if event is None:
                raise EventMissing(message.event_id)
            if self.announces and message.queue == SETTLEMENTS:
                announce((event,), runtime)
            consumer(message.queue)(event, runtime)
        except (*TROUBLE, EventMissing) as failure:
            failed.append(message)
            return f"{message.queue} {message.event_id}: {type(failure).__name__}"
        self.worked.add((message.queue, message.event_id))
        return f"{message.queue} {message.event_id}: ok"


@cache
def consumer(queue: str) -> Work:
    """The product's own: a module for each queue, of its name."""
    work: Work = importlib.import_module(f"chalicelib.work.{queue}").work
    return work
