"""What clients do about their endpoints, and what becomes of deliveries.

An attempt's outcome is written without an event: the delivery itself is the log of it.
"""

from collections.abc import Callable

from marketplace.notifications.delivery import Delivery, DeliveryStatus
from marketplace.notifications.endpoint import (
    Endpoint,
    Register,
    new_endpoint,
    of_client,
    register_id,
)
from marketplace.notifications.ports import Heard
from marketplace.notifications.signing import new_secret
from marketplace.shared.errors import IllegalTransition, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction

GONE, DEAD = "gone", "failing"
"""Why we disabled an endpoint: it answered 410, or took nothing for days."""


@dataclass(frozen=True)
class CreateEndpoint:
    """`url` has been checked; `events` are types, or `*`."""

    endpoint_id: str
    client_id: str
    url: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class OwnEndpoint:
    """One of a client's."""

    endpoint_id: str
    client_id: str


@dataclass(frozen=True)
class ChangeEndpoint:
    """`url` has been checked; None where it, or the filter, stays."""

    endpoint_id: str
    client_id: str
    url: str | None
    events: tuple[str, ...] | None


@dataclass(frozen=True)
class RotateSecret:
    """`overlap_seconds` is how long the secret before signs as well."""

    endpoint_id: str
    client_id: str
    overlap_seconds: int


@dataclass(frozen=True)
class SendTest:
    """`body` makes what is sent, for the endpoint and the event's id."""

    endpoint_id: str
    client_id: str
    delivery_id: str
    event_type: str
    body: Callable[[Endpoint, str], str]


@dataclass(frozen=True)
class Notice:
    """What an event has to say, and to whom; `position` is a fresh id, which orders lists."""

    delivery_id: str
    position: str
    endpoint_id: str
    event_id: str
    event_type: str
    body: str


def create_endpoint(command: CreateEndpoint, tx: Transaction) -> Endpoint:
    """Raises InvalidRequest, IllegalTransition when the client has too many."""
    endpoint = new_endpoint(
        command.endpoint_id, command.client_id, url=command.url, events=command.events, at=tx.now
    )
    _keep(endpoint, tx)
    tx.publish(EventType.WEBHOOK_ENDPOINT_CREATED, about=(endpoint.id, endpoint.client_id))
    return endpoint


def change_endpoint(command: ChangeEndpoint, tx: Transaction) -> Endpoint:
    """What is on its way goes to the new place. Raises NotFound, InvalidRequest."""
    endpoint = _own(command.endpoint_id, command.client_id, tx)
    changed = endpoint.changed(url=command.url, events=command.events)
    if changed != endpoint:
        _keep(changed, tx)
        tx.publish(EventType.WEBHOOK_ENDPOINT_UPDATED, about=(changed.id, changed.client_id))
    return changed


def enable_endpoint(command: OwnEndpoint, tx: Transaction) -> Endpoint:
    """Raises NotFound, IllegalTransition."""
    enabled = _own(command.endpoint_id, command.client_id, tx).stepped("enable")
    _keep(enabled, tx)
    tx.publish(EventType.WEBHOOK_ENDPOINT_ENABLED, about=(enabled.id, enabled.client_id))
    return enabled


def delete_endpoint(command: OwnEndpoint, tx: Transaction) -> Endpoint:
    """What is still on its way there is dropped when its time comes. Raises NotFound."""
    deleted = _own(command.endpoint_id, command.client_id, tx).deleted()
    _keep(deleted, tx)
    tx.publish(EventType.WEBHOOK_ENDPOINT_DELETED, about=(deleted.id, deleted.client_id))
    return deleted


def rotate_secret(command: RotateSecret, tx: Transaction) -> Endpoint:
    """Raises NotFound."""
    endpoint = _own(command.endpoint_id, command.client_id, tx)
    rotated = endpoint.rotated(new_secret(), at=tx.now, overlap_seconds=command.overlap_seconds)
    tx.save(rotated)
    tx.publish(EventType.WEBHOOK_ENDPOINT_ROTATED, about=(rotated.id, rotated.client_id))
    return rotated


def send_test(command: SendTest, tx: Transaction) -> Delivery:
    """Raises NotFound, IllegalTransition when the endpoint is disabled."""
    endpoint = _own(command.endpoint_id, command.client_id, tx)
    if not endpoint.is_enabled:
        raise IllegalTransition("the endpoint is disabled")
    event_id = tx.cause.event_id
    body = command.body(endpoint, event_id)
    notice = Notice(command.delivery_id, command.delivery_id, endpoint.id, event_id, command.event_type, body)
    return _begin(_new(notice, endpoint, tx.now), tx)


