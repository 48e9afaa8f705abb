"""Minutes that came too late: kept as evidence, asked for, accepted or declined."""

import pytest

from marketplace.metering.evidence import SPANS_MAX, Evidence, evidence_id
from marketplace.metering.session import SessionStatus
from marketplace.shared.errors import (
    AlreadyExists,
    IllegalTransition,
    InsufficientFunds,
    InvalidRequest,
)
from tests.shifts import BEGIN, Shift


def test_a_late_heartbeat_never_lengthens_a_stopped_session_and_is_kept_as_evidence() -> None:
    shift = Shift()
    session = shift.work(shift.start(), 60)
    shift.advance(400)
    ended = shift.session(session.id)
    for sequence, at in ((1, 120), (3, 240), (2, 180), (3, 300), (9, 999_999), (0, 50)):
        assert shift.beat(session, sequence, phone_at=BEGIN + at) == ended
    found = shift.store.read(Evidence, evidence_id(session.id))
    assert found is not None
    spans = [(span.started_at - BEGIN, span.ended_at - BEGIN, span.heartbeats) for span in found[0].spans]
    assert spans == [(120, 240, 2), (460, 460, 1)]
    assert found[0].seconds == 120


def test_evidence_has_a_limit() -> None:
    evidence = Evidence("evi", "ses")
    for sequence in range(SPANS_MAX + 10):
        evidence = evidence.with_heartbeat(sequence * 2, sequence * 1_000)
    assert len(evidence.spans) == SPANS_MAX


def test_an_accepted_correction_pays_the_session_with_what_the_phone_could_not_prove() -> None:
    shift = Shift(rate="60", funds=1_000)
    session = shift.work(shift.start(), 60)
    shift.advance(400)
    asked = shift.ask(session, 340)
    assert (asked.status, asked.gross) == (SessionStatus.STOPPED, 60)
    corrected = shift.accept(session)
    assert (corrected.status, corrected.billable_seconds, corrected.paid) == (
        SessionStatus.CORRECTED,
        400,
        400,
    )
    contract = shift.contract
    assert (contract.reserved, contract.released, contract.billed_seconds) == (0, 400, 400)
    assert shift.available == 360
    with pytest.raises(IllegalTransition):
        shift.accept(session)


def test_a_session_does_not_begin_in_time_that_a_correction_has_billed() -> None:
    """Whoever starts it has a clock that is behind that of whoever corrected the last one."""
    shift = Shift(rate="60", funds=1_000)
    session = shift.work(shift.start(), 60)
    shift.advance(400)
    shift.ask(session, 340)
    shift.accept(session)
    shift.advance(-70)
    assert shift.start().started_at == BEGIN + 400


def test_a_correction_of_an_approved_session_pays_the_difference_alone() -> None:
    shift = Shift(rate="50", funds=1_000)
    session = shift.work(shift.start(), 61)
    shift.advance(300)
    shift.approve(session)
    shift.ask(session, 20)
    assert shift.accept(session).paid == 68
    assert (shift.available, shift.contract.released) == (61, 68)


def test_a_declined_correction_changes_nothing_and_may_be_asked_for_anew() -> None:
    shift = Shift()
    session = shift.work(shift.start(), 60)
    shift.advance(300)
    shift.ask(session, 100)
    with pytest.raises(AlreadyExists):
        shift.ask(session, 50)
    assert shift.decline(session).gross == 50
    with pytest.raises(IllegalTransition):
        shift.accept(session)
    assert shift.ask(session, 50).correction is not None


def test_a_correction_never_reaches_into_the_workers_next_session_or_the_future() -> None:
    shift = Shift()
    session = shift.work(shift.start(), 60)
    shift.advance(300)
    shift.start()
    shift.advance(60)
    for seconds in (301, 361):
        with pytest.raises(InvalidRequest):
            shift.ask(session, seconds)
    shift.ask(session, 300)


def test_a_correction_takes_from_what_the_running_session_may_still_use_never_from_what_it_has() -> None:
    shift = Shift(rate="60", funds=1_000)
    session = shift.work(shift.start(), 60)
    shift.advance(400)
    shift.ask(session, 340)
    running = shift.work(shift.start(), 100)
    shift.accept(session)
    shortened = shift.session(running.id)
    assert shortened.limit_at == running.started_at + 600
    assert (shift.contract.headroom, shift.contract.held) == (0, 600)
    shift.work(running, 500)
    assert shift.session(running.id).gross == 600

    tight = Shift(rate="60", funds=460)
    session = tight.work(tight.start(), 60)
    tight.advance(400)
    tight.ask(session, 340)
    tight.work(tight.start(), 100)
    with pytest.raises(InsufficientFunds):
        tight.accept(session)


def test_a_correction_beyond_the_headroom_is_refused_and_one_beyond_the_cap_is_cut() -> None:
    shift = Shift(rate="60", funds=300)
    session = shift.work(shift.start(), 60)
    shift.advance(400)
    shift.ask(session, 340)
    with pytest.raises(InsufficientFunds):
        shift.accept(session)
    shift.fund(100)
    assert shift.accept(session).gross == 400

    capped = Shift(rate="60", cap_seconds=300)
    session = capped.work(capped.start(), 60)
    capped.advance(400)
    capped.ask(session, 340)
    assert capped.accept(session).billable_seconds == 300

    used_up = Shift(rate="60", cap_seconds=60)
    session = used_up.work(used_up.start(), 60)
    used_up.advance(400)
    with pytest.raises(IllegalTransition, match="cap"):
        used_up.ask(session, 340)
