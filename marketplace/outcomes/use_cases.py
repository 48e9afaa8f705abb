"""Scoring a piece of work, and what becomes of a deduction that nobody disputes."""

from collections.abc import Mapping

from marketplace.contracts import paying
from marketplace.contracts.access import Side, own_contract
from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.outcomes.outcome import Outcome, outcome_id
from marketplace.shared.errors import AlreadyExists, IllegalTransition, InvalidRequest, VersionConflict
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.stakes.stake import Stake, given_back
from marketplace.stakes.work import stake_in
from marketplace.work.scorecard import Scorecard, earned, lost, score_of


@dataclass(frozen=True)
class ApplyOutcome:
    """`points` by criterion, basis points; `version` is the scorecard's that the client means."""

    contract_id: str
    client_id: str
    subject_id: str
    version: int
    points: Mapping[str, int]
    reason: str | None
    external_id: str | None
    position: str


def apply_outcome(command: ApplyOutcome, tx: Transaction) -> Outcome:
    """A bonus comes out of the wallet; a deduction pays the work, less what is withheld.

    Raises NotFound, InvalidRequest, VersionConflict, AlreadyExists, IllegalTransition, InsufficientFunds.
    """
    contract = own_contract(command.contract_id, Side(client_id=command.client_id), tx)
    scorecard = _scorecard(contract, command.version)
    stake = stake_in(contract, command.subject_id, tx)
    if tx.find(Outcome, outcome_id(command.subject_id)) is not None:
        raise AlreadyExists("this work has its outcome already")
    if not stake.is_done:
        raise IllegalTransition("the work is not handed in")
    outcome = _scored(command, contract, scorecard, stake.price, tx.now)
    if outcome.deduction:
        return _deduct(outcome, stake, tx)
    # the contract is saved as it is: that it stands, in its version, is a condition of the bonus
    tx.save(outcome, contract)
    payees = paying.book_bonus(contract, outcome.bonus, tx).payees if outcome.bonus else ()
    _publish(EventType.OUTCOME_APPLIED, outcome, tx, *payees)
    return outcome


def wake_outcome(identifier: str, tx: Transaction) -> None:
    """The worker has not objected: what was withheld is free again."""
    outcome = tx.due(Outcome, identifier)
    if outcome is None:
        return
    before = tx.get(Contract, outcome.contract_id)
    after = given_back(before, outcome.set_aside, at=tx.now)
    tx.save(outcome.returned(), after)
    paying.book(before, after, "return", tx)
    _publish(EventType.OUTCOME_RETURNED, outcome, tx)


def _scorecard(contract: Contract, version: int) -> Scorecard:
    if contract.outcomes is None:
        raise IllegalTransition("the contract has no scorecard")
    if contract.status in (ContractStatus.OFFERED, ContractStatus.CANCELLED):
        raise IllegalTransition(f"the contract is {contract.status}")
    if contract.outcomes.version != version:
        raise VersionConflict(f"the contract's scorecard has version {contract.outcomes.version}")
    return contract.outcomes


def _scored(command: ApplyOutcome, contract: Contract, scorecard: Scorecard, price: int, at: int) -> Outcome:
    rows = scorecard.scored(command.points)
    score = score_of(rows)
    bonus, deduction = scorecard.bonus_for(score, price), scorecard.deduction_for(score, price)
    if deduction and not command.reason:
        raise InvalidRequest.at("/reason", "is required: the score leads to a deduction")
    parted = lost(rows, deduction) if deduction else earned(rows, bonus)
    return Outcome(
        id=outcome_id(command.subject_id),
        contract_id=contract.id,
        subject_id=command.subject_id,
        client_id=contract.client_id,
        worker_id=contract.worker_id,
        position=command.position,
        currency=contract.currency,
        version=scorecard.version,
        rows=parted,
        score=score,
        price=price,
        created_at=at,
        bonus=bonus,
        deduction=deduction,
        band=scorecard.deduction if deduction else scorecard.bonus if bonus else None,
        reason=command.reason,
        external_id=command.external_id,
    )


def _deduct(outcome: Outcome, stake: Stake, tx: Transaction) -> Outcome:
    """Only of what is not paid yet; the withheld part stays set aside. Raises IllegalTransition."""
    deduction = min(outcome.deduction, stake.amount)
    withheld = replace(outcome, deduction=deduction, rows=lost(outcome.rows, deduction)).withheld(tx.now)
    to_worker = stake.amount - deduction
    paid = stake.contested(outcome.id, tx.now).decided(to_worker, tx.now)
    paid.stage(tx)
    tx.save(withheld)
    pay = paying.book(stake.contract, paid.contract, "approve less deduction", tx, earlier=stake.earlier)
    _publish(EventType.OUTCOME_APPLIED, withheld, tx, outcome.subject_id, *pay.payees)
    return withheld


def _publish(event: EventType, outcome: Outcome, tx: Transaction, *others: str) -> None:
    """What pays the work itself is part of the work's history as well."""
    about = (outcome.id, outcome.contract_id, outcome.client_id, outcome.worker_id, *others)
    tx.publish(event, about=about, score=outcome.score, bonus=outcome.bonus, deduction=outcome.deduction)
