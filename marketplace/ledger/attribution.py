"""Which withdrawal took which earnings: money on a balance has no name, so the first in is the first out.

credits   |---- a ----|-- b --|------ c ------|
debits    |------ x ------|---- y ----|             a was taken by x; b by x and y; c by y and nobody yet
"""

from collections.abc import Iterable

from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class Movement:
    """A line of a balance's statement: minor units of one currency, one of the two is zero."""

    event_id: str
    credit: int
    debit: int


def drawn_by(movements: Iterable[Movement], event_id: str) -> list[str]:
    """The events whose debits took the credit of `event_id`, in order; `movements` are the statement's
    lines from its beginning."""
    lines = list(movements)
    span = _span([(line.event_id, line.credit) for line in lines], event_id)
    taken, drawn = 0, []
    for line in lines:
        first, taken = taken, taken + line.debit
        if first < span.stop and taken > span.start and line.debit:
            drawn.append(line.event_id)
    return drawn


def _span(credits_in_order: list[tuple[str, int]], event_id: str) -> range:
    """Where the event's credit lies among all that came in."""
    before = 0
    for event, amount in credits_in_order:
        if event == event_id and amount:
            return range(before, before + amount)
        before += amount
    return range(0)
