"""The store's laws on real tables."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from marketplace.access.clients import ApiKey, Client
from marketplace.shared import accounts
from marketplace.shared.errors import BalanceLimitReached, CommitConflict, InsufficientFunds
from marketplace.shared.events import Answer, Cause, Event, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.journal import Journal, Posting
from marketplace.shared.running import run
from marketplace.shared.store import Commit, Head, HeadChange
from marketplace.shared.transaction import Transaction, journal_id
from marketplace.storage.keys import CLIENT_KEYS
from marketplace.storage.reads import Reads
from marketplace.storage.store import DynamoStore
from sandbox.system import System

NOTHING: Counter[tuple[str, str, str]] = Counter()


@pytest.fixture
def store(system: System) -> DynamoStore:
    return system.runtime.store


def a_client() -> Client:
    return Client(new_id("cli"), "Acme", "US", "a@acme.example", created_at=1)


def an_event(**more: object) -> Event:
    plain = Event(new_id("evt"), EventType.CLIENT_CREATED, 1, "operator", "req_1", about=("cli_1",))
    return replace(plain, **more)  # type: ignore[arg-type]


def test_an_event_comes_back_as_it_was_written(store: DynamoStore) -> None:
    plain = an_event()
    postings = (Posting("a", debit=3), Posting("b", credit=3))
    event = replace(
        plain,
        journal=Journal(journal_id(plain.id), "JPY", plain.at, "fund", postings, ("ch_1",)),
        answer=Answer(201, '{"é":1}'),
        details={"note": "naïve"},
        input_hash="h",
        caused_by="c",
    )
    store.commit(Commit((), NOTHING, event))
    assert store.event(event.id) == event


def test_a_head_that_somebody_changed_is_not_overwritten(store: DynamoStore) -> None:
    client = a_client()
    store.commit(Commit((HeadChange(client),), NOTHING, None))
    for stale in (None, Head(client, 2)):
        with pytest.raises(CommitConflict):
            store.commit(Commit((HeadChange(client, stale),), NOTHING, None))
        with pytest.raises(CommitConflict):
            store.commit(Commit((HeadChange(client, stale),), NOTHING, an_event()))
    store.commit(Commit((HeadChange(replace(client, name="Beta"), Head(client, 1)),), NOTHING, an_event()))
    assert store.read(Client, client.id) == (replace(client, name="Beta"), 2)


def test_an_event_is_written_once_and_its_balances_move_once(store: DynamoStore) -> None:
    owner, event = f"client:{new_id('cli')}", an_event()
    commit = Commit((), Counter({(owner, "USD", "wallet"): 5}), event)
    store.commit(commit)
    with pytest.raises(CommitConflict):
        store.commit(replace(commit, balances=Counter({(owner, "USD", "wallet"): 6})))
    assert store.balances(owner) == {"USD": {"wallet": 5}}


def test_an_event_that_is_there_refuses_every_shape_of_commit_that_brings_it_again(
    store: DynamoStore,
) -> None:
    owner, event = f"client:{new_id('cli')}", an_event()
    alone = Commit((), NOTHING, event)
    store.commit(alone)
    for again in (alone, replace(alone, balances=Counter({(owner, "USD", "wallet"): 5}))):
        with pytest.raises(CommitConflict):
            store.commit(again)
    assert store.balances(owner) == {}


def test_a_balance_too_low_refuses_the_whole_commit(store: DynamoStore) -> None:
    owner, client, event = f"client:{new_id('cli')}", a_client(), an_event()
    changes = Counter({(owner, "USD", "wallet"): -1})
    with pytest.raises(InsufficientFunds):
        store.commit(Commit((HeadChange(client),), changes, event))
    assert store.read(Client, client.id) is None
    assert store.event(event.id) is None


@pytest.mark.parametrize("name", ["wallet", "receivable", accounts.WITHDRAWN])
def test_a_balance_too_high_refuses_the_whole_commit(store: DynamoStore, name: str) -> None:
    owner, event = f"client:{new_id('cli')}", an_event()
    full = Counter({(owner, "USD", name): accounts.BALANCE_MAX})
    store.commit(Commit((), full, an_event()))
    beyond = Counter({(owner, "USD", name): 1, (owner, "JPY", name): 7})
    with pytest.raises(BalanceLimitReached):
        store.commit(Commit((), beyond, event))
    assert store.event(event.id) is None
    assert store.balances(owner) == {"USD": {name: accounts.BALANCE_MAX}}
    below = Counter({(owner, "USD", "in_transit"): -1, (owner, "JPY", name): 7})
    with pytest.raises(InsufficientFunds):
        store.commit(Commit((), below, an_event()))
    spent = Counter({(owner, "USD", name): -1, (owner, "JPY", name): 7})
    store.commit(Commit((), spent, event))
    assert store.balances(owner) == {"JPY": {name: 7}, "USD": {name: accounts.BALANCE_MAX - 1}}


def test_one_commit_moves_several_currencies_and_accounts_of_one_owner(store: DynamoStore) -> None:
    owner = f"worker:{new_id('wrk')}"
    store.commit(
        Commit((), Counter({(owner, "USD", "available"): 9, (owner, "JPY", "available"): 4}), an_event())
    )
    moved = Counter({(owner, "USD", "available"): -9, (owner, "USD", "in_transit"): 9})
    store.commit(Commit((), moved, an_event()))
    assert store.balances(owner) == {"JPY": {"available": 4}, "USD": {"available": 0, "in_transit": 9}}


def test_threads_spending_one_wallet_never_spend_more_than_it_holds(store: DynamoStore) -> None:
    client_id, spends = new_id("cli"), 24
    wallet = accounts.wallet(client_id)

    def move(debit: str, credit: str, amount: int) -> bool:
        def work(tx: Transaction) -> None:
            tx.post("USD", "move", (Posting(debit, debit=amount), Posting(credit, credit=amount)))
            tx.publish(EventType.CONTRACT_FUNDED, about=(client_id,))

        try:
            run(store, Cause(new_id("evt"), "test", "req_1", at=1, repeatable=False), work)
        except InsufficientFunds:
            return False
        return True

    assert move(accounts.STRIPE, wallet, 10)
    with ThreadPoolExecutor(8) as pool:
        spent = list(pool.map(lambda _: move(wallet, "contract:con_x:hold", 1), range(spends)))
    assert sum(spent) == 10
    assert store.balances(f"client:{client_id}") == {"USD": {"wallet": 0}}


def test_a_filtered_list_pages_through_everything_once_newest_first(store: DynamoStore) -> None:
    client_id, reads = new_id("cli"), Reads(store.connection)
    keys = [ApiKey(new_id("key"), client_id, ("work",), "hash", created_at=n) for n in range(23)]
    for key in keys:
        store.commit(Commit((HeadChange(key),), NOTHING, None))
    for limit in (1, 5, 22, 23, 24):
        seen: list[int] = []
        before: str | None = None
        while True:
            page, before = reads.page(
                CLIENT_KEYS, client_id, limit=limit, before=before, keep=lambda key: key.created_at % 3 == 0
            )
            assert len(page) <= limit
            seen += [key.created_at for key in page]
            if before is None:
                break
        assert seen == [21, 18, 15, 12, 9, 6, 3, 0]
