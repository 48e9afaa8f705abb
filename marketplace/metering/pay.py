"""What a session that is not paid yet will bring its worker."""

from marketplace.contracts.contract import Contract
from marketplace.contracts.paying import pay_between
from marketplace.metering.session import Session


def accruing_net(session: Session, contract: Contract, now: int) -> int:
    """The net of what a running session has proven by `now`, minor units; 0 for one that has ended."""
    if not session.is_running:
        return 0
    if contract.running_session == session.id and contract.running is not None:
        session = session.with_limit(contract.running)
    return pay_between(contract, 0, session.settled(now).gross).net


def in_review_net(session: Session, contract: Contract) -> int:
    """The net of what an ended session has reserved and not been paid yet. Minor units."""
    return pay_between(contract, session.paid, session.gross).net if session.in_review else 0
