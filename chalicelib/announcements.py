"""What clients' systems are told of: each type of event that goes to webhook endpoints, and its `data`: the
object as the API shows it to its client. docs/webhooks.md lists the same.

Where a call caused the event, `data` is what that call was answered; otherwise it is read when the event is
handed on, so it may be later than the event, never earlier.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from chalicelib.api.bids import bid_view
from chalicelib.api.chargebacks import chargeback_view
from chalicelib.api.contracts import contract_view, milestone_view
from chalicelib.api.disputes import dispute_view
from chalicelib.api.outcomes import outcome_view
from chalicelib.api.ratings import rating_view
from chalicelib.api.refunds import refund_view
from chalicelib.api.results import result_view
from chalicelib.api.sessions import session_view
from chalicelib.api.tasks import task_view
from chalicelib.api.wallet import top_up_view
from chalicelib.api.webhook_views import TEST, endpoint_view
from chalicelib.types import rfc3339
from marketplace.bidding.bid import Bid
from marketplace.contracts.contract import Contract
from marketplace.disputes.dispute import Dispute
from marketplace.funding.chargeback import Chargeback
from marketplace.funding.refund import Refund
from marketplace.funding.top_up import TopUp
from marketplace.metering.session import Session
from marketplace.notifications.delivery import BODY_BYTES_MAX
from marketplace.notifications.endpoint import Endpoint
from marketplace.outcomes.outcome import Outcome
from marketplace.reputation.rating import Rating
from marketplace.results.result import Result
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import prefix_of
from marketplace.work.task import Task

Heads = Mapping[str, Any]
"""The aggregates that an event is about, by id."""
Told = tuple[str, Any] | None
"""Whose event it is, and the object's view as JSON."""

KINDS: dict[str, type[Any]] = {
    "task": Task,
    "bid": Bid,
    "con": Contract,
    "ses": Session,
    "res": Result,
    "dis": Dispute,
    "out": Outcome,
    "rat": Rating,
    "top": TopUp,
    "ref": Refund,
    "chb": Chargeback,
    "whk": Endpoint,
}


@dataclass(frozen=True)
class Announcement:
    """`prefixes` are the kinds that `tell` looks at."""

    type: str
    prefixes: tuple[str, ...]
    tell: Callable[[Event, Heads], Told]


def _of(
    prefix: str, view: Callable[[Any], BaseModel]
) -> tuple[tuple[str, ...], Callable[[Event, Heads], Told]]:
    """The first object of its kind that the event is about."""

    def tell(event: Event, heads: Heads) -> Told:
        subject = heads.get(_first(event, prefix))
        return (subject.client_id, _then(event, view(subject).model_dump(mode="json"))) if subject else None

    return (prefix,), tell


def _milestone(event: Event, heads: Heads) -> Told:
    contract: Contract | None = heads.get(_first(event, "con"))
    name = _first(event, "mil")
    row = next((row for row in contract.milestones if row.id == name), None) if contract else None
    if contract is None or row is None:
        return None
    return contract.client_id, _then(event, milestone_view(row, contract).model_dump(mode="json"))


def _bonus(event: Event, heads: Heads) -> Told:
    """A bonus is its event: the call's own answer shows it."""
    contract: Contract | None = heads.get(_first(event, "con"))
    if contract is None or event.answer is None:
        return None
    return contract.client_id, json.loads(event.answer.body)


def _rating(event: Event, heads: Heads) -> Told:
    """What the worker has given, once it is for all to see; the client knows its own."""
    contract: Contract | None = heads.get(_first(event, "con"))
    ratings = [heads[name] for name in event.about if prefix_of(name) == "rat" and name in heads]
    given = next((one for one in ratings if one.side == "worker" and one.revealed), None)
    if contract is None or given is None:
        return None
    return contract.client_id, rating_view(given).model_dump(mode="json", by_alias=True)


def _then(event: Event, now: dict[str, Any]) -> dict[str, Any]:
    """The same view as the event's own call was answered with, or the one of now."""
    answered = json.loads(event.answer.body) if event.answer else {}
    is_the_same = answered.keys() == now.keys() and answered["id"] == now["id"]
    return answered if is_the_same else now


def _first(event: Event, prefix: str) -> str:
    return next((name for name in event.about if prefix_of(name) == prefix), "")


