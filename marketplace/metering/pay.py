"""What a session pays: its gross out of the hold, less the fee, in one piece or in several.

Fee and net of a part are what they are up to its end less what they were up to its beginning. So however
a session is paid, the fee of the whole is rounded once.
"""

from marketplace.contracts.contract import Contract
from marketplace.ledger import postings
from marketplace.metering.session import Session
from marketplace.shared.transaction import Transaction


def fee_and_net_between(contract: Contract, paid: int, upto: int) -> tuple[int, int]:
    """The fee and the worker's net of the gross from `paid` to `upto`, minor units."""
    fee_before, net_before = contract.fee_and_net(paid)
    fee, net = contract.fee_and_net(upto)
    return fee - fee_before, net - net_before


def post_pay(contract: Contract, paid: int, upto: int, description: str, tx: Transaction) -> None:
    """Stages the journal of the gross from `paid` to `upto`; pay of nothing has none."""
    if upto == paid:
        return
    fee, net = fee_and_net_between(contract, paid, upto)
    tx.post(
        contract.currency, description, postings.released(contract.id, contract.worker_id, net=net, fee=fee)
    )


def accruing_net(session: Session, contract: Contract, now: int) -> int:
    """The net of what a running session has proven by `now`, minor units; 0 for one that has ended."""
    if not session.is_running:
        return 0
    if contract.running_session == session.id and contract.running is not None:
        session = session.with_limit(contract.running)
    return contract.fee_and_net(session.settled(now).gross)[1]


def in_review_net(session: Session, contract: Contract) -> int:
    """The net of what an ended session has reserved and not been paid yet. Minor units."""
    return fee_and_net_between(contract, session.paid, session.gross)[1] if session.in_review else 0
