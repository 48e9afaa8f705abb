"""Sessions: how they start, what heartbeats prove, and whose they are."""

import pytest

from marketplace.metering.session import SILENCE_SECONDS, EndReason, SessionStatus
from marketplace.metering.worker_clock import WorkerClock, clock_id
from marketplace.shared.errors import (
    IllegalTransition,
    InsufficientFunds,
    NotFound,
    SessionAlreadyRunning,
)
from tests.shifts import BEGIN, Shift


def test_a_session_proves_what_its_heartbeats_and_its_stop_prove() -> None:
    shift = Shift(rate="50")
    session = shift.start()
    shift.advance(60)
    assert (shift.beat(session, 1).billable_seconds, shift.beat(session, 1).gross) == (60, 50)
    shift.advance(90)
    stopped = shift.stop(session)
    assert (stopped.billable_seconds, stopped.gross, stopped.end_reason) == (150, 125, EndReason.WORKER)
    assert stopped.review_ends_at == stopped.ended_at + 7 * 86_400  # type: ignore[operator]
    assert (shift.contract.reserved, shift.contract.billed_seconds, shift.contract.running) == (
        125,
        150,
        None,
    )


def test_a_heartbeat_is_one_head_and_no_event() -> None:
    shift = Shift()
    session = shift.start()
    shift.advance(60)
    events, versions = len(shift.events), dict(shift.store.heads)
    shift.beat(session, 1)
    changed = {key for key, head in shift.store.heads.items() if versions[key] != head}
    assert (changed, len(shift.events)) == ({session.id}, events)


def test_a_duplicate_or_old_heartbeat_writes_nothing_and_the_first_body_wins() -> None:
    shift = Shift()
    session = shift.start()
    shift.advance(100)
    shift.beat(session, 5, phone_at=shift.now - 40)
    heads = dict(shift.store.heads)
    for sequence in (5, 4, 0):
        assert shift.beat(session, sequence).last_proven_at == BEGIN + 60
    assert shift.store.heads == heads


def test_the_phones_clock_counts_by_its_offset_at_clock_in_and_never_beyond_arrival() -> None:
    shift = Shift()
    session = shift.start(phone_at=BEGIN - 3_600)
    shift.advance(100)
    assert shift.beat(session, 1, phone_at=BEGIN - 3_600 + 70).last_proven_at == BEGIN + 70
    assert shift.beat(session, 2, phone_at=BEGIN).last_proven_at == BEGIN + 100
    assert shift.beat(session, 3, phone_at=0).last_proven_at == BEGIN + 100


def test_a_gap_of_exactly_the_silence_is_proven_and_one_second_more_is_not() -> None:
    for gap, status in (
        (SILENCE_SECONDS, SessionStatus.RUNNING),
        (SILENCE_SECONDS + 1, SessionStatus.STOPPED),
    ):
        shift = Shift()
        session = shift.start()
        shift.advance(gap)
        assert shift.beat(session, 1).status == status
    assert shift.session(session.id).end_reason == EndReason.SILENCE
    assert shift.session(session.id).billable_seconds == 0


def test_a_silence_timer_that_fires_early_looks_again_and_heartbeats_never_move_it() -> None:
    shift = Shift()
    session = shift.start()
    assert session.due_at == BEGIN + 181
    assert shift.work(session, 120).due_at == BEGIN + 181
    shift.advance(61)
    assert shift.session(session.id).due_at == BEGIN + 120 + 181
    shift.advance(120)
    ended = shift.session(session.id)
    assert (ended.ended_at, ended.end_reason, ended.billable_seconds) == (BEGIN + 120, EndReason.SILENCE, 120)


def test_a_session_starts_only_with_money_for_an_increment_and_the_minimum() -> None:
    for funds, allowed in ((149, False), (150, True)):
        shift = Shift(rate="60", increment_seconds=60, minimum_seconds=150, funds=funds)
        if allowed:
            assert shift.stop(shift.start()).gross == 150
        else:
            with pytest.raises(InsufficientFunds):
                shift.start()
    with pytest.raises(InsufficientFunds):
        Shift(rate="20", funds=0).start()


def test_a_worker_runs_one_session_whatever_the_contract() -> None:
    shift = Shift()
    session = shift.start()
    with pytest.raises(SessionAlreadyRunning) as refused:
        shift.start(shift.sign())
    assert refused.value.session_id == session.id
    shift.stop(session)
    again = shift.start()
    found = shift.store.read(WorkerClock, clock_id(shift.worker_id))
    assert found is not None
    assert found[0].running_session == again.id
    assert shift.session(session.id).next_started_at == again.started_at


def test_a_session_begins_when_the_one_before_has_ended_though_our_own_clocks_disagree() -> None:
    shift = Shift()
    first = shift.worked(60)
    shift.now -= 5
    assert shift.start().started_at == first.ended_at


def test_what_is_not_yours_does_not_exist() -> None:
    shift, stranger = Shift(), Shift()
    session = shift.worked(60)
    stranger.store = shift.store
    for act in (stranger.stop, stranger.approve, stranger.accept, stranger.decline):
        with pytest.raises(NotFound):
            act(session)
    for counted in (stranger.dispute, stranger.ask):
        with pytest.raises(NotFound):
            counted(session, 1)
    with pytest.raises(NotFound):
        stranger.beat(session, 1)


def test_a_worker_stops_once_and_nothing_is_approved_while_it_runs() -> None:
    shift = Shift()
    session = shift.start()
    for act in (shift.approve, shift.accept, shift.decline):
        with pytest.raises(IllegalTransition):
            act(session)
    for counted in (shift.dispute, shift.ask):
        with pytest.raises(IllegalTransition):
            counted(session, 1)
    shift.stop(session)
    with pytest.raises(IllegalTransition):
        shift.stop(session)
