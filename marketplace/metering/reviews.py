"""The client looks at a session's minutes: approves them, disputes some, or lets silence approve."""

from typing import Any

from marketplace.contracts import paying
from marketplace.contracts.contract import Contract
from marketplace.contracts.promptness import paid_after
from marketplace.metering.access import own_session
from marketplace.metering.session import Session
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction
from marketplace.work.rejection import Rejection, RejectionCode


@dataclass(frozen=True)
class ApproveSession:
    """All that is not paid yet."""

    session_id: str
    client_id: str


@dataclass(frozen=True)
class DisputeSession:
    """The client accepts `seconds` of the billable ones, and says why not more."""

    session_id: str
    client_id: str
    seconds: int
    reason: str
    reason_code: RejectionCode = RejectionCode.OTHER


def approve_session(command: ApproveSession, tx: Transaction) -> Session:
    """Pays the minutes, or what a dispute left of them. Raises NotFound, IllegalTransition."""
    return approve(own_session(command.session_id, tx, client_id=command.client_id), tx)


def approve(session: Session, tx: Transaction) -> Session:
    """Approved by the client or by silence; a contract that has ended still holds what is reserved."""
    approved = session.approved()
    _pay(session, approved, EventType.SESSION_APPROVED, "approve session", tx)
    return approved


def dispute_session(command: DisputeSession, tx: Transaction) -> Session:
    """Pays the accepted seconds at once. Raises NotFound, IllegalTransition, InvalidRequest."""
    session = own_session(command.session_id, tx, client_id=command.client_id)
    disputed = session.disputed(command.seconds, Rejection(command.reason_code, command.reason, tx.now))
    _pay(session, disputed, EventType.SESSION_DISPUTED, "pay accepted minutes", tx)
    return disputed


def _pay(before: Session, paid: Session, event: EventType, description: str, tx: Transaction) -> None:
    contract = tx.get(Contract, before.contract_id)
    gross = paid.paid - before.paid
    released = contract.with_reserved_paid(gross)
    told: dict[str, Any] = {}
    if before.ended_at is not None:
        released, told = paid_after(released, tx.now - before.ended_at)
    tx.save(paid, released)
    pay = paying.book(contract, released, description, tx, earlier=before.paid)
    tx.publish(event, about=(paid.id, contract.id, *pay.payees), gross=gross, **told)
