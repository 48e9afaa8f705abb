"""Builders for work paid by the result, in memory: one task, a contract for each of its workers, a clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar, cast

from chalicelib.work import results as queue
from marketplace.contracts.access import Side
from marketplace.contracts.contract import REVIEW_SECONDS, Contract, ContractStatus
from marketplace.contracts.endings import StepContract, end_contract
from marketplace.contracts.funding import FundContract, fund_contract
from marketplace.ledger import postings
from marketplace.results import reversal, use_cases
from marketplace.results.agreement import Ballot, ballot_id
from marketplace.results.answers import canonical
from marketplace.results.gold import KnownAnswer, RegisterGold, register_gold
from marketplace.results.result import Result, result_id
from marketplace.results.reversal import ReverseResult
from marketplace.results.use_cases import AcceptResult, RejectResult, SubmitResult
from marketplace.runtime import Runtime
from marketplace.shared.accounts import client_owner, worker_owner
from marketplace.shared.events import Cause, Event, EventType
from marketplace.shared.ids import derived_id, new_id
from marketplace.shared.money import Money
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import Listing
from marketplace.work.task import PUBLIC, Task, TaskStatus
from marketplace.work.terms import Pay, PayModel, Review
from tests.fakes.memory_store import MemoryStore

BEGIN = 1_000_000
WALLET = 10**12

Value = TypeVar("Value")


class Desk:
    """As much of a runtime as the queue's work on results needs."""

    def __init__(self, job: "Piecework") -> None:
        self.store = job.store
        self.clock = self.reads = self
        self._job = job

    def now(self) -> int:
        return self._job.now

    def every(self, listing: Listing[Result], key: str) -> list[Result]:
        return [result for result in self._job.results if listing.key_of(result) == key]


