"""What was read with who calls serves its call alone: once, for a second at most, never after a commit."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from marketplace.access.clients import Client
from marketplace.shared.accounts import client_owner
from marketplace.shared.ids import new_id
from marketplace.shared.transaction import Commit, Head, HeadChange
from marketplace.storage import ahead
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
    store.read_many({}, Along((client.id,)))
    renamed(client, store)
    assert store.read(Client, client.id) == (client, 1)
    assert store.read(Client, client.id) == (replace(client, name="Other"), 2)


@pytest.mark.usefixtures("call")
def test_a_commit_forgets_all_of_it(client: Client, store: DynamoStore) -> None:
    store.read_many({}, Along((client.id,)))
    renamed(client, store)
    store.commit(Commit((HeadChange(replace(client, id=new_id("cli"))),), Counter(), None))
    assert store.read(Client, client.id) == (replace(client, name="Other"), 2)


@pytest.mark.usefixtures("call")
def test_it_does_not_grow_old(client: Client, store: DynamoStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "KEPT_SECONDS", -1.0)
    store.read_many({}, Along((client.id,)))
    renamed(client, store)
    assert Reads().by_id(Client, [client.id]) == {client.id: replace(client, name="Other")}


@pytest.mark.usefixtures("call")
def test_what_is_not_there_is_known_as_well(client: Client, store: DynamoStore) -> None:
    nobody, owner = new_id("cli"), client_owner(client.id)
    with Meter(store.connection.client) as meter:
        assert store.read_many({client.id: Client}, Along((nobody, client.id), (owner,))) == {
            client.id: client
        }
        assert store.read(Client, nobody) is None
        assert store.balances(owner) == {}
    ours = [request.asked for request in meter.requests if nobody in str(request.asked)]
    assert len(ours) == 1
    assert not [request for request in meter.requests if request.operation == "GetItem"]


def test_outside_of_a_call_nothing_is_kept(client: Client, store: DynamoStore) -> None:
    store.read_many({}, Along((client.id,)))
    assert ahead.take(client.id) is None
