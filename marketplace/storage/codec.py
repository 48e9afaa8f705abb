"""Aggregates, journals and events to items and back.

A head's body is packed: the aggregate's JSON, then for each event that rides on it, the oldest first, three
texts: its JSON without the answer, the answer's status (empty where there is none) and the answer's body.
"""

import json
import zlib
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from marketplace.shared.events import Answer, Event, EventType
from marketplace.shared.journal import Journal
from marketplace.shared.private import private_paths
from marketplace.shared.transaction import Head, journal_id
from marketplace.storage import sealing
from marketplace.storage.buckets import bucket_of, written_ms
from marketplace.storage.models import EventItem, HeadItem
from marketplace.storage.packing import packed, unpacked

Kind = TypeVar("Kind")


class UnreadableHead(Exception):
    """A head with personal data is not what it should be; pydantic would say with what it found."""


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def dump(aggregate: Any) -> str:
    """An aggregate's JSON; what is None is left out, and what is private is sealed."""
    kind: Any = type(aggregate)
    adapter, paths = _adapter(kind), private_paths(kind)
    if not paths:
        return adapter.dump_json(aggregate, exclude_none=True).decode()
    value = adapter.dump_python(aggregate, mode="json", exclude_none=True)
    return _json(sealing.with_sealed(value, aggregate.id, paths))


def load(kind: type[Kind], body: str) -> Kind:
    """The aggregate again. Raises UnreadableHead where there is personal data, else pydantic.ValidationError,
    which would print it."""
    paths = private_paths(cast("Any", kind))
    if paths:
        value = json.loads(body)
        body = _json(sealing.with_opened(value, value["id"], paths))
    try:
        loaded: Kind = _adapter(cast("Any", kind)).validate_json(body)
    except ValidationError as broken:
        if not paths:
            raise
        raise UnreadableHead(f"{kind.__name__}: {broken.error_count()} faults") from None
    return loaded


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def head_body(aggregate: object, riding: Iterable[Event]) -> bytes:
    """What a head keeps of an aggregate and of the events that ride on it."""
    return packed([dump(aggregate), *(text for event in riding for text in _riding_texts(event))])


def head_of(kind: type[Kind], item: HeadItem) -> Head[Kind]:
    """The head again."""
    body, *texts = unpacked(item.body)
    return Head(load(kind, body), int(item.version), _riding(texts))


def aggregate_of(kind: type[Kind], item: HeadItem) -> Kind:
    """The aggregate alone."""
    return load(kind, unpacked(item.body)[0])


def riding_on(body: bytes) -> tuple[Event, ...]:
    """The events in a head's body, the oldest first."""
    return _riding(unpacked(body)[1:])


def _riding(texts: Iterable[str]) -> tuple[Event, ...]:
    parts = iter(texts)
    return tuple(_riding_event(*three) for three in zip(parts, parts, parts, strict=True))


def _riding_texts(event: Event) -> tuple[str, str, str]:
    told = _adapter(Event).dump_json(event, exclude={"answer"}, exclude_defaults=True).decode()
    return (told, str(event.answer.status), event.answer.body) if event.answer else (told, "", "")


def _riding_event(told: str, status: str, body: str) -> Event:
    event: Event = _adapter(Event).validate_json(told)
    return replace(event, answer=Answer(int(status), body)) if status else event


def dump_journal(journal: Journal, event_at: int) -> str:
    """A journal's JSON without zeros and what its event says already: its id and, mostly, its time."""
    told = {"id", "at"} if journal.at == event_at else {"id"}
    return _adapter(Journal).dump_json(journal, exclude=told, exclude_defaults=True).decode()


def load_journal(text: str, event_id: str, at: int) -> Journal:
    """The journal that this event carries; `at` is the event's time. Raises pydantic.ValidationError for one
    that does not balance."""
    journal: Journal = _adapter(Journal).validate_python(
        {"at": at, **json.loads(text), "id": journal_id(event_id)}
    )
    return journal


def event_item(event: Event) -> EventItem:
    """The item of an event that says when it was written."""
    bucket, bucket_key = bucket_of(event.id, event.written_ms)
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
        journal=dump_journal(event.journal, event.at) if event.journal else None,
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
