"""What a phone says of its minutes, and how many seconds of each class that makes.

A mark says: from here on it is this class. Whatever the order in which marks arrive, the class of a second is
that of the mark with the highest sequence among those at or before it:

    sequence   1 talk      3 hold    2 wait (came late, for a time before 3)
               |-----------|---------|
    second     0   talk   40   wait  50   hold ...

Time that nobody marked has no class (None), and neither marks nor classes reach beyond what was worked.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from marketplace.work.minute_terms import MinuteClass

MARKS_MAX = 600
"""In one session: more than one a minute for a whole shift."""

SecondsByClass = Mapping[MinuteClass | None, int]


class Mark(NamedTuple):
    """From `second` on, counted from the session's start. `sequence` rises with every mark of a session."""

    sequence: int
    second: int
    name: MinuteClass


class Step(NamedTuple):
    """From `second` on until the next step."""

    second: int
    name: MinuteClass | None


def steps(marks: Iterable[Mark], worked: int | None = None) -> list[Step]:
    """From second 0 on; marks at the end of what was `worked`, or beyond it, do not count."""
    kept: list[Step] = []
    for mark in sorted(marks, reverse=True):
        counts = worked is None or mark.second < max(worked, 1)
        if counts and (not kept or mark.second < kept[-1].second):
            kept.append(Step(mark.second, mark.name))
    if not kept or kept[-1].second > 0:
        kept.append(Step(0, None))
    return kept[::-1]


def seconds_by_class(taken: list[Step], begin: int, end: int) -> Counter[MinuteClass | None]:
    """How many seconds from `begin` to `end` each class has; the last step goes on for ever."""
    found: Counter[MinuteClass | None] = Counter()
    for index, step in enumerate(taken):
        until = min(taken[index + 1].second, end) if index + 1 < len(taken) else end
        seconds = until - max(step.second, begin)
        if seconds > 0:
            found[step.name] += seconds
    return found
