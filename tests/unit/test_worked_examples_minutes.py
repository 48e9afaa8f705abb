"""Clocked work as worked out by hand. Money is minor units; rates are minor units a minute."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from marketplace.contracts.minute_classes import Mark
from marketplace.contracts.minutes import Minutes
from marketplace.metering.session import EndReason
from marketplace.shared.local_days import split
from marketplace.shared.money import Rate
from marketplace.work.minute_terms import ClassRates, MinuteClass, MinuteTerms
from tests.shifts import Shift

HOUR = 3_600
TALK, HOLD, WRAP, WAIT = MinuteClass


def terms(per_minute: str, currency: str = "USD", increment: int = 1, minimum: int = 0) -> Minutes:
    return Minutes(Rate(Decimal(per_minute), currency), increment, minimum)


def hours(whole: int, minutes: int = 0, seconds: int = 0) -> int:
    return whole * HOUR + minutes * 60 + seconds


@pytest.mark.parametrize(
    ("per_minute", "currency", "gross"),
    [
        (
            "20.8333",
            "USD",
            81_375,
        ),  # 12.50 an hour is 1250 / 60 cents a minute; x 3906 = 81,374.87 = 813.75 USD
        ("20.8333", "JPY", 81_375),  # 1,250 yen an hour: yen have no cents, so 81,375 yen
        ("208.3333", "KWD", 813_750),  # 12.500 dinars an hour: fils are thousandths; 813,749.87 = 813.750 KWD
    ],
)
def test_65_hours_and_6_minutes_at_12_50_an_hour(per_minute: str, currency: str, gross: int) -> None:
    assert terms(per_minute, currency).gross(hours(65, 6)) == gross


def test_65_06_hours_in_daily_sessions_pay_what_each_day_is_worth_and_each_is_rounded_once() -> None:
    week = [hours(13, 1, 12)] * 5
    assert sum(week) == hours(65, 6)
    day = terms("20.8333").gross(week[0])
    assert day == 16_275  # 781.2 min x 20.8333 = 16,274.97
    assert day * 5 == 81_375


def test_a_rate_of_four_places_is_exact_until_the_very_end() -> None:
    assert terms("0.0001").gross(hours(83, 20)) == 1  # 5,000 min x 0.0001 = 0.5, and the half goes up
    assert terms("0.0001").gross(hours(83, 20) - 1) == 0
    assert terms("33.3333").gross(hours(3)) == 6_000  # 180 min x 33.3333 = 5,999.994


def test_increments_of_six_seconds_and_of_a_quarter_of_an_hour() -> None:
    six = terms("50", increment=6)
    assert six.billable_seconds(61) == 66
    assert six.gross(61) == 55  # 1.1 min
    quarter = terms("50", increment=900)
    assert [quarter.billable_seconds(worked) for worked in (1, 900, 901)] == [900, 900, 1_800]
    assert quarter.gross(hours(2, 46)) == 9_000  # 3 h
    assert terms("50", increment=900, minimum=2_700).gross(1) == 2_250  # three quarters at least


def test_talk_hold_wrap_and_wait_are_added_up_before_they_are_rounded() -> None:
    mixed = Minutes(
        Rate(Decimal(20), "USD"),
        classes=ClassRates(Decimal("41.6667"), Decimal("25.5"), None, Decimal("8.3333")),
    )
    marks = [Mark(1, 0, WAIT), Mark(2, 400, TALK), Mark(3, 755, HOLD), Mark(4, 800, TALK), Mark(5, 901, WRAP)]
    assert mixed.by_class(1_000, marks) == {WAIT: 400, TALK: 456, HOLD: 45, WRAP: 99}
    # 400 x 8.3333 + 456 x 41.6667 + 45 x 25.5 + 99 x 20 = 25,460.8352; / 60 = 424.3472...
    assert mixed.gross(1_000, marks) == 424


def test_what_an_increment_adds_is_of_the_class_that_was_last() -> None:
    by_quarter = Minutes(
        Rate(Decimal(60), "USD"), 900, classes=ClassRates(talk=Decimal(120), wait=Decimal(6))
    )
    marks = [Mark(1, 0, TALK), Mark(2, 600, WAIT)]
    assert by_quarter.by_class(610, marks) == {TALK: 600, WAIT: 300}
    assert by_quarter.gross(610, marks) == 1_230  # 10 min at 1.20, 5 at 0.06


@pytest.mark.parametrize(
    ("zone", "monday", "week_hours"),
    [
        ("Europe/Berlin", (2026, 3, 23), 167),
        ("Europe/Berlin", (2026, 10, 19), 169),
        ("America/New_York", (2026, 3, 2), 167),
        ("America/New_York", (2026, 10, 26), 169),
        ("Australia/Lord_Howe", (2026, 3, 30), 168.5),
        ("Australia/Lord_Howe", (2026, 9, 28), 167.5),
    ],
)
def test_a_week_around_the_clock_has_as_many_hours_as_it_has(
    zone: str, monday: tuple[int, int, int], week_hours: float
) -> None:
    year, month, day = monday
    begin = int(datetime(year, month, day, tzinfo=ZoneInfo(zone)).timestamp())
    end = begin + int(week_hours * HOUR)
    days = dict(split(begin, end, zone))
    assert len(days) == 7
    assert sorted(days.values())[1:6] == [24 * HOUR] * 5
    assert terms("100").gross(sum(days.values())) == int(week_hours * 6_000)


@pytest.mark.parametrize(
    ("zone", "sunday", "left"),
    [
        ("Europe/Berlin", (2026, 10, 25), hours(1)),
        ("America/New_York", (2026, 11, 1), hours(1)),
        ("Australia/Lord_Howe", (2026, 4, 5), hours(0, 30)),
    ],
)
def test_a_cap_of_24_hours_ends_a_longer_day_to_the_second(
    zone: str, sunday: tuple[int, int, int], left: int
) -> None:
    year, month, day = sunday
    midnight = int(datetime(year, month, day, tzinfo=ZoneInfo(zone)).timestamp())
    minutes = MinuteTerms(cap_seconds_per_day=24 * HOUR, time_zone=zone)
    shift = Shift(rate="1", minutes=minutes, now=midnight, asleep=True, funds=10**6)
    session = shift.work(shift.start(), hours(24) - 60)
    shift.advance(61)
    ended = shift.beat(session, 10**6)
    assert (ended.end_reason, ended.ended_at) == (EndReason.CAP, midnight + hours(24))
    assert ended.gross == 24 * 60
    shift.now = midnight + hours(24) + left
    assert shift.start().status == "running"  # the next local day has begun
