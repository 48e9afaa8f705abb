"""The timers' index: aggregates by when their clock runs out."""

import zlib

from marketplace.storage.models import HeadItem

PAGE = 25
DUE_MAX = 1_000
"""How many due timers of each partition one look takes."""

Timer = tuple[int, str]
"""(due_at in epoch seconds, the aggregate's id)."""


def due_partition(identifier: str, partitions: int) -> str:
    """The partition of the index in which an aggregate's clock stands."""
    return _partition(zlib.crc32(identifier.encode()) % partitions)


def due_key(due_at: int, identifier: str) -> str:
    """Sorts the earliest first; `due_at` is epoch seconds of business time."""
    return f"{due_at:012d}#{identifier}"


def look(partitions: int, *, now: int) -> tuple[list[Timer], int | None]:
    """What is due by `now` (epoch seconds), earliest first, and when the next timer after that comes due."""
    due: list[Timer] = []
    later: list[int] = []
    for number in range(partitions):
        for item in HeadItem.by_due.query(_partition(number), page_size=PAGE, limit=DUE_MAX):
            due_at, _, identifier = str(item.due_key).partition("#")
            if int(due_at) > now:
                later.append(int(due_at))
                break
            due.append((int(due_at), identifier))
    return sorted(due), min(later, default=None)


def _partition(number: int) -> str:
    return f"due#{number}"
