"""What was read with who calls serves its call alone: once, for a second at most, never after a commit."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from marketplace.access.clients import Client
from marketplace.shared.accounts import client_owner
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.store import Commit, Head, HeadChange
from marketplace.storage import ahead, commit
from marketplace.storage.ahead import Along
from marketplace.storage.meter import Meter
from marketplace.storage.reads import Reads
from marketplace.storage.store import DynamoStore
from sandbox.system import System


@pytest.fixture
def store(system: System) -> DynamoStore:
    return system.runtime.store


@pytest.fixture
def client(store: DynamoStore) -> Client:
    made = Client(new_id("cli"), "Acme", "US", "a@acme.example", created_at=1)
    store.commit(Commit((HeadChange(made),), Counter(), None))
    return made


def read_along(store: DynamoStore, along: Along) -> None:
    Reads(store.connection).of_kinds({}, along)


@pytest.fixture
def call() -> Iterator[None]:
    with ahead.one_call():
        yield


def renamed(client: Client, store: DynamoStore) -> None:
    """By somebody else: in a thread that knows nothing of this call."""
    changed = HeadChange(replace(client, name="Other"), Head(client, 1))
    with ThreadPoolExecutor(1) as somebody:
        somebody.submit(store.commit, Commit((changed,), Counter(), None)).result()


@pytest.mark.usefixtures("call")
def test_it_serves_once_and_then_the_table_is_read(client: Client, store: DynamoStore) -> None:
    read_along(store, Along((client.id,)))
    renamed(client, store)
    assert store.read(Client, client.id) == (client, 1)
    assert store.read(Client, client.id) == (replace(client, name="Other"), 2)


@pytest.mark.usefixtures("call")
def test_a_commit_forgets_all_of_it(client: Client, store: DynamoStore) -> None:
    read_along(store, Along((client.id,)))
    renamed(client, store)
    store.commit(Commit((HeadChange(replace(client, id=new_id("cli"))),), Counter(), None))
    assert store.read(Client, client.id) == (replace(client, name="Other"), 2)


@pytest.mark.usefixtures("call")
def test_it_does_not_grow_old(client: Client, store: DynamoStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "KEPT_SECONDS", -1.0)
    read_along(store, Along((client.id,)))
    renamed(client, store)
    assert Reads(store.connection).by_id(Client, [client.id]) == {client.id: replace(client, name="Other")}


@pytest.mark.usefixtures("call")
def test_what_is_not_there_is_known_as_well(client: Client, store: DynamoStore) -> None:
    nobody, owner = new_id("cli"), client_owner(client.id)
    with Meter(store.connection.client) as meter:
        assert Reads(store.connection).of_kinds(
            {client.id: Client}, Along((nobody, client.id), (owner,))
        ) == {client.id: client}
        assert store.read(Client, nobody) is None
        assert store.balances(owner) == {}
    ours = [request.asked for request in meter.requests if nobody in str(request.asked)]
    assert len(ours) == 1
    assert not [request for request in meter.requests if request.operation == "GetItem"]


def an_event_that_rides(client: Client, store: DynamoStore) -> Event:
    event = Event(new_id("evt"), EventType.CLIENT_CREATED, 1, "test", "req_1", (client.id,))
    change = HeadChange(replace(client, name="Renamed"), store.head(Client, client.id))
    store.commit(Commit((change,), Counter(), event, carrier=client.id))
    return event


def dropped(event: Event, client: Client, store: DynamoStore) -> None:
    """By somebody else: its event arrives in its table, and a write of the head lets it go."""
    head = store.head(Client, client.id)
    assert head is not None
    store.keep(head.riding)
    store.commit(Commit((HeadChange(replace(client, name="Again"), head),), Counter(), None))
    after = store.head(Client, client.id)
    assert after is not None
    assert event.id not in [rider.id for rider in after.riding]


@pytest.mark.usefixtures("call")
def test_an_event_that_is_nowhere_was_looked_for_with_the_head(client: Client, store: DynamoStore) -> None:
    unheard = new_id("evt")
    read_along(store, Along((client.id,), (), (unheard,)))
    with Meter(store.connection.client) as meter:
        assert store.event_beside(store.head(Client, client.id), unheard) is None
    assert not [request for request in meter.requests if unheard in str(request.asked)]


@pytest.mark.usefixtures("call")
def test_an_event_is_not_missed_on_its_way_from_the_head_to_its_table(
    client: Client, store: DynamoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = an_event_that_rides(client, store)
    read_along(store, Along((), (), (event.id,)))
    monkeypatch.setattr(commit, "WRITE_UNIT_BYTES", 1)
    with ThreadPoolExecutor(1) as somebody:
        somebody.submit(dropped, event, client, store).result()
    found = store.event_beside(store.head(Client, client.id), event.id)
    assert found is not None
    assert found.id == event.id


def test_a_head_tells_that_it_dropped_events_until_nobody_can_have_looked_before(
    client: Client, store: DynamoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commit, "WRITE_UNIT_BYTES", 1)
    dropped(an_event_that_rides(client, store), client, store)
    assert _written_once_more(client, store) > 0
    monkeypatch.setattr(commit, "DROPS_SETTLE_MS", -1)
    assert _written_once_more(client, store) == 0


def _written_once_more(client: Client, store: DynamoStore) -> int:
    store.commit(Commit((HeadChange(client, store.head(Client, client.id)),), Counter(), None))
    head = store.head(Client, client.id)
    assert head is not None
    return head.dropped_ms


def test_outside_of_a_call_nothing_is_kept(client: Client, store: DynamoStore) -> None:
    read_along(store, Along((client.id,)))
    assert ahead.take(client.id) is None
