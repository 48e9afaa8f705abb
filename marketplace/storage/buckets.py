"""Where an event stands in the ledger's time index: five minutes of real time, eight slots."""

import zlib

BUCKET_SECONDS = 300
SLOTS = 8


def start_of(real_ms: int) -> int:
    """When the bucket of `real_ms` (epoch milliseconds) begins, epoch seconds."""
    return real_ms // 1000 // BUCKET_SECONDS * BUCKET_SECONDS


def bucket_of(event_id: str, real_ms: int) -> tuple[str, str]:
    """The partition and the sort key of an event written at `real_ms` (epoch milliseconds)."""
    slot = zlib.crc32(event_id.encode()) % SLOTS
    return partition(start_of(real_ms), slot), f"{real_ms:013d}#{event_id}"


def written_ms(bucket_key: str) -> int:
    """When the event behind a sort key was written, epoch milliseconds of the machine."""
    return int(bucket_key.partition("#")[0])


def partition(start: int, slot: int) -> str:
    """The index partition of one slot of the bucket that begins at `start` (epoch seconds)."""
    return f"{start}#{slot}"
