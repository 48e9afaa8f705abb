"""What both sides do with a milestone, from the plan to its pay."""

from typing import Any

from marketplace.contracts import freezing, paying
from marketplace.contracts.access import Side, own_contract
from marketplace.contracts.contract import Contract
from marketplace.contracts.milestone import Milestone, MilestoneStatus
from marketplace.contracts.promptness import paid_after
from marketplace.contracts.trainings import check_trained
from marketplace.shared.errors import IllegalTransition, InvalidRequest
from marketplace.shared.events import EventType
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.work.rejection import RejectionCode
from marketplace.work.terms import PayModel

MILESTONES_MAX = 50


@dataclass(frozen=True)
class PlanMilestone:
    """A further piece of the contract."""

    contract_id: str
    client_id: str
    milestone_id: str
    title: str
    amount: Money
    due_at: int | None


@dataclass(frozen=True)
class SubmitMilestone:
    """`note` and `attachments` are kept in the event, beside the head."""

    contract_id: str
    milestone_id: str
    worker_id: str
    note: str
    attachments: tuple[str, ...]


@dataclass(frozen=True)
class RequestChanges:
    """The client sends it back with a reason."""

    contract_id: str
    milestone_id: str
    client_id: str
    reason: str
    reason_code: RejectionCode = RejectionCode.OTHER


@dataclass(frozen=True)
class OwnMilestone:
    """A milestone of one of the client's contracts."""

    contract_id: str
    milestone_id: str
    client_id: str


def plan_milestone(command: PlanMilestone, tx: Transaction) -> Contract:
    """Raises NotFound, IllegalTransition, InvalidRequest, CurrencyMismatch."""
    contract = own_contract(command.contract_id, Side(client_id=command.client_id), tx)
    contract.require_active()
    if contract.pay.model != PayModel.MILESTONE:
        raise IllegalTransition("only a contract paid by milestones has them")
    contract.require_currency(command.amount)
    if len(contract.milestones) >= MILESTONES_MAX:
        raise InvalidRequest.at("", f"a contract has at most {MILESTONES_MAX} milestones")
    milestone = Milestone(command.milestone_id, command.title, command.amount.amount, due_at=command.due_at)
    planned = replace(contract, milestones=(*contract.milestones, milestone))
    tx.save(planned)
    tx.publish(EventType.MILESTONE_PLANNED, about=(milestone.id, contract.id))
    return planned


def submit_milestone(command: SubmitMilestone, tx: Transaction) -> Contract:
    """Raises NotFound, NotEligible, IllegalTransition."""
    contract = own_contract(command.contract_id, Side(worker_id=command.worker_id), tx)
    contract.require_open_to_work()
    check_trained(contract, tx)
    milestone = contract.milestone(command.milestone_id).submitted(
        at=tx.now, review_seconds=contract.review_seconds, submission=tx.cause.event_id
    )
    submitted = contract.with_milestone(milestone)
    tx.save(submitted)
    tx.publish(
        EventType.MILESTONE_SUBMITTED,
        about=(milestone.id, contract.id),
        note=command.note,
        attachments=list(command.attachments),
    )
    return submitted


def request_changes(command: RequestChanges, tx: Transaction) -> Contract:
    """Raises NotFound, IllegalTransition."""
    contract = own_contract(command.contract_id, Side(client_id=command.client_id), tx)
    if contract.chargebacks.frozen_by:
        raise IllegalTransition("a chargeback keeps the worker from handing it in again")
    milestone = contract.milestone(command.milestone_id).changes_requested(tx.now, tx.cause.event_id)
    changed = contract.with_milestone(milestone)
    tx.save(changed)
    tx.publish(
        EventType.MILESTONE_CHANGES_REQUESTED,
        about=(milestone.id, contract.id),
        reason=command.reason,
        reason_code=command.reason_code.value,
    )
    return changed


def approve_milestone(command: OwnMilestone, tx: Transaction) -> Contract:
    """Pays it out of the hold. Raises NotFound, IllegalTransition."""
    contract = own_contract(command.contract_id, Side(client_id=command.client_id), tx)
    return pay_milestone(contract, contract.milestone(command.milestone_id), tx)


def pay_milestone(contract: Contract, milestone: Milestone, tx: Transaction) -> Contract:
    """Releases one submitted milestone, approved by the client or by silence."""
    approved = milestone.stepped("approve")
    paid = contract.with_milestone(approved).with_released(milestone.amount)
    told: dict[str, Any] = {}
    if milestone.submitted_at is not None:
        paid, told = paid_after(paid, tx.now - milestone.submitted_at)
    tx.save(paid)
    pay = paying.book(contract, paid, "approve milestone", tx)
    tx.publish(EventType.MILESTONE_APPROVED, about=(milestone.id, contract.id, *pay.payees), **told)
    return paid


def cancel_milestone(command: OwnMilestone, tx: Transaction) -> Contract:
    """A planned one is dropped; a funded one gives its money back. Raises NotFound, IllegalTransition."""
    contract = own_contract(command.contract_id, Side(client_id=command.client_id), tx)
    milestone = contract.milestone(command.milestone_id)
    cancelled = contract.with_milestone(milestone.stepped("cancel"))
    if milestone.status == MilestoneStatus.FUNDED:
        cancelled, back = freezing.without_funded(cancelled, milestone)
        cancelled = cancelled.with_returned(back)
        paying.book(contract, cancelled, "return", tx)
    tx.save(cancelled)
    tx.publish(EventType.MILESTONE_CANCELLED, about=(milestone.id, contract.id))
    return cancelled
