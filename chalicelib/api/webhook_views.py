"""Webhook endpoints and deliveries for answers, and the body of what is sent."""

import json
from typing import Any, Literal

from chalicelib.types import Instant, Model, rfc3339
from marketplace.notifications.announced import TEST
from marketplace.notifications.delivery import BODY_BYTES_MAX, Delivery
from marketplace.notifications.endpoint import Endpoint


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
