"""Clients' webhook endpoints, and the log of what was sent there."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from chalicelib.api.webhook_views import DeliveryView, EndpointView, delivery_view, endpoint_view, of_test
from chalicelib.http import CLIENT, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Model
from marketplace.notifications import use_cases
from marketplace.notifications.announced import NAMES, PAYOUT_TYPES, TEST
from marketplace.notifications.destination import URL_LENGTH_MAX, destination
from marketplace.notifications.endpoint import (
    EVERYTHING,
    OVERLAP_SECONDS,
    OVERLAP_SECONDS_MAX,
    Endpoint,
    of_client,
)
from marketplace.notifications.use_cases import (
    ChangeEndpoint,
    CreateEndpoint,
    OwnEndpoint,
    RotateSecret,
    SendTest,
)
from marketplace.storage.keys import CLIENT_ENDPOINTS, ENDPOINT_DELIVERIES

routes = Routes()

FILTERS = (EVERYTHING, *sorted((*NAMES, TEST, *PAYOUT_TYPES)))


def _known(name: str) -> str:
    if name not in FILTERS:
        raise ValueError("is no type of event that webhooks tell of")
    return name


EventFilter = Annotated[
    str,
    AfterValidator(_known),
    WithJsonSchema({"type": "string", "enum": list(FILTERS)}),
]


Url = Annotated[str, StringConstraints(min_length=1, max_length=URL_LENGTH_MAX)]
Filter = Annotated[list[EventFilter], Field(min_length=1, max_length=len(FILTERS))]


class NewEndpoint(Model):
    """Where to, and which types of events; `*` stands for all, those that come later too."""

    url: Url
    events: Filter


class EndpointChanges(Model):
    """Another place, or another filter; what is left out stays. The secret stays too."""

    url: Annotated[Url | None, Given] = None
    events: Annotated[Filter | None, Given] = None


class Rotation(Model):
    """How long the old secret signs as well."""

    overlap_seconds: Annotated[Annotated[int, Field(ge=0, le=OVERLAP_SECONDS_MAX)] | None, Given] = (
        OVERLAP_SECONDS
    )


class EndpointWithSecret(EndpointView):
    """`secret` is shown this once."""

    shown_once: ClassVar[tuple[str, ...]] = ("secret",)

    secret: str | None


@routes.add(
    "POST",
    "/v1/webhook-endpoints",
    who=CLIENT,
    scope="work",
    body=NewEndpoint,
    answer=EndpointWithSecret,
    status=201,
)
def create_webhook_endpoint(call: Call[NewEndpoint]) -> Reply:
    """Makes an endpoint to which events are sent, and shows its secret once."""
    destination(call.body.url, sandbox=call.runtime.settings.is_sandbox)
    command = CreateEndpoint(
        call.runtime.new_id("whk"), call.principal.id, call.body.url, tuple(call.body.events)
    )
    return call.commit(lambda tx: use_cases.create_endpoint(command, tx), _with_secret)


@routes.add("GET", "/v1/webhook-endpoints", who=CLIENT, query=PageQuery, answer=Page, row=EndpointView)
def list_webhook_endpoints(call: Call[Any]) -> Reply:
    """The calling client's endpoints."""
    return call.page(CLIENT_ENDPOINTS, call.principal.id, endpoint_view)


@routes.add("GET", "/v1/webhook-endpoints/{endpoint_id}", who=CLIENT, answer=EndpointView)
def get_webhook_endpoint(call: Call[Any]) -> Reply:
    """One endpoint, without its secret."""
    return Reply(endpoint_view(_visible(call)))


