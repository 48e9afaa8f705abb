"""What a chargeback does with a contract's hold, and how that ends.

Only what nobody has earned can be taken: not what work in review has a claim on, nor what a running session
may use. Milestones stay funded meanwhile and are *short*: nobody can hand them in, so the money can come back
to exactly where it was. What does not come back is made up for by the client (`refilled`), or the milestones
that it no longer pays for are planned again (`unfrozen`).

    taken ──won──> given back      held again; an ended contract, or one refilled since, has no need of it,
      │                            and one whose client pays a fee on top is funded anew: the wallet has it
      ├──client funds again──> refilled
      └──lost and settled──> unfrozen
"""

from marketplace.contracts import clocking
from marketplace.contracts.contract import Contract
from marketplace.contracts.milestone import Milestone, MilestoneStatus
from marketplace.shared.errors import IllegalTransition, InsufficientFunds
from marketplace.shared.records import replace
from marketplace.work.terms import PayModel


def open_to(contract: Contract) -> int:
    """What a chargeback could take, minor units."""
    if contract.pay.model != PayModel.MILESTONE:
        return max(0, contract.headroom)
    submitted = _sum_of(contract, MilestoneStatus.SUBMITTED)
    funded = _sum_of(contract, MilestoneStatus.FUNDED) - contract.chargebacks.short
    return max(0, min(funded, contract.headroom - submitted))


def taken(contract: Contract, chargeback_id: str, amount: int) -> Contract:
    """`amount` pays what the client owes by that chargeback. Raises InsufficientFunds beyond what is open."""
    if not 0 < amount <= open_to(contract):
        raise InsufficientFunds(f"contract:{contract.id}:hold")
    before = contract.chargebacks
    chargeback = replace(
        before,
        charged_back=before.charged_back + amount,
        short=before.short + (amount if contract.pay.model == PayModel.MILESTONE else 0),
        frozen_by=tuple(dict.fromkeys((*before.frozen_by, chargeback_id))),
    )
    return replace(contract, held=contract.held - amount, chargeback=chargeback)


def given_back(contract: Contract, chargeback_id: str, amount: int, *, at: int) -> Contract:
    """Of `amount` that the bank gave back, what the contract still has a place for is held again; nothing
    where the client pays a fee on top, which the wallet may not have: they fund again."""
    before, held = contract.chargebacks, amount
    if contract.ended_at is not None or (contract.fees and contract.fees.client_basis_points):
        held = 0
    elif contract.pay.model == PayModel.MILESTONE:
        held = min(amount, before.short)
    chargeback = replace(
        before,
        charged_back=before.charged_back - held,
        restored=before.restored + held,
        short=max(0, before.short - held),
    )
    return unfrozen(replace(contract, held=contract.held + held, chargeback=chargeback), chargeback_id, at=at)


def unfrozen(contract: Contract, chargeback_id: str, *, at: int) -> Contract:
    """That chargeback is over; once none is left, work may go on with the money that is there, also in a
    session that still runs at `at`. Milestones that it no longer pays for, the last ones, are planned again,
    and what is over goes back to the wallet."""
    left = tuple(one for one in contract.chargebacks.frozen_by if one != chargeback_id)
    thawed = replace(contract, chargeback=replace(contract.chargebacks, frozen_by=left))
    if left or contract.ended_at is not None:
        return thawed
    if not thawed.chargebacks.short:
        return clocking.lengthened(thawed, at)
    return _without_the_unpaid(thawed)


def refilled(contract: Contract) -> Contract:
    """The client has funded again what was taken: work goes on."""
    if contract.chargeback is None:
        return contract
    return replace(contract, chargeback=replace(contract.chargeback, short=0, frozen_by=()))


def without_funded(contract: Contract, milestone: Milestone) -> tuple[Contract, int]:
    """The contract that needs no money for `milestone` any more, and what of its amount is there to be given
    back, minor units: the rest was charged back."""
    lacking = min(contract.chargebacks.short, milestone.amount)
    if contract.chargeback is None or not lacking:
        return contract, milestone.amount
    chargeback = replace(contract.chargeback, short=contract.chargeback.short - lacking)
    return replace(contract, chargeback=chargeback), milestone.amount - lacking


def lacking_nothing(contract: Contract) -> Contract:
    """An ended contract needs no money for what nobody handed in."""
    if not contract.chargebacks.short:
        return contract
    return replace(contract, chargeback=replace(contract.chargebacks, short=0))


def require_covered(contract: Contract, milestone: Milestone) -> None:
    """Raises IllegalTransition when a chargeback may have taken the money of `milestone`."""
    if contract.chargebacks.short and milestone.status == MilestoneStatus.FUNDED:
        raise IllegalTransition("a chargeback contests its money")


def _without_the_unpaid(contract: Contract) -> Contract:
    lacking = contract.chargebacks.short
    over = -lacking
    for milestone in reversed(contract.milestones):
        if over < 0 and milestone.status == MilestoneStatus.FUNDED and not milestone.contest:
            over += milestone.amount
            contract = contract.with_milestone(milestone.stepped("unfund"))
    thawed = replace(contract, chargeback=replace(contract.chargebacks, short=0))
    return thawed.with_returned(over)


def _sum_of(contract: Contract, status: MilestoneStatus) -> int:
    """Of milestones that nothing else decides about: those have their money reserved."""
    return sum(row.amount for row in contract.milestones if row.status == status and not row.contest)
