"""The timers' index: aggregates by when their clock runs out."""

from marketplace.storage.buckets import DUE_PARTITIONS, due_key
from marketplace.storage.models import HeadItem

DUE_PAGE_MAX = 200
"""How many timers of one partition a round takes."""


def due_by(now: int) -> list[tuple[int, str]]:
    """(due_at, id) of what is due by `now` (epoch seconds), earliest first, at most a page a partition."""
    found = [
        _timer(item)
        for partition in range(DUE_PARTITIONS)
        for item in HeadItem.by_due.query(
            f"due#{partition}", HeadItem.due_key < due_key(now + 1, ""), limit=DUE_PAGE_MAX
        )
    ]
    return sorted(found)


def earliest_due(after: int) -> int | None:
    """When the next timer later than `after` comes due, epoch seconds."""
    firsts = [
        _timer(item)[0]
        for partition in range(DUE_PARTITIONS)
        for item in HeadItem.by_due.query(
            f"due#{partition}", HeadItem.due_key >= due_key(after + 1, ""), limit=1
        )
    ]
    return min(firsts, default=None)


def _timer(item: HeadItem) -> tuple[int, str]:
    due_at, _, identifier = str(item.due_key).partition("#")
    return int(due_at), identifier
