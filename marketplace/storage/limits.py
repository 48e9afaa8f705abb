"""Rate limits over many processes, at a twentieth of a write unit a call and less.

    process: counts its own calls ──every CHUNK of them──> one update of the caller's item
             <──────────────── when everybody's bucket is full

Each process decides by what it counted and what it last learnt. It forgets what it did not tell when the
caller was quiet for a window, so slow callers cost nothing. All processes together let through at most
CHUNK calls each more than the limit says. A table that does not answer lets everybody in, and is logged.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from marketplace.access.rate_limits import MS, Limit, Taken, taken
from marketplace.shared.records import dataclass

CHUNK = 20
CALLERS_MAX = 10_000
TELL_SECONDS_MAX = 0.3
"""A limit must not hold up what it guards."""
RETRY_MS = 1_000
KEPT_SECONDS = 3_600
"""An item that nobody touches for so long is deleted by the table itself, once its bucket must be full."""
_CONDITION = "ConditionalCheckFailedException"


@dataclass
class _Bucket:
    due_ms: float = 0.0
    untold: int = 0
    last_ms: float = 0.0
    retry_ms: float = 0.0


class Limits:
    """Counts calls. `client` gives a DynamoDB client with short time-outs; `complain` is told of failures."""

    def __init__(
        self,
        client: Callable[[], Any],
        *,
        table: str,
        enabled: bool,
        complain: Callable[[Exception], None],
        real_ms: Callable[[], float] = lambda: time.time() * MS,
    ) -> None:
        self.enabled = enabled
        self._client = client
        self._table = table
        self._complain = complain
        self._real_ms = real_ms
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, limit: Limit, caller: str) -> Taken:
        """One call of `caller`, who is let in when `wait_ms` is 0."""
        key, now = f"{limit.name}#{caller}", self._real_ms()
        with self._lock:
            bucket = self._bucket(key)
            if now - bucket.last_ms > limit.window_seconds * MS:
                bucket.untold = 0
            what, bucket.due_ms = taken(limit, bucket.due_ms, now)
            bucket.last_ms = now
            bucket.untold += 0 if what.wait_ms else 1
            telling = bucket.untold if bucket.untold >= CHUNK and now >= bucket.retry_ms else 0
            bucket.untold -= telling
        if telling:
            self._tell(key, bucket, telling, limit, now)
        return what

    def _bucket(self, key: str) -> _Bucket:
        bucket = self._buckets.setdefault(key, _Bucket())
        self._buckets.move_to_end(key)
        if len(self._buckets) > CALLERS_MAX:
            self._buckets.popitem(last=False)
        return bucket

    def _tell(self, key: str, bucket: _Bucket, count: int, limit: Limit, now: float) -> None:
        try:
            due = self._added(key, int(now), int(count * limit.interval_ms), limit.window_seconds)
        except (BotoCoreError, ClientError) as failed:
            bucket.untold += count
            bucket.retry_ms = now + RETRY_MS
            self._complain(failed)
            return
        with self._lock:
            bucket.due_ms = max(bucket.due_ms, float(due))

    def _added(self, key: str, now: int, cost: int, window: int) -> int:
        """When the shared bucket is full, after that many calls more, epoch milliseconds."""
        try:
            return self._updated(key, now, cost, "SET due_ms = due_ms + :cost", "due_ms >= :now", window)
        except ClientError as refused:
            if refused.response["Error"]["Code"] != _CONDITION:
                raise
        try:
            fresh = "attribute_not_exists(due_ms) OR due_ms < :now"
            return self._updated(key, now, now + cost, "SET due_ms = :cost", fresh, window)
        except ClientError as refused:
            if refused.response["Error"]["Code"] != _CONDITION:
                raise
        return self._updated(key, now, cost, "SET due_ms = due_ms + :cost", "due_ms >= :now", window)

    def _updated(self, key: str, now: int, value: int, change: str, condition: str, window: int) -> int:
        answer = self._client().update_item(
            TableName=self._table,
            Key={"id": {"S": key}},
            UpdateExpression=f"{change}, expires_at = :expires",
            ConditionExpression=condition,
            ExpressionAttributeValues={
                ":now": {"N": str(now)},
                ":cost": {"N": str(value)},
                ":expires": {"N": str(now // MS + max(KEPT_SECONDS, window))},
            },
            ReturnValues="UPDATED_NEW",
        )
        return int(answer["Attributes"]["due_ms"]["N"])
