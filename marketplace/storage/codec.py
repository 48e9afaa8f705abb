"""Aggregates, journals and events to items and back.

A head's body is packed and sealed: the aggregate's JSON, then for each event that rides on it, the oldest
first, three texts: its JSON without the answer, the answer's status (empty where there is none) and the
answer's body. An event's item keeps in plain what happened, to what and when, and its journal; what was said
and answered is packed and sealed as well.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from marketplace.shared.events import Answer, Event, EventType
from marketplace.shared.journal import Journal
from marketplace.shared.private import private_paths
from marketplace.shared.records import replace
from marketplace.shared.store import Head
from marketplace.shared.transaction import journal_id
from marketplace.storage import personal_answers, sealing
from marketplace.storage.buckets import bucket_of, written_ms
from marketplace.storage.models import EventItem, HeadItem
from marketplace.storage.packing import packed, unpacked

Kind = TypeVar("Kind")


_SEALED_ALONE = f'{{"{sealing.SEALED}":"'
_NOTHING = ("", "", "")


class UnreadableHead(Exception):
    """A head is not what it should be; pydantic would say with what it found, and logs would keep that."""


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def dump(aggregate: Any) -> str:
    """An aggregate's JSON; what is None is left out."""
    kind: Any = type(aggregate)
    return _adapter(kind).dump_json(aggregate, exclude_none=True).decode()


def load(kind: type[Kind], body: str) -> Kind:
    """The aggregate again. Raises UnreadableHead where there is personal data, else pydantic.ValidationError,
    which would print it."""
    paths = private_paths(cast("Any", kind))
    if paths and _SEALED_ALONE in body:
        value = json.loads(body)
        body = _json(sealing.with_opened(value, value["id"], paths))
    try:
        loaded: Kind = _adapter(cast("Any", kind)).validate_json(body)
    except ValidationError as broken:
        raise UnreadableHead(f"{kind.__name__}: {broken.error_count()} faults") from None
    return loaded


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def head_body(aggregate: Any, riding: Iterable[Event]) -> bytes:
    """What a head keeps of an aggregate and of the events that ride on it."""
    texts = [dump(aggregate), *(text for event in riding for text in _riding_texts(event))]
    return sealing.closed(packed(texts), aggregate.id)


def head_texts(identifier: str, body: bytes) -> list[str]:
    """What a head's body was packed of: the aggregate's JSON, and the texts of events."""
    return unpacked(sealing.unclosed(body, identifier))


def head_of(kind: type[Kind], item: HeadItem) -> Head[Kind]:
    """The head again."""
    body, *texts = head_texts(item.id, item.body)
    return Head(load(kind, body), int(item.version), _riding(texts), int(item.dropped_ms or 0))


def aggregate_of(kind: type[Kind], item: HeadItem) -> Kind:
    """The aggregate alone."""
    return load(kind, head_texts(item.id, item.body)[0])


def riding_on(identifier: str, body: bytes) -> tuple[Event, ...]:
    """The events in the body of the head with this id, the oldest first."""
    return _riding(head_texts(identifier, body)[1:])


def _riding(texts: Iterable[str]) -> tuple[Event, ...]:
    parts = iter(texts)
    return tuple(_riding_event(*three) for three in zip(parts, parts, parts, strict=True))


def _riding_texts(event: Event) -> tuple[str, str, str]:
    told = _adapter(Event).dump_json(event, exclude={"answer"}, exclude_defaults=True).decode()
    return told, *_answer_texts(event)


def _answer_texts(event: Event) -> tuple[str, str]:
    answer = event.answer
    if answer is None:
        return "", ""
    whose = (answer.person, answer.salt) if answer.salt else ()
    return " ".join((str(answer.status), *whose)), answer.body


def _riding_event(told: str, status: str, body: str) -> Event:
    event: Event = _adapter(Event).validate_json(told)
    if not status:
        return event
    number, *whose = status.split(" ")
    return replace(event, answer=Answer(int(number), body, *whose))


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
        told=_told(event),
        bucket=bucket,
        bucket_key=bucket_key,
    )


def event_of(item: EventItem) -> Event:
    """The event again."""
    details, status, answer = _told_in(item)
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
        answer=Answer(int(status), answer) if status else None,
        details=json.loads(details) if details else {},
        written_ms=written_ms(item.bucket_key),
    )


def _told(event: Event) -> bytes | None:
    alone = replace(event, answer=personal_answers.sealed(event.answer, event.id)) if event.answer else event
    texts = (_json(event.details) if event.details else "", *_answer_texts(alone))
    return None if texts == _NOTHING else sealing.closed(packed(texts), event.id)


def _told_in(item: EventItem) -> Sequence[str]:
    """Details, and the status and body of the answer; empty where there are none."""
    if item.told is not None:
        return unpacked(sealing.unclosed(item.told, item.id))
    if item.answer is None or item.answer_status is None:
        return item.details or "", "", ""
    return item.details or "", str(int(item.answer_status)), zlib.decompress(item.answer).decode()
