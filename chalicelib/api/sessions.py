"""Sessions: the worker's clock. What the client says to its minutes has a file of its own."""

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any

from pydantic import Field

from chalicelib.api.contract_access import visible_contract, visible_part
from chalicelib.api.minute_pay import ClassName
from chalicelib.api.session_views import SessionView, Status, session_view
from chalicelib.api.workers import own_worker_id
from chalicelib.http import BOTH_SIDES, WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.reading_ahead import Path
from chalicelib.types import Instant, Model
from marketplace.access.principals import Role
from marketplace.metering import use_cases
from marketplace.metering.session import Session
from marketplace.metering.use_cases import RecordClass, RecordHeartbeat, StartSession, StopSession
from marketplace.metering.worker_clock import clock_id
from marketplace.shared.errors import IllegalTransition, SessionAlreadyRunning, SessionEnded
from marketplace.shared.ids import new_id
from marketplace.shared.records import replace
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from marketplace.storage.ahead import Along
from marketplace.storage.keys import CLIENT_SESSIONS, CONTRACT_SESSIONS, WORKER_SESSIONS
from marketplace.work.minute_terms import MinuteClass

SEQUENCE_MAX = 10**9

routes = Routes()


class ClockIn(Model):
    """`at` is the phone's own clock, from which its offset is taken; left out, it keeps our time."""

    at: Instant | None = None


class Heartbeat(Model):
    """`sequence` rises with every heartbeat of a session; `at` is the phone's clock as it was made."""

    sequence: Annotated[int, Field(ge=0, le=SEQUENCE_MAX)]
    at: Instant


class ClassChange(Model):
    """From `at` on, by the phone's clock, the minutes are of this class, until a change with a higher
    `sequence` says otherwise. The sequence is one of class changes alone."""

    name: Annotated[ClassName, Field(alias="class")]
    at: Instant
    sequence: Annotated[int, Field(ge=0, le=SEQUENCE_MAX)]


class SessionQuery(PageQuery):
    """Filter of the session list."""

    status: Status | None = None

    def keeps(self, session: Session) -> bool:
        """Whether the session passes the filter."""
        return self.status in (None, session.status)


def _clock_ahead(_role: Role, worker_id: str, _path: Path) -> Along:
    return Along((clock_id(worker_id),))


@routes.add(
    "POST",
    "/v1/contracts/{contract_id}/sessions",
    who=WORKER,
    body=ClockIn,
    answer=SessionView,
    status=201,
    along=_clock_ahead,
)
def start_session(call: Call[ClockIn]) -> Reply:
    """Clocks in; one running session for each worker."""
    command = StartSession(
        contract_id=call.id("contract_id", "con"),
        worker_id=own_worker_id(call),
        session_id=call.runtime.new_id("ses"),
        phone_at=call.body.at,
    )
    return on_time(call, lambda tx: use_cases.start_session(command, tx))


@routes.add("POST", "/v1/sessions/{session_id}/heartbeat", who=WORKER, body=Heartbeat, answer=SessionView)
def record_heartbeat(call: Call[Heartbeat]) -> Reply:
    """Proves the time since the proven instant before it; its sequence makes it safe to repeat."""
    command = RecordHeartbeat(
        session_id_of(call), own_worker_id(call), sequence=call.body.sequence, phone_at=call.body.at
    )
    ended = SessionEnded("the session has ended; the heartbeat is kept as evidence")
    return _told(call, lambda tx: use_cases.record_heartbeat(command, tx), ended)


@routes.add("POST", "/v1/sessions/{session_id}/class", who=WORKER, body=ClassChange, answer=SessionView)
def record_class(call: Call[ClassChange]) -> Reply:
    """Says what the minutes are from an instant on; its sequence makes it safe to repeat, late and in any
    order."""
    body = call.body
    command = RecordClass(
        session_id_of(call), own_worker_id(call), body.sequence, MinuteClass(body.name), phone_at=body.at
    )
    ended = SessionEnded("the session has ended; what its minutes were is settled")
    return _told(call, lambda tx: use_cases.record_class(command, tx), ended)


