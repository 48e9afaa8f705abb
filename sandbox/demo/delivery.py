"""Milestones: handed in, sent back for changes, handed in again, approved; or left to the review window."""

from sandbox.demo.answers import Nothing
from sandbox.demo.cast import Cast, SignedContract
from sandbox.demo.client import Marketplace
from sandbox.demo.progress import Stages
from sandbox.demo.script import Delivery, MilestoneContractPlan


def deliver(market: Marketplace, cast: Cast, stages: Stages) -> None:
    """Every milestone contract at once, each one's milestones in their order."""
    contracts = [
        contract for contract in cast.contracts.values() if isinstance(contract.plan, MilestoneContractPlan)
    ]
    stages.each("Milestones are delivered", lambda contract: _deliver_all(market, contract), contracts)


def _deliver_all(market: Marketplace, contract: SignedContract) -> None:
    assert isinstance(contract.plan, MilestoneContractPlan)
    for milestone, delivery in zip(contract.milestones, contract.plan.deliveries, strict=True):
        _deliver(market, contract, f"/v1/contracts/{contract.id}/milestones/{milestone}", delivery)


def _deliver(market: Marketplace, contract: SignedContract, milestone: str, delivery: Delivery) -> None:
    worker, client = contract.worker.token, contract.company.api_key
    submission: dict[str, object] = {"note": delivery.note, "attachments": []}
    market.post(f"{milestone}/submit", Nothing, submission, token=worker)
    for reason in delivery.changes:
        market.post(f"{milestone}/request-changes", Nothing, {"reason": reason}, token=client)
        market.post(f"{milestone}/submit", Nothing, submission, token=worker)
    if delivery.approval == "client":
        market.post(f"{milestone}/approve", Nothing, token=client)
