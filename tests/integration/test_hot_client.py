"""Whoever has thousands of contracts pays for each call what a newcomer pays: counted, not timed."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from marketplace.contracts.contract import Contract
from marketplace.shared.ids import new_id
from marketplace.shared.store import HeadChange
from marketplace.storage import commit
from marketplace.storage.codec import aggregate_of, event_item, head_body, riding_on
from marketplace.storage.commit import _Heads
from marketplace.storage.marks import CALENDAR, Marks
from marketplace.storage.meter import Meter, Request
from marketplace.storage.models import HeadItem
from marketplace.storage.tariff import Spent
from sandbox.system import System
from tests.bench import Bench, Person
from tests.people import usd

FEW = 10
MANY = 10_000
APPROVE_UNITS_MAX = 6
"""Billed write units of approve-and-pay in the request: the contract, the worker's balance, the event."""
HEAD_UNITS = 2
"""A session has a head of its own."""
DAY_SECONDS = 86_400


@pytest.fixture(scope="module")
def bench(system: System) -> Iterator[Bench]:
    with Bench(system) as bench:
        yield bench


class Business:
    """A client and its one busy worker; `contracts` of them are open, and one of each kind is worked on."""

    def __init__(self, bench: Bench, contracts: int) -> None:
        self.bench = bench
        self.client, self.worker = bench.client(), bench.verified_worker()
        bench.card_paid(self.client, 900_000)()
        bench.pass_time(3 * DAY_SECONDS)
        self.minutes = bench.by_minutes(self.client, self.worker)
        self.milestones = bench.by_milestones(self.client, self.worker, 500, 500)
        fund(self.client, self.minutes)
        fund(self.client, self.milestones)
        seed(bench, self.minutes, contracts - 2)

    def costs(self) -> dict[str, Spent]:
        """Each call in its turn, and what it cost; the ledger is everybody's, and looked at apart."""
        client, worker = self.client, self.worker
        first, *_ = self.bench.read(Contract, self.milestones).milestones
        row = f"contracts/{self.milestones}/milestones/{first.id}"
        session = ""

        def clock_in() -> None:
            nonlocal session
            session = worker.post(f"contracts/{self.minutes}/sessions")["id"]

        return {
            "fund": self.cost(lambda: fund(client, self.minutes)),
            "submit": self.cost(lambda: worker.post(f"{row}/submit", {"note": "done"})),
            "approve": self.cost(lambda: client.post(f"{row}/approve")),
            "clock in": self.cost(clock_in),
            "clock out": self.cost(lambda: worker.post(f"sessions/{session}/stop")),
            "approve a session": self.cost(lambda: client.post(f"sessions/{session}/approve")),
            "withdraw": self.cost(lambda: worker.post("payouts", {"amount": usd(100)})),
            "list contracts": self.cost(lambda: page(client, "contracts")),
            "list the worker's contracts": self.cost(lambda: page(worker, "contracts")),
            "wallet": self.cost(lambda: client.get("wallet")),
            "earnings": self.cost(lambda: worker.get("workers/me/earnings")),
        }

    def cost(self, call: Callable[[], object]) -> Spent:
        self._carry()
        return sum((request.spent for request in self._requests(call)), Spent())

    def looks_at_the_ledger(self) -> int:
        """How many requests a trial balance takes; how large the answers are depends on whose events meet."""
        accountant = self.bench.person("finance")
        return len(self._requests(lambda: accountant.get("finance/trial-balance")))

    def _requests(self, call: Callable[[], object]) -> list[Request]:
        with Meter(self.bench.store.connection.client) as meter:
            call()
        return [request for request in meter.requests if not _marks(request)]

    def _carry(self) -> None:
        """Nothing rides on the contracts: their heads are as large as if a stream had been read at once."""
        for identifier in (self.minutes, self.milestones):
            item = HeadItem.get(identifier, consistent_read=True)
            for event in riding_on(item.id, item.body):
                event_item(event).save()
            item.body = head_body(aggregate_of(Contract, item), ())
            item.save()


def fund(client: Person, contract: str) -> None:
    client.post(f"contracts/{contract}/fund", {"amount": usd(1_000)})


def page(person: Person, path: str) -> None:
    assert len(person.get(f"{path}?limit={FEW}")["data"]) == FEW


def seed(bench: Bench, like: str, number: int) -> None:
    """That many open, funded contracts like this one, straight into the table."""
    model, heads = bench.read(Contract, like), _Heads(Marks(), bench.runtime.settings.due_partitions)
    with HeadItem.batch_write() as batch:
        for _ in range(number):
            batch.save(heads.put(HeadChange(replace(model, id=new_id("con"))), None)[0])


def _marks(request: Request) -> bool:
    key = str(request.asked.get("Item", {}).get("about", {}).get("S", ""))
    return key.partition("#")[0] == CALENDAR


def test_a_client_with_many_contracts_pays_no_more_for_a_call(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = commit._real_ms()
    monkeypatch.setattr(commit, "_real_ms", lambda: began)  # all of it in one bucket, whenever it is run
    few = Business(bench, FEW)
    cold, looks = few.costs(), few.looks_at_the_ledger()
    many = Business(bench, MANY)
    hot = many.costs()
    assert many.looks_at_the_ledger() == looks
    assert {name: (cost, hot[name]) for name, cost in cold.items() if cost != hot[name]} == {}
    assert hot["approve"].write_units <= APPROVE_UNITS_MAX
    assert hot["approve a session"].write_units <= APPROVE_UNITS_MAX + HEAD_UNITS
