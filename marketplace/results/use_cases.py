"""Handing in, what the client says to it, and what a result's own clock does."""

from typing import Any

from marketplace.contracts.access import Side, own_contract
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.contracts.paying import pay_expected
from marketplace.contracts.trainings import check_trained
from marketplace.results import hold
from marketplace.results.access import own_result
from marketplace.results.agreement import Ballot, Vote, ballot_id
from marketplace.results.answering import about, pay_result, tally_in_review, turn_down
from marketplace.results.answers import answer_of, digest
from marketplace.results.gold import GoldItem, gold_id
from marketplace.results.result import CONTRACT_CANCELLED, GOLD_MISMATCH, Result, result_id
from marketplace.shared.errors import AlreadyExists
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction
from marketplace.work.rejection import RejectionCode
from marketplace.work.terms import ReviewPolicy


@dataclass(frozen=True)
class SubmitResult:
    """`payload` and `attachments` are kept in the event, beside the head; `position` is a fresh id."""

    contract_id: str
    worker_id: str
    position: str
    payload: dict[str, Any]
    external_id: str | None
    attachments: tuple[str, ...] = ()

    @property
    def handed_in(self) -> dict[str, Any]:
        """What the event keeps of it."""
        files = {"attachments": list(self.attachments)} if self.attachments else {}
        return {"payload": self.payload, **files}


@dataclass(frozen=True)
class AcceptResult:
    """The client is content."""

    result_id: str
    client_id: str


@dataclass(frozen=True)
class RejectResult:
    """The client says why not."""

    result_id: str
    client_id: str
    reason: str
    reason_code: RejectionCode | None = None


def submit_result(command: SubmitResult, tx: Transaction) -> Result:
    """Its price is set aside until it has its answer, which a gold item gives at once.

    Raises NotFound, NotEligible, AlreadyExists, InvalidRequest, IllegalTransition, InsufficientFunds.
    """
    contract = own_contract(command.contract_id, Side(worker_id=command.worker_id), tx)
    check_trained(contract, tx)
    price = hold.unit_price(contract)
    identifier = result_id(contract, command.external_id, command.position)
    if tx.find(Result, identifier) is not None:
        raise AlreadyExists(f"the contract has a result `{command.external_id}` already")
    contract.require_open_to_work()  # an agency has no shares to pay by until its offer is accepted
    result = Result(
        id=identifier,
        contract_id=contract.id,
        task_id=contract.task_id,
        client_id=contract.client_id,
        worker_id=contract.worker_id,
        position=command.position,
        price=price,
        net=pay_expected(contract, 0, price.amount, tx).net,
        submission=tx.cause.event_id,
        submitted_at=tx.now,
        review_ends_at=tx.now + contract.review_seconds,
        external_id=command.external_id,
    )
    return _reviewed(result, contract, command.handed_in, tx)


def accept_result(command: AcceptResult, tx: Transaction) -> Result:
    """Raises NotFound, IllegalTransition."""
    result = own_result(command.result_id, command.client_id, tx)
    return pay_result(result, tx.get(Contract, result.contract_id), tx, by="client")


def reject_result(command: RejectResult, tx: Transaction) -> Result:
    """Raises NotFound, IllegalTransition."""
    result = own_result(command.result_id, command.client_id, tx)
    rejected = result.rejected(command.reason, tx.now, command.reason_code)
    return turn_down(rejected, tx.get(Contract, result.contract_id), tx, by="client")


def wake_result(identifier: str, tx: Transaction) -> None:
    """Its review is over: silence accepts it, unless the worker has given it up with the contract."""
    result = tx.due(Result, identifier)
    if result is None:
        return
    contract = tx.get(Contract, result.contract_id)
    if contract.status == ContractStatus.CANCELLED:
        turn_down(result.dropped(CONTRACT_CANCELLED, tx.now), contract, tx, by="worker")
    else:
        pay_result(result, contract, tx, by="silence")


def _reviewed(result: Result, contract: Contract, handed_in: dict[str, Any], tx: Transaction) -> Result:
    """Sets the price aside, and does what the task's review asks for."""
    review = contract.pay.review
    answer = answer_of(handed_in["payload"], result.external_id, review) if review else ""
    waiting = hold.reserved(contract)
    tally_in_review(result, contract, +1, tx)
    if review and review.policy == ReviewPolicy.GOLD:
        gold = tx.find(GoldItem, gold_id(result.task_id, str(result.external_id)))
        if gold is not None:
            return _graded(result, waiting, correct=gold.matches(answer), handed_in=handed_in, tx=tx)
    details = dict(handed_in)
    if review and review.policy == ReviewPolicy.AGREEMENT:
        identifier = ballot_id(result.task_id, str(result.external_id))
        ballot = tx.find(Ballot, identifier) or Ballot(identifier, review.workers)
        tx.save(ballot.with_vote(Vote(result.id, digest(answer))))
        details["ballot"] = identifier
    tx.save(result, waiting)
    tx.publish(EventType.RESULT_SUBMITTED, about=about(result), **details)
    return result


def _graded(
    result: Result, contract: Contract, *, correct: bool, handed_in: dict[str, Any], tx: Transaction
) -> Result:
    graded = hold.graded(contract, correct=correct)
    if correct:
        return pay_result(result, graded, tx, by="gold", **handed_in)
    return turn_down(result.rejected(GOLD_MISMATCH, tx.now), graded, tx, by="gold", **handed_in)
