"""Clocking in and out, heartbeats, and what a session's own timer does.

Time is looked at before anything else: whatever has come due by the use case's own instant takes effect
first. An end that a heartbeat finds out about is committed like any other; the caller is told afterwards.
"""

from marketplace.contracts import clocking
from marketplace.contracts.access import Side, own_contract
from marketplace.contracts.contract import Contract
from marketplace.contracts.trainings import check_trained
from marketplace.metering.access import own_session
from marketplace.metering.clocking_in import started
from marketplace.metering.corrections import taken_until
from marketplace.metering.evidence import Evidence, evidence_id
from marketplace.metering.marking import marked
from marketplace.metering.reviews import approve
from marketplace.metering.session import EndReason, Session, SessionStatus
from marketplace.metering.worker_clock import WorkerClock, clock_id
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.work.minute_terms import MinuteClass


@dataclass(frozen=True)
class StartSession:
    """`phone_at` is the phone's clock as it clocks in, epoch seconds; None when it keeps our time."""

    contract_id: str
    worker_id: str
    session_id: str
    phone_at: int | None = None


@dataclass(frozen=True)
class RecordHeartbeat:
    """`phone_at` is the phone's clock as the heartbeat was made, epoch seconds."""

    session_id: str
    worker_id: str
    sequence: int
    phone_at: int


@dataclass(frozen=True)
class RecordClass:
    """`phone_at` is the phone's clock as the class began, epoch seconds; the sequence is one of classes."""

    session_id: str
    worker_id: str
    sequence: int
    name: MinuteClass
    phone_at: int


@dataclass(frozen=True)
class StopSession:
    """The worker clocks out."""

    session_id: str
    worker_id: str


def start_session(command: StartSession, tx: Transaction) -> Session:
    """Raises NotFound, NotEligible, SessionAlreadyRunning, IllegalTransition, InsufficientFunds."""
    contract = own_contract(command.contract_id, Side(worker_id=command.worker_id), tx)
    check_trained(contract, tx)
    clock = _clock(contract.worker_id, tx)
    clock_running = clock.clocked_in(command.session_id, contract_id=contract.id)
    previous = tx.find(Session, clock.last_session) if clock.last_session else None
    begins_at = max(tx.now, taken_until(previous)) if previous else tx.now
    contract_running = clocking.clocked_in(contract, command.session_id, at=begins_at)
    session = started(contract_running, phone_at=command.phone_at, arrival=tx.now)
    tx.save(session, contract_running, clock_running)
    if previous is not None:
        tx.save(replace(previous, next_started_at=begins_at))
    tx.publish(EventType.SESSION_STARTED, about=(session.id, contract.id, contract.worker_id))
    return session


def record_heartbeat(command: RecordHeartbeat, tx: Transaction) -> Session:
    """The session after it; one that is over by then keeps the heartbeat as evidence. Raises NotFound."""
    session = settle(own_session(command.session_id, tx, worker_id=command.worker_id), tx)
    if not session.is_running:
        _keep(command, session, tx)
        return session
    proven = session.proven_by(command.sequence, phone_at=command.phone_at, arrival=tx.now)
    if proven is not session:
        tx.save(proven)
    return proven


def record_class(command: RecordClass, tx: Transaction) -> Session:
    """The session after it; a class that costs more may have ended it. It proves no time: heartbeats do.

    Raises NotFound, InvalidRequest.
    """
    session = settle(own_session(command.session_id, tx, worker_id=command.worker_id), tx)
    if not session.is_running:
        return session
    told = marked(session, command.sequence, command.name, phone_at=command.phone_at, arrival=tx.now)
    if told is session:
        return session
    settled = settle(told, tx)
    if settled.is_running:
        tx.save(settled.rearmed() if settled.limit_at < settled.timer_at else settled)
    return settled


def stop_session(command: StopSession, tx: Transaction) -> Session:
    """The ended session; one that ended by itself is answered as it is.

    Raises NotFound, IllegalTransition when the worker has stopped it before.
    """
    session = settle(own_session(command.session_id, tx, worker_id=command.worker_id), tx)
    if session.status == SessionStatus.STOPPED and session.end_reason != EndReason.WORKER:
        return session
    stopped = session.stopped(tx.now)
    _end(stopped, tx)
    return stopped


def settle_session(session_id: str, tx: Transaction) -> Session:
    """What has come due takes effect. Raises NotFound."""
    return settle(tx.get(Session, session_id), tx)


def wake_session(session_id: str, tx: Transaction) -> None:
    """Its timer: the end of a running session, or the client's silence, which approves a stopped one.

    Heartbeats do not move the timer, so it may find that it is early and look again later. A disputed rest
    that nobody speaks for is not its business.
    """
    session = tx.due(Session, session_id)
    if session is None:
        return
    if session.review_ends_at is not None:
        approve(session, tx)
        return
    settled = settle(session, tx)
    if settled.is_running:
        tx.save(settled.rearmed())


def settle(session: Session, tx: Transaction) -> Session:
    """The session by `tx.now`; its end is staged if it has come. Funding that came before the limit has
    moved the contract's limit on, so that is what counts once the session's own has passed."""
    if session.is_running and session.limit_at <= tx.now:
        contract = tx.get(Contract, session.contract_id)
        if contract.running is not None:
            session = session.with_limit(contract.running)
    settled = session.settled(tx.now)
    if settled is not session and not settled.is_running:
        _end(settled, tx)
    return settled


def _clock(worker_id: str, tx: Transaction) -> WorkerClock:
    identifier = clock_id(worker_id)
    return tx.find(WorkerClock, identifier) or WorkerClock(identifier, worker_id)


def _end(session: Session, tx: Transaction) -> None:
    """Reserves the gross of a session that has ended, and frees its worker's clock."""
    tx.look_up({session.contract_id: Contract, clock_id(session.worker_id): WorkerClock})
    contract = clocking.clocked_out(
        tx.get(Contract, session.contract_id),
        gross=session.gross,
        billable_seconds=session.billable_seconds,
        ended_at=session.ended_at or session.last_proven_at,
    )
    tx.save(session, contract, _clock(session.worker_id, tx).clocked_out())
    tx.publish(
        EventType.SESSION_STOPPED,
        about=(session.id, contract.id, session.worker_id),
        reason=session.end_reason,
        billable_seconds=session.billable_seconds,
        gross=session.gross,
    )


def _keep(command: RecordHeartbeat, session: Session, tx: Transaction) -> None:
    """Late heartbeats of time after the end are evidence; the others say nothing new."""
    at = session.effective(command.phone_at, tx.now)
    if command.sequence <= session.last_sequence or at <= (session.ended_at or at):
        return
    identifier = evidence_id(session.id)
    evidence = tx.find(Evidence, identifier) or Evidence(identifier, session.id)
    kept = evidence.with_heartbeat(command.sequence, at)
    if kept is not evidence:
        tx.save(kept)
