"""A client's `held` is what its contracts hold, however often and late events are counted."""

from collections.abc import Iterator
from random import Random

import pytest

from marketplace.contracts.contract import Contract
from marketplace.storage import holdings, ledger
from marketplace.storage.holdings import Holdings
from sandbox.system import System
from tests.bench import Bench
from tests.people import usd


@pytest.fixture(scope="module")
def bench(system: System) -> Iterator[Bench]:
    with Bench(system) as bench:
        yield bench


def test_each_event_counts_once_in_any_order(bench: Bench) -> None:
    client, worker = bench.client(), bench.worker()
    bench.card_paid(client, 50_000)()
    minutes, milestones = bench.by_minutes(client, worker), bench.by_milestones(client, worker, 400, 500)
    client.post(f"contracts/{minutes}/fund", {"amount": usd(7_000)})
    client.post(f"contracts/{milestones}/fund", {"amount": usd(900)})
    paid, returned = bench.read(Contract, milestones).milestones
    worker.post(f"contracts/{milestones}/milestones/{paid.id}/submit", {"note": "done"})
    client.post(f"contracts/{milestones}/milestones/{paid.id}/approve")
    client.post(f"contracts/{milestones}/milestones/{returned.id}/cancel")
    found = bench.store.events(event.id for event, _ in ledger.journals_since(0))
    events = [*found.values(), *found.values()]
    Random(0).shuffle(events)
    holdings.count(bench.store, events)
    assert holdings.held(bench.store, client.id) == {"USD": Holdings(7_000)}
    (wallet,) = client.get("wallet")["balances"]
    assert (wallet["available"], wallet["held"]) == (42_600, 7_000)
