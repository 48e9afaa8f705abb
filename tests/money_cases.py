"""Every use case that moves money, ready to be done, as often as one likes.

A case makes something new that its use case can be done to, and gives the deed; the deed again is the repeat
of whoever asked for it: the same call under the same key, the same message, the timer that still stands.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from chalicelib.schedules import wake
from chalicelib.work import payouts as payouts_queue
from chalicelib.work import results as results_queue
from chalicelib.work import stripe_events
from marketplace.contracts.contract import Contract
from marketplace.results.agreement import ballot_id
from marketplace.runtime import Runtime
from marketplace.shared.errors import CommitUnknown, StoreSilent
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id
from tests.doors import Answer, Knock, knock
from tests.journey.test_payout_policies import rules
from tests.money_use_cases import Name
from tests.people import Caller, World, usd

DAY_SECONDS = 86_400
PIECE = 1_000
SMALL = 100
"""Cents."""

Deed = Callable[[], Answer | None]
"""Does it; None where nobody is answered, and whoever brought it brings it again."""


@dataclass
class Stage:
    """One client with a full wallet, workers whom Stripe pays out, and contracts between them."""

    world: World
    client: Caller = field(init=False)
    workers: list[Caller] = field(init=False)
    finance: Caller = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.world.client(USD=900_000)
        self.workers = [self.world.worker(payouts=True) for _ in range(2)]
        self.finance = self.world.person("finance")
        self.world.advance(days=3)  # what the card paid is at Stripe
        self.milestones = self.world.milestone_contract(self.client, self.worker, SMALL)["id"]
        self.minutes = self._funded(self.world.minute_contract(self.client, self.worker)["id"])
        (self.pieces,) = self.hired({}, self.worker)
        for worker in self.workers:
            self.earned(50_000, worker)

    @property
    def worker(self) -> Caller:
        return self.workers[0]

    @property
    def runtime(self) -> Runtime:
        return self.world.system.runtime

    @property
    def now(self) -> int:
        return self.world.system.clock.now()

    def call(self, by: Caller, path: str, body: Any = None) -> Deed:
        """A call under a key of its own."""
        return partial(knock, Knock(f"/v1/{path}", by.token, uuid.uuid4().hex, body))

    def made(self, by: Caller, path: str, body: Any = None) -> Any:
        """A call that must succeed."""
        answer = self.call(by, path, body)()
        assert answer is not None
        assert answer.status < 400, answer.text
        return answer.body

    def message(self, kind: EventType, work: Callable[..., None], *about: str, **details: Any) -> Deed:
        """What a queue's consumer does with a message about these."""
        event = Event(new_id("evt"), kind, self.now, "test", new_id("req"), about, details=details)

        def deliver() -> None:
            with suppress(StoreSilent, CommitUnknown):  # it comes again
                work(event, self.runtime)

        return deliver

    def told_by_stripe(self, kind: str, subject: str, **details: str) -> Deed:
        """A webhook that was kept."""
        named = {"account": "", **details, "stripe_type": kind, "object_id": subject, "stripe_id": new_id("evt")}
        return self.message(EventType.STRIPE_EVENT_RECEIVED, stripe_events.work, subject, **named)

    def timer(self, subject: str, due_at: int) -> Deed:
        """The timer of `subject`, dated by when it is due."""

        def fire() -> None:
            with suppress(StoreSilent):  # it stays due
                wake(self.runtime, subject, due_at)

        return fire

    def earned(self, amount: int, worker: Caller) -> None:
        """This much less the fee becomes available."""
        contract = self.milestones if worker is self.worker else self.hired({}, worker)[0]
        self.made(self.client, f"contracts/{contract}/bonus", {"amount": usd(amount), "reason": "thanks"})

    def milestone(self, *steps: str) -> str:
        """The path of a new milestone, after `fund` and `submit` if they are named."""
        planned = {"title": "More", "amount": usd(SMALL)}
        rows = self.made(self.client, f"contracts/{self.milestones}/milestones", planned)["milestones"]
        path = f"contracts/{self.milestones}/milestones/{rows[-1]['id']}"
        if "fund" in steps:
            self.made(self.client, f"{path}/fund")
        if "submit" in steps:
            self.made(self.worker, f"{path}/submit", {"note": "done"})
        return path

    def session(self) -> str:
        """A minute's work that waits for its answer."""
        session = self.made(self.worker, f"contracts/{self.minutes}/sessions")["id"]
        self.pass_time(60)
        self.made(self.worker, f"sessions/{session}/stop")
        return str(session)

    def result(self, *, accepted: bool = False, contract: str = "") -> str:
        """A piece of work."""
        body = {"payload": {"label": "cat"}}
        made = self.made(self.worker, f"contracts/{contract or self.pieces}/results", body)
        if accepted:
            self.made(self.client, f"results/{made['id']}/accept")
        return str(made["id"])

    def hired(self, review: dict[str, Any], *workers: Caller) -> list[str]:
        """Funded contracts of a new task that is paid by the piece."""
        task = self.world.result_task(
            self.client, price=PIECE, quantity=1_000, seats=len(workers), review=review or None
        )
        bid = {"price": usd(PIECE), "message": "Hi"}
        contracts = [self.world.contract(self.client, worker, task, bid)["id"] for worker in workers]
        return [self._funded(contract) for contract in contracts]

    def payout(self, *, carried: bool = False) -> Any:
        """A small withdrawal."""
        made = self.made(self.worker, "payouts", {"amount": usd(SMALL)})
        if carried:
            self.carried(made["id"])()
            made = self.worker.get(f"/v1/payouts/{made['id']}")
            assert made["status"] == "sent", made
        return made

    def carried(self, payout_id: str) -> Deed:
        """The queue's message about a payout."""
        return self.message(EventType.PAYOUT_DUE, payouts_queue.work, payout_id)

    def pass_time(self, seconds: int) -> None:
        """Nothing of ours fires."""
        self.world.system.clock.move_to(self.now + seconds)

    def contract(self, identifier: str) -> Contract:
        found = self.runtime.store.read(Contract, identifier)
        assert found is not None
        return found[0]

    def _funded(self, contract: str) -> str:
        self.made(self.client, f"contracts/{contract}/fund", {"amount": usd(40 * PIECE)})
        return contract


