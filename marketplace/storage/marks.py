"""Which buckets of the time index hold anything: a calendar that is written ahead.

    active           one row a month that anything was written in
    active#yyyy-mm   one row a bucket, by when it begins

Before a process writes its first event into a bucket, it marks the bucket; then it remembers that it did.
So a bucket without a mark is empty, proven by strongly consistent reads, and whoever folds the ledger
visits only the buckets that were ever used: a system that stood still for days answers as fast as one
that did not. It costs one or two writes a process and five minutes, whatever the traffic. A mark whose
event was then refused costs a look into an empty bucket.
"""

import threading
from collections.abc import Iterator

from marketplace.shared.months import month_of
from marketplace.storage.buckets import start_of
from marketplace.storage.models import TrailItem

CALENDAR = "active"
_NOTHING = "{}"
_REMEMBERED_MAX = 100


class Marks:
    """What this process has marked already."""

    def __init__(self) -> None:
        self._known: set[int] = set()
        self._lock = threading.Lock()

    def ensure(self, real_ms: int) -> None:
        """The bucket of `real_ms` (epoch milliseconds) is marked when this returns.

        Raises what PynamoDB raises; the mark may then be there, which does no harm.
        """
        start = start_of(real_ms)
        if start in self._known:
            return
        month = month_of(start)
        if not any(month_of(known) == month for known in self._known):
            TrailItem(CALENDAR, month, body=_NOTHING).save()
        TrailItem(f"{CALENDAR}#{month}", _position(start), body=_NOTHING).save()
        with self._lock:
            if len(self._known) >= _REMEMBERED_MAX:
                self._known = set()
            self._known.add(start)


def months() -> list[str]:
    """Every month that has a marked bucket, the earliest first."""
    return [row.position for row in TrailItem.query(CALENDAR, consistent_read=True)]


def marked(since: int = 0) -> Iterator[int]:
    """The beginnings (epoch seconds) of all marked buckets from `since` on, the earliest first."""
    for month in months():
        if month >= month_of(since):
            rows = TrailItem.query(
                f"{CALENDAR}#{month}", TrailItem.position >= _position(since), consistent_read=True
            )
            for row in rows:
                yield int(row.position)


def _position(start: int) -> str:
    return f"{start:012d}"
