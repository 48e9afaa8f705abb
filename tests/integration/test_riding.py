"""Events that ride on heads: found again at once, carried once, dropped only after that."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.archive import archive
from marketplace.access.clients import Client
from marketplace.shared.errors import IdempotencyKeyReused
from marketplace.shared.events import Answer, Cause, Event, EventType
from marketplace.shared.ids import derived_id, new_id
from marketplace.shared.running import Outcome, run
from marketplace.shared.transaction import Transaction
from marketplace.storage import commit
from marketplace.storage.archive import missing
from marketplace.storage.models import EventItem, HeadItem
from marketplace.storage.store import DynamoStore
from tests.people import World


@pytest.fixture
def store(world: World) -> DynamoStore:
    return world.system.runtime.store


def a_client() -> Client:
    return Client(new_id("cli"), "Acme", "US", "a@acme.example", created_at=1)


def cause(key: str, body: str = "a", *, repeatable: bool = True) -> Cause:
    identifier = derived_id("evt", key) if repeatable else new_id("evt")
    return Cause(identifier, "test", "req_1", at=1, repeatable=repeatable, input_hash=body)


def renaming(client_id: str, name: str) -> Callable[[Transaction], Client]:
    """A change that can be made any number of times: nothing but its event tells that it was made."""

    def work(tx: Transaction) -> Client:
        renamed = replace(tx.get(Client, client_id), name=name)
        tx.save(renamed)
        tx.publish(EventType.CLIENT_CREATED, about=(client_id,))
        return renamed

    return work


def created(store: DynamoStore, client: Client, why: Cause) -> Outcome[None]:
    def work(tx: Transaction) -> None:
        tx.find(Client, client.id)
        tx.save(client)
        tx.publish(EventType.CLIENT_CREATED, about=(client.id,))

    return run(store, why, work, lambda _: Answer(201, '{"made": true}'))


def riding(store: DynamoStore, client_id: str) -> tuple[Event, ...]:
    head = store.head(Client, client_id)
    assert head is not None
    return head.riding


def carry(world: World, client_id: str) -> Any:
    """Hands the head's last image to the function that follows the stream."""
    item = HeadItem.get(client_id, consistent_read=True)
    image = {"id": {"S": item.id}, "event_added": {"N": "1"}, "body": {"B": b64encode(item.body).decode()}}
    return archive({"Records": [{"dynamodb": {"SequenceNumber": "7", "NewImage": image}}]}, None)


def test_an_event_rides_until_it_is_carried_and_is_found_all_the_time(
    world: World, store: DynamoStore
) -> None:
    client, why = a_client(), cause(new_id("req"))
    created(store, client, why)
    (event,) = riding(store, client.id)
    assert (event.id, event.answer) == (why.event_id, Answer(201, '{"made": true}'))
    assert store.event(why.event_id, near=client.id) == event
    for _ in range(2):
        assert carry(world, client.id) == {"batchItemFailures": []}
    assert store.event(why.event_id) == event
    assert missing((event,)) == ()


def test_a_repeat_finds_the_event_that_rides_and_changes_nothing(store: DynamoStore) -> None:
    client, key = a_client(), new_id("req")
    created(store, client, cause(new_id("req")))
    first = run(store, cause(key), renaming(client.id, "Beta"), lambda _: Answer(200, "{}"))
    again = run(store, cause(key), renaming(client.id, "Gamma"), lambda _: Answer(200, "{}"))
    assert first.result is not None
    assert again.earlier is not None
    assert again.earlier.id == cause(key).event_id
    assert store.read(Client, client.id) == (replace(client, name="Beta"), 2)
    with pytest.raises(IdempotencyKeyReused):
        run(store, cause(key, "b"), renaming(client.id, "Delta"))


def test_a_repeat_finds_an_event_that_rides_no_more(
    store: DynamoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, key = a_client(), new_id("req")
    created(store, client, cause(new_id("req")))
    run(store, cause(key), renaming(client.id, "Beta"))
    store.keep(riding(store, client.id))
    monkeypatch.setattr(commit, "WRITE_UNIT_BYTES", 1)
    run(store, cause(new_id("req")), renaming(client.id, "Gamma"))
    assert len(riding(store, client.id)) == 1
    assert run(store, cause(key), renaming(client.id, "Beta")).earlier is not None
    assert store.read(Client, client.id) == (replace(client, name="Gamma"), 3)


def test_what_was_not_carried_yet_goes_on_riding(store: DynamoStore, monkeypatch: pytest.MonkeyPatch) -> None:
    client = a_client()
    created(store, client, cause(new_id("req")))
    monkeypatch.setattr(commit, "WRITE_UNIT_BYTES", 1)
    monkeypatch.setattr("marketplace.storage.archive.missing", lambda events: events)
    run(store, cause(new_id("req")), renaming(client.id, "Beta"))
    assert len(riding(store, client.id)) == 2


def test_a_head_with_too_many_riders_carries_them_itself(store: DynamoStore) -> None:
    client, keys = a_client(), [new_id("req") for _ in range(commit.RIDING_MAX + 1)]
    created(store, client, cause(new_id("req")))
    for number, key in enumerate(keys):
        run(store, cause(key), renaming(client.id, f"Name {number}"))
    assert len(riding(store, client.id)) <= commit.RIDING_MAX
    assert all(store.event(cause(key).event_id, near=client.id) for key in keys)


def test_what_nobody_can_repeat_rides_on_what_it_makes(store: DynamoStore) -> None:
    client, why = a_client(), cause("", repeatable=False)

    def work(tx: Transaction) -> None:
        tx.save(client)
        tx.publish(EventType.CLIENT_CREATED, about=(client.id,))

    run(store, why, work)
    assert [event.id for event in riding(store, client.id)] == [why.event_id]


def test_what_a_key_makes_without_looking_has_an_event_of_its_own(store: DynamoStore) -> None:
    client, why = a_client(), cause(new_id("req"))

    def work(tx: Transaction) -> None:
        tx.save(client)
        tx.publish(EventType.CLIENT_CREATED, about=(client.id,))

    run(store, why, work)
    assert riding(store, client.id) == ()
    assert EventItem.count(why.event_id) == 1


def test_a_record_that_cannot_be_carried_is_named(world: World, store: DynamoStore) -> None:
    image = {"id": {"S": "cli_x"}, "event_added": {"N": "1"}, "body": {"B": b64encode(b"\x7fno").decode()}}
    broken = {"dynamodb": {"SequenceNumber": "9", "NewImage": image}}
    assert archive({"Records": [broken]}, None) == {"batchItemFailures": [{"itemIdentifier": "9"}]}
