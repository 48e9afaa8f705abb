"""From a bid to an active contract: award, accept, decline, lapse."""

from collections.abc import Callable

from marketplace.access.suspension import (
    Suspension,
    is_kept_out,
    require_client_let_in,
    require_let_in,
    suspension_id,
)
from marketplace.bidding.bid import Bid, planned
from marketplace.compliance.agreement import Signature
from marketplace.compliance.agreements import Signatory, in_force, is_signed, signed
from marketplace.contracts.access import Side, own_contract
from marketplace.contracts.contract import (
    OFFER_SECONDS,
    REVIEW_SECONDS,
    Contract,
    ContractStatus,
)
from marketplace.contracts.fee_schedules import fee_terms
from marketplace.contracts.milestone import Milestone
from marketplace.contracts.shares import AgencyShares
from marketplace.people.agency import Agency
from marketplace.people.privacy import require_staying
from marketplace.people.workers import Worker
from marketplace.shared.accounts import worker_owner
from marketplace.shared.errors import Fault, IllegalTransition, InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.money import Money, Rate
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.work.candidates import candidate_for
from marketplace.work.eligibility import check_awardable
from marketplace.work.rejection import RejectionCode, ended_for
from marketplace.work.task import Requirements, Task, TaskStatus
from marketplace.work.terms import Pay, PayModel


@dataclass(frozen=True)
class AwardBid:
    """`new_id` makes the ids of the contract and its milestones, in order."""

    bid_id: str
    client_id: str
    new_id: Callable[[str], str]


@dataclass(frozen=True)
class AcceptOffer:
    """The agreements that the worker signs with it, under `name` (without one, the profile's) and from
    `address`."""

    contract_id: str
    worker_id: str
    agreement_ids: tuple[str, ...] = ()
    name: str | None = None
    address: str = ""


@dataclass(frozen=True)
class DeclineOffer:
    """The worker does not want it."""

    contract_id: str
    worker_id: str


AGENCY_CONTRACTS = "agency_contracts"
"""The name of the figure, beside a worker's balances, of the agencies' contracts that pay the worker."""

NOTHING_REQUIRED = Requirements()

_BID_STEPS = {
    "decline": "offer_declined",
    "lapse": "offer_lapsed",
    "cancel": "offer_cancelled",
    "suspend": "offer_suspended",
}


def award_bid(command: AwardBid, tx: Transaction) -> Contract:
    """Takes a seat and makes the offer, to who still meets what the task requires and is not kept out.

    Raises NotFound, SeatsFilled, NotEligible, IllegalTransition.
    """
    bid = tx.get(Bid, command.bid_id)
    if bid.client_id != command.client_id:
        raise NotFound
    awarded = bid.stepped("award", tx.now)
    tx.look_up({bid.task_id: Task, suspension_id(bid.worker_id): Suspension})
    task = tx.get(Task, bid.task_id).seat_taken()
    require_let_in([bid.worker_id], tx.find)
    wanted = task.requirements
    if wanted != NOTHING_REQUIRED:
        check_awardable(task, candidate_for(task, tx.get(Worker, bid.worker_id), tx.now, tx.find))
    contract = _offered(bid, task, command.new_id, tx)
    tx.save(awarded, task, contract)
    tx.publish(EventType.BID_AWARDED, about=(contract.id, bid.id, task.id, bid.worker_id))
    return contract


def accept_offer(command: AcceptOffer, tx: Transaction) -> Contract:
    """Raises NotFound, IllegalTransition, NotEligible while the client is suspended, InvalidRequest when an
    agreement is left unsigned.

    An agency's shares are kept as they are now.
    """
    contract = own_contract(command.contract_id, Side(worker_id=command.worker_id), tx)
    active = contract.accepted(tx.now)
    require_client_let_in(contract.client_id, tx.find)
    signatures = _sign(contract, command, tx)
    accepted = _with_shares(active, tx)
    tx.save(accepted, *signatures)
    about = (contract.id, *(signature.id for signature in signatures))
    tx.publish(EventType.CONTRACT_ACTIVE, about=about, agreements=list(contract.agreements))
    return accepted


def decline_offer(command: DeclineOffer, tx: Transaction) -> Contract:
    """The seat opens again. Raises NotFound, IllegalTransition."""
    contract = own_contract(command.contract_id, Side(worker_id=command.worker_id), tx)
    return end_offer(contract, "decline", tx)


