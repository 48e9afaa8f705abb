"""A builder for journeys of work that is paid by the result."""

from typing import Any

from cli import audit as command
from tests.people import Caller, World, usd


class Job:
    """Funded contracts of one task that is paid by the result, and all their sides."""

    def __init__(
        self, world: World, *, funds: int = 10_000, workers: int = 1, payouts: bool = False, **terms: Any
    ) -> None:
        self.world = world
        self.client = world.client(USD=50_000)
        self.workers = [world.worker(payouts=payouts) for _ in range(workers)]
        self.task = world.result_task(self.client, seats=workers, **terms)
        bid = {"price": self.task["pay"]["unit"], "message": "Hi"}
        self.contracts = [
            world.contract(self.client, worker, self.task, bid)["id"] for worker in self.workers
        ]
        for contract in self.contracts if funds else ():
            self.client.post(f"/v1/contracts/{contract}/fund", {"amount": usd(funds)})

    @property
    def worker(self) -> Caller:
        return self.workers[0]

    @property
    def path(self) -> str:
        return f"/v1/contracts/{self.contracts[0]}"

    def submit(self, external_id: str | None = None, *, worker: int = 0, **payload: Any) -> Any:
        body = {"payload": payload, "external_id": external_id}
        path = f"/v1/contracts/{self.contracts[worker]}/results"
        return self.workers[worker].post(path, body, status=201)

    def answer(self, result: Any, step: str) -> Any:
        body = None if step == "accept" else {"reason": "Blurred"}
        return self.client.post(f"/v1/results/{result['id']}/{step}", body, status=200)

    def get(self, result: Any) -> Any:
        return self.client.get(f"/v1/results/{result['id']}")

    def money(self) -> tuple[int, ...]:
        contract = self.client.get(self.path)
        return tuple(contract[name] for name in ("funded", "held", "released", "returned"))

    def earnings(self, worker: int = 0) -> dict[str, int]:
        rows = self.workers[worker].get("/v1/workers/me/earnings")["balances"]
        found = rows[0] if rows else {}
        return {name: found.get(name, 0) for name in ("in_review", "available", "in_transit", "paid", "owed")}

    def breaches(self) -> list[Any]:
        """What the audit says about this job's contracts, results and workers."""
        audited = command.audit(self.world.system.runtime).breaches
        results = [row["id"] for contract in self.contracts for row in self._rows(contract)]
        mine = [*self.contracts, *results, *(worker.id for worker in self.workers), self.client.id]
        return [breach for breach in audited if any(subject in breach.subject for subject in mine)]

    def _rows(self, contract: str) -> Any:
        return self.client.get(f"/v1/contracts/{contract}/results?limit=100")["data"]
