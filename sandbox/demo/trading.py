"""The market trades: tasks are posted, bids come in, contracts are awarded, accepted and funded."""

from sandbox.demo.answers import Bid, Contract, Nothing, Task
from sandbox.demo.cast import Cast, PostedTask, SignedContract
from sandbox.demo.client import Body, Marketplace, Sent
from sandbox.demo.progress import Stages
from sandbox.demo.script import BidPlan, ContractPlan, MarketDay, MinuteContractPlan, TaskPlan

BID_CALLS = {"shortlisted": "shortlist", "declined": "decline", "withdrawn": "withdraw"}


class Trading:
    """Posts, bids and signs for everybody in the cast."""

    def __init__(self, market: Marketplace, cast: Cast) -> None:
        self._market = market
        self._cast = cast

    def trade(self, day: MarketDay, stages: Stages) -> None:
        tasks = stages.each("Tasks are posted and published", self._post, day.tasks)
        self._cast.tasks = {task.plan.key: task for task in tasks}
        bids = stages.each("Workers bid", self._bid, day.bids)
        self._cast.bids = {(plan.task, plan.worker): bid for plan, bid in zip(day.bids, bids, strict=True)}
        decided = [plan for plan in day.bids if plan.outcome]
        stages.each("Bids are withdrawn or judged", self._decide, decided)
        self._prices = {(plan.task, plan.worker): plan for plan in day.bids}
        signed = stages.each("Contracts are signed and funded", self._sign, day.contracts)
        self._cast.contracts = {contract.deal: contract for contract in signed}

    def _post(self, plan: TaskPlan) -> PostedTask:
        company = self._cast.companies[plan.company]
        body: Body = {
            **plan.model_dump(mode="json", exclude={"key", "company"}),
            "visibility": "public",
            "requirements": {},
        }
        task = self._market.post("/v1/tasks", Task, body, token=company.api_key)
        self._market.post(f"/v1/tasks/{task.id}/publish", Task, token=company.api_key)
        return PostedTask(plan, task.id, company)

    def _bid(self, plan: BidPlan) -> str:
        price = plan.price or plan.rate
        assert price is not None
        body: Body = {"price": price.model_dump(), "message": plan.message}
        if plan.milestones:
            body["milestones"] = [milestone.model_dump() for milestone in plan.milestones]
        path = f"/v1/tasks/{self._cast.tasks[plan.task].id}/bids"
        return self._market.post(path, Bid, body, token=self._cast.workers[plan.worker].token).id

    def _decide(self, plan: BidPlan) -> None:
        assert plan.outcome is not None
        worker, client = self._cast.workers[plan.worker].token, self._cast.tasks[plan.task].company.api_key
        path = f"/v1/bids/{self._cast.bids[plan.task, plan.worker]}/{BID_CALLS[plan.outcome]}"
        self._market.post(path, Bid, token=worker if plan.outcome == "withdrawn" else client)

    def _sign(self, plan: ContractPlan) -> SignedContract:
        company, worker = self._cast.tasks[plan.task].company, self._cast.workers[plan.worker]
        bid = self._cast.bids[plan.task, plan.worker]
        contract = self._market.post(f"/v1/bids/{bid}/award", Contract, token=company.api_key)
        self._market.post(f"/v1/contracts/{contract.id}/accept", Contract, token=worker.token)
        milestones = tuple(milestone.id for milestone in contract.milestones)
        funding = self._fund(plan, contract.id, milestones, company.api_key)
        window = contract.review_seconds
        return SignedContract(plan, contract.id, company, worker, milestones, window, funding)

    def _fund(self, plan: ContractPlan, contract: str, milestones: tuple[str, ...], api_key: str) -> Sent:
        """Sets the contract's money aside; the last call that did so."""
        if isinstance(plan, MinuteContractPlan):
            return self._fund_amount(contract, plan.funding.model_dump(), api_key)
        if plan.funding == "whole":
            price = self._prices[plan.task, plan.worker].price
            assert price is not None
            return self._fund_amount(contract, price.model_dump(), api_key)
        sent = [
            self._market.post_remembered(
                f"/v1/contracts/{contract}/milestones/{milestone}/fund", Nothing, None, token=api_key
            )[1]
            for milestone in milestones
        ]
        return sent[-1]

    def _fund_amount(self, contract: str, amount: Body, api_key: str) -> Sent:
        path = f"/v1/contracts/{contract}/fund"
        return self._market.post_remembered(path, Nothing, {"amount": amount}, token=api_key)[1]
