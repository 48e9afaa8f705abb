"""Minutes that the phone could not prove in time: the worker asks, the client accepts or declines.

They lie after the session's end, and before the worker's next session began: no second is paid twice.
Rounding up does not reach further either. Caps by the calendar bind the clock; the client's own word goes
beyond them.
"""

from marketplace.contracts import clocking, paying
from marketplace.contracts.contest import require_uncontested
from marketplace.contracts.contract import Contract
from marketplace.contracts.minutes import rounded_up
from marketplace.contracts.promptness import paid_after
from marketplace.metering.access import own_session
from marketplace.metering.claims import Correction, CorrectionStatus
from marketplace.metering.marking import require_classes
from marketplace.metering.session import TRANSITIONS, Session
from marketplace.shared.errors import AlreadyExists, IllegalTransition, InvalidRequest
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.shared.transitions import after
from marketplace.work.minute_terms import MinuteClass
from marketplace.work.rejection import NOT_CORRECTED_WORDS, Rejection, RejectionCode


@dataclass(frozen=True)
class AskCorrection:
    """`seconds` of work after the session's end, all of one class (None: none is said)."""

    session_id: str
    worker_id: str
    seconds: int
    reason: str
    name: MinuteClass | None = None


@dataclass(frozen=True)
class AcceptCorrection:
    """The client grants what the worker asks for."""

    session_id: str
    client_id: str


@dataclass(frozen=True)
class DeclineCorrection:
    """The client does not, and says why."""

    session_id: str
    client_id: str
    reason_code: RejectionCode = RejectionCode.OTHER
    reason: str = NOT_CORRECTED_WORDS


def ask_correction(command: AskCorrection, tx: Transaction) -> Session:
    """Raises NotFound, IllegalTransition, AlreadyExists while one waits, InvalidRequest for more seconds
    than the worker could have worked."""
    session = own_session(command.session_id, tx, worker_id=command.worker_id)
    require_uncontested(session.contest)
    after(TRANSITIONS, session.status, "correct")
    if session.correction is not None and session.correction.status == CorrectionStatus.ASKED:
        raise AlreadyExists("a correction of this session waits for the client's answer")
    if command.name is not None:
        require_classes(session)
    room = (session.next_started_at or tx.now) - (session.ended_at or tx.now)
    if command.seconds > room:
        raise InvalidRequest.at("/seconds", f"only {room} seconds passed until the next session or now")
    asked = replace(
        session, correction=Correction(command.seconds, command.reason, tx.now, name=command.name)
    )
    contract = tx.get(Contract, session.contract_id).correction_asked()
    _added_seconds(asked, contract, command.seconds, tx.now)
    tx.save(asked, contract)
    tx.publish(
        EventType.SESSION_CORRECTION_ASKED, about=(session.id, session.contract_id), seconds=command.seconds
    )
    return asked


def accept_correction(command: AcceptCorrection, tx: Transaction) -> Session:
    """Pays the whole session, with the seconds asked for as far as the cap allows.

    Raises NotFound, IllegalTransition, InsufficientFunds.
    """
    session = own_session(command.session_id, tx, client_id=command.client_id)
    correction = _pending(session).accepted()
    contract = tx.get(Contract, session.contract_id).correction_answered()
    added = _added_seconds(session, contract, correction.seconds, tx.now)
    corrected = session.corrected(added, correction)
    paid = clocking.with_correction_paid(
        contract.with_reserved_paid(session.rest),
        corrected.gross - session.gross,
        billable_seconds=added,
        at=tx.now,
    )
    paid, told = paid_after(paid, tx.now - correction.asked_at)
    tx.save(corrected, paid)
    if paid.running is not None and paid.running != contract.running:
        tx.save(tx.get(Session, paid.running.session_id).with_limit(paid.running).rearmed())
    pay = paying.book(contract, paid, "correct session", tx, earlier=session.paid)
    tx.publish(
        EventType.SESSION_CORRECTED,
        about=(session.id, contract.id, *pay.payees),
        added_seconds=added,
        gross=corrected.gross - session.paid,
        **told,
    )
    return corrected


def decline_correction(command: DeclineCorrection, tx: Transaction) -> Session:
    """The session stays as it was. Raises NotFound, IllegalTransition."""
    session = own_session(command.session_id, tx, client_id=command.client_id)
    why = Rejection(command.reason_code, command.reason, tx.now)
    declined = replace(session, correction=_pending(session).declined(why))
    tx.save(declined, tx.get(Contract, session.contract_id).correction_answered())
    tx.publish(
        EventType.SESSION_CORRECTION_DECLINED,
        about=(session.id, session.contract_id, session.worker_id),
        reason_code=why.code.value,
        reason=why.reason,
    )
    return declined


def taken_until(session: Session) -> int:
    """Before this instant its worker's time is this session's: a correction reaches beyond the end."""
    ended_at = session.ended_at or session.last_proven_at
    if not session.corrected_seconds:
        return ended_at
    return max(ended_at, session.started_at + session.terms.billed_from + session.billable_seconds)


def _pending(session: Session) -> Correction:
    if session.correction is None:
        raise IllegalTransition("nobody has asked for a correction of this session")
    return session.correction


def _added_seconds(session: Session, contract: Contract, seconds: int, at: int) -> int:
    """How many more are billable: rounded with the session's own, at most what the cap leaves, and none that
    is still to come or of the next session.

    Raises IllegalTransition when the cap leaves none.
    """
    terms, billable = session.terms, session.billable_seconds
    new = max(session.worked_seconds + seconds - terms.billed_from, 0)
    over = (session.next_started_at or at) - session.started_at - terms.billed_from
    longer = min(rounded_up(new, terms.increment_seconds, terms.minimum_seconds), over)
    added = max(longer - billable, 0)
    left = contract.clock.beside_running(at).cap_left
    if left is None or added == 0:
        return added
    if left <= 0:
        raise IllegalTransition("the contract's cap is used up")
    return min(added, left)