@dataclass(frozen=True)
class Case:
    """`uses` is the use case that `ready` makes a deed of."""

    name: str
    uses: Name
    ready: Callable[[Stage], Deed]


CASES: list[Case] = []


def case(name: str, module: str, function: str) -> Callable[[Callable[[Stage], Deed]], Callable[[Stage], Deed]]:
    """Registers a case."""

    def register(ready: Callable[[Stage], Deed]) -> Callable[[Stage], Deed]:
        CASES.append(Case(name, (f"marketplace.{module}", function), ready))
        return ready

    return register


@case("a card's money arrives", "funding.use_cases", "credit_top_up")
def _(stage: Stage) -> Deed:
    top_up = stage.made(stage.client, "wallet/top-ups", {"amount": usd(5_000)})
    stage.world.sandbox(f"stripe/pay/{top_up['payment_intent']}")
    intent = top_up["payment_intent"]
    return stage.told_by_stripe("payment_intent.succeeded", intent, top_up_id=top_up["id"])


@case("Stripe keeps its fee", "funding.use_cases", "post_charge_fee")
def _(stage: Stage) -> Deed:
    top_up = stage.made(stage.client, "wallet/top-ups", {"amount": usd(5_000)})
    stage.world.sandbox(f"stripe/pay/{top_up['payment_intent']}")
    payment = stage.runtime.stripe.payments.payment(top_up["payment_intent"])
    return stage.told_by_stripe("charge.updated", payment.value.charge)


@case("fund a contract", "contracts.funding", "fund_contract")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"contracts/{stage.minutes}/fund", {"amount": usd(SMALL)})


@case("fund a milestone", "contracts.funding", "fund_milestone")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"{stage.milestone()}/fund")


@case("a funded milestone's money goes back", "contracts.milestones", "cancel_milestone")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"{stage.milestone('fund')}/cancel")


@case("approve a milestone", "contracts.milestones", "approve_milestone")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"{stage.milestone('fund', 'submit')}/approve")


@case("silence approves a milestone", "contracts.endings", "wake_contract")
def _(stage: Stage) -> Deed:
    stage.milestone("fund", "submit")
    due_at = stage.contract(stage.milestones).due_at
    assert due_at is not None
    return stage.timer(stage.milestones, due_at)


@case("a contract's end returns what it holds", "contracts.endings", "end_contract")
def _(stage: Stage) -> Deed:
    (contract,) = stage.hired({}, stage.worker)
    return stage.call(stage.client, f"contracts/{contract}/complete")


@case("pay a bonus", "contracts.endings", "pay_bonus")
def _(stage: Stage) -> Deed:
    body = {"amount": usd(SMALL), "reason": "thanks"}
    return stage.call(stage.client, f"contracts/{stage.minutes}/bonus", body)


@case("approve a session", "metering.reviews", "approve_session")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"sessions/{stage.session()}/approve")


@case("a dispute pays what is accepted", "metering.reviews", "dispute_session")
def _(stage: Stage) -> Deed:
    body = {"seconds": 30, "reason": "no"}
    return stage.call(stage.client, f"sessions/{stage.session()}/dispute", body)


