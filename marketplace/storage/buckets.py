"""Where an event stands in the ledger's time index: five minutes of real time, eight slots."""

import zlib

BUCKET_SECONDS = 300
SLOTS = 8


def bucket_of(event_id: str, real_ms: int) -> tuple[str, str]:
    """The partition and the sort key of an event written at `real_ms` (epoch milliseconds)."""
    start = real_ms // 1000 // BUCKET_SECONDS * BUCKET_SECONDS
    return partition(start, zlib.crc32(event_id.encode()) % SLOTS), f"{real_ms:013d}#{event_id}"


def written_ms(bucket_key: str) -> int:
    """When the event behind a sort key was written, epoch milliseconds of the machine."""
    return int(bucket_key.partition("#")[0])


def partition(start: int, slot: int) -> str:
    """The index partition of one slot of the bucket that begins at `start` (epoch seconds)."""
    return f"{start}#{slot}"


def due_partition(identifier: str, partitions: int) -> str:
    """The partition of the timers' index in which an aggregate's clock stands."""
    return f"due#{zlib.crc32(identifier.encode()) % partitions}"


def due_key(due_at: int, identifier: str) -> str:
    """Sorts the earliest first; `due_at` is epoch seconds of business time."""
    return f"{due_at:012d}#{identifier}"
