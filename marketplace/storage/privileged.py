"""The audit events: what operators and finance did, and whose personal data they read.

    privileged                 all of them
    privileged|{actor}         what one of them did
    privileged|{id}            what was done about a client, a worker, or anything else

Rows of the trail, made of the events themselves: nothing that was done can be without one.
"""

import json
from collections.abc import Iterator
from typing import Any

from marketplace.shared.events import Event, EventType
from marketplace.shared.records import dataclass
from marketplace.storage.models import TrailItem

PARTITION = "privileged"
_STAFF = ("operator:", "finance:")


@dataclass(frozen=True)
class AuditEvent:
    """`about` names what it was done to; `call` is the operation's name; `at` is epoch seconds. `export` is
    the span and the format of a file that was taken."""

    position: str
    id: str
    type: str
    at: int
    actor: str
    request_id: str
    call: str
    about: tuple[str, ...]
    export: dict[str, Any] | None = None


def rows_of(event: Event, position: str) -> Iterator[tuple[str, str, str]]:
    """(about, position, body) of an event's rows; none for what people did about their own things."""
    if not event.actor.startswith(_STAFF):
        return
    told = {
        "event": event.id,
        "type": event.type.value,
        "at": event.at,
        "actor": event.actor,
        "request": event.request_id,
        "call": event.call,
        "about": event.about,
    }
    if event.type == EventType.FINANCE_EXPORTED:
        told["export"] = event.details["span"]
    body = json.dumps(told, separators=(",", ":"))
    for about in (event.actor, *event.about):
        yield f"{PARTITION}|{about}", position, body
    yield PARTITION, position, body


def page(about: str | None, *, limit: int, before: str | None) -> tuple[list[AuditEvent], str | None]:
    """Up to `limit` of them, newest first, and the position that the next page begins behind."""
    partition = PARTITION if about is None else f"{PARTITION}|{about}"
    older = TrailItem.position < before if before else None
    rows = TrailItem.query(partition, older, scan_index_forward=False, limit=limit + 1, page_size=limit + 1)
    found = [_audit_event(row) for row in rows]
    return found[:limit], found[limit - 1].position if len(found) > limit else None


def _audit_event(row: TrailItem) -> AuditEvent:
    body = json.loads(row.body)
    return AuditEvent(
        position=row.position,
        id=body["event"],
        type=body["type"],
        at=body["at"],
        actor=body["actor"],
        request_id=body["request"],
        call=body["call"],
        about=tuple(body["about"]),
        export=body.get("export"),
    )