_BY_OBJECT: tuple[tuple[tuple[str, ...], Callable[[Event, Heads], Told], tuple[EventType, ...]], ...] = (
    (
        *_of("task", task_view),
        (EventType.TASK_DRAFTED, EventType.TASK_UPDATED, EventType.TASK_OPENED, EventType.TASK_CLOSED),
    ),
    (
        *_of("bid", bid_view),
        (
            *(EventType.BID_SUBMITTED, EventType.BID_SHORTLISTED, EventType.BID_DECLINED),
            *(EventType.BID_WITHDRAWN, EventType.BID_EXPIRED, EventType.BID_AWARDED),
        ),
    ),
    (
        *_of("con", contract_view),
        (
            *(EventType.CONTRACT_ACTIVE, EventType.CONTRACT_FUNDED, EventType.CONTRACT_PAUSED),
            *(EventType.CONTRACT_RESUMED, EventType.CONTRACT_COMPLETED, EventType.CONTRACT_CANCELLED),
            *(EventType.CONTRACT_CHARGED_BACK, EventType.CONTRACT_UNFROZEN),
        ),
    ),
    (
        ("con",),
        _milestone,
        (
            *(EventType.MILESTONE_PLANNED, EventType.MILESTONE_SUBMITTED, EventType.MILESTONE_APPROVED),
            *(EventType.MILESTONE_CHANGES_REQUESTED, EventType.MILESTONE_CANCELLED),
        ),
    ),
    (("con",), _bonus, (EventType.BONUS_PAID,)),
    (
        *_of("ses", session_view),
        (
            *(EventType.SESSION_STARTED, EventType.SESSION_STOPPED, EventType.SESSION_APPROVED),
            *(EventType.SESSION_DISPUTED, EventType.SESSION_CORRECTION_ASKED, EventType.SESSION_CORRECTED),
            EventType.SESSION_CORRECTION_DECLINED,
        ),
    ),
    (
        *_of("res", result_view),
        (
            *(EventType.RESULT_SUBMITTED, EventType.RESULT_ACCEPTED, EventType.RESULT_REJECTED),
            EventType.RESULT_REVERSED,
        ),
    ),
    (*_of("out", outcome_view), (EventType.OUTCOME_APPLIED, EventType.OUTCOME_RETURNED)),
    (
        *_of("dis", dispute_view),
        (
            *(EventType.DISPUTE_OPENED, EventType.DISPUTE_OFFERED, EventType.DISPUTE_SETTLED),
            *(EventType.DISPUTE_ESCALATED, EventType.DISPUTE_DECIDED, EventType.DISPUTE_WITHDRAWN),
        ),
    ),
    (
        *_of("top", top_up_view),
        (
            *(EventType.TOP_UP_ATTACHED, EventType.TOP_UP_SUCCEEDED, EventType.TOP_UP_EXPIRED),
            EventType.TOP_UP_FAILED,
        ),
    ),
    (
        *_of("ref", refund_view),
        (
            *(EventType.REFUND_REQUESTED, EventType.REFUND_PENDING, EventType.REFUND_REQUIRES_ACTION),
            *(EventType.REFUND_SUCCEEDED, EventType.REFUND_FAILED, EventType.REFUND_CANCELED),
        ),
    ),
    (
        *_of("chb", chargeback_view),
        (
            *(EventType.CHARGEBACK_OPENED, EventType.CHARGEBACK_UPDATED, EventType.CHARGEBACK_CLOSED),
            *(EventType.CHARGEBACK_WITHDRAWN, EventType.CHARGEBACK_REINSTATED),
        ),
    ),
    (*_of("whk", endpoint_view), (EventType.WEBHOOK_ENDPOINT_DISABLED,)),
)

ANNOUNCED: dict[EventType, Announcement] = {
    event_type: Announcement(event_type.value, prefixes, tell)
    for prefixes, tell, event_types in _BY_OBJECT
    for event_type in event_types
} | dict.fromkeys(
    (EventType.RATING_GIVEN, EventType.RATING_REVEALED),
    Announcement(EventType.RATING_REVEALED.value, ("rat", "con"), _rating),
)
"""By the type of our own event. Both ratings are revealed by the second one's event, or by the clock's."""


def subjects_of(event: Event) -> dict[str, type[Any]]:
    """What has to be read to tell of an event: ids with their kinds."""
    announcement = ANNOUNCED.get(event.type)
    prefixes = announcement.prefixes if announcement else ()
    return {name: KINDS[prefix_of(name)] for name in event.about if prefix_of(name) in prefixes}


def envelope(event_id: str, event_type: str, at: int, data: Any) -> str:
    """The body that is sent; `at` is epoch seconds. Of what is too large, only what names it."""
    body = _written(event_id, event_type, at, data)
    if len(body.encode()) <= BODY_BYTES_MAX:
        return body
    return _written(event_id, event_type, at, {"id": data["id"], "object": data["object"]})


def of_test(endpoint: Endpoint, event_id: str, at: int) -> str:
    """What a test sends."""
    return envelope(event_id, TEST, at, endpoint_view(endpoint).model_dump(mode="json"))


def _written(event_id: str, event_type: str, at: int, data: Any) -> str:
    body = {"id": event_id, "type": event_type, "created_at": rfc3339(at), "data": data}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)
