"""Webhook endpoints: who is told of events. Source: https://docs.stripe.com/api/webhook_endpoints"""

import re
from dataclasses import dataclass

from sandbox.stripe import ids
from sandbox.stripe.errors import StripeError, invalid
from sandbox.stripe.lists import page
from sandbox.stripe.params import (
    NOTHING,
    Boolean,
    ListOf,
    Metadata,
    MetadataUpdate,
    OneOf,
    Text,
    Url,
    body,
    listing,
    with_metadata,
)
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import Endpoint
from sandbox.stripe.step import API_VERSION, Step

ENDPOINTS_MAX = 16


@dataclass(frozen=True)
class EventType:
    """`*`, or a dotted name such as `payment_intent.succeeded`."""

    def read(self, raw: object, name: str) -> str:
        """Refuses what cannot be an event type."""
        if isinstance(raw, str) and re.fullmatch(r"\*|[a-z_0-9]+(\.[a-z_0-9]+)+", raw):
            return raw
        raise invalid(f"Invalid {name}: {raw} is no event type", name)


def create(step: Step, params: Obj) -> Obj:
    """The only answer that shows the secret. Raises StripeError beyond 16 endpoints."""
    secret = ids.secret("whsec", sequence=step.state.next_sequence(), seed=step.state.seed)
    endpoint = add(step, params, Endpoint(secret, connect=params.get("connect", False)))
    return {**endpoint, "secret": secret}


def add(step: Step, params: Obj, kept: Endpoint) -> Obj:
    """Makes an endpoint with a secret of the caller's. Raises StripeError beyond 16 endpoints."""
    if len(step.shelf("webhook_endpoint")) >= ENDPOINTS_MAX:
        raise StripeError(400, f"You have reached the maximum of {ENDPOINTS_MAX} test webhook endpoints.")
    endpoint = step.keep(
        {
            "id": step.new_id("we"),
            "object": "webhook_endpoint",
            "api_version": params.get("api_version"),
            "application": None,
            "created": step.at,
            "description": params.get("description"),
            "enabled_events": params["enabled_events"],
            "livemode": False,
            "metadata": params.get("metadata", {}),
            "status": "enabled",
            "url": params["url"],
        }
    )
    step.state.endpoints[endpoint["id"]] = kept
    return endpoint


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find(
        "webhook_endpoint", params["webhook_endpoint"], param="webhook_endpoint", noun="webhook endpoint"
    )


def list_(step: Step, params: Obj) -> Obj:
    """Newest first."""
    return page(step.shelf("webhook_endpoint"), params, url="/v1/webhook_endpoints", noun="webhook endpoint")


def update(step: Step, params: Obj) -> Obj:
    """A disabled endpoint is told nothing, nor are retries made. Raises StripeError resource_missing."""
    endpoint = retrieve(step, params)
    given = {name: params[name] for name in ("description", "enabled_events", "url") if name in params}
    endpoint |= given
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    if "metadata" in params:
        endpoint["metadata"] = with_metadata(endpoint["metadata"], params["metadata"])
    return endpoint


def delete(step: Step, params: Obj) -> Obj:
    """It is told nothing more, not even what is already queued. Raises StripeError resource_missing."""
    endpoint = retrieve(step, params)
    step.state.discard(endpoint["id"])
    del step.state.endpoints[endpoint["id"]]
    return {"id": endpoint["id"], "object": "webhook_endpoint", "deleted": True}


ROUTES = [
    Route(
        "POST",
        "/v1/webhook_endpoints",
        create,
        body(
            required={"enabled_events": ListOf(EventType()), "url": Url()},
            api_version=OneOf(API_VERSION),
            connect=Boolean(),
            description=Text(),
            metadata=Metadata(),
        ),
        "webhook_endpoint",
        platform_only=True,
    ),
    Route(
        "GET",
        "/v1/webhook_endpoints/{webhook_endpoint}",
        retrieve,
        body(),
        "webhook_endpoint",
        platform_only=True,
    ),
    Route("GET", "/v1/webhook_endpoints", list_, listing(), "list of webhook_endpoint", platform_only=True),
    Route(
        "POST",
        "/v1/webhook_endpoints/{webhook_endpoint}",
        update,
        body(
            description=Text(),
            disabled=Boolean(),
            enabled_events=ListOf(EventType()),
            metadata=MetadataUpdate(),
            url=Url(),
        ),
        "webhook_endpoint",
        platform_only=True,
    ),
    Route(
        "DELETE",
        "/v1/webhook_endpoints/{webhook_endpoint}",
        delete,
        NOTHING,
        "webhook_endpoint",
        platform_only=True,
    ),
]