@dataclass
class Piecework:
    """`price` is minor units a result; each of `workers` has a contract that is funded with `funds`."""

    price: int = 1_005
    quantity: int = 10
    funds: int = 100_000
    workers: int = 1
    review: Review | None = None
    currency: str = "USD"
    now: int = BEGIN
    store: MemoryStore = field(default_factory=MemoryStore)
    client_id: str = field(default_factory=lambda: new_id("cli"))
    task_id: str = field(default_factory=lambda: new_id("task"))

    def __post_init__(self) -> None:
        self.store.kept[client_owner(self.client_id), self.currency, "wallet"] = WALLET
        self.pay = Pay(
            PayModel.PER_RESULT,
            unit=Money(self.price, self.currency),
            quantity=self.quantity,
            review=self.review,
        )
        self.commit(lambda tx: tx.save(self._task()))
        self.contracts = [self._sign() for _ in range(self.workers)]

    def _task(self) -> Task:
        return Task(
            id=self.task_id,
            client_id=self.client_id,
            title="Label",
            description="",
            category="data",
            skills=(),
            languages=(),
            pay=self.pay,
            seats=self.workers,
            seats_left=0,
            visibility=PUBLIC,
            created_at=self.now,
            status=TaskStatus.FILLED,
        )

    def _sign(self) -> str:
        contract = Contract(
            id=new_id("con"),
            task_id=self.task_id,
            bid_id=new_id("bid"),
            client_id=self.client_id,
            worker_id=new_id("wrk"),
            title="Label",
            pay=self.pay,
            fee_basis_points=1_000,
            review_seconds=REVIEW_SECONDS[PayModel.PER_RESULT],
            created_at=self.now,
            offer_ends_at=self.now,
            status=ContractStatus.ACTIVE,
        )
        self.commit(lambda tx: tx.save(contract))
        if self.funds:
            self.fund(self.funds, contract.id)
        return contract.id

    def commit(self, work: Callable[[Transaction], Value], at: int | None = None, key: str = "") -> Value:
        """One use case; with a `key`, one that can be repeated. A repeat answers None."""
        identifier = derived_id("evt", key) if key else new_id("evt")
        cause = Cause(identifier, "test", "req", self.now if at is None else at, repeatable=bool(key))
        return run(self.store, cause, work, pause=lambda _: None).result  # type: ignore[return-value]

    def fund(self, amount: int, contract_id: str | None = None) -> Contract:
        command = FundContract(contract_id or self.contracts[0], self.client_id, Money(amount, self.currency))
        return self.commit(lambda tx: fund_contract(command, tx))

    def submit(
        self, external_id: str | None = None, *, worker: int = 0, key: str = "", **payload: Any
    ) -> Result:
        contract = self.contract(worker)
        command = SubmitResult(contract.id, contract.worker_id, new_id("res"), payload, external_id)
        return self.commit(lambda tx: use_cases.submit_result(command, tx), key=key)

    def accept(self, result: Result, key: str = "") -> Result:
        command = AcceptResult(result.id, self.client_id)
        return self.commit(lambda tx: use_cases.accept_result(command, tx), key=key)

    def reject(self, result: Result, key: str = "") -> Result:
        command = RejectResult(result.id, self.client_id, "blurred")
        return self.commit(lambda tx: use_cases.reject_result(command, tx), key=key)

    def reverse(self, result: Result, key: str = "") -> Result:
        command = ReverseResult(result.id, self.client_id, "copied")
        return self.commit(lambda tx: reversal.reverse_result(command, tx), key=key)

    def withdraw(self, amount: int, worker: int = 0) -> None:
        """The worker takes money out: only its balances matter here."""
        worker_id = self.contract(worker).worker_id

        def work(tx: Transaction) -> None:
            tx.post(self.currency, "payout requested", postings.payout_requested(worker_id, amount))
            tx.publish(EventType.PAYOUT_REQUESTED, about=(worker_id,))

        self.commit(work)

    def know(self, **answers: Any) -> None:
        """Registers gold items."""
        known = tuple(KnownAnswer(name, canonical(value), new_id("gld")) for name, value in answers.items())
        command = RegisterGold(self.task_id, self.client_id, known)
        self.commit(lambda tx: register_gold(command, tx))

    def end(self, step: str, *, by: str = "client", worker: int = 0) -> Contract:
        contract = self.contract(worker)
        side = Side(client_id=self.client_id) if by == "client" else Side(worker_id=contract.worker_id)
        command = StepContract(contract.id, side, step)
        return self.commit(lambda tx: end_contract(command, tx))

    def advance(self, seconds: int) -> None:
        """Time passes, and what is due fires, each as of when it was due."""
        self.now += seconds
        while due := sorted(self._timers()):
            due_at, identifier = due[0]
            self.commit(partial(use_cases.wake_result, identifier), at=due_at)

    def _timers(self) -> list[tuple[int, str]]:
        return [
            (result.due_at, result.id)
            for result in self.results
            if result.due_at is not None and result.due_at <= self.now
        ]

    def follow(self, event: Event) -> None:
        """What the queue does with an event."""
        queue.work(event, cast("Runtime", Desk(self)))

    def follow_all(self) -> None:
        """Every event once, in order."""
        for event in self.events:
            self.follow(event)

    def ballot(self, external_id: str) -> Ballot:
        return self.read(Ballot, ballot_id(self.task_id, external_id))

    def of(self, external_id: str, worker: int = 0) -> Result:
        """The result of a worker on an item, as it is now."""
        return self.read(Result, result_id(self.contract(worker), external_id, ""))

    def now_of(self, result: Result) -> Result:
        return self.read(Result, result.id)

    def read(self, kind: type[Value], identifier: str) -> Value:
        found = self.store.read(kind, identifier)
        assert found is not None
        value: Value = found[0]
        return value

    def contract(self, worker: int = 0) -> Contract:
        return self.read(Contract, self.contracts[worker])

    def balance(self, name: str, worker: int = 0) -> int:
        """A figure of the worker's, minor units."""
        return self.store.kept[worker_owner(self.contract(worker).worker_id), self.currency, name]

    @property
    def wallet(self) -> int:
        """What the client has spent of its wallet, below zero, or got back."""
        return self.store.kept[client_owner(self.client_id), self.currency, "wallet"] - WALLET

    @property
    def results(self) -> list[Result]:
        return [self.read(Result, head) for head in self.store.heads if head.startswith("res_")]

    @property
    def events(self) -> list[Event]:
        return list(self.store.events.values())
