"""The intake of what the provider of screenings tells: signature checked, stored once, worked off a queue."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from chalicelib.bodies import read_json
from chalicelib.http import PUBLIC, Call, RawBody, Reply, Routes
from chalicelib.types import Instant, Model
from marketplace.gateways.standard_webhooks import TOLERANCE_SECONDS, is_signed
from marketplace.shared.errors import InvalidRequest, InvalidSignature
from marketplace.shared.events import EventType
from marketplace.shared.ids import derived_id
from marketplace.shared.records import replace
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction

ACTOR = "screening"
TEXT_MAX = 255

routes = Routes()


class Received(Model):
    """We have it."""

    received: bool = True


class ScreeningEvent(BaseModel):
    """What a provider tells. `reference` is the one that it was given with the link, `reason` a code and
    never a text, so that nothing personal comes with it."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    id: Annotated[str, Field(min_length=1, max_length=TEXT_MAX)]
    reference: Annotated[str, Field(min_length=1, max_length=TEXT_MAX)]
    status: Literal["pending", "passed", "failed", "expired"]
    occurred_at: Instant
    expires_at: Instant | None = None
    reason: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")] | None = None


@routes.add("POST", "/v1/screenings/events", who=PUBLIC, body=RawBody, answer=Received, unlimited=True)
def receive_screening_event(call: Call[RawBody]) -> Reply:
    """Takes one of the provider's webhooks."""
    event = _genuine(call)
    name = derived_id("evt", "screening", event.id)
    cause = replace(call.cause, event_id=name, actor=ACTOR, repeatable=True)
    run(call.runtime.store, cause, lambda tx: _keep(event, tx))
    return Reply(Received())


def _genuine(call: Call[RawBody]) -> ScreeningEvent:
    """Raises InvalidSignature, and InvalidRequest for what is no event, or comes from the future."""
    secret = call.runtime.settings.screening_webhook_secret
    if not is_signed(call.body.content, call.body.headers, secret=secret, now=call.now):
        raise InvalidSignature("the signature does not match, or is too old")
    event = _parsed(read_json(call.body.content)[0])
    if event.occurred_at > call.now + TOLERANCE_SECONDS:
        raise InvalidRequest.at("/occurred_at", "must not be in the future")
    return event


def _parsed(value: Any) -> ScreeningEvent:
    try:
        return ScreeningEvent.model_validate(value)
    except ValidationError as refused:
        raise InvalidRequest.at("", "this is no event of a screening") from refused


def _keep(event: ScreeningEvent, tx: Transaction) -> None:
    """One conditional put: told twice, it is kept once."""
    optional = {"expires_at": event.expires_at, "reason": event.reason}
    tx.publish(
        EventType.SCREENING_EVENT_RECEIVED,
        about=(event.reference.partition(".")[0],),
        reference=event.reference,
        status=event.status,
        occurred_at=event.occurred_at,
        **{name: value for name, value in optional.items() if value is not None},
    )
