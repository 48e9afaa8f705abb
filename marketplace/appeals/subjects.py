"""What can be appealed, by whom, and who decided it."""

from collections.abc import Callable

from marketplace.access.suspension import Suspension
from marketplace.appeals import brought
from marketplace.appeals.appeal import REVERSAL, Decision, require_in_time
from marketplace.bidding.bid import Bid, BidStatus
from marketplace.contracts.access import Side, own_contract
from marketplace.contracts.contract import Contract
from marketplace.contracts.milestone import MilestoneStatus
from marketplace.reputation.rating import Rating
from marketplace.results.result import CONTRACT_CANCELLED, GOLD_MISMATCH, NO_AGREEMENT, Result, ResultStatus
from marketplace.shared.errors import IllegalTransition, InvalidRequest, NotFound
from marketplace.shared.ids import prefix_of
from marketplace.shared.transaction import Transaction
from marketplace.work.rejection import RejectionCode

REMOVAL = "removal"
"""What tells a rating's removal from the rating, as something to appeal against."""


def decision_about(subject_id: str, person_id: str, contract_id: str | None, tx: Transaction) -> Decision:
    """The decision about this person's thing that stands now; `contract_id` is asked for with milestones.

    Raises NotFound also for what is somebody else's, IllegalTransition where nothing was decided against the
    person, or too long ago; InvalidRequest.
    """
    if prefix_of(subject_id) == "mil":
        if contract_id is None:
            raise InvalidRequest.at("/contract_id", "is needed with a milestone")
        return _changes(subject_id, person_id, contract_id, tx)
    look = _KINDS.get(prefix_of(subject_id))
    if look is None:
        raise NotFound
    return look(subject_id, person_id, tx)


def _suspension(identifier: str, person_id: str, tx: Transaction) -> Decision:
    suspension = tx.get(Suspension, identifier)
    if suspension.subject_id != person_id:
        raise NotFound
    if not suspension.stands:
        raise IllegalTransition("the suspension is lifted already")
    if suspension.is_farewell:
        raise IllegalTransition("nobody has decided this: you asked to be forgotten")
    return Decision((identifier, str(suspension.since)), suspension.by, suspension.reason_code.value)


def _rating(identifier: str, person_id: str, tx: Transaction) -> Decision:
    """A rating by whom it is about; its removal by who gave it."""
    rating = tx.get(Rating, identifier)
    contract = tx.get(Contract, rating.contract_id)
    giver = contract.client_id if rating.side == "client" else contract.worker_id
    if person_id not in (rating.about, giver) or not rating.revealed:
        raise NotFound
    if person_id == giver:
        return _removal(rating, contract, tx.now)
    rating.require_contestable()
    return Decision((identifier,), "", "rating", giver, contract.id)


def _removal(rating: Rating, contract: Contract, at: int) -> Decision:
    removal = rating.removal
    if removal is None or not rating.is_removed:
        raise IllegalTransition("nobody has removed the rating")
    require_in_time(removal.at, at)
    key, code = (rating.id, REMOVAL), removal.reason_code.value
    return Decision(key, removal.by, code, rating.about, contract.id)


def _result(identifier: str, person_id: str, tx: Transaction) -> Decision:
    result = tx.get(Result, identifier)
    if result.worker_id != person_id:
        raise NotFound
    if result.status == ResultStatus.REVERSED:
        return _reversal(result, tx.now)
    turned_down = result.status == ResultStatus.REJECTED and result.contest is None
    code = result.rejection_code
    if not turned_down or code is None or result.reason == CONTRACT_CANCELLED:
        raise IllegalTransition("nobody has rejected the result")
    require_in_time(result.answered_at or 0, tx.now)
    by = "" if result.reason in (GOLD_MISMATCH, NO_AGREEMENT) else result.client_id
    return Decision((identifier,), by, code.value, result.client_id, result.contract_id)


def _reversal(result: Result, at: int) -> Decision:
    """The client has taken an acceptance back."""
    require_in_time(result.reversed_at or 0, at)
    code = result.rejection_code or RejectionCode.OTHER
    return Decision((result.id, REVERSAL), result.client_id, code.value, result.client_id, result.contract_id)


def _bid(identifier: str, person_id: str, tx: Transaction) -> Decision:
    bid = tx.get(Bid, identifier)
    if bid.worker_id != person_id:
        raise NotFound
    if bid.status != BidStatus.DECLINED or bid.declined is None:
        raise IllegalTransition("the client has not declined the bid")
    require_in_time(bid.declined.at, tx.now)
    return Decision((identifier, bid.position), bid.client_id, bid.declined.code.value, bid.client_id)


def _changes(identifier: str, person_id: str, contract_id: str, tx: Transaction) -> Decision:
    contract = own_contract(contract_id, Side(worker_id=person_id), tx)
    milestone = contract.milestone(identifier)
    if milestone.status != MilestoneStatus.FUNDED or milestone.changes is None:
        raise IllegalTransition("no changes are asked for")
    asked = tx.store.event(milestone.changes, near=contract.id)
    if asked is None:
        raise LookupError(f"{milestone.changes}, which asked for changes of {identifier}")
    key, code = (identifier, milestone.changes), asked.details["reason_code"]
    return Decision(key, contract.client_id, code, contract.client_id, contract.id)


_KINDS: dict[str, Callable[[str, str, Transaction], Decision]] = {
    "spn": _suspension,
    "rat": _rating,
    "res": _result,
    "bid": _bid,
    "doc": brought.failed_document,
    "hol": brought.revoked_qualification,
    "att": brought.failed_attempt,
    "scr": brought.failed_screening,
    "pmb": brought.shut_out,
}
