"""What a session that is not paid yet will bring, if nothing else is billed before it: `billed` is what its
two sides have billed so far."""

from marketplace.contracts.contract import Contract
from marketplace.contracts.paying import Pay, pay_between
from marketplace.metering.session import Session


def accruing(session: Session, contract: Contract, now: int, *, billed: int = 0) -> Pay:
    """The pay of what a running session has proven by `now`; of one that has ended, nothing."""
    if contract.running_session == session.id and contract.running is not None:
        session = session.with_limit(contract.running)
    proven = session.settled(now).gross if session.is_running else 0
    return pay_between(contract, 0, proven, billed=billed)


def in_review(session: Session, contract: Contract, *, billed: int = 0) -> Pay:
    """The pay of what an ended session has reserved and not been paid yet; of any other, nothing."""
    upto = session.gross if session.in_review else session.paid
    return pay_between(contract, session.paid, upto, billed=billed)
