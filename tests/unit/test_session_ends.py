"""How a session ends by itself: the hold, the cap, silence, and whoever finds out."""

import pytest

from marketplace.metering.session import EndReason
from marketplace.shared.errors import (
    IllegalTransition,
    InsufficientFunds,
)
from tests.shifts import BEGIN, Shift


def test_the_hold_ends_a_session_at_its_instant_and_the_last_heartbeats_find_that_out() -> None:
    shift = Shift(rate="60", funds=500, asleep=True)
    session = shift.start()
    assert session.limit_at == BEGIN + 500
    shift.work(session, 480)
    shift.advance(30)
    ended = shift.beat(session, 100)
    assert (ended.ended_at, ended.end_reason, ended.gross) == (BEGIN + 500, EndReason.HOLD, 500)
    assert shift.stop(session) == ended
    assert (shift.contract.held, shift.contract.reserved, shift.contract.headroom) == (500, 500, 0)


def test_silence_before_the_hold_is_used_up_bills_to_the_last_proof() -> None:
    shift = Shift(rate="60", funds=500, asleep=True)
    session = shift.start()
    shift.work(session, 300)
    shift.advance(1_000)
    ended = shift.stop(session)
    assert (ended.ended_at, ended.end_reason) == (BEGIN + 300, EndReason.SILENCE)


def test_the_cap_ends_a_session_and_counts_for_the_whole_contract() -> None:
    shift = Shift(cap_seconds=600)
    shift.worked(400)
    second = shift.work(shift.start(), 150)
    shift.advance(60)
    ended = shift.session(second.id)
    assert (ended.billable_seconds, ended.end_reason) == (200, EndReason.CAP)
    with pytest.raises(IllegalTransition, match="cap"):
        shift.start()


def test_funding_before_the_limit_lets_the_session_run_on_and_funding_after_it_comes_too_late() -> None:
    shift = Shift(rate="60", funds=100, asleep=True)
    session = shift.start()
    shift.advance(60)
    shift.beat(session, 1)
    shift.fund(100)
    shift.advance(60)
    assert shift.beat(session, 2).limit_at == BEGIN + 200
    shift.advance(90)
    shift.fund(1_000)
    ended = shift.beat(session, 3)
    assert (ended.ended_at, ended.end_reason, ended.gross) == (BEGIN + 200, EndReason.HOLD, 200)
    assert shift.contract.headroom == 1_000


def test_a_late_timer_and_a_late_heartbeat_come_to_the_same_seconds() -> None:
    ended = []
    for finder in ("timer", "heartbeat", "stop"):
        shift = Shift(rate="60", funds=130, asleep=True)
        session = shift.start()
        shift.work(session, 120)
        shift.advance(5_000)
        if finder == "timer":
            shift.fire()
        elif finder == "heartbeat":
            shift.beat(session, 50)
        else:
            shift.stop(session)
        found = shift.session(session.id)
        ended.append((found.ended_at, found.end_reason, found.gross, found.review_ends_at))
    assert set(ended) == {(BEGIN + 130, EndReason.HOLD, 130, BEGIN + 130 + 7 * 86_400)}


def test_sessions_that_share_a_hold_cannot_overdraw_it() -> None:
    shift = Shift(rate="60", funds=1_000)
    shift.worked(600)
    second = shift.start()
    assert second.limit_at == second.started_at + 400
    shift.work(second, 399)
    shift.advance(1)
    assert shift.session(second.id).end_reason == EndReason.HOLD
    with pytest.raises(InsufficientFunds):
        shift.start()
    assert (shift.contract.held, shift.contract.reserved) == (1_000, 1_000)


def test_a_contract_is_not_ended_under_a_running_session() -> None:
    shift = Shift()
    shift.start()
    with pytest.raises(IllegalTransition, match="session"):
        shift.end("complete")
