"""Who and what the cases of money are played with: people, contracts between them, and what is new each
time."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from chalicelib.work import payouts as payouts_queue
from marketplace.contracts.contract import Contract
from marketplace.contracts.milestones import MILESTONES_MAX
from marketplace.payouts.payout import Payout
from marketplace.reconciliation.breaks import Break
from marketplace.reconciliation.matching import Outcome
from marketplace.shared.events import EventType
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.store import Commit, HeadChange
from tests.bench import Bench, Deed, Person
from tests.card_stage import Cards
from tests.doors import knock
from tests.people import usd

HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400
PIECE = 1_000
SMALL = 100
"""Cents."""
SCORECARD = {
    "version": 1,
    "criteria": [{"name": "quality", "weight": 1}],
    "bonus": {"at_least_basis_points": 9_000, "share_basis_points": 1_000, "cap": usd(50)},
    "deduction": {"below_basis_points": 5_000, "share_basis_points": 5_000, "cap": usd(50)},
}
UNEXPLAINED = {"reason": "nobody knows"}


@dataclass
class Stage:
    """One client with a full wallet, workers whom Stripe pays out, and contracts between them."""

    bench: Bench
    client: Person = field(init=False)
    workers: list[Person] = field(init=False)
    finance: Person = field(init=False)
    operator: Person = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.bench.client()
        self.workers = [self.bench.verified_worker() for _ in range(2)]
        self.finance = self.bench.person("finance")
        self.operator = self.bench.person("operator")
        self.bench.card_paid(self.client, 900_000)()
        self.bench.pass_time(3 * DAY_SECONDS)  # what the card paid is at Stripe
        self.milestones = self.bench.by_milestones(self.client, self.worker, SMALL)
        self.scored = self.bench.by_milestones(self.client, self.worker, SMALL, outcomes=SCORECARD)
        self.minutes = self.funded(self.bench.by_minutes(self.client, self.worker), 50 * PIECE)
        self.pieces = self.funded(self.bench.by_pieces(self.client, PIECE, self.worker)[0], 100 * PIECE)
        self.saver = self.bench.verified_worker()
        self.savings = self.bench.by_minutes(self.client, self.saver)
        self.bonus(self.minutes, 50_000)
        self.known = self.hired({"policy": "gold", "field": "label"}, 20 * PIECE, self.worker)[0]
        agreement = {"policy": "agreement", "field": "label", "workers": 2}
        self.agreeing = self.hired(agreement, 90 * PIECE, *self.workers)
        self.mover, self.hasty = self.paid_worker(), self.paid_worker()
        self.takes_instant(self.hasty, yes=True)
        account = self.account_of(self.hasty)
        self.bench.told_by_stripe("account.updated", account, account=account, worker_id=self.hasty.id)()
        self.cards = Cards(self.bench, self.client, self.worker)

    @property
    def owners(self) -> list[str]:
        """Whose balances may change."""
        workers = (*self.workers, self.saver, self.mover, self.hasty)
        clients = (self.client, self.cards.payer, *self.cards.debtors.values())
        return [
            *(f"client:{client.id}" for client in clients),
            *(f"worker:{worker.id}" for worker in workers),
        ]

    @property
    def worker(self) -> Person:
        return self.workers[0]

    def call(self, by: Person, path: str, body: Any = None) -> Deed:
        """A call under a key of its own."""
        return partial(knock, by.call(path, body))

    def bonus(self, contract: str, amount: int) -> None:
        """This much less the fee becomes available."""
        self.client.post(f"contracts/{contract}/bonus", {"amount": usd(amount), "reason": "thanks"})

    def milestone(self, *steps: str, contract: str = "") -> str:
        """The path of a new milestone, after `fund` and `submit` if they are named."""
        if len(self.bench.read(Contract, self.milestones).milestones) >= MILESTONES_MAX:
            self.milestones = self.bench.by_milestones(self.client, self.worker, SMALL)
        of, planned = contract or self.milestones, {"title": "More", "amount": usd(SMALL)}
        path = f"contracts/{of}/milestones/{self.client.post(f'contracts/{of}/milestones', planned)['id']}"
        if "fund" in steps:
            self.client.post(f"{path}/fund")
        if "submit" in steps:
            self.worker.post(f"{path}/submit", {"note": "done"})
        return path

    def dispute(self) -> str:
        """About a new milestone: its worker wants a half of it, at least."""
        *_, milestone = self.milestone("fund", "submit").split("/")
        body = {"subject_id": milestone, "claim": "it is done", "requested": usd(SMALL // 2)}
        return str(self.worker.post(f"contracts/{self.milestones}/disputes", body)["id"])

    def score(self, points: int) -> dict[str, Any]:
        """The body of an outcome: a new milestone of the contract with a scorecard gets these points."""
        *_, milestone = self.milestone("fund", "submit", contract=self.scored).split("/")
        return {"version": 1, "subject_id": milestone, "scores": {"quality": points}, "reason": "as agreed"}

    def unknown_line(self) -> str:
        """What a reconciliation found at Stripe alone."""
        line = Break(
            id=new_id("brk"),
            reconciliation_id=new_id("rec"),
            outcome=Outcome.MISSING_IN_LEDGER,
            amount=Money(SMALL, "USD"),
            happened_at=self.bench.now,
            owner="payments",
            reason="",
            created_at=self.bench.now,
            stripe=f"txn_{uuid.uuid4().hex}",
            change=SMALL,
        )
        self.bench.store.commit(Commit((HeadChange(line),), Counter(), None))
        return line.id

    def session(self) -> str:
        """A minute's work that waits for its answer."""
        session = str(self.worker.post(f"contracts/{self.minutes}/sessions")["id"])
        self.bench.pass_time(60)
        self.worker.post(f"sessions/{session}/stop")
        return session

    def result(self, contract: str) -> str:
        """A piece of work."""
        body = {"payload": {"label": "cat"}}
        return str(self.worker.post(f"contracts/{contract}/results", body)["id"])

    def appealed(self, result: str) -> Deed:
        """An operator grants the worker's appeal."""
        right = {"reason": "it is right"}
        appeal = self.worker.post("appeals", {"subject_id": result, **right})["id"]
        return self.call(self.operator, f"appeals/{appeal}/decide", {"outcome": "granted", **right})

    def hired(self, review: dict[str, Any] | None, amount: int, *workers: Person) -> list[str]:
        """Funded contracts of a new task that is paid by the piece."""
        return [
            self.funded(contract, amount)
            for contract in self.bench.by_pieces(self.client, PIECE, *workers, review=review)
        ]

    def funded(self, contract: str, amount: int) -> str:
        """The contract, with money for what is asked of it here."""
        self.client.post(f"contracts/{contract}/fund", {"amount": usd(amount)})
        return contract

    def payout(self, by: Person | None = None) -> str:
        """A small withdrawal."""
        return str((by or self.worker).post("payouts", {"amount": usd(SMALL)})["id"])

    def instant_payout(self) -> str:
        """One that the bank takes at once."""
        self.takes_instant(self.hasty, yes=True)
        return str(self.hasty.post("payouts", {"amount": usd(PIECE), "method": "instant"})["id"])

    def takes_instant(self, worker: Person, *, yes: bool) -> None:
        """Whether the worker's bank does, from now on; nobody is told."""
        self.bench.stripe.change_bank(self.account_of(worker), "usd", instant=yes)

    def account_of(self, worker: Person) -> str:
        """At Stripe."""
        return str(worker.get("workers/me/payout-account")["stripe_account"])

    def paid_worker(self) -> Person:
        """Somebody with something to withdraw."""
        worker = self.bench.verified_worker()
        self.bonus(self.bench.by_minutes(self.client, worker), 80 * PIECE)
        return worker

    def carried(self, payout_id: str) -> Deed:
        """The queue's message about a payout."""
        return self.bench.message(EventType.PAYOUT_DUE, payouts_queue.work, payout_id)

    def returned(self, payout_id: str) -> Deed:
        """The bank gives it back, and Stripe says so."""
        payout = self.bench.read(Payout, payout_id)
        assert payout.bank.stripe_id is not None, payout
        self.bench.stripe.fail_payout(payout.bank.stripe_id, "could_not_process")
        known = {"account": payout.account, "payout_id": payout_id}
        return self.bench.told_by_stripe("payout.failed", payout.bank.stripe_id, **known)

    def task_of(self, contract: str) -> str:
        return self.bench.read(Contract, contract).task_id
