"""The doors of a session whose end has come while its timer still sleeps."""

from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.api import session_reviews, sessions
from chalicelib.api.sessions import ClockIn, Heartbeat
from chalicelib.http import Call, NoBody, NoQuery, Reply
from marketplace.access.principals import Principal, Role
from marketplace.metering.session import EndReason, Session
from marketplace.shared.errors import IllegalTransition, SessionAlreadyRunning, SessionEnded
from marketplace.shared.events import Cause
from marketplace.shared.ids import derived_id, new_id
from tests.shifts import BEGIN, Shift

LONG = 1_000


def call(shift: Shift, role: Role, body: Any, *, key: str = "", **path: str) -> Call[Any]:
    """A call as the endpoint sees it, with an idempotency key if one is named."""
    actor = shift.worker_id if role == Role.WORKER else shift.client_id
    runtime: Any = SimpleNamespace(store=shift.store, new_id=new_id, worker_salts={actor: ""})
    event_id = derived_id("evt", key) if key else new_id("evt")
    cause = Cause(event_id, actor, "req", shift.now, repeatable=bool(key), input_hash=key)
    return Call(runtime, Principal(role, actor), body, NoQuery(), path, cause, 200)


def forgotten() -> tuple[Shift, Session]:
    """A session that fell silent after a minute, and nobody has noticed yet."""
    shift = Shift(asleep=True)
    session = shift.work(shift.start(), 60)
    shift.advance(LONG)
    return shift, session


def started(reply: Reply) -> Any:
    assert reply.model is not None
    return reply.model


def test_a_worker_clocks_in_again_though_no_timer_has_ended_the_session_before() -> None:
    shift, session = forgotten()
    path = {"contract_id": shift.contract_id}
    view = started(sessions.start_session(call(shift, Role.WORKER, ClockIn(), key="in", **path)))
    assert view.started_at == BEGIN + 60 + LONG
    ended = shift.session(session.id)
    assert (ended.end_reason, ended.ended_at) == (EndReason.SILENCE, BEGIN + 60)
    with pytest.raises(SessionAlreadyRunning):
        sessions.start_session(call(shift, Role.WORKER, ClockIn(), **path))
    repeated = sessions.start_session(call(shift, Role.WORKER, ClockIn(), key="in", **path))
    assert repeated.replayed


def test_a_client_approves_a_session_whose_end_has_come() -> None:
    shift, session = forgotten()
    reply = session_reviews.approve_session(
        call(shift, Role.CLIENT, NoBody(), key="pay", session_id=session.id)
    )
    assert started(reply).status == "approved"
    assert shift.contract.released == 50


def test_a_session_that_still_runs_is_not_approved() -> None:
    shift = Shift(asleep=True)
    session = shift.start()
    with pytest.raises(IllegalTransition):
        session_reviews.approve_session(call(shift, Role.CLIENT, NoBody(), session_id=session.id))
    assert shift.session(session.id) == session


def test_a_heartbeat_that_finds_the_end_commits_it_and_is_refused_however_often_it_is_repeated() -> None:
    shift, session = forgotten()
    beat = Heartbeat(sequence=9, at=shift.now)
    for _ in range(2):
        with pytest.raises(SessionEnded):
            sessions.record_heartbeat(call(shift, Role.WORKER, beat, key="beat", session_id=session.id))
    assert shift.session(session.id).end_reason == EndReason.SILENCE
    assert shift.contract.reserved == 50


def test_a_heartbeat_with_a_key_is_answered_as_the_first_time_and_one_without_leaves_no_event() -> None:
    shift = Shift()
    session = shift.start()

    def beat(sequence: int, key: str) -> Reply:
        shift.advance(60)
        body = Heartbeat(sequence=sequence, at=shift.now)
        return sessions.record_heartbeat(call(shift, Role.WORKER, body, key=key, session_id=session.id))

    told = len(shift.store.events)
    first = started(beat(1, "one"))
    assert len(shift.store.events) == told + 1
    assert started(beat(2, "")).billable_seconds == 120
    assert len(shift.store.events) == told + 1
    again = beat(1, "one")
    assert (again.replayed, again.text) == (True, first.model_dump_json())