@routes.add("POST", "/v1/sessions/{session_id}/stop", who=WORKER, answer=SessionView)
def stop_session(call: Call[NoBody]) -> Reply:
    """Clocks out; a session that had ended by itself is answered as it ended."""
    command = StopSession(session_id_of(call), own_worker_id(call))
    return call.commit(lambda tx: use_cases.stop_session(command, tx), session_view)


@routes.add("GET", "/v1/sessions/{session_id}", who=BOTH_SIDES, answer=SessionView, open_to_suspended=True)
def get_session(call: Call[Any]) -> Reply:
    """One session of the caller's."""
    return Reply(session_view(visible_session(call)))


@routes.add(
    "GET",
    "/v1/contracts/{contract_id}/sessions",
    who=BOTH_SIDES,
    query=SessionQuery,
    answer=Page,
    row=SessionView,
    open_to_suspended=True,
)
def list_contract_sessions(call: Call[Any]) -> Reply:
    """The sessions of one contract of the caller's."""
    return call.page(CONTRACT_SESSIONS, visible_contract(call).id, session_view, call.query.keeps)


@routes.add(
    "GET",
    "/v1/sessions",
    who=BOTH_SIDES,
    query=SessionQuery,
    answer=Page,
    row=SessionView,
    open_to_suspended=True,
)
def list_sessions(call: Call[Any]) -> Reply:
    """The caller's sessions: for a client what to approve, for a restarted phone the one that runs."""
    if call.principal.role == Role.CLIENT:
        return call.page(CLIENT_SESSIONS, call.principal.id, session_view, call.query.keeps)
    return call.page(WORKER_SESSIONS, own_worker_id(call), session_view, call.query.keeps)


def on_time(call: Call[Any], work: Callable[[Transaction], Session]) -> Reply:
    """Runs `work`; where a session stood in its way that has come to its end and no timer has said so yet,
    ends that and runs it again."""
    try:
        return call.commit(work, session_view)
    except (IllegalTransition, SessionAlreadyRunning) as refused:
        in_the_way = refused.session_id if isinstance(refused, SessionAlreadyRunning) else None
        session_id = in_the_way or call.path.get("session_id")
        if session_id is None or not _came_to_its_end(call, session_id):
            raise
    return call.commit(work, session_view)


def _came_to_its_end(call: Call[Any], session_id: str) -> bool:
    found = call.runtime.store.read(Session, session_id)
    if found is None or found[0].settled(call.now) is found[0]:
        return False
    session = _committed(call, lambda tx: use_cases.settle_session(session_id, tx))
    return session is None or not session.is_running


def _told(call: Call[Any], work: Callable[[Transaction], Session], ended: SessionEnded) -> Reply:
    """Commits what a phone tells of a running session. Its sequence makes that safe to repeat, without an
    event; only a call with a key has one, for its answer. Raises `ended`, which binds no key, once what came
    too late is kept."""

    def running(tx: Transaction) -> Session:
        session = work(tx)
        if not session.is_running:
            raise ended
        return session

    if call.cause.repeatable:
        with suppress(SessionEnded):
            return call.commit(running, session_view)
    session = _committed(call, work)
    if session is None or not session.is_running:
        raise ended
    return Reply(session_view(session))


def _committed(call: Call[Any], work: Callable[[Transaction], Session]) -> Session | None:
    """Commits `work` under a cause of its own, which the caller's key is not bound to; None when an end
    was committed whose answer was lost."""
    cause = replace(call.cause, event_id=new_id("evt"), repeatable=False, input_hash="")
    return run(call.runtime.store, cause, work).result


def session_id_of(call: Call[Any]) -> str:
    """The path's session. Raises NotFound when the id is malformed."""
    return call.id("session_id", "ses")


def visible_session(call: Call[Any]) -> Session:
    """The path's session. Raises NotFound, also when it is somebody else's."""
    return visible_part(call, call.get(Session, session_id_of(call)))