@routes.add(
    "PATCH",
    "/v1/webhook-endpoints/{endpoint_id}",
    who=CLIENT,
    scope="work",
    body=EndpointChanges,
    answer=EndpointView,
)
def change_webhook_endpoint(call: Call[EndpointChanges]) -> Reply:
    """Sends to another place, or other types of events, from now on; what is on its way goes there too."""
    url, events = call.body.url, call.body.events
    if url is not None:
        destination(url, sandbox=call.runtime.settings.is_sandbox)
    command = ChangeEndpoint(
        call.id("endpoint_id", "whk"), call.principal.id, url, None if events is None else tuple(events)
    )
    return call.commit(lambda tx: use_cases.change_endpoint(command, tx), endpoint_view)


@routes.add("DELETE", "/v1/webhook-endpoints/{endpoint_id}", who=CLIENT, scope="work", answer=EndpointView)
def delete_webhook_endpoint(call: Call[NoBody]) -> Reply:
    """Sends nothing there any more."""
    return call.commit(lambda tx: use_cases.delete_endpoint(_own(call), tx), endpoint_view)


@routes.add(
    "POST", "/v1/webhook-endpoints/{endpoint_id}/enable", who=CLIENT, scope="work", answer=EndpointView
)
def enable_webhook_endpoint(call: Call[NoBody]) -> Reply:
    """Sends there again, after it was disabled."""
    return call.commit(lambda tx: use_cases.enable_endpoint(_own(call), tx), endpoint_view)


@routes.add(
    "POST",
    "/v1/webhook-endpoints/{endpoint_id}/rotate-secret",
    who=CLIENT,
    scope="work",
    body=Rotation,
    answer=EndpointWithSecret,
)
def rotate_webhook_secret(call: Call[Rotation]) -> Reply:
    """Gives the endpoint a new secret, shown once; for a while the old one signs as well."""
    overlap = OVERLAP_SECONDS if call.body.overlap_seconds is None else call.body.overlap_seconds
    command = RotateSecret(call.id("endpoint_id", "whk"), call.principal.id, overlap)
    return call.commit(lambda tx: use_cases.rotate_secret(command, tx), _with_secret)


@routes.add(
    "POST",
    "/v1/webhook-endpoints/{endpoint_id}/test",
    who=CLIENT,
    scope="work",
    answer=DeliveryView,
    status=201,
)
def send_test_webhook(call: Call[NoBody]) -> Reply:
    """Sends an event that means nothing, whatever the endpoint's filter is."""
    command = SendTest(
        call.id("endpoint_id", "whk"),
        call.principal.id,
        call.runtime.new_id("dlv"),
        TEST,
        lambda endpoint, event_id: of_test(endpoint, event_id, call.now),
    )
    return call.commit(lambda tx: use_cases.send_test(command, tx), delivery_view)


@routes.add(
    "GET",
    "/v1/webhook-endpoints/{endpoint_id}/deliveries",
    who=CLIENT,
    query=PageQuery,
    answer=Page,
    row=DeliveryView,
)
def list_webhook_deliveries(call: Call[Any]) -> Reply:
    """What was sent to an endpoint, and what came of it."""
    return call.page(ENDPOINT_DELIVERIES, _visible(call).id, delivery_view)


@routes.add(
    "POST",
    "/v1/webhook-endpoints/deliveries/{delivery_id}/redeliver",
    who=CLIENT,
    scope="work",
    answer=DeliveryView,
)
def redeliver_webhook(call: Call[NoBody]) -> Reply:
    """Sends a delivery that has ended once more, with the same id and body."""
    delivery_id = call.id("delivery_id", "dlv")
    return call.commit(lambda tx: use_cases.redeliver(delivery_id, call.principal.id, tx), delivery_view)


def _own(call: Call[Any]) -> OwnEndpoint:
    return OwnEndpoint(call.id("endpoint_id", "whk"), call.principal.id)


def _visible(call: Call[Any]) -> Endpoint:
    found = call.runtime.store.read(Endpoint, call.id("endpoint_id", "whk"))
    return of_client(found[0] if found else None, call.principal.id)


def _with_secret(endpoint: Endpoint) -> EndpointWithSecret:
    return EndpointWithSecret(**dict(endpoint_view(endpoint)), secret=endpoint.secret)
