"""What is known of a disputed piece of work, put together by itself: nobody has to ask for it, and no side
can leave out what it does not like."""

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Any

from marketplace.correspondence.message import Message
from marketplace.disputes.dispute import Dispute
from marketplace.metering.evidence import Evidence
from marketplace.metering.session import Session
from marketplace.shared.events import Event
from marketplace.shared.records import dataclass

TOLD = frozenset(
    {
        "note",
        "attachments",
        "payload",
        "reason",
        "claim",
        "requested",
        "to_worker",
        "by",
        "seconds",
        "billable_seconds",
        "added_seconds",
        "gross",
        "score",
        "bonus",
        "deduction",
    }
)
"""What of an event's details is for the sides; money is gross minor units."""


@dataclass(frozen=True)
class EvidenceLine:
    """What happened at an instant (epoch seconds), and who did it: a side, `operator`, `clock` or
    `system`."""

    at: int
    what: str
    by: str
    details: dict[str, Any] = field(default_factory=dict)


def of_events(events: Iterable[Event], dispute: Dispute) -> Iterator[EvidenceLine]:
    """What was said and done, each event once."""
    for event in {event.id: event for event in events}.values():
        told = {name: value for name, value in event.details.items() if name in TOLD and value is not None}
        yield EvidenceLine(event.at, event.type.value, _who(event.actor, dispute), told)


def of_session(session: Session, late: Evidence | None) -> Iterator[EvidenceLine]:
    """The clock's own log: the last proof, and heartbeats that came after the end."""
    proven = {"seconds": session.last_proven_at - session.started_at}
    yield EvidenceLine(session.last_proven_at, "session.last_proven", "worker", proven)
    for span in late.spans if late else ():
        beats = {"heartbeats": span.heartbeats, "seconds": span.ended_at - span.started_at}
        yield EvidenceLine(span.started_at, "session.late_heartbeats", "worker", beats)


def of_messages(messages: Iterable[Message]) -> Iterator[EvidenceLine]:
    """What the sides have written to each other, and the ids of what they handed over with it."""
    for message in messages:
        said = {"text": message.text, "attachments": list(message.attachments)}
        yield EvidenceLine(message.created_at, "message.sent", message.side, said)


def _who(actor: str, dispute: Dispute) -> str:
    sides = {dispute.client_id: "client", dispute.worker_id: "worker", "timer": "clock"}
    return sides.get(actor) or ("operator" if actor.startswith("operator:") else "system")
