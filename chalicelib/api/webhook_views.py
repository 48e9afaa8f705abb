"""Webhook endpoints and deliveries for answers."""

from typing import Literal

from chalicelib.types import Instant, Model
from marketplace.notifications.delivery import Delivery
from marketplace.notifications.endpoint import Endpoint

TEST = "webhook_endpoint.test"
"""The type of what a test sends; it needs no filter."""


class EndpointView(Model):
    """An endpoint without its secret. `disabled_reason` is `gone` after a 410, `failing` after days in which
    it took nothing; `failing_since` is when it began to."""

    id: str
    object: Literal["webhook_endpoint"] = "webhook_endpoint"
    url: str
    events: list[str]
    status: Literal["enabled", "disabled", "deleted"]
    disabled_reason: str | None
    failing_since: Instant | None
    previous_secret_until: Instant | None
    created_at: Instant


class DeliveryView(Model):
    """One event on its way to one endpoint. `attempts` counts all so far; `response_code` and `error` are of
    the last; `next_attempt_at` is when it is sent again."""

    id: str
    object: Literal["webhook_delivery"] = "webhook_delivery"
    endpoint_id: str
    event_id: str
    type: str
    status: Literal["pending", "delivered", "failed", "dropped"]
    attempts: int
    last_attempt_at: Instant | None
    response_code: int | None
    error: str | None
    next_attempt_at: Instant | None
    created_at: Instant


def endpoint_view(endpoint: Endpoint) -> EndpointView:
    """An endpoint for an answer."""
    return EndpointView(
        id=endpoint.id,
        url=endpoint.url,
        events=list(endpoint.events),
        status=endpoint.status.value,
        disabled_reason=endpoint.disabled_reason,
        failing_since=endpoint.failing_since,
        previous_secret_until=endpoint.previous_until,
        created_at=endpoint.created_at,
    )


def delivery_view(delivery: Delivery) -> DeliveryView:
    """A delivery for an answer."""
    return DeliveryView(
        id=delivery.id,
        endpoint_id=delivery.endpoint_id,
        event_id=delivery.event_id,
        type=delivery.type,
        status=delivery.status.value,
        attempts=delivery.tries,
        last_attempt_at=delivery.last_at,
        response_code=delivery.response_code,
        error=delivery.error,
        next_attempt_at=delivery.next_at,
        created_at=delivery.created_at,
    )
