"""The market closes: silence approves, contracts complete, both sides rate, money reaches the bank."""

from sandbox.demo.answers import Contract, Payout, Rating, Reconciliation
from sandbox.demo.cast import Cast, RequestedPayout, SignedContract, WorkedSession, Worker
from sandbox.demo.client import Marketplace, UnexpectedAnswer
from sandbox.demo.controls import ADVANCE_SECONDS_MAX, Sandbox, rfc3339
from sandbox.demo.progress import Stages
from sandbox.demo.script import ContractPlan, MilestoneContractPlan, RatingPlan
from sandbox.demo.terms import DayTerms

PAYOUT_DAYS_MAX = 10
"""Cards clear in 2 days and banks take 2 more; a weekend fits in, and the rating window does not close."""
QUIET_SECONDS = 3_600
RECONCILIATION_SETTLES_MAX = 5
FINAL_PAYOUT_STATUSES = frozenset({"paid", "failed", "cancelled"})


class Settlement:
    """Ends the day for everybody in the cast."""

    def __init__(self, market: Marketplace, sandbox: Sandbox, cast: Cast, stages: Stages) -> None:
        self._market = market
        self._sandbox = sandbox
        self._cast = cast
        self._stages = stages

    def let_reviews_lapse(self) -> None:
        """Moves the clock past the review window of everything that was left to silence, if anything was."""
        windows = [session.contract.review_seconds for session in self._left_sessions()]
        windows += [contract.review_seconds for contract in self._left_milestones()]
        if not windows:
            return
        with self._stages.stage("Silence approves what is left", len(windows)) as tick:
            self._sandbox.advance(max(windows) + 1)
            self._sandbox.settle()
            for _ in windows:
                tick()

    def complete(self) -> None:
        self._stages.each("Contracts complete", self._complete, list(self._cast.contracts.values()))

    def rate(self) -> None:
        rated = [
            contract
            for contract in self._cast.contracts.values()
            if contract.plan.rating_of_worker or contract.plan.rating_of_client
        ]
        self._stages.each("Both sides rate", self._rate, rated)
        with self._stages.stage("Ratings settle", 1) as tick:
            self._sandbox.settle()
            tick()

    def pay_out(self, terms: DayTerms) -> None:
        """Every worker who has earned withdraws all of it; the clock moves until each payout has ended."""
        earners = [self._cast.workers[key] for (key, _), worker in terms.workers.items() if worker.net]
        self._cast.payouts = self._stages.each("Workers withdraw", self._withdraw, earners)
        with self._stages.stage("Payouts reach the bank", len(earners)) as tick:
            waiting = self._cast.payouts
            for _ in range(PAYOUT_DAYS_MAX):
                self._sandbox.settle()
                ended = self._stages.together(self._has_ended, waiting)
                for has_ended in ended:
                    if has_ended:
                        tick()
                waiting = [payout for payout, has_ended in zip(waiting, ended, strict=True) if not has_ended]
                if not waiting:
                    return
                self._sandbox.advance(ADVANCE_SECONDS_MAX)

    def reconcile(self, *, since: str, finance: str) -> Reconciliation:
        """The ledger against Stripe from `since` (RFC 3339) to an hour after the last thing that happened."""
        with self._stages.stage("Ledger and Stripe are reconciled", 1) as tick:
            self._sandbox.advance(QUIET_SECONDS)
            self._sandbox.settle()
            body: dict[str, object] = {"from": since, "to": rfc3339(self._sandbox.now)}
            path = "/v1/finance/reconciliations"
            run = self._market.post(path, Reconciliation, body, token=finance)
            for _ in range(RECONCILIATION_SETTLES_MAX):
                self._sandbox.settle()
                run = self._market.get(f"{path}/{run.id}", Reconciliation, token=finance)
                if run.status == "finished":
                    tick()
                    return run
        raise UnexpectedAnswer(f"GET {path}/{run.id}: settled, yet {run.status!r}")

    def _left_sessions(self) -> list[WorkedSession]:
        return [session for session in self._cast.sessions if session.plan.approval == "silence"]

    def _left_milestones(self) -> list[SignedContract]:
        return [contract for contract in self._cast.contracts.values() if _has_silent_approval(contract.plan)]

    def _complete(self, contract: SignedContract) -> None:
        path = f"/v1/contracts/{contract.id}/complete"
        self._market.post(path, Contract, token=contract.company.api_key)

    def _rate(self, contract: SignedContract) -> None:
        path = f"/v1/contracts/{contract.id}/ratings"
        sides: tuple[tuple[RatingPlan | None, str], ...] = (
            (contract.plan.rating_of_worker, contract.company.api_key),
            (contract.plan.rating_of_client, contract.worker.token),
        )
        for rating, token in sides:
            if rating:
                self._market.post(path, Rating, rating.model_dump(), token=token)

    def _withdraw(self, worker: Worker) -> RequestedPayout:
        payout, sent = self._market.post_remembered("/v1/payouts", Payout, {}, token=worker.token)
        return RequestedPayout(payout.id, worker, sent)

    def _has_ended(self, payout: RequestedPayout) -> bool:
        path = f"/v1/payouts/{payout.id}"
        return self._market.get(path, Payout, token=payout.worker.token).status in FINAL_PAYOUT_STATUSES


def _has_silent_approval(plan: ContractPlan) -> bool:
    if not isinstance(plan, MilestoneContractPlan):
        return False
    return any(delivery.approval == "silence" for delivery in plan.deliveries)
