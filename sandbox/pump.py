"""What AWS does between our functions: reads the stream and the queues and invokes the handlers.

Each turn hands on what is there now, with Lambda-shaped events, and takes partial batch answers as Lambda
does: what failed comes again, soon, and after the queue's own count of tries stops in its dead letters.
"""

import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from chalice.local import LambdaContext

from chalicelib import consumers
from chalicelib.archive import archive
from chalicelib.log import logger
from chalicelib.relay import relay, resend
from chalicelib.routing import NOTIFICATIONS, QUEUES, queues_for
from marketplace.runtime import Runtime
from marketplace.shared.events import EventType
from marketplace.storage import archive as archive_of
from marketplace.storage.codec import riding_on
from marketplace.storage.models import HeadItem
from sandbox.streams import Reader, Streams

BATCH_MAX = 10
RETRY_SECONDS = 1
IDLE_PAUSE_SECONDS = 0.02
SAVE_EVERY_MS = 1_000
HANDS_OF_A_QUEUE = 4
"""How many of its batches are worked on at once: each waits for the tables most of its time."""
STRANGERS_HANDS = 32
"""How many batches of what goes to strangers are under way at once: one of them may take its time."""
MEMORY_MB = 512
TIMEOUT_MS = 60_000
REGION = "us-east-1"


class Outside(Protocol):
    """Somebody else with things due: the local Stripe."""

    def run_due(self) -> int:
        """Does what is due by the clock; how many things that were."""
        ...


