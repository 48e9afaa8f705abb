"""Which piece of a contract's work an id names."""

from marketplace.contracts.contract import Contract
from marketplace.metering.session import Session
from marketplace.results.result import Result
from marketplace.shared.errors import InvalidRequest, NotFound
from marketplace.shared.ids import prefix_of
from marketplace.shared.transaction import Transaction
from marketplace.stakes import of_results, of_sessions
from marketplace.stakes.of_milestones import MilestoneStake
from marketplace.stakes.stake import Stake

SUBJECT = "/subject_id"


def unknown_subject() -> InvalidRequest:
    """For what does not exist, and for what is another contract's: the two look the same."""
    return InvalidRequest.at(SUBJECT, "is nothing of this contract that money is paid for")


def stake_in(contract: Contract, subject_id: str, tx: Transaction) -> Stake:
    """The money of a milestone, a session or a result. Raises InvalidRequest."""
    if prefix_of(subject_id) == "mil":
        return _milestone(contract, subject_id)
    if prefix_of(subject_id) == "ses":
        session = tx.find(Session, subject_id)
        if session is not None and session.contract_id == contract.id:
            return of_sessions.stake_of(contract, session)
    if prefix_of(subject_id) == "res":
        result = tx.find(Result, subject_id)
        if result is not None and result.contract_id == contract.id:
            return of_results.stake_of(contract, result)
    raise unknown_subject()


def _milestone(contract: Contract, milestone_id: str) -> MilestoneStake:
    try:
        return MilestoneStake(contract, contract.milestone(milestone_id))
    except NotFound as missing:
        raise unknown_subject() from missing
