"""Events by when they were written, in real time."""

from collections.abc import Iterator

from marketplace.shared.events import EventType
from marketplace.storage import marks
from marketplace.storage.buckets import BUCKET_SECONDS, SLOTS, partition
from marketplace.storage.models import EventItem


def written_between(since_ms: int, until_ms: int) -> Iterator[tuple[str, EventType]]:
    """(id, type) of the events written from `since_ms` to `until_ms` (epoch milliseconds), by bucket."""
    for start in marks.marked(since_ms // 1000 - BUCKET_SECONDS):
        if start * 1000 > until_ms:
            return
        for slot in range(SLOTS):
            found = EventItem.by_bucket.query(
                partition(start, slot),
                EventItem.bucket_key.between(f"{since_ms:013d}", f"{until_ms + 1:013d}"),
            )
            yield from ((item.id, EventType(item.type)) for item in found)
