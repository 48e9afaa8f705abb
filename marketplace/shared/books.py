"""Up to where the books are closed, for whoever posts.

A journal is dated as its cause, however late that is heard. One whose month is closed is dated to the first
instant that is open; its event keeps the time of its cause. A commit that dates a journal into a month that
was over some minutes ago reads the books, and holds only if they are still as it read them; those of the
present, nearly all, know without asking that their month cannot have been closed (closing/period.py).
"""

from marketplace.shared.months import month_of, month_start
from marketplace.shared.records import dataclass

BOOKS_ID = "bks_all"
PRESENT_SECONDS = 900
"""What is dated in this month, or in the month of so long ago, is not looked at."""


@dataclass(frozen=True)
class Books:
    """There is one: everything before `closed_until` (epoch seconds) is closed."""

    id: str = BOOKS_ID
    closed_until: int = 0


def may_be_closed(at: int, now: int) -> bool:
    """Whether the month of `at` was over `PRESENT_SECONDS` before `now`."""
    present = now - PRESENT_SECONDS
    return at < present and at < month_start(month_of(present))
