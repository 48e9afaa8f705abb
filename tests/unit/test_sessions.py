"""Sessions: what heartbeats prove, how a session ends, and how its minutes are paid."""

from dataclasses import replace

import pytest

from marketplace.metering.evidence import SPANS_MAX, Evidence, evidence_id
from marketplace.metering.pay import accruing, in_review
from marketplace.metering.session import SILENCE_SECONDS, EndReason, Session, SessionStatus
from marketplace.metering.worker_clock import WorkerClock, clock_id
from marketplace.shared.errors import (
    AlreadyExists,
    IllegalTransition,
    InsufficientFunds,
    InvalidRequest,
    NotFound,
    SessionAlreadyRunning,
)
from marketplace.shared.events import EventType
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


def test_approval_pays_once_and_splits_the_fee() -> None:
    shift = Shift(rate="50")
    session = shift.worked(180)
    assert shift.approve(session).status == SessionStatus.APPROVED
    with pytest.raises(IllegalTransition):
        shift.approve(session)
    assert (shift.available, shift.contract.released, shift.contract.reserved) == (135, 150, 0)


def test_silence_approves_after_the_review_even_when_the_contract_has_ended() -> None:
    shift = Shift(rate="60", funds=1_000)
    session = shift.worked(300)
    ended = shift.end("complete")
    assert (ended.held, ended.returned) == (300, 700)
    shift.advance(7 * 86_400)
    assert shift.session(session.id).status == SessionStatus.APPROVED
    assert shift.events[-1].type == EventType.SESSION_APPROVED
    assert shift.events[-1].at == session.review_ends_at
    assert (shift.contract.held, shift.contract.released, shift.available) == (0, 300, 270)


def test_a_session_of_no_seconds_is_approved_without_a_journal() -> None:
    shift = Shift()
    session = shift.stop(shift.start())
    assert shift.approve(session).paid == 0
    assert all(event.journal is None for event in shift.events if event.type == EventType.SESSION_APPROVED)


def test_a_dispute_pays_the_accepted_seconds_and_holds_the_rest_until_approved() -> None:
    shift = Shift(rate="55")
    session = shift.worked(101)
    assert session.gross == 93
    disputed = shift.dispute(session, 50)
    assert (disputed.status, disputed.paid, disputed.rest) == (SessionStatus.DISPUTED, 46, 47)
    assert (shift.contract.reserved, disputed.due_at) == (47, disputed.unclaimed_at)
    assert in_review(disputed, shift.contract).net + shift.available == 84
    shift.advance(20 * 86_400)
    shift.approve(disputed)
    assert (shift.contract.reserved, shift.contract.released, shift.available) == (0, 93, 84)


def test_a_dispute_accepts_fewer_seconds_than_there_are() -> None:
    shift = Shift()
    session = shift.worked(60)
    with pytest.raises(InvalidRequest):
        shift.dispute(session, 60)
    assert shift.dispute(session, 0).paid == 0


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


def test_a_contract_is_not_ended_under_a_running_session() -> None:
    shift = Shift()
    shift.start()
    with pytest.raises(IllegalTransition, match="session"):
        shift.end("complete")


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


def test_sixty_five_hours_and_six_minutes_at_12_50_an_hour_are_813_75() -> None:
    shift = Shift(rate="20.8333", funds=10**6)
    seconds = (65 * 60 + 6) * 60
    session = shift.start()
    stopped = replace(session, last_proven_at=BEGIN + seconds).stopped(BEGIN + seconds)
    assert stopped.gross == 81_375


def test_accruing_is_the_net_of_what_is_proven_so_far() -> None:
    shift = Shift(rate="60", funds=90, asleep=True)
    session = shift.work(shift.start(), 60)
    assert accruing(session, shift.contract, shift.now).net == 54
    shift.fund(60)
    shift.advance(60)
    assert accruing(session, shift.contract, shift.now).net == 54
    shift.advance(60)
    assert accruing(session, shift.contract, shift.now).net == 135
    ended: Session = shift.beat(session, 9)
    assert (accruing(ended, shift.contract, shift.now).net, in_review(ended, shift.contract).net) == (0, 135)
