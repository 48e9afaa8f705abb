"""Which days nobody has compared with Stripe since they were over.

days        |  1  |  2  |  3  |  4  |  5  |
compared    ├─────────┤       ├───────────┤      by runs that have finished
missing           ├─────┼─────┤                  whole days, told as from .. to
"""

from collections.abc import Iterable, Iterator

from marketplace.shared.records import dataclass

DAY_SECONDS = 86_400
TOLD_MAX = 50
"""So many stretches of days are told one by one; the last one takes in the rest."""

Span = tuple[int, int]
"""[start, end), epoch seconds of business time."""


@dataclass(frozen=True)
class Days:
    """Whole days (UTC), from the first instant `start` on and before `end`, epoch seconds."""

    start: int
    end: int


def gaps(first: int, end: int, compared: Iterable[Span]) -> Iterator[Span]:
    """The parts of [first, end) that lie in none of them."""
    reached = first
    for start, until in sorted(compared):
        if start >= end:
            break
        if start > reached:
            yield reached, start
        reached = max(reached, until)
    if reached < end:
        yield reached, end


def missing_days(first: int, end: int, compared: Iterable[Span]) -> tuple[Days, ...]:
    """The days of [first, end), itself whole days, of which something was not compared."""
    days: list[Days] = []
    for start, until in gaps(first, end, compared):
        whole = Days(start // DAY_SECONDS * DAY_SECONDS, -(-until // DAY_SECONDS) * DAY_SECONDS)
        if days and (whole.start <= days[-1].end or len(days) == TOLD_MAX):
            days[-1] = Days(days[-1].start, whole.end)
        else:
            days.append(whole)
    return tuple(days)
