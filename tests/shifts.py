"""Builders for clocked work in memory: one contract paid by the minute, both its sides, and a clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TypeVar

from chalicelib.wakes import WAKES
from marketplace.contracts.access import Side
from marketplace.contracts.contract import REVIEW_SECONDS, Contract, ContractStatus
from marketplace.contracts.endings import StepContract, end_contract
from marketplace.contracts.funding import FundContract, fund_contract
from marketplace.metering import corrections, reviews, use_cases
from marketplace.metering.corrections import AcceptCorrection, AskCorrection, DeclineCorrection
from marketplace.metering.reviews import ApproveSession, DisputeSession
from marketplace.metering.session import Session
from marketplace.metering.use_cases import RecordClass, RecordHeartbeat, StartSession, StopSession
from marketplace.shared.accounts import client_owner, worker_owner
from marketplace.shared.events import Cause, Event
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money, Rate
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.work.minute_terms import MinuteClass, MinuteTerms
from marketplace.work.terms import Pay, PayModel
from tests.fakes.memory_store import MemoryStore

BEGIN = 1_000_000
WALLET = 10**12

Result = TypeVar("Result")


@dataclass
class Shift:
    """`rate` is minor units a minute. Timers fire as the clock moves, unless they are `asleep`."""

    rate: str = "50"
    currency: str = "USD"
    cap_seconds: int | None = None
    increment_seconds: int = 1
    minimum_seconds: int = 0
    funds: int = 100_000
    now: int = BEGIN
    asleep: bool = False
    minutes: MinuteTerms | None = None
    store: MemoryStore = field(default_factory=MemoryStore)
    client_id: str = field(default_factory=lambda: new_id("cli"))
    worker_id: str = field(default_factory=lambda: new_id("wrk"))

    def __post_init__(self) -> None:
        self.store.kept[client_owner(self.client_id), self.currency, "wallet"] = WALLET
        self.contract_id = self.sign()
        if self.funds:
            self.fund(self.funds)

    def sign(self) -> str:
        """A further contract of the same two sides; its id."""
        rate = Rate(Decimal(self.rate), self.currency)
        contract = Contract(
            id=new_id("con"),
            task_id=new_id("task"),
            bid_id=new_id("bid"),
            client_id=self.client_id,
            worker_id=self.worker_id,
            title="Chat",
            pay=Pay(
                PayModel.PER_MINUTE,
                rate=rate,
                cap_seconds=self.cap_seconds,
                increment_seconds=self.increment_seconds,
                minimum_seconds=self.minimum_seconds,
                minutes=self.minutes,
            ),
            fee_basis_points=1_000,
            review_seconds=REVIEW_SECONDS[PayModel.PER_MINUTE],
            created_at=self.now,
            offer_ends_at=self.now,
            status=ContractStatus.ACTIVE,
        )
        self.commit(lambda tx: tx.save(contract))
        return contract.id

    def commit(self, work: Callable[[Transaction], Result], at: int | None = None) -> Result:
        """One use case, at the clock's instant unless told."""
        cause = Cause(new_id("evt"), "test", "req", self.now if at is None else at, repeatable=False)
        return run(self.store, cause, work, pause=lambda _: None).result  # type: ignore[return-value]

    def advance(self, seconds: int) -> None:
        """Time passes, and what is due fires in order."""
        self.now += seconds
        if not self.asleep:
            self.fire()

    def fire(self) -> None:
        """The timers of all sessions, each as of when it was due."""
        while due := sorted(self._timers()):
            due_at, session_id = due[0]
            self.commit(partial(WAKES["ses"], session_id), at=due_at)

    def _timers(self) -> list[tuple[int, str]]:
        heads = [self.session(identifier) for identifier in self.store.heads if identifier.startswith("ses_")]
        return [
            (head.due_at, head.id) for head in heads if head.due_at is not None and head.due_at <= self.now
        ]

    def start(self, contract_id: str | None = None, phone_at: int | None = None) -> Session:
        command = StartSession(contract_id or self.contract_id, self.worker_id, new_id("ses"), phone_at)
        return self.commit(lambda tx: use_cases.start_session(command, tx))

    def beat(self, session: Session, sequence: int, phone_at: int | None = None) -> Session:
        at = self.now if phone_at is None else phone_at
        command = RecordHeartbeat(session.id, self.worker_id, sequence, at)
        return self.commit(lambda tx: use_cases.record_heartbeat(command, tx))

    def say(self, session: Session, name: str, sequence: int, phone_at: int | None = None) -> Session:
        """The phone tells what the minutes are, from now on unless told."""
        at = self.now if phone_at is None else phone_at
        command = RecordClass(session.id, self.worker_id, sequence, MinuteClass(name), at)
        return self.commit(lambda tx: use_cases.record_class(command, tx))

    def stop(self, session: Session) -> Session:
        return self.commit(lambda tx: use_cases.stop_session(StopSession(session.id, self.worker_id), tx))

    def work(self, session: Session, seconds: int) -> Session:
        """Works and proves it, a heartbeat a minute."""
        sequence = self.session(session.id).last_sequence
        while seconds > 0:
            step = min(60, seconds)
            self.advance(step)
            seconds -= step
            sequence += 1
            session = self.beat(session, sequence)
        return session

    def worked(self, seconds: int) -> Session:
        """A whole session, stopped by its worker."""
        return self.stop(self.work(self.start(), seconds))

    def approve(self, session: Session) -> Session:
        return self.commit(lambda tx: reviews.approve_session(ApproveSession(session.id, self.client_id), tx))

    def dispute(self, session: Session, seconds: int) -> Session:
        command = DisputeSession(session.id, self.client_id, seconds, "too long")
        return self.commit(lambda tx: reviews.dispute_session(command, tx))

    def ask(self, session: Session, seconds: int, name: str | None = None) -> Session:
        said = MinuteClass(name) if name else None
        command = AskCorrection(session.id, self.worker_id, seconds, "offline in the lift", said)
        return self.commit(lambda tx: corrections.ask_correction(command, tx))

    def accept(self, session: Session) -> Session:
        command = AcceptCorrection(session.id, self.client_id)
        return self.commit(lambda tx: corrections.accept_correction(command, tx))

    def decline(self, session: Session) -> Session:
        command = DeclineCorrection(session.id, self.client_id)
        return self.commit(lambda tx: corrections.decline_correction(command, tx))

    def fund(self, amount: int) -> Contract:
        command = FundContract(self.contract_id, self.client_id, Money(amount, self.currency))
        return self.commit(lambda tx: fund_contract(command, tx))

    def end(self, step: str) -> Contract:
        command = StepContract(self.contract_id, Side(client_id=self.client_id), step)
        return self.commit(lambda tx: end_contract(command, tx))

    def session(self, session_id: str) -> Session:
        found = self.store.read(Session, session_id)
        assert found is not None
        session: Session = found[0]
        return session

    @property
    def contract(self) -> Contract:
        found = self.store.read(Contract, self.contract_id)
        assert found is not None
        contract: Contract = found[0]
        return contract

    @property
    def available(self) -> int:
        """The worker's balance."""
        return self.store.kept[worker_owner(self.worker_id), self.currency, "available"]

    @property
    def events(self) -> list[Event]:
        return list(self.store.events.values())
