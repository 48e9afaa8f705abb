"""Taking an acceptance back: exactly what was paid returns to where it came from.

The worker's part comes out of what is available, as far as that goes; the rest becomes a debt. A contract
that has ended needs no money, so there it goes on to the client's wallet in the same journal. Where the fee
has tiers, all that was billed since is paid as if this result had never been.
"""

from marketplace.contracts import paying
from marketplace.contracts.contract import Contract
from marketplace.results import hold
from marketplace.results.access import own_result
from marketplace.results.answering import about
from marketplace.results.result import Result
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.work.rejection import RejectionCode


@dataclass(frozen=True)
class ReverseResult:
    """The client says why."""

    result_id: str
    client_id: str
    reason: str
    reason_code: RejectionCode | None = None


def reverse_result(command: ReverseResult, tx: Transaction) -> Result:
    """Raises NotFound, IllegalTransition."""
    accepted = own_result(command.result_id, command.client_id, tx)
    reversed_ = replace(accepted.reversed(command.reason, tx.now), reason_code=command.reason_code)
    before = tx.get(Contract, accepted.contract_id)
    contract = hold.taken_back(before)
    if contract.ended_at is not None:
        contract = contract.with_returned(accepted.price.amount)
    tx.save(reversed_, contract)
    pay = paying.book_reversal(before, contract, "reverse result", tx)
    tx.publish(EventType.RESULT_REVERSED, about=about(accepted, pay), reason=command.reason)
    return reversed_