def notify(notice: Notice, tx: Transaction) -> None:
    """An event is to be sent to an endpoint, once however often that is said."""
    if tx.find(Delivery, notice.delivery_id) is not None:
        return
    endpoint = tx.find(Endpoint, notice.endpoint_id)
    if endpoint is None or not endpoint.is_enabled:
        return
    _begin(_new(notice, endpoint, tx.now), tx)


def redeliver(delivery_id: str, client_id: str, tx: Transaction) -> Delivery:
    """Raises NotFound, IllegalTransition while it is on its way or its endpoint is disabled."""
    delivery = tx.get(Delivery, delivery_id)
    if delivery.client_id != client_id:
        raise NotFound
    endpoint = _own(delivery.endpoint_id, client_id, tx)
    if not endpoint.is_enabled:
        raise IllegalTransition("the endpoint is disabled")
    return _begin(delivery.again(tx.now), tx)


def wake_delivery(delivery_id: str, tx: Transaction) -> None:
    """It is time for the next try, or the message of one was lost."""
    delivery = tx.find(Delivery, delivery_id)
    if delivery is None or delivery.looks_at is None or delivery.looks_at > tx.now:
        return
    tx.save(delivery.asked_for(tx.now))
    tx.publish(EventType.WEBHOOK_DELIVERY_DUE, about=(delivery.id,))


def stand_back(delivery_id: str, tx: Transaction) -> None:
    """Nothing can be sent now: the endpoint rests, has its hands full, or is not there any more."""
    delivery = tx.get(Delivery, delivery_id)
    endpoint = tx.find(Endpoint, delivery.endpoint_id)
    if delivery.status != DeliveryStatus.PENDING:
        return
    if endpoint is None or not endpoint.is_enabled:
        tx.save(delivery.dropped())
    else:
        tx.save(delivery.postponed(max(endpoint.rests_until or 0, tx.now)))


def note_slow(endpoint_id: str, tx: Transaction) -> None:
    """An attempt has no answer yet."""
    endpoint = tx.get(Endpoint, endpoint_id)
    if endpoint.is_enabled and endpoint.slow(tx.now) != endpoint:
        tx.save(endpoint.slow(tx.now))


def record_try(delivery_id: str, tries_before: int, heard: Heard, tx: Transaction) -> None:
    """Writes down what came of a try, unless somebody else's try was written down meanwhile: then this one
    was one too many, with the same id."""
    delivery = tx.get(Delivery, delivery_id)
    if delivery.tries != tries_before or delivery.status != DeliveryStatus.PENDING:
        return
    told = delivery.told(heard, tx.now)
    tx.save(told)
    endpoint = tx.find(Endpoint, delivery.endpoint_id)
    if endpoint is None or not endpoint.is_enabled:
        return
    felt = endpoint.taken() if heard.is_taken else endpoint.missed(tx.now)
    if heard.is_gone:
        _disable(felt, GONE, tx)
    elif felt.has_failed_too_long(tx.now):
        _disable(felt, DEAD, tx)
    elif felt != endpoint:
        tx.save(felt)


def _disable(endpoint: Endpoint, reason: str, tx: Transaction) -> None:
    disabled = endpoint.stepped("disable", reason)
    _keep(disabled, tx)
    tx.publish(EventType.WEBHOOK_ENDPOINT_DISABLED, about=(disabled.id, disabled.client_id), reason=reason)


def _new(notice: Notice, endpoint: Endpoint, at: int) -> Delivery:
    return Delivery(
        notice.delivery_id,
        endpoint.id,
        endpoint.client_id,
        notice.event_id,
        notice.event_type,
        notice.body,
        at,
        notice.position,
    ).begun()


def _begin(delivery: Delivery, tx: Transaction) -> Delivery:
    tx.save(delivery)
    tx.publish(EventType.WEBHOOK_DELIVERY_PENDING, about=(delivery.id,))
    return delivery


def _keep(endpoint: Endpoint, tx: Transaction) -> None:
    """With the register, so that both say the same."""
    identifier = register_id(endpoint.client_id)
    register = tx.find(Register, identifier) or Register(identifier)
    tx.save(endpoint, register.holding(endpoint, tx.now))


def _own(endpoint_id: str, client_id: str, tx: Transaction) -> Endpoint:
    return of_client(tx.find(Endpoint, endpoint_id), client_id)
