"""Local days: which day it is somewhere, when it begins, and how a stretch of time lies in days.

    22:00      23:00      00:00      01:00
    |----------|----------|----------|------   most days
    |----------|---------------------|------   midnight is skipped: the day begins when the clocks change
    |----------|----------|----x     |------   set back over midnight: the day that has begun goes on
                          |----------|------   (the second of the two midnights begins nothing)

So the days of a zone follow each other without a gap and without an overlap. One may have 23, 23.5, 25 or 48
hours; one that a country skipped has none. Instants are epoch seconds; zones are IANA names.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

NOT_A_PLACE = frozenset({"localtime", "Factory"})
"""Names of whatever a machine happens to be set to."""

ONE_DAY = timedelta(days=1)


@cache
def zones() -> frozenset[str]:
    """Every zone's name."""
    return frozenset(available_timezones()) - NOT_A_PLACE


def day_of(instant: int, zone: str) -> date:
    """The local day that has begun last."""
    shown = _shown(instant, zone)
    return shown + ONE_DAY if begins_at(shown + ONE_DAY, zone) <= instant else shown


def begins_at(day: date, zone: str) -> int:
    """The first instant at which the clocks show this day or a later one."""
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
    at, as_if_changed = int(midnight.timestamp()), int(midnight.replace(fold=1).timestamp())
    if as_if_changed >= at:
        return at
    skipped = range(as_if_changed, at)
    return as_if_changed + bisect_left(skipped, day, key=lambda instant: _shown(instant, zone))


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def split(begin: int, end: int, zone: str) -> Iterator[tuple[date, int]]:
    """The days from `begin` to `end` in order, each with how many of the seconds lie in it, at least one."""
    day = day_of(begin, zone)
    while begin < end:
        day_end = min(begins_at(day + ONE_DAY, zone), end)
        if day_end > begin:
            yield day, day_end - begin
            begin = day_end
        day += ONE_DAY


def _shown(instant: int, zone: str) -> date:
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).date()
