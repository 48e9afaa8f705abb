"""What the marketplace itself says at the end of the day, read over HTTP; the checks judge it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import httpx

from sandbox.demo.answers import (
    Client,
    Contract,
    Earnings,
    Payout,
    Rating,
    Ratings,
    Reconciliation,
    Session,
    Task,
    Trace,
    TrialBalance,
    Wallet,
)
from sandbox.demo.cast import (
    Cast,
    Company,
    PostedTask,
    RequestedPayout,
    SignedContract,
    WorkedSession,
    Worker,
)
from sandbox.demo.client import Marketplace, Sent
from sandbox.demo.progress import Stages
from sandbox.demo.terms import Deal

PAGE = 100
"""The longest page the contract allows: more than anyone in a day is rated."""

K = TypeVar("K")
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Evidence:
    """`*_before` was read when the market opened, everything else after it closed."""

    tasks: dict[str, Task]
    contracts: dict[Deal, Contract]
    sessions: list[Session]
    wallets: dict[str, Wallet]
    earnings: dict[str, Earnings]
    payouts: dict[str, Payout]
    worker_ratings: dict[str, list[Rating]]
    client_ratings: dict[str, list[Rating]]
    balance_before: TrialBalance
    balance: TrialBalance
    reconciliation: Reconciliation
    trace: Trace | None
    repeats: list[tuple[Sent, httpx.Response]]
    strangers_look: httpx.Response


class Reading:
    """Reads the evidence for one cast."""

    def __init__(self, market: Marketplace, cast: Cast, *, finance: str, operator: str) -> None:
        self._market = market
        self._cast = cast
        self._finance = finance
        self._operator = operator

    def trial_balance(self) -> TrialBalance:
        return self._market.get("/v1/finance/trial-balance", TrialBalance, token=self._finance)

    def read(self, stages: Stages, before: TrialBalance, reconciliation: Reconciliation) -> Evidence:
        """The repeats and the stranger come first: whatever harm they did would show in the rest."""
        cast = self._cast
        repeats = [(sent, self._market.repeat(sent)) for sent in self._sent()]
        strangers_look = self._look_as_a_stranger()
        paid = {payout.worker.plan.key: payout for payout in cast.payouts}
        return Evidence(
            tasks=self._all(stages, "Tasks are read", self._task, cast.tasks),
            contracts=self._all(stages, "Contracts are read", self._contract, cast.contracts),
            sessions=stages.each("Sessions are read", self._session, cast.sessions),
            wallets=self._all(stages, "Wallets are read", self._wallet, cast.companies),
            earnings=self._all(stages, "Earnings are read", self._earnings, cast.workers),
            payouts=self._all(stages, "Payouts are read", self._payout, paid),
            worker_ratings=self._all(stages, "Workers' ratings are read", self._worker_ratings, cast.workers),
            client_ratings=self._all(
                stages, "Clients' ratings are read", self._client_ratings, cast.companies
            ),
            balance_before=before,
            balance=self.trial_balance(),
            reconciliation=reconciliation,
            trace=self._trace(),
            repeats=repeats,
            strangers_look=strangers_look,
        )

    def _all(self, stages: Stages, title: str, read: Callable[[T], R], things: dict[K, T]) -> dict[K, R]:
        """What `read` finds for each of `things`, under the same keys."""
        return dict(zip(things, stages.each(title, read, list(things.values())), strict=True))

    def _sent(self) -> list[Sent]:
        funding = [contract.funding for contract in self._cast.contracts.values()][:1]
        return funding + [payout.request for payout in self._cast.payouts][:1]

    def _look_as_a_stranger(self) -> httpx.Response:
        body: dict[str, object] = {"name": "A stranger", "country": "US", "email": "stranger@example.com"}
        stranger = self._market.post("/v1/clients", Client, body, token=self._operator)
        contract = next(iter(self._cast.contracts.values()))
        return self._market.look(f"/v1/contracts/{contract.id}", token=stranger.api_key)

    def _task(self, task: PostedTask) -> Task:
        return self._market.get(f"/v1/tasks/{task.id}", Task, token=task.company.api_key)

    def _contract(self, contract: SignedContract) -> Contract:
        return self._market.get(f"/v1/contracts/{contract.id}", Contract, token=contract.company.api_key)

    def _session(self, session: WorkedSession) -> Session:
        return self._market.get(f"/v1/sessions/{session.id}", Session, token=session.contract.worker.token)

    def _wallet(self, company: Company) -> Wallet:
        return self._market.get("/v1/wallet", Wallet, token=company.api_key)

    def _earnings(self, worker: Worker) -> Earnings:
        return self._market.get("/v1/workers/me/earnings", Earnings, token=worker.token)

    def _payout(self, payout: RequestedPayout) -> Payout:
        return self._market.get(f"/v1/payouts/{payout.id}", Payout, token=payout.worker.token)

    def _worker_ratings(self, worker: Worker) -> list[Rating]:
        path = f"/v1/workers/{worker.id}/ratings?limit={PAGE}"
        return self._market.get(path, Ratings, token=worker.token).data

    def _client_ratings(self, company: Company) -> list[Rating]:
        path = f"/v1/clients/{company.id}/ratings?limit={PAGE}"
        return self._market.get(path, Ratings, token=company.api_key).data

    def _trace(self) -> Trace | None:
        if not self._cast.payouts:
            return None
        return self._market.get(f"/v1/finance/trace/{self._cast.payouts[0].id}", Trace, token=self._finance)
