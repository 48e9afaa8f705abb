"""Carries events from the heads that they ride on into the events table, each once."""

from collections.abc import Iterable

from pynamodb.exceptions import PutError

from marketplace.shared.events import Event
from marketplace.storage import codec
from marketplace.storage.connection import answer_code
from marketplace.storage.marks import Marks
from marketplace.storage.models import EventItem

_THERE = "ConditionalCheckFailedException"


def keep(marks: Marks, events: Iterable[Event]) -> None:
    """The events are in their table when this returns; those that were there are left as they are.

    Raises what PynamoDB raises; some may then be there.
    """
    for event in events:
        marks.ensure(event.written_ms)
        try:
            codec.event_item(event).save(condition=EventItem.id.does_not_exist())
        except PutError as refused:
            if answer_code(refused) != _THERE:
                raise


def missing(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Those that are not in their table yet, in their order; read strongly, in one batch."""
    ids = [event.id for event in events]
    there = {item.id for item in EventItem.batch_get(ids, consistent_read=True, attributes_to_get=["id"])}
    return tuple(event for event in events if event.id not in there)
