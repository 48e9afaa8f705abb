"""Reads a market day from a file, or refuses it with the line and the reason."""

import json
from pathlib import Path as FilePath

from pydantic import ValidationError

from sandbox.demo.cross_checks import misfits
from sandbox.demo.positions import Path, Positions, RepeatedName, TooDeep
from sandbox.demo.script import DAY_BYTES_MAX, MarketDay


class DayRefused(Exception):
    """The file is no market day. `line` is 1-based."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def load_market_day(path: FilePath) -> MarketDay:
    """The day that `path` tells. Raises DayRefused at its first misfit by line; OSError when unreadable."""
    text = _text(path)
    positions = _positions(text)
    try:
        day = MarketDay.model_validate_json(text)
    except ValidationError as error:
        raise _refusal(positions, _causes(error)) from error
    crossed = list(misfits(day))
    if crossed:
        raise _refusal(positions, crossed)
    return day


def _text(path: FilePath) -> str:
    with path.open("rb") as file:
        content = file.read(DAY_BYTES_MAX + 1)
    if len(content) > DAY_BYTES_MAX:
        raise DayRefused(1, f"the file is larger than {DAY_BYTES_MAX} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DayRefused(content.count(b"\n", 0, error.start) + 1, "the file is not UTF-8") from error


def _positions(text: str) -> Positions:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise DayRefused(error.lineno, f"not JSON: {error.msg} (column {error.colno})") from error
    except (RecursionError, ValueError) as error:
        raise DayRefused(1, f"not JSON that can be read: {error}") from error
    try:
        return Positions(text)
    except (RepeatedName, TooDeep) as error:
        raise DayRefused(error.line, str(error)) from error


def _causes(error: ValidationError) -> list[tuple[Path, str]]:
    """What is wrong, without what only follows: a list whose rows do not fit is also said to be too short."""
    faults = error.errors(include_url=False)
    around = {fault["loc"][:depth] for fault in faults for depth in range(len(fault["loc"]))}
    return [(fault["loc"], _reason(fault["msg"])) for fault in faults if fault["loc"] not in around]


def _refusal(positions: Positions, found: list[tuple[Path, str]]) -> DayRefused:
    """The refusal of the misfit that stands first in the file, with the number of the others."""
    location, reason = min(found, key=lambda misfit: positions.line_of(misfit[0]))
    others = len(found) - 1
    more = f" (and {others} more)" if others else ""
    return DayRefused(positions.line_of(location), f"{_spelled(positions, location)}{reason}{more}")


def _spelled(positions: Positions, location: Path) -> str:
    """`bids[3].price: `, for the steps that the file has, and the last one if it is missing there."""
    known = positions.known(location)
    if location and location[-1:] != known[-1:]:
        known = (*known, location[-1])
    spelled = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in known)
    return f"{spelled.removeprefix('.')}: " if spelled else ""


def _reason(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