class Pump:
    """The streams' readers and the queues' pollers of one deployment."""

    def __init__(
        self, runtime: Runtime, outside: Outside, streams: Streams, checkpoint: Path | None = None
    ) -> None:
        """With a `checkpoint` file, what was written and not handed on before the last stop is sent again."""

        def client() -> Any:
            return runtime.aws("dynamodbstreams")

        self._checkpoint = checkpoint
        self._drained_ms = _real_ms()
        self._runtime = runtime
        self._outside = outside
        self._heads = Reader(client, streams.heads, lambda event: archive(event, _context("archive")))
        self._events = Reader(client, streams.events, lambda event: relay(event, _context("relay")))
        self._turn_began_ms = self._saved_ms = self._drained_ms
        self._filled = set(QUEUES)
        self._failing = set(QUEUES)
        self._sent: Counter[str] = Counter()
        self._hands = ThreadPoolExecutor(len(QUEUES) + HANDS_OF_A_QUEUE - 1, thread_name_prefix="hands")
        self._strangers = ThreadPoolExecutor(STRANGERS_HANDS, thread_name_prefix="strangers")
        self._under_way: list[tuple[int, Future[int | None]]] = []
        self._relayed = 0

    def resume(self) -> None:
        """Begins where the last run stopped, however it stopped; a fresh deployment begins with nothing."""
        if self._checkpoint is not None and self._checkpoint.exists():
            self._carry_what_rides()
            resend(self._runtime, since_ms=int(self._checkpoint.read_text()), until_ms=_real_ms())
        self.save()
        for stream in (self._heads, self._events):
            stream.begin("LATEST")

    def _carry_what_rides(self) -> None:
        """The local cloud's streams forget at a stop. One laptop's heads are few, so all are looked through;
        nobody does that on AWS: there a stream lives a day, and what it cannot hand on raises an alarm."""
        for item in HeadItem.scan():
            self._runtime.store.keep(archive_of.missing(riding_on(item.id, item.body)))

    def save(self) -> None:
        """Keeps the last instant at which nothing was waiting, whole or not at all."""
        if self._checkpoint is not None:
            written = self._checkpoint.with_suffix(".new")
            written.write_text(str(self._drained_ms))
            written.replace(self._checkpoint)
            self._saved_ms = self._drained_ms

    def turn(self) -> int:
        """Everything once, the queues side by side as they are on AWS; how many things moved.

        Nobody else sends or consumes, so only queues into which something was relayed, or in which
        something failed, are asked. No turn waits for strangers: what goes to them is under way meanwhile.
        """
        self._turn_began_ms = _real_ms()
        moved = self._follow() + self._outside.run_due()
        return moved + self._poll() + self._send_to_strangers()

    def waiting(self) -> dict[str, int]:
        """Messages by queue, after a turn in which nothing moved: those that failed and will come again, and
        those that are under way."""
        depths = self._depths(self._failing)
        self._failing = set(depths)
        if self._under_way:
            depths.setdefault(NOTIFICATIONS, len(self._under_way))
        if not depths:
            self._drained_ms = self._turn_began_ms
            if self._drained_ms - self._saved_ms > SAVE_EVERY_MS:
                self.save()
        return depths

    def drain(self, seconds_max: float) -> dict[str, int]:
        """Turns until nothing moves or waits; what is left after `seconds_max`, by queue."""
        deadline = time.monotonic() + seconds_max
        while True:
            if self.turn() == 0:
                left = self.waiting()
                if not left or time.monotonic() > deadline:
                    return left
                time.sleep(IDLE_PAUSE_SECONDS)
            elif time.monotonic() > deadline:
                return self._depths(QUEUES) or {"moving": 1}

    def _follow(self) -> int:
        carried = sum(1 for _ in self._heads.read())
        relayed = 0
        for record in self._events.read():
            if record["eventName"] == "INSERT":
                queues = queues_for(EventType(record["dynamodb"]["NewImage"]["type"]["S"]))
                self._filled.update(queues)
                self._sent.update(queues)
            relayed += 1
        self._relayed += relayed
        return carried + relayed

    def _send_to_strangers(self) -> int:
        """Takes further batches of what goes to strangers; how many messages were done since then."""
        done = 0
        for began in [one for one in self._under_way if one[1].done()]:
            self._under_way.remove(began)
            handled = began[1].result()
            done += handled or 0
            if handled is None and began[0] == self._relayed and NOTIFICATIONS not in self._failing:
                self._filled.discard(NOTIFICATIONS)
        if NOTIFICATIONS in self._filled and len(self._under_way) < STRANGERS_HANDS:
            self._under_way.append((self._relayed, self._strangers.submit(self._take, NOTIFICATIONS)))
        return done

    def _poll(self) -> int:
        """Takes batches of what goes to nobody outside; how many messages were done.

        Nothing is sent meanwhile, so a queue that gave less than a whole batch, and of which nothing failed,
        has nothing left.
        """
        asked = [
            queue
            for queue in sorted(self._filled - {NOTIFICATIONS})
            for _ in range(min(HANDS_OF_A_QUEUE, 1 + self._sent[queue] // BATCH_MAX))
        ]
        taken = list(self._hands.map(self._take, asked))  # all of them, before what failed is looked at
        done = 0
        for queue, handled in zip(asked, taken, strict=True):
            done += handled or 0
            self._sent[queue] = max(0, self._sent[queue] - (handled or 0))
            if (handled or 0) < BATCH_MAX and queue not in self._failing:
                self._filled.discard(queue)
        for queue in set(asked) - self._filled:
            self._sent[queue] = 0
        return done

    def _take(self, queue: str) -> int | None:
        """How many messages of a batch were done; None when the queue had none."""
        client, url = self._runtime.aws("sqs"), self._url(queue)
        received = client.receive_message(
            QueueUrl=url, MaxNumberOfMessages=BATCH_MAX, AttributeNames=["All"], WaitTimeSeconds=0
        )
        messages = received.get("Messages", [])
        if not messages:
            return None
        failed = _invoke(queue, messages)
        self._put_back(client, queue, [message for message in messages if message["MessageId"] in failed])
        done = [message for message in messages if message["MessageId"] not in failed]
        if done:
            client.delete_message_batch(QueueUrl=url, Entries=_entries(done))
        return len(done)

    def _put_back(self, client: Any, queue: str, messages: list[dict[str, Any]]) -> None:
        if messages:
            self._failing.add(queue)
            entries = [{**entry, "VisibilityTimeout": RETRY_SECONDS} for entry in _entries(messages)]
            client.change_message_visibility_batch(QueueUrl=self._url(queue), Entries=entries)

    def _depths(self, queues: Iterable[str]) -> dict[str, int]:
        depths = {}
        for queue in sorted(queues):
            names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
            found = self._runtime.aws("sqs").get_queue_attributes(
                QueueUrl=self._url(queue), AttributeNames=names
            )["Attributes"]
            waiting = sum(int(found[name]) for name in names)
            if waiting:
                depths[queue] = waiting
        return depths

    def _url(self, queue: str) -> str:
        return str(getattr(self._runtime.settings, f"{queue}_queue_url"))


def _real_ms() -> int:
    return int(time.time() * 1000)


def _invoke(queue: str, messages: list[dict[str, Any]]) -> set[str]:
    """The ids of the messages that failed: those named in the answer, or all when the function broke."""
    event = {"Records": [_sqs_record(message, queue) for message in messages]}
    try:
        answer = getattr(consumers, queue)(event, _context(queue))
    except Exception:  # noqa: BLE001  a function may break in any way, and Lambda goes on
        logger.exception("a consumer broke", queue=queue)
        return {message["MessageId"] for message in messages}
    return {entry["itemIdentifier"] for entry in answer["batchItemFailures"]}


def _context(function: str) -> LambdaContext:
    return LambdaContext(function, MEMORY_MB, TIMEOUT_MS)


def _entries(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"Id": str(index), "ReceiptHandle": message["ReceiptHandle"]}
        for index, message in enumerate(messages)
    ]


def _sqs_record(message: dict[str, Any], queue: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:000000000000:{queue}",
        "awsRegion": REGION,
    }