@case("a correction is paid", "metering.corrections", "accept_correction")
def _(stage: Stage) -> Deed:
    session = stage.session()
    stage.pass_time(120)
    stage.made(stage.worker, f"sessions/{session}/correction", {"seconds": 90, "reason": "offline"})
    return stage.call(stage.client, f"sessions/{session}/correction/accept")


@case("silence approves a session", "metering.use_cases", "wake_session")
def _(stage: Stage) -> Deed:
    return stage.timer(stage.session(), stage.now + 7 * DAY_SECONDS)


@case("accept a result", "results.use_cases", "accept_result")
def _(stage: Stage) -> Deed:
    return stage.call(stage.client, f"results/{stage.result()}/accept")


@case("silence accepts a result", "results.use_cases", "wake_result")
def _(stage: Stage) -> Deed:
    return stage.timer(stage.result(), stage.now + 7 * DAY_SECONDS)


@case("a known answer pays", "results.use_cases", "submit_result")
def _(stage: Stage) -> Deed:
    (contract,) = stage.hired({"policy": "gold", "field": "label"}, stage.worker)
    task = stage.contract(contract).task_id
    known = {"items": [{"external_id": "one", "expected": "cat"}]}
    stage.made(stage.client, f"tasks/{task}/gold-items", known)
    body = {"payload": {"label": "cat"}, "external_id": "one"}
    return stage.call(stage.worker, f"contracts/{contract}/results", body)


@case("two who agree are paid", "results.consequences", "judge_by_agreement")
def _(stage: Stage) -> Deed:
    contracts = stage.hired({"policy": "agreement", "field": "label", "workers": 2}, *stage.workers)
    body = {"payload": {"label": "cat"}, "external_id": "one"}
    for contract, worker in zip(contracts, stage.workers, strict=True):
        stage.made(worker, f"contracts/{contract}/results", body)
    ballot = ballot_id(stage.contract(contracts[0]).task_id, "one")
    return stage.message(EventType.RESULT_SUBMITTED, results_queue.work, ballot=ballot)


@case("a result that is turned down after the end", "results.use_cases", "reject_result")
def _(stage: Stage) -> Deed:
    (contract,) = stage.hired({}, stage.worker)
    result = stage.result(contract=contract)
    stage.made(stage.client, f"contracts/{contract}/complete")
    return stage.call(stage.client, f"results/{result}/reject", {"reason": "no"})


@case("a worker gives a result up", "results.consequences", "give_up_result")
def _(stage: Stage) -> Deed:
    (contract,) = stage.hired({}, stage.worker)
    stage.result(contract=contract)
    stage.made(stage.worker, f"contracts/{contract}/cancel")
    return stage.message(EventType.CONTRACT_CANCELLED, results_queue.work, contract)


@case("an acceptance is taken back", "results.reversal", "reverse_result")
def _(stage: Stage) -> Deed:
    result = stage.result(accepted=True)
    return stage.call(stage.client, f"results/{result}/reverse", {"reason": "wrong"})


@case("withdraw", "payouts.use_cases", "request_payout")
def _(stage: Stage) -> Deed:
    return stage.call(stage.worker, "payouts", {"amount": usd(SMALL)})


@case("a schedule withdraws", "payouts.scheduling", "pay_out_scheduled")
def _(stage: Stage) -> Deed:
    worker = stage.workers[1]
    answer = worker.call("PUT", "/v1/workers/me/payout-schedule", {"interval": "daily"})
    stage.earned(PIECE, worker)
    stage.pass_time(1)
    subject = answer.json()["id"]
    return stage.message(EventType.PAYOUT_SCHEDULE_DUE, payouts_queue.work, subject, worker.id)


@case("a transfer is confirmed", "payouts.use_cases", "record_transfer")
def _(stage: Stage) -> Deed:
    return stage.carried(stage.payout()["id"])


@case("a payout reaches the bank", "payouts.use_cases", "settle_bank_payout")
def _(stage: Stage) -> Deed:
    payout = stage.payout(carried=True)
    stage.pass_time(3 * DAY_SECONDS)
    account = stage.worker.get("/v1/workers/me/payout-account")["stripe_account"]
    return stage.told_by_stripe(
        "payout.paid", payout["stripe_payout"], account=account, payout_id=payout["id"]
    )


@case("a payout is cancelled", "payouts.oversight", "cancel_payout")
def _(stage: Stage) -> Deed:
    with rules(stage.world, approval_above=1):
        payout = stage.payout()
    return stage.call(stage.finance, f"finance/payouts/{payout['id']}/cancel")
