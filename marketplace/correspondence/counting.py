"""How many of a kind a contract has, told by the list of them without reading it all.

Each carries its number behind its position in the list. What was written at the same moment shares one, since
nobody saw the others; whoever comes later sees them beside each other, and counts on from the oldest of them:

    positions, newest first   e#3  d#3  c#3  b#2  a#1      the next number is 3 + 2 + 1 = 6

So the count is right again as soon as the list shows it, as long as no more than SEEN_MAX were written at
once. A few may come in beyond a limit, at most as many as are under way at that moment.
"""

from collections.abc import Sequence

from marketplace.shared.errors import LimitReached

SEEN_MAX = 50
"""So many of the newest are looked at."""
MARK = "#"


def placed(identifier: str, number: int | None) -> str:
    """The position in the list; of what was written before there were numbers, as it was."""
    return identifier if number is None else f"{identifier}{MARK}{number}"


def next_number(newest: Sequence[str]) -> int:
    """From 1; `newest` are positions, the newest first, of up to SEEN_MAX."""
    return max((_number(position) + behind for behind, position in enumerate(newest)), default=0) + 1


def require_room(number: int, most: int, what: str) -> None:
    """Raises LimitReached."""
    if number > most:
        raise LimitReached(f"a contract has at most {most} {what}")


def _number(position: str) -> int:
    """Of one without a number, that it is there."""
    _, marked, number = position.partition(MARK)
    return int(number) if marked else 1
