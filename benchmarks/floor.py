"""What no call can be faster than: one GetItem by botocore alone, as many at once as there are callers.

It finds nothing, so there is next to nothing to read. The threads share one process and its interpreter's
lock, as those that answer calls do.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from marketplace.storage.models import HeadItem

FLOOR_SECONDS = 4.0
WARMING_READS = 50
NOTHING = {"id": {"S": "task_that_is_not_there"}}


@dataclass(frozen=True)
class Floor:
    """Milliseconds of one read: by the clock with `threads` at once, and of CPU when it is alone."""

    threads: int
    p50: float
    p99: float
    cpu: float

    def __str__(self) -> str:
        return (
            f"one GetItem by botocore alone, {self.threads} threads: p50 {self.p50:.1f} ms,"
            f" p99 {self.p99:.1f} ms, CPU {self.cpu:.2f} ms"
        )


def floor_of(client: Any, threads: int) -> Floor:
    """Measures it; nothing else may happen in this process meanwhile."""
    for _ in range(WARMING_READS):
        _read(client)
    alone = [_read(client)[1] for _ in range(WARMING_READS)]
    until = time.monotonic() + FLOOR_SECONDS
    with ThreadPoolExecutor(threads) as readers:
        spans = [
            span
            for some in readers.map(lambda _: list(_reads(client, until)), range(threads))
            for span in some
        ]
    return Floor(threads, median(spans), quantiles(spans, n=100, method="inclusive")[98], median(alone))


def _reads(client: Any, until: float) -> Iterator[float]:
    while time.monotonic() < until:
        yield _read(client)[0]


def _read(client: Any) -> tuple[float, float]:
    """Milliseconds by the clock, and of this thread's CPU."""
    begun, worked = time.perf_counter(), time.thread_time()
    client.get_item(TableName=HeadItem.Meta.table_name, Key=NOTHING, ConsistentRead=True)
    return (time.perf_counter() - begun) * 1_000, (time.thread_time() - worked) * 1_000
