"""The timers' index: aggregates by when their clock runs out."""

from marketplace.storage.models import HeadItem

PAGE = 25
DUE_MAX = 1_000
"""How many due timers of each partition one look takes."""

Timer = tuple[int, str]
"""(due_at in epoch seconds, the aggregate's id)."""


def look(partitions: int, *, now: int) -> tuple[list[Timer], int | None]:
    """What is due by `now` (epoch seconds), earliest first, and when the next timer after that comes due."""
    due: list[Timer] = []
    later: list[int] = []
    for partition in range(partitions):
        for item in HeadItem.by_due.query(f"due#{partition}", page_size=PAGE, limit=DUE_MAX):
            due_at, _, identifier = str(item.due_key).partition("#")
            if int(due_at) > now:
                later.append(int(due_at))
                break
            due.append((int(due_at), identifier))
    return sorted(due), min(later, default=None)
