"""Stripe's webhook intake: signature checked, stored once, worked off a queue."""

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chalicelib.bodies import read_json
from chalicelib.http import PUBLIC, Call, RawBody, Reply, Routes
from chalicelib.log import logger
from chalicelib.measures import UNREAD, measure
from chalicelib.types import Model
from marketplace.gateways.stripe_signature import is_signed
from marketplace.settings import Settings
from marketplace.shared.errors import DomainError, InvalidRequest, InvalidSignature, WrongMode
from marketplace.shared.events import EventType
from marketplace.shared.ids import derived_id
from marketplace.shared.records import replace
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction

SIGNATURE_HEADER = "stripe-signature"
ACTOR = "stripe"
ID_LENGTH_MAX = 255
OUR_MARKS = ("top_up_id", "worker_id", "payout_id", "refund_id", "attempt")
"""What an event keeps of the metadata that we wrote into an object at Stripe: whose it is."""

routes = Routes()


class Received(Model):
    """We have it."""

    received: bool = True


class _Lenient(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class _Object(_Lenient):
    id: str = Field("", max_length=ID_LENGTH_MAX)
    metadata: dict[str, str] | None = None


class _Data(_Lenient):
    object: _Object


class StripeEvent(_Lenient):
    """What we need of an event; the object itself is read again when its turn comes. (Stripe: /api/events)"""

    id: str = Field(min_length=1, max_length=ID_LENGTH_MAX)
    type: str = Field(max_length=ID_LENGTH_MAX)
    created: int
    livemode: bool
    account: str | None = Field(None, max_length=ID_LENGTH_MAX)
    data: _Data


@routes.add("POST", "/v1/stripe/events", who=PUBLIC, body=RawBody, answer=Received, unlimited=True)
def receive_stripe_event(call: Call[RawBody]) -> Reply:
    """Takes one of Stripe's webhooks."""
    event = _genuine(call)
    if event.livemode != call.runtime.settings.live:
        return _of_the_other_mode(event)
    cause = replace(call.cause, event_id=derived_id("evt", "stripe", event.id), actor=ACTOR, repeatable=True)
    run(call.runtime.store, cause, lambda tx: _keep(event, tx))
    return Reply(Received())


def _of_the_other_mode(event: StripeEvent) -> Reply:
    """Never kept. A live endpoint for connected accounts is told of their test events as well (Stripe:
    /connect/webhooks) and would be switched off for refusing them. Raises WrongMode for any other."""
    if event.account is None or event.livemode:
        raise WrongMode("this endpoint takes events of its own mode only")
    return Reply(Received())


def _genuine(call: Call[RawBody]) -> StripeEvent:
    """The event, if the endpoint that it claims to come through signed it. Raises InvalidSignature."""
    settings = call.runtime.settings
    signers = _signers(call, settings)
    if not signers:
        raise InvalidSignature("the signature does not match, or is too old")
    event = _parsed(call)
    expected = (
        settings.stripe_webhook_secret if event.account is None else settings.stripe_connect_webhook_secret
    )
    if expected not in signers:
        raise InvalidSignature("signed by the other endpoint")
    return event


def _signers(call: Call[RawBody], settings: Settings) -> list[str]:
    header = call.body.headers.get(SIGNATURE_HEADER, "")
    return [
        secret
        for secret in (settings.stripe_webhook_secret, settings.stripe_connect_webhook_secret)
        if is_signed(call.body.content, header, secret=secret, now=call.now)
    ]


def _parsed(call: Call[RawBody]) -> StripeEvent:
    """Whoever has the secret sent it: what cannot be read may be news of money, and somebody must look before
    Stripe gives up, which sends it again for three days (Stripe: /webhooks#behaviors). Raises InvalidRequest,
    InvalidJson, BodyTooLarge."""
    try:
        return StripeEvent.model_validate(read_json(call.body.content)[0])
    except (ValidationError, DomainError) as refused:
        logger.error("an event that Stripe has signed cannot be read", length=len(call.body.content))
        measure(call.runtime, UNREAD, 1)
        if isinstance(refused, DomainError):
            raise
        raise InvalidRequest.at("", "this is no event of Stripe's") from refused


def _keep(event: StripeEvent, tx: Transaction) -> None:
    """One conditional put: told twice, it is kept once."""
    found = event.data.object
    marks = {name: value for name, value in (found.metadata or {}).items() if name in OUR_MARKS}
    tx.publish(
        EventType.STRIPE_EVENT_RECEIVED,
        about=tuple(name for name in (event.id, found.id) if name),
        stripe_id=event.id,
        stripe_type=event.type,
        account=event.account or "",
        object_id=found.id,
        created=event.created,
        **marks,
    )
