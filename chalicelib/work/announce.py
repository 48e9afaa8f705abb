"""Puts down what clients' endpoints are to be told of a batch of events.

    events ──read what they are about──> whose ──read their registers──> who wants it ──> a delivery for each

Two reads for a batch that nobody wants to hear of, and none where it holds nothing of the kind. A delivery's
id derives from event and endpoint, so a batch that comes again makes none twice; sending is another queue's
work.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from chalicelib.announcements import subjects_of, told_of
from chalicelib.api.webhook_views import envelope
from marketplace.notifications.announced import name_of
from marketplace.notifications.endpoint import Register, register_id
from marketplace.notifications.use_cases import Notice, notify
from marketplace.runtime import Runtime
from marketplace.shared.events import Event
from marketplace.shared.ids import derived_id
from marketplace.shared.running import consequence, run
from marketplace.storage.personal_answers import people_in

ACTOR = "notifications"


def announce(events: Iterable[Event], runtime: Runtime) -> None:
    """Raises whatever the tables raise: then the batch comes again."""
    concerned = [event for event in events if subjects_of(event)]
    wanted = {n: kind for event in concerned for n, kind in (subjects_of(event) | people_in(event)).items()}
    heads = runtime.reads.of_kinds(wanted)
    told = [(event, told_of(event, heads)) for event in concerned]
    owners = {register_id(said[0]) for _, said in told if said is not None}
    registers: dict[str, Register] = runtime.reads.of_kinds(dict.fromkeys(owners, Register))
    for event, said in told:
        register = registers.get(register_id(said[0])) if said else None
        if said is not None and register is not None:
            _tell(event, said[1], register, runtime)


def _tell(event: Event, data: Any, register: Register, runtime: Runtime) -> None:
    event_type = name_of(event.type)
    for endpoint_id in register.who_wants(event_type, event.at):
        delivery_id = derived_id("dlv", event.id, endpoint_id)
        body = envelope(event.id, event_type, event.at, data)
        notice = Notice(delivery_id, runtime.new_id("dlv"), endpoint_id, event.id, event_type, body)
        cause = consequence(event, f"{delivery_id}:pending", actor=ACTOR, at=runtime.clock.now())
        run(runtime.store, cause, partial(notify, notice))
