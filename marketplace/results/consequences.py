"""What follows from other commits, one result a commit: the verdicts of a ballot, and what a worker gave up
by cancelling. Each looks at what is there now, so it may come late, twice, and in any order."""

from marketplace.contracts.contract import Contract, ContractStatus
from marketplace.results.agreement import Ballot
from marketplace.results.answering import pay_result, turn_down
from marketplace.results.result import CONTRACT_CANCELLED, NO_AGREEMENT, Result
from marketplace.shared.transaction import Transaction


def judge_by_agreement(ballot_id: str, result_id: str, tx: Transaction) -> None:
    """Does what the ballot says of a result whose review is not over. Raises NotFound."""
    verdict = tx.get(Ballot, ballot_id).verdicts().get(result_id)
    result = tx.get(Result, result_id)
    contract = tx.get(Contract, result.contract_id)
    if verdict is None or not _waits(result, contract, tx.now):
        return
    if verdict:
        pay_result(result, contract, tx, by="agreement")
    else:
        turn_down(result.rejected(NO_AGREEMENT, tx.now), contract, tx, by="agreement")


def give_up_result(result_id: str, tx: Transaction) -> None:
    """A result that still waits on a contract which its worker has cancelled is not paid. Raises NotFound."""
    result = tx.get(Result, result_id)
    contract = tx.get(Contract, result.contract_id)
    if result.in_review and contract.status == ContractStatus.CANCELLED:
        turn_down(result.dropped(CONTRACT_CANCELLED, tx.now), contract, tx, by="worker")


def _waits(result: Result, contract: Contract, at: int) -> bool:
    """What is over or given up is the business of others."""
    over = at >= result.review_ends_at or contract.status == ContractStatus.CANCELLED
    return result.in_review and not over
