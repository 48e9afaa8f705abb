"""Pausing, ending and bonuses, and what a contract's own clocks do."""

from marketplace.contracts import paying
from marketplace.contracts.access import Side, own_contract
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.contracts.freezing import lacking_nothing
from marketplace.contracts.milestone import Milestone, MilestoneStatus
from marketplace.contracts.milestones import pay_milestone
from marketplace.contracts.offers import end_offer, is_offer
from marketplace.contracts.promptness import all_told
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.events import EventType
from marketplace.shared.money import Money
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class StepContract:
    """`step` is pause, resume, complete or cancel; `side` is who asks."""

    contract_id: str
    side: Side
    step: str


@dataclass(frozen=True)
class PayBonus:
    """Straight out of the wallet, less the fee; `bonus_id` is the bonus's own id."""

    contract_id: str
    client_id: str
    bonus_id: str
    amount: Money
    reason: str


@dataclass(frozen=True)
class Bonus:
    """Money beyond the terms. `amount` is gross of the fee."""

    id: str
    contract_id: str
    amount: Money
    reason: str
    created_at: int


_EVENTS = {
    "pause": EventType.CONTRACT_PAUSED,
    "resume": EventType.CONTRACT_RESUMED,
    "complete": EventType.CONTRACT_COMPLETED,
    "cancel": EventType.CONTRACT_CANCELLED,
}


def pause_or_resume(command: StepContract, tx: Transaction) -> Contract:
    """Raises NotFound, IllegalTransition."""
    stepped = own_contract(command.contract_id, command.side, tx).stepped(command.step)
    tx.save(stepped)
    tx.publish(_EVENTS[command.step], about=(stepped.id,))
    return stepped


def end_contract(command: StepContract, tx: Transaction) -> Contract:
    """Completes or cancels: held money goes back, except what is reserved for work and disputes.

    Raises NotFound, IllegalTransition, also while a session runs or submitted work waits for the
    client (only its worker may give that up, by cancelling; results then follow one by one).
    """
    contract = own_contract(command.contract_id, command.side, tx)
    if command.step == "cancel" and is_offer(contract):
        return end_offer(contract, "decline" if command.side.name == "worker" else "cancel", tx)
    ended = replace(contract.stepped(command.step), ended_at=tx.now)
    if contract.running_session:
        raise IllegalTransition("a session is running")
    if contract.awaits_answer and not (command.step == "cancel" and command.side.name == "worker"):
        raise IllegalTransition("submitted work or a correction waits for the client's answer")
    dropped = replace(lacking_nothing(ended), milestones=_dropped(ended))
    ended, told = all_told(dropped.with_returned(dropped.headroom))
    tx.save(ended)
    paying.book(contract, ended, "return", tx)
    tx.publish(_EVENTS[command.step], about=(contract.id,), **told)
    return ended


def pay_bonus(command: PayBonus, tx: Transaction) -> Bonus:
    """The contract is saved as it is, so that one which is cancelled at the same moment pays none; the bonus
    itself is its event.

    Raises NotFound, IllegalTransition before acceptance and for who is forgotten, and could not be paid out;
    CurrencyMismatch, InsufficientFunds.
    """
    contract = own_contract(command.contract_id, Side(client_id=command.client_id), tx)
    if contract.status in (ContractStatus.OFFERED, ContractStatus.CANCELLED):
        raise IllegalTransition(f"the contract is {contract.status}")
    contract.require_currency(command.amount)
    bonus = Bonus(command.bonus_id, contract.id, command.amount, command.reason, tx.now)
    tx.save(contract)
    pay = paying.book_bonus(contract, command.amount.amount, tx)
    about = (bonus.id, contract.id, *pay.payees)
    tx.publish(EventType.BONUS_PAID, about=about, reason=bonus.reason)
    return bonus


def wake_contract(contract_id: str, tx: Transaction) -> None:
    """Its earliest clock that has run out by `tx.now` takes effect: an offer lapses, or silence
    approves the milestone whose review ended first."""
    contract = tx.due(Contract, contract_id)
    if contract is None:
        return
    if is_offer(contract):
        end_offer(contract, "lapse", tx)
        return
    due = next(row for row in contract.milestones if row.silence_at == contract.due_at)
    pay_milestone(contract, due, tx)


def _dropped(contract: Contract) -> tuple[Milestone, ...]:
    """What nobody has paid is given up, except what something else decides about."""
    return tuple(
        row
        if row.status in (MilestoneStatus.APPROVED, MilestoneStatus.CANCELLED) or row.contest
        else replace(row, status=MilestoneStatus.CANCELLED, review_ends_at=None)
        for row in contract.milestones
    )
