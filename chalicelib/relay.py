"""The events table's stream → queues: nothing is sent outside this path.

A message is the event's id and type alone. A record that cannot be sent is reported by its sequence
number, so the shard goes on behind it only after bounded attempts and a stop at the failure queue. A
stream forgets after 24 hours; `resend` sends again from the time index, which does not.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.log import logger
from chalicelib.routing import queues_for
from marketplace import runtime as runtimes
from marketplace.runtime import Runtime
from marketplace.shared.events import EventType
from marketplace.storage.event_index import written_between

SEND_BATCH_MAX = 10
"""SQS takes at most ten messages a call."""

blueprint = Blueprint(__name__)


@blueprint.on_dynamodb_record(stream_arn="set-by-the-template", name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Sends each new event to its queues; answers with the first record that could not be sent."""
    events, poison = _readable(event.to_dict()["Records"])
    failed = [*_send(runtimes.current(), events), *poison]
    if failed:
        logger.error("records were not relayed", count=len(failed))
    return {"batchItemFailures": [{"itemIdentifier": min(failed, key=int)}] if failed else []}


def _readable(records: list[Any]) -> tuple[list[tuple[str, str, EventType]], list[str]]:
    """(sequence number, event id, type) of what was added, up to the first record that cannot be read, and
    the sequence number of that."""
    events: list[tuple[str, str, EventType]] = []
    for record in records:
        number, image = record["dynamodb"]["SequenceNumber"], record["dynamodb"].get("NewImage", {})
        if record["eventName"] == "INSERT":
            try:
                events.append((number, image["id"]["S"], EventType(image["type"]["S"])))
            except (KeyError, ValueError):
                logger.exception("a record is no event", sequence_number=number)
                return events, [number]
    return events, []


def resend(runtime: Runtime, *, since_ms: int, until_ms: int) -> int:
    """Sends the events written in a span of real time (epoch milliseconds) once more; how many.

    Consumers take repeats. Raises RuntimeError when a queue refuses some.
    """
    events = [
        (event_id, event_id, event_type) for event_id, event_type in written_between(since_ms, until_ms)
    ]
    if _send(runtime, events):
        raise RuntimeError("not every event was sent again")
    return len(events)


def _send(runtime: Runtime, events: Iterable[tuple[str, str, EventType]]) -> list[str]:
    """Sends (mark, event id, type) to the type's queues; the marks of what a queue did not take."""
    outgoing: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for mark, event_id, event_type in events:
        message = json.dumps({"id": event_id, "type": event_type})
        for queue in queues_for(event_type):
            outgoing[queue].append((mark, message))
    client, failed = runtime.aws("sqs"), list[str]()
    for queue, messages in outgoing.items():
        url = getattr(runtime.settings, f"{queue}_queue_url")
        for start in range(0, len(messages), SEND_BATCH_MAX):
            batch = messages[start : start + SEND_BATCH_MAX]
            entries = [{"Id": str(index), "MessageBody": body} for index, (_, body) in enumerate(batch)]
            answer = client.send_message_batch(QueueUrl=url, Entries=entries)
            failed += [batch[int(entry["Id"])][0] for entry in answer.get("Failed", [])]
    return failed
