"""What clients' systems are told of each event: the object that it is about, as the API shows it to them.

Where a call caused the event, `data` is what that call was answered; otherwise it is read when the event is
handed on, so it may be later than the event, never earlier.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from chalicelib.api.appeals import appeal_view
from chalicelib.api.bids import bid_view
from chalicelib.api.chargebacks import chargeback_view
from chalicelib.api.contract_views import contract_view, milestone_view
from chalicelib.api.dispute_views import dispute_view
from chalicelib.api.message_views import message_view
from chalicelib.api.outcomes import outcome_view
from chalicelib.api.ratings import rating_view
from chalicelib.api.refunds import refund_view
from chalicelib.api.results import result_view
from chalicelib.api.session_views import session_view
from chalicelib.api.task_views import task_view
from chalicelib.api.wallet import top_up_view
from chalicelib.api.webhook_views import endpoint_view
from marketplace.appeals.appeal import Appeal
from marketplace.bidding.bid import Bid
from marketplace.contracts.contract import Contract
from marketplace.correspondence.message import Message
from marketplace.disputes.dispute import Dispute
from marketplace.funding.chargeback import Chargeback
from marketplace.funding.refund import Refund
from marketplace.funding.top_up import TopUp
from marketplace.metering.session import Session
from marketplace.notifications.announced import object_of
from marketplace.notifications.endpoint import Endpoint
from marketplace.outcomes.outcome import Outcome
from marketplace.reputation.rating import Rating
from marketplace.results.result import Result
from marketplace.shared.errors import Erased
from marketplace.shared.events import Event
from marketplace.shared.ids import prefix_of
from marketplace.shared.records import replace
from marketplace.storage.personal_answers import opened
from marketplace.work.task import Task

Heads = Mapping[str, Any]
"""The aggregates that an event is about, by id."""
Told = tuple[str, Any] | None
"""Whose event it is, and the object's view as JSON."""
Tell = Callable[[Event, Heads], Told]

KINDS: dict[str, type[Any]] = {
    "task": Task,
    "bid": Bid,
    "con": Contract,
    "ses": Session,
    "res": Result,
    "dis": Dispute,
    "out": Outcome,
    "apl": Appeal,
    "rat": Rating,
    "top": TopUp,
    "ref": Refund,
    "chb": Chargeback,
    "msg": Message,
    "whk": Endpoint,
}


def _of(prefix: str, view: Callable[[Any], BaseModel]) -> tuple[tuple[str, ...], Tell]:
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
    answered = _answered(event)
    return (contract.client_id, answered) if contract and answered else None


def _rating(event: Event, heads: Heads) -> Told:
    """What the worker has given, once it is for all to see; the client knows its own."""
    contract: Contract | None = heads.get(_first(event, "con"))
    ratings = [heads[name] for name in event.about if prefix_of(name) == "rat" and name in heads]
    given = next((one for one in ratings if one.side == "worker" and one.revealed), None)
    if contract is None or given is None:
        return None
    return contract.client_id, rating_view(given).model_dump(mode="json", by_alias=True)


def _appeal(event: Event, heads: Heads) -> Told:
    """The client who has appealed, or against whose decision or rating somebody has."""
    appeal: Appeal | None = heads.get(_first(event, "apl"))
    sides = (appeal.by, appeal.decision.respondent or "") if appeal else ()
    client_id = next((name for name in sides if prefix_of(name) == "cli"), None)
    if appeal is None or client_id is None:
        return None
    return client_id, appeal_view(appeal).model_dump(mode="json")


def _answered(event: Event) -> dict[str, Any]:
    """What the event's own call was answered; nothing where there was none."""
    if event.answer is None or not event.answer.body.startswith("{"):
        return {}
    answered: dict[str, Any] = json.loads(event.answer.body)
    return answered


def _then(event: Event, now: dict[str, Any]) -> dict[str, Any]:
    """The same view as the event's own call was answered with, or the one of now."""
    answered = _answered(event)
    is_the_same = answered.keys() == now.keys() and answered["id"] == now["id"]
    return answered if is_the_same else now


def _first(event: Event, prefix: str) -> str:
    return next((name for name in event.about if prefix_of(name) == prefix), "")


TELLS: dict[str, tuple[tuple[str, ...], Tell]] = {
    "task": _of("task", task_view),
    "bid": _of("bid", bid_view),
    "contract": _of("con", contract_view),
    "milestone": (("con",), _milestone),
    "message": _of("msg", message_view),
    "bonus": (("con",), _bonus),
    "session": _of("ses", session_view),
    "result": _of("res", result_view),
    "outcome": _of("out", outcome_view),
    "dispute": _of("dis", dispute_view),
    "appeal": (("apl",), _appeal),
    "rating": (("rat", "con"), _rating),
    "top_up": _of("top", top_up_view),
    "refund": _of("ref", refund_view),
    "chargeback": _of("chb", chargeback_view),
    "webhook_endpoint": _of("whk", endpoint_view),
}
"""By object: the kinds that have to be read, and what is told."""


def subjects_of(event: Event) -> dict[str, type[Any]]:
    """What has to be read to tell of an event: ids with their kinds, none where no client is told."""
    name = object_of(event.type)
    prefixes = TELLS[name][0] if name else ()
    return {about: KINDS[prefix_of(about)] for about in event.about if prefix_of(about) in prefixes}


def told_of(event: Event, heads: Heads) -> Told:
    """What a client is told of an event that has subjects."""
    name = object_of(event.type)
    return TELLS[name][1](_opened(event, heads), heads) if name else None


def _opened(event: Event, heads: Heads) -> Event:
    """With its answer, unless that tells of somebody who is forgotten."""
    try:
        return opened(event, heads)
    except Erased:
        return replace(event, answer=None)
