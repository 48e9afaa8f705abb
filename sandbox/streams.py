"""What AWS does with the tables' streams: reads them and invokes the functions that follow them.

Heads first: what is carried from there is in the other stream by the time that one is read.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

RECORDS_MAX = 100

Handler = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Streams:
    """The streams' ARNs."""

    heads: str
    events: str


@dataclass
class Reader:
    """One stream's reader. `handler` answers as a function does; what it did not take is read again."""

    client: Callable[[], Any]
    arn: str
    handler: Handler
    _iterators: dict[str, str] = field(default_factory=dict)

    def begin(self, where: str) -> None:
        """From `LATEST` or `TRIM_HORIZON` on."""
        described = self.client().describe_stream(StreamArn=self.arn)["StreamDescription"]
        for shard in described["Shards"]:
            found = self.client().get_shard_iterator(
                StreamArn=self.arn, ShardId=shard["ShardId"], ShardIteratorType=where
            )
            self._iterators[shard["ShardId"]] = found["ShardIterator"]

    def read(self) -> Iterator[dict[str, Any]]:
        """Hands on what is there now; the records that were taken."""
        if not self._iterators:
            self.begin("TRIM_HORIZON")
        for shard, iterator in list(self._iterators.items()):
            answer = self.client().get_records(ShardIterator=iterator, Limit=RECORDS_MAX)
            records = answer["Records"]
            if records and self._refused(records):
                continue
            yield from records
            following = answer.get("NextShardIterator")
            if following is None:
                del self._iterators[shard]
            else:
                self._iterators[shard] = following

    def _refused(self, records: list[dict[str, Any]]) -> bool:
        answer = self.handler({"Records": [_plain(record) for record in records]})
        return bool(answer["batchItemFailures"])


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    """A record as Lambda passes it on: JSON, with bytes in base 64."""
    kept: dict[str, Any] = json.loads(json.dumps(record, default=_written))
    return kept


def _written(value: object) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)
