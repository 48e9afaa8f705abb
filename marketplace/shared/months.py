"""Months of the calendar (UTC) by their names, `2026-11`; instants are epoch seconds."""

import re
from datetime import UTC, datetime

_NAME = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
YEAR_MIN = 1970


def is_month(name: str) -> bool:
    """Whether it names a month from 1970 on, where instants begin."""
    return bool(_NAME.fullmatch(name)) and name.isascii() and int(name[:4]) >= YEAR_MIN


def month_of(instant: int) -> str:
    """The month that an instant lies in."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m")


def month_start(month: str) -> int:
    """When it begins."""
    return _start(int(month[:4]), int(month[5:]))


def month_end(month: str) -> int:
    """When it is over: the next one's first instant."""
    return _start(int(month[:4]), int(month[5:]) + 1)


def months_until(month: str, count: int) -> list[str]:
    """`count` months, the earliest first, the last of them `month`."""
    last = int(month[:4]) * 12 + int(month[5:]) - 1
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(last - count + 1, last + 1)]


def _start(year: int, month: int) -> int:
    return int(datetime(year + month // 13, (month - 1) % 12 + 1, 1, tzinfo=UTC).timestamp())