def take_offer_back(contract_id: str, tx: Transaction) -> None:
    """An offer to a worker who is kept out by now blocks no seat: its bid stands again as it was made, and
    may be awarded once the worker is let in. Of a closed task it has ended. Raises NotFound."""
    contract = tx.get(Contract, contract_id)
    if is_offer(contract) and is_kept_out(contract.worker_id, tx.find):
        closed = tx.get(Task, contract.task_id).status == TaskStatus.CLOSED
        end_offer(contract, "lapse" if closed else "suspend", tx)


def end_offer(contract: Contract, step: str, tx: Transaction) -> Contract:
    """An offer that comes to nothing (`decline`, `lapse`, `cancel`, `suspend`) gives its seat back, and its
    worker may bid again, or has a live bid again."""
    ended = replace(contract.stepped(step), ended_at=tx.now)
    bid = tx.get(Bid, contract.bid_id).stepped(_BID_STEPS[step], tx.now)
    if step == "cancel":
        bid = replace(bid, declined=ended_for(RejectionCode.OFFER_CANCELLED, tx.now))
    tx.save(ended, bid, tx.get(Task, contract.task_id).seat_returned())
    about = (contract.id, contract.task_id, *((bid.id,) if bid.is_live else ()))
    tx.publish(EventType.CONTRACT_CANCELLED, about=about, how=step)
    return ended


def _offered(bid: Bid, task: Task, new_id: Callable[[str], str], tx: Transaction) -> Contract:
    """On the terms of this moment: the task's, the fees in effect, the agreements in force."""
    fee_basis_points, fees = fee_terms(task.pay.currency, tx)
    wanted = task.requirements
    asked = in_force(wanted.agreements, task.client_id, tx)
    return Contract(
        id=new_id("con"),
        task_id=task.id,
        bid_id=bid.id,
        client_id=bid.client_id,
        worker_id=bid.worker_id,
        title=task.title,
        pay=_agreed(task.pay, bid.price),
        fee_basis_points=fee_basis_points,
        fees=fees,
        agency=AgencyShares(bid.agency_id) if bid.agency_id else None,
        review_seconds=REVIEW_SECONDS[task.pay.model],
        created_at=tx.now,
        offer_ends_at=tx.now + OFFER_SECONDS,
        milestones=_plan(bid, task, new_id),
        agreements=wanted.agreements,
        signs=asked.pinned,
        labels=asked.labels,
        trainings=in_force(wanted.trainings or (), task.client_id, tx).pinned,
        outcomes=task.outcomes,
    )


def _sign(contract: Contract, command: AcceptOffer, tx: Transaction) -> list[Signature]:
    """Signatures of what the contract asks for and the worker has not signed in that version; a label has no
    text, and is signed by naming it. Raises InvalidRequest when the worker leaves one out."""
    unsigned = [pinned for pinned in contract.signs or () if not is_signed(pinned, contract.worker_id, tx)]
    named = set(command.agreement_ids)
    missing = [
        *(
            row.asked_as or row.agreement_id
            for row in unsigned
            if not named & {row.agreement_id, row.asked_as}
        ),
        *(label for label in contract.labels or () if label not in named),
    ]
    if missing:
        raise InvalidRequest((Fault("/agreement_ids", f"must include {', '.join(missing)}"),))
    if not unsigned:
        return []
    name = command.name or tx.get(Worker, contract.worker_id).name
    by = Signatory(contract.worker_id, name, command.address)
    return [signed(pinned, by, tx, contract.id) for pinned in unsigned]


def is_offer(contract: Contract) -> bool:
    """Whether the worker has not answered yet."""
    return contract.status == ContractStatus.OFFERED


def _with_shares(contract: Contract, tx: Transaction) -> Contract:
    if contract.agency is None:
        return contract
    agency = tx.get(Agency, contract.agency.agency_id)
    if not agency.is_member(contract.worker_id):
        raise IllegalTransition("you do not belong to the agency any more")
    require_staying((share.worker_id for share in agency.shares), tx)
    tx.save(agency)  # as it is: that these are its shares is a condition of the commit
    for share in agency.shares:
        tx.tally(worker_owner(share.worker_id), contract.currency, AGENCY_CONTRACTS, 1)
    return replace(contract, agency=AgencyShares(agency.id, agency.version, agency.shares))


def _agreed(pay: Pay, price: Money | Rate) -> Pay:
    if isinstance(price, Rate):
        return replace(pay, rate=price)
    return replace(pay, unit=price) if pay.model == PayModel.PER_RESULT else replace(pay, budget=price)


def _plan(bid: Bid, task: Task, new_id: Callable[[str], str]) -> tuple[Milestone, ...]:
    if task.pay.model != PayModel.MILESTONE:
        return ()
    return tuple(
        Milestone(new_id("mil"), row.title, row.amount, due_at=row.due_at) for row in planned(bid, task.title)
    )
