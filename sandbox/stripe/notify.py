"""Events: what happened, with the whole object as it then was, and who is to be told."""

import copy

from sandbox.stripe.agenda import Due
from sandbox.stripe.event_types import EventType
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM, State
from sandbox.stripe.step import API_VERSION, Step

DELIVER = "deliver"


def emit(step: Step, type_: EventType, subject: Obj, *, before: Obj | None = None) -> Obj:
    """Keeps an event of this account and queues its delivery to every endpoint that listens.

    `before` holds the former values of changed members, for `*.updated` types.
    """
    listeners = _listeners(step.state, step.account, type_)
    happened: Obj = {"object": copy.deepcopy(subject)}
    if before is not None:
        happened["previous_attributes"] = before
    event: Obj = {
        "id": step.new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": step.at,
        "data": happened,
        "livemode": False,
        "pending_webhooks": len(listeners),
        "request": {"id": step.request_id, "idempotency_key": step.idempotency_key},
        "type": type_,
    }
    if step.account != PLATFORM:
        event["account"] = step.account
    step.keep(event)
    step.state.witness(event)
    for endpoint_id in listeners:
        step.state.post.add(Due(step.at, step.state.next_sequence(), DELIVER, endpoint_id, event["id"]))
    return event


def _listeners(state: State, account: str, type_: str) -> list[str]:
    connect = account != PLATFORM
    if connect and account not in state.shelf(PLATFORM, "account"):
        return []
    return [
        row["id"]
        for row in state.shelf(PLATFORM, "webhook_endpoint").rows
        if state.endpoints[row["id"]].connect == connect and _hears(row, type_)
    ]


def _hears(endpoint: Obj, type_: str) -> bool:
    enabled: list[str] = endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and ("*" in enabled or type_ in enabled)
