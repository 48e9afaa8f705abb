"""The timers' index: aggregates by when their clock runs out."""

from marketplace.storage.buckets import DUE_PARTITIONS
from marketplace.storage.models import HeadItem

DUE_PAGE_MAX = 10
"""How many timers of each partition one look takes."""

Timer = tuple[int, str]
"""(due_at in epoch seconds, the aggregate's id)."""


def first_timers() -> list[Timer]:
    """The first timers of every partition, due or not, earliest first: whoever is not among them comes
    due no earlier than the last that is shown of its partition."""
    found = [
        _timer(item)
        for partition in range(DUE_PARTITIONS)
        for item in HeadItem.by_due.query(f"due#{partition}", limit=DUE_PAGE_MAX, page_size=DUE_PAGE_MAX)
    ]
    return sorted(found)


def _timer(item: HeadItem) -> Timer:
    due_at, _, identifier = str(item.due_key).partition("#")
    return int(due_at), identifier
