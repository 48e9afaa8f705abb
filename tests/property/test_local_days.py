"""Local days follow each other without a gap and without an overlap, wherever and whenever."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.billed_time import BilledTime, after, room
from marketplace.shared.local_days import begins_at, day_of, split, week_of, zones
from marketplace.work.minute_terms import MinuteTerms

HOUR, DAY = 3_600, 86_400
ONE_DAY = timedelta(days=1)
ZONES = st.sampled_from(sorted(zones()))
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2150, 1, 1)).map(  # noqa: DTZ001, taken as UTC below
    lambda moment: int(moment.replace(tzinfo=UTC).timestamp())
)
CHANGING = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago"])


@given(INSTANTS, st.integers(0, 30 * DAY), ZONES)
def test_splitting_by_local_days_loses_no_second_and_doubles_none(begin: int, length: int, zone: str) -> None:
    pieces, at = list(split(begin, begin + length, zone)), begin
    assert [day for day, _ in pieces] == sorted({day for day, _ in pieces})
    for day, seconds in pieces:
        assert begins_at(day, zone) <= at < at + seconds <= begins_at(day + ONE_DAY, zone)
        assert day_of(at, zone) == day_of(at + seconds - 1, zone) == day
        at += seconds
    assert at == begin + length


@given(INSTANTS, ZONES)
def test_a_day_begins_when_the_clocks_first_show_it(instant: int, zone: str) -> None:
    day = day_of(instant, zone)
    begin = begins_at(day, zone)
    assert begin <= instant < begins_at(day + ONE_DAY, zone)
    shown = [datetime.fromtimestamp(at, ZoneInfo(zone)).date() for at in (begin - 1, begin)]
    assert shown[0] < day <= shown[1]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # midnight is skipped
        ("America/Havana", date(2026, 11, 1), 25),  # midnight comes twice
        ("America/St_Johns", date(2010, 11, 7), 25),  # set back over midnight, a minute after it
        ("Pacific/Apia", date(2011, 12, 30), 0),  # a day that does not exist
        ("Pacific/Apia", date(2011, 12, 31), 24),
        ("UTC", date(2026, 3, 29), 24),
    ],
)
def test_days_are_as_long_as_they_are(zone: str, day: date, hours: float) -> None:
    assert begins_at(day + ONE_DAY, zone) - begins_at(day, zone) == hours * HOUR


def test_weeks_begin_on_monday() -> None:
    assert {week_of(date(2026, 11, 16) + n * ONE_DAY) for n in range(7)} == {date(2026, 11, 16)}


CAPS = st.none() | st.integers(1, DAY)
STRETCHES = st.lists(st.tuples(st.integers(0, 3 * DAY), st.integers(0, 2 * DAY)), max_size=12)


@given(INSTANTS, STRETCHES, CAPS, st.none() | st.integers(1, 7 * DAY), ZONES | CHANGING)
def test_caps_by_the_calendar_hold_to_the_second(
    begin: int, stretches: list[tuple[int, int]], per_day: int | None, per_week: int | None, zone: str
) -> None:
    terms = MinuteTerms(cap_seconds_per_day=per_day, cap_seconds_per_week=per_week, time_zone=zone)
    billed: BilledTime | None = None
    days: Counter[date] = Counter()
    at = begin
    for gap, wanted in stretches:
        at += gap
        seconds = min(wanted, room(billed, at, terms, 3 * DAY)) if terms.has_calendar_caps else wanted
        billed = after(billed, at, seconds, terms)
        days.update(dict(split(at, at + seconds, zone)))
        at += seconds
        weeks: Counter[date] = Counter()
        for day, sum_of_day in days.items():
            weeks[week_of(day)] += sum_of_day
        today, this_week = days[day_of(at, zone)], weeks[week_of(day_of(at, zone))]
        if terms.has_calendar_caps:
            assert billed.spent(at, terms) == (today, this_week)
            full = today == per_day or this_week == per_week
            assert seconds == wanted or seconds == 3 * DAY or full or days[day_of(at - 1, zone)] == per_day
        assert per_day is None or max(days.values(), default=0) <= per_day
        assert per_week is None or max(weeks.values(), default=0) <= per_week
