"""Aggregates, journals and events to items and back."""

import json
import zlib
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from marketplace.shared.events import Answer, Event, EventType
from marketplace.shared.journal import Journal
from marketplace.shared.transaction import journal_id
from marketplace.storage.buckets import bucket_of, written_ms
from marketplace.storage.models import EventItem

Kind = TypeVar("Kind")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def dump(aggregate: object) -> str:
    """An aggregate's JSON; what is None is left out."""
    return _adapter(cast("Any", type(aggregate))).dump_json(aggregate, exclude_none=True).decode()


def load(kind: type[Kind], body: str) -> Kind:
    """The aggregate again."""
    loaded: Kind = _adapter(cast("Any", kind)).validate_json(body)
    return loaded


def dump_journal(journal: Journal) -> str:
    """A journal's JSON without what its event says already (its id and its time) and without zeros."""
    told = {"id", "at"}
    return _adapter(Journal).dump_json(journal, exclude=told, exclude_defaults=True).decode()


def load_journal(text: str, event_id: str, at: int) -> Journal:
    """The journal that this event carries. Raises pydantic.ValidationError for one that does not balance."""
    journal: Journal = _adapter(Journal).validate_python(
        {**json.loads(text), "id": journal_id(event_id), "at": at}
    )
    return journal


def event_item(event: Event, real_ms: int) -> EventItem:
    """The item of an event written at `real_ms` (epoch milliseconds of the machine)."""
    bucket, bucket_key = bucket_of(event.id, real_ms)
    answer = event.answer
    return EventItem(
        id=event.id,
        type=event.type.value,
        at=event.at,
        actor=event.actor,
        request_id=event.request_id,
        about=list(event.about),
        input_hash=event.input_hash or None,
        caused_by=event.caused_by or None,
        call=event.call or None,
        journal=dump_journal(event.journal) if event.journal else None,
        details=json.dumps(event.details, separators=(",", ":")) if event.details else None,
        answer_status=answer.status if answer else None,
        answer=zlib.compress(answer.body.encode()) if answer else None,
        bucket=bucket,
        bucket_key=bucket_key,
    )


def event_of(item: EventItem) -> Event:
    """The event again."""
    answer = None
    if item.answer is not None and item.answer_status is not None:
        answer = Answer(int(item.answer_status), zlib.decompress(item.answer).decode())
    return Event(
        id=item.id,
        type=EventType(item.type),
        at=int(item.at),
        actor=item.actor,
        request_id=item.request_id,
        about=tuple(item.about),
        input_hash=item.input_hash or "",
        caused_by=item.caused_by or "",
        call=item.call or "",
        journal=load_journal(item.journal, item.id, int(item.at)) if item.journal else None,
        answer=answer,
        details=json.loads(item.details) if item.details else {},
        written_ms=written_ms(item.bucket_key),
    )
