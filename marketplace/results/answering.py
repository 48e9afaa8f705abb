"""What becomes of a result that waits, whoever judged it: it is paid, or its money is free again."""

from typing import Any

from marketplace.contracts import paying
from marketplace.contracts.contract import Contract
from marketplace.contracts.promptness import paid_after
from marketplace.results import hold
from marketplace.results.result import Result
from marketplace.shared.accounts import worker_owner
from marketplace.shared.events import EventType
from marketplace.shared.records import replace
from marketplace.shared.transaction import Transaction

IN_REVIEW = "in_review"
"""The name of the figure, beside a worker's balances, of the net of its results that wait."""


_PEOPLE = ("client", "silence")
"""Whose answers say how fast a client pays; machines are always fast."""


def about(result: Result, pay: paying.Pay | None = None) -> tuple[str, ...]:
    """Whose history an event of the result belongs to."""
    return (result.id, result.contract_id, *(pay.payees if pay else (result.worker_id,)))


def tally_in_review(result: Result, contract: Contract, sign: int, tx: Transaction) -> None:
    """One more or one fewer waits."""
    for share in paying.shared(contract, net=result.net).shares:
        tx.tally(worker_owner(share.worker_id), contract.currency, IN_REVIEW, sign * share.amount)


def pay_result(result: Result, contract: Contract, tx: Transaction, *, by: str, **details: Any) -> Result:
    """Paid out of the hold: the net to the worker, the fee to us. Raises IllegalTransition."""
    accepted = result.accepted(tx.now)
    paid = hold.paid(contract, tx.now)
    told: dict[str, Any] = {}
    if by in _PEOPLE:
        paid, told = paid_after(paid, tx.now - result.submitted_at)
    tally_in_review(result, contract, -1, tx)
    pay = paying.book(contract, paid, "accept result", tx)
    accepted = replace(accepted, net=pay.net)
    tx.save(accepted, paid)
    tx.publish(EventType.RESULT_ACCEPTED, about=about(result, pay), by=by, **told, **details)
    return accepted


def turn_down(rejected: Result, contract: Contract, tx: Transaction, *, by: str, **details: Any) -> Result:
    """Not paid: its money is free again, and where the contract has ended goes back to the wallet."""
    freed = hold.given_back(contract)
    if contract.ended_at is not None:
        freed = freed.with_returned(rejected.price.amount)
        paying.book(contract, freed, "return", tx)
    tx.save(rejected, freed)
    tally_in_review(rejected, contract, -1, tx)
    why = {"reason": rejected.reason, "reason_code": rejected.rejection_code}
    tx.publish(EventType.RESULT_REJECTED, about=about(rejected), by=by, **why, **details)
    return rejected
