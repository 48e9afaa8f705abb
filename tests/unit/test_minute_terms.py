"""Clocked work beyond one rate: classes, a floor, caps by the calendar, and time that is billed already."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from marketplace.contracts.billed_time import FLOOR_GAP_SECONDS
from marketplace.contracts.minute_classes import MARKS_MAX
from marketplace.contracts.minutes import GRANTS_MAX
from marketplace.metering.session import EndReason, SessionStatus
from marketplace.shared.errors import IllegalTransition, InsufficientFunds, InvalidRequest
from marketplace.storage.codec import dump, head_body
from marketplace.work.minute_terms import ClassRates, MinuteClass, MinuteTerms
from tests.shifts import BEGIN, Shift

TALK, HOLD, WRAP, WAIT = MinuteClass
CLASSES = MinuteTerms(classes=ClassRates(talk=Decimal(120), wait=Decimal(6)))
HEAD_BYTES = 1_024


def mixed(funds: int = 10_000, **terms: int) -> Shift:
    """60 a minute; talking pays twice that, waiting a tenth."""
    return Shift(rate="60", funds=funds, minutes=CLASSES, **terms)  # type: ignore[arg-type]


def test_each_class_pays_its_rate_and_what_has_none_the_contracts() -> None:
    shift = mixed()
    session = shift.work(shift.start(), 60)
    for sequence, name in enumerate((TALK, WRAP, WAIT)):
        shift.say(session, name, sequence)
        session = shift.work(session, 60)
    stopped = shift.stop(session)
    assert stopped.by_class == {None: 60, TALK: 60, WRAP: 60, WAIT: 60}
    assert stopped.gross == 60 + 120 + 60 + 6
    assert shift.approve(stopped).paid == 246


def test_a_class_is_one_head_and_no_event_and_its_first_body_wins() -> None:
    shift = mixed()
    session = shift.start()
    shift.advance(30)
    events, heads = len(shift.events), dict(shift.store.heads)
    said = shift.say(session, TALK, 1)
    changed = {key for key, head in shift.store.heads.items() if heads[key] != head}
    assert (changed, len(shift.events)) == ({session.id}, events)
    assert shift.say(session, WAIT, 1) == said
    assert shift.session(session.id).due_at == session.due_at


def test_only_terms_with_classes_take_them_and_not_without_end() -> None:
    plain = Shift()
    session = plain.start()
    with pytest.raises(InvalidRequest):
        plain.say(session, TALK, 1)
    shift = mixed()
    session = shift.start()
    for sequence in range(MARKS_MAX):
        shift.say(session, WAIT, sequence)
    with pytest.raises(InvalidRequest):
        shift.say(session, WAIT, MARKS_MAX)
    assert shift.say(session, WAIT, MARKS_MAX - 1).is_running


def test_a_session_without_classes_keeps_nothing_of_them_and_a_busy_one_fits_a_unit_for_an_hour() -> None:
    plain = Shift()
    names = ("marks", "grants", "classes", "prepaid", "floor", "billed")
    told = dump(plain.work(plain.start(), 120)) + dump(plain.contract)
    assert not [name for name in names if f'"{name}"' in told]
    shift = mixed()
    session = shift.start()
    for sequence in range(40):
        session = shift.work(session, 90)
        session = shift.say(session, list(MinuteClass)[sequence % 4], sequence)
    assert len(head_body(session, ())) < HEAD_BYTES


def test_cheaper_minutes_let_the_hold_last_longer_and_end_it_to_the_second() -> None:
    shift = mixed(funds=200)
    session = shift.start()
    assert session.limit_at == BEGIN + 200
    assert shift.say(session, TALK, 1).limit_at == BEGIN + 100
    session = shift.work(session, 60)
    waiting = shift.say(session, WAIT, 2)
    assert waiting.limit_at == BEGIN + 60 + 804  # 80.4 is the last that rounds down to 80
    shift.work(session, 600)
    ended = shift.session(shift.work(session, 240).id)
    assert (ended.end_reason, ended.ended_at, ended.gross) == (EndReason.HOLD, BEGIN + 864, 200)
    assert (shift.contract.headroom, shift.contract.reserved) == (0, 200)


def test_a_dearer_class_told_late_ends_the_session_when_its_money_was_used_up() -> None:
    shift = mixed(funds=200)
    session = shift.say(shift.start(), WAIT, 1)
    session = shift.work(session, 150)
    ended = shift.say(session, TALK, 2, phone_at=BEGIN + 10)
    assert (ended.status, ended.end_reason) == (SessionStatus.STOPPED, EndReason.HOLD)
    assert ended.by_class == {WAIT: 10, TALK: 99}
    assert (ended.gross, shift.contract.held) == (199, 200)


def test_a_session_begins_only_with_money_for_the_dearest_class() -> None:
    for funds, begins in ((1, False), (2, True)):
        shift = mixed(funds=funds)
        if begins:
            assert shift.start().is_running
        else:
            with pytest.raises(InsufficientFunds):
                shift.start()


def test_money_that_comes_in_time_lets_it_run_on_and_later_money_waits() -> None:
    shift = mixed(funds=100)
    session = shift.say(shift.start(), TALK, 1)
    shift.advance(40)
    shift.beat(session, 1)
    shift.fund(100)
    session = shift.work(session, 55)
    assert session.is_running
    shift.asleep = True
    shift.advance(10)
    shift.fund(1_000)
    ended = shift.beat(session, 9)
    assert (ended.ended_at, ended.end_reason) == (BEGIN + 100, EndReason.HOLD)
    assert shift.contract.headroom == 1_000


def test_more_fundings_than_a_session_can_keep_wait_for_the_next_one() -> None:
    shift = mixed(funds=100)
    session = shift.start()
    for _ in range(GRANTS_MAX + 5):
        shift.fund(10)
    assert shift.contract.running is not None
    assert len(shift.contract.running.grants or ()) == GRANTS_MAX
    assert shift.contract.headroom == 60
    assert shift.stop(session).gross == 0


def test_offline_minutes_are_of_the_class_that_the_correction_says() -> None:
    for name, gross in ((TALK, 60 + 80), (WAIT, 60 + 4), (None, 60 + 40)):
        shift = mixed()
        session = shift.work(shift.start(), 60)
        shift.advance(400)
        shift.ask(session, 40, name)
        assert shift.accept(session).gross == gross
    plain = Shift()
    session = plain.worked(60)
    plain.advance(100)
    with pytest.raises(InvalidRequest):
        plain.ask(session, 40, TALK)


def test_a_correction_takes_nothing_from_a_running_session_whose_minutes_have_classes() -> None:
    shift = mixed(funds=300)
    session = shift.work(shift.start(), 60)
    shift.advance(400)
    shift.ask(session, 60, TALK)
    running = shift.start()
    with pytest.raises(InsufficientFunds):
        shift.accept(session)
    shift.stop(running)
    assert shift.accept(session).gross == 180


def test_a_dispute_accepts_the_first_seconds_whatever_they_cost() -> None:
    shift = mixed()
    session = shift.work(shift.say(shift.start(), TALK, 1), 60)
    session = shift.stop(shift.work(shift.say(session, WAIT, 2), 60))
    disputed = shift.dispute(session, 70)
    assert (disputed.paid, disputed.rest) == (121, 5)
    assert shift.approve(disputed).paid == session.gross == 126


FLOOR = MinuteTerms(minimum_pay=500)


def test_a_shift_pays_its_floor_or_its_minutes_if_they_are_more() -> None:
    for worked, gross in ((0, 500), (60, 500), (500, 500), (501, 501)):
        assert Shift(rate="60", minutes=FLOOR).worked(worked).gross == gross


def test_a_floor_is_set_aside_at_clock_in() -> None:
    with pytest.raises(InsufficientFunds):
        Shift(rate="60", minutes=FLOOR, funds=499).start()
    shift = Shift(rate="60", minutes=FLOOR, funds=500)
    session = shift.start()
    assert (shift.contract.headroom, session.limit_at) == (0, BEGIN + 500)
    assert shift.stop(session).gross == 500


def test_only_the_session_that_begins_a_shift_has_a_floor() -> None:
    shift = Shift(rate="60", minutes=FLOOR)
    shift.worked(60)
    for gap, gross in ((FLOOR_GAP_SECONDS - 1, 60), (FLOOR_GAP_SECONDS, 500)):
        shift.advance(gap)
        assert shift.worked(60).gross == gross


def test_a_client_may_dispute_a_floor() -> None:
    shift = Shift(rate="60", minutes=FLOOR)
    session = shift.worked(0)
    assert shift.dispute(session, 0).rest == 500
    assert shift.approve(session).paid == 500


def test_what_rounding_up_has_billed_is_not_billed_again() -> None:
    shift = Shift(rate="60", increment_seconds=900)
    assert shift.worked(5).billable_seconds == 900
    shift.advance(100)
    second = shift.start()
    assert second.terms.prepaid == 795
    assert shift.stop(shift.work(second, 700)).billable_seconds == 0
    third = shift.worked(96)
    assert third.billable_seconds == 900
    shift.advance(900)
    assert shift.worked(1).billable_seconds == 900
    assert shift.contract.billed_seconds == 2_700


def test_a_minimum_counts_once_for_sessions_that_follow_each_other() -> None:
    shift = Shift(rate="60", minimum_seconds=600)
    assert [shift.worked(seconds).billable_seconds for seconds in (10, 10, 10)] == [600, 0, 0]
    assert shift.worked(600).billable_seconds == 30


BERLIN = ZoneInfo("Europe/Berlin")
LAST_SUNDAY = int(datetime(2026, 10, 25, 23, 0, tzinfo=BERLIN).timestamp())
DAILY = MinuteTerms(cap_seconds_per_day=4_000, cap_seconds_per_week=5_000, time_zone="Europe/Berlin")


def test_a_session_over_midnight_counts_to_both_days() -> None:
    shift = Shift(minutes=DAILY, now=LAST_SUNDAY)
    session = shift.work(shift.start(), 3_600 + 3_940)
    shift.advance(60)
    ended = shift.session(session.id)
    assert (ended.end_reason, ended.billable_seconds) == (EndReason.CAP, 3_600 + 4_000)
    with pytest.raises(IllegalTransition, match="cap"):
        shift.start()
    shift.advance(86_400)
    again = shift.start()
    assert again.limit_at == again.started_at + 1_000  # of a new week's 5,000 seconds, 4,000 are used


def test_what_rounding_up_adds_never_goes_beyond_a_cap() -> None:
    shift = Shift(minutes=DAILY, now=LAST_SUNDAY - 12 * 3_600, increment_seconds=900)
    assert shift.worked(2_800).billable_seconds == 3_600
    shift.advance(3_600)
    session = shift.work(shift.start(), 360)
    shift.advance(60)
    assert shift.session(session.id).billable_seconds == 400


def test_a_heartbeat_moves_no_sum_of_a_day() -> None:
    shift = Shift(minutes=DAILY, now=LAST_SUNDAY)
    session, contract = shift.start(), shift.contract
    shift.work(session, 600)
    assert shift.contract == contract


def test_the_clients_word_goes_beyond_a_days_cap_but_not_beyond_the_contracts() -> None:
    shift = Shift(minutes=DAILY, now=LAST_SUNDAY - 7_200, cap_seconds=4_100)
    session = shift.work(shift.start(), 3_960)
    shift.advance(600)
    ended = shift.session(session.id)
    assert ended.end_reason == EndReason.CAP
    shift.ask(ended, 300)
    assert shift.accept(ended).billable_seconds == 4_100
