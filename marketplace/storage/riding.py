"""Events that still ride on heads: which have not reached their table, and handing them on.

The heads' stream carries each within a second. Where it failed for good (its failure queue raises an alarm),
the event still rides, and this finds it by its head, or by walking all heads that an event or a list names.
"""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from marketplace.shared.events import Event
from marketplace.storage.codec import riding_on
from marketplace.storage.models import HeadItem
from marketplace.storage.store import DynamoStore

BATCH_MAX = 100
"""What DynamoDB reads at once."""
CARRY_SECONDS_MAX = 900
"""An event that is older (real time) and still not in its table has raised an alarm."""


Thing = TypeVar("Thing")


def batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """As many at a time as one batch read takes."""
    rest = iter(things)
    while some := list(islice(rest, BATCH_MAX)):
        yield some


def heads(identifiers: Iterable[str]) -> Iterator[HeadItem]:
    """The heads with these ids, read strongly; an id that is not there is left out."""
    for some in batches(identifiers):
        yield from HeadItem.batch_get(some, consistent_read=True)


def riders(store: DynamoStore, items: Iterable[HeadItem]) -> Iterator[tuple[str, Event, Event | None]]:
    """(head, the event that rides on it, the same from its table) of these heads; None where it is not there,
    because the stream is about to carry it, or has failed."""
    riding = ((item.id, event) for item in items for event in riding_on(item.id, item.body))
    for some in batches(riding):
        there = store.events(event.id for _, event in some)
        yield from ((head, event, there.get(event.id)) for head, event in some)


def carry(store: DynamoStore, identifiers: Iterable[str]) -> Iterator[tuple[str, Event]]:
    """Writes what rides on these heads and is in no table into its table, from where it is relayed; tells
    each with its head."""
    for head, event, there in riders(store, heads(identifiers)):
        if there is None:
            store.keep((event,))
            yield head, event


def is_overdue(event: Event) -> bool:
    """Whether the stream had all the time it needs."""
    return event.written_ms < (time.time() - CARRY_SECONDS_MAX) * 1_000
