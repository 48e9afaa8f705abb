"""Client money into the hold, and what is not needed back to the wallet."""

from collections.abc import Sequence

from marketplace.contracts import clocking, freezing, paying
from marketplace.contracts.access import Side, own_contract
from marketplace.contracts.contract import Contract
from marketplace.contracts.milestone import Milestone, MilestoneStatus
from marketplace.shared.errors import IllegalTransition, InvalidRequest
from marketplace.shared.events import EventType
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction
from marketplace.work.terms import PayModel


@dataclass(frozen=True)
class FundContract:
    """On a milestone contract `amount` must cover planned milestones in order, exactly."""

    contract_id: str
    client_id: str
    amount: Money


@dataclass(frozen=True)
class FundMilestone:
    """One planned milestone, whole."""

    contract_id: str
    milestone_id: str
    client_id: str


def fund_contract(command: FundContract, tx: Transaction) -> Contract:
    """Raises NotFound, IllegalTransition, InvalidRequest, CurrencyMismatch, InsufficientFunds."""
    contract = own_contract(command.contract_id, Side(client_id=command.client_id), tx)
    contract.require_active()
    contract.require_currency(command.amount)
    covered: Sequence[Milestone] = ()
    if contract.pay.model == PayModel.MILESTONE:
        covered = _covered(contract, command.amount.amount)
    return _fund(contract, command.amount.amount, covered, tx)


def fund_milestone(command: FundMilestone, tx: Transaction) -> Contract:
    """Raises NotFound, IllegalTransition, InsufficientFunds."""
    contract = own_contract(command.contract_id, Side(client_id=command.client_id), tx)
    milestone = contract.milestone(command.milestone_id)
    if contract.chargebacks.short:
        raise IllegalTransition("fund what a chargeback took first: POST /v1/contracts/{id}/fund")
    return _fund(contract, milestone.amount, (milestone,), tx)


def _fund(contract: Contract, amount: int, milestones: Sequence[Milestone], tx: Transaction) -> Contract:
    funded = freezing.refilled(clocking.rearmed(contract.with_funds(amount), tx.now))
    for milestone in milestones:
        funded = funded.with_milestone(milestone.stepped("fund"))
    tx.save(funded)
    paying.book(contract, funded, "fund", tx)
    tx.publish(EventType.CONTRACT_FUNDED, about=(funded.id, *(m.id for m in milestones)))
    return funded


def _covered(contract: Contract, amount: int) -> list[Milestone]:
    """The planned milestones, in order, that `amount` pays for exactly, after what funded ones lack by a
    chargeback. Raises InvalidRequest."""
    covered: list[Milestone] = []
    rest = amount - contract.chargebacks.short
    for milestone in contract.milestones:
        if milestone.status == MilestoneStatus.PLANNED and rest > 0:
            rest -= milestone.amount
            covered.append(milestone)
    if rest:
        raise InvalidRequest.at("/amount/amount", _exactly(contract.chargebacks.short))
    return covered


def _exactly(short: int) -> str:
    first = f"{short} that a chargeback took, then " if short else ""
    return f"must cover {first}planned milestones in order, exactly"
