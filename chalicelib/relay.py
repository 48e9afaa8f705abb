"""The events table's stream → queues: nothing is sent outside this path.

A message is the event's id and type alone. A record that cannot be sent is reported by its sequence
number, so the shard goes on behind it only after bounded attempts and a stop at the failure queue.
"""

import json
from collections import defaultdict
from typing import Any

from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.log import logger
from chalicelib.routing import queues_for
from marketplace import runtime as runtimes
from marketplace.runtime import Runtime
from marketplace.shared.events import EventType

SEND_BATCH_MAX = 10
"""SQS takes at most ten messages a call."""

blueprint = Blueprint(__name__)


@blueprint.on_dynamodb_record(stream_arn="set-by-the-template", name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    """Sends each new event to its queues; answers with the first record that could not be sent."""
    runtime = runtimes.current()
    outgoing: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for record in event.to_dict()["Records"]:
        if record["eventName"] != "INSERT":
            continue
        image = record["dynamodb"]["NewImage"]
        message = json.dumps({"id": image["id"]["S"], "type": image["type"]["S"]})
        for queue in queues_for(EventType(image["type"]["S"])):
            outgoing[queue].append((record["dynamodb"]["SequenceNumber"], message))
    failed = [number for queue, messages in outgoing.items() for number in _send(runtime, queue, messages)]
    if failed:
        logger.error("records were not relayed", count=len(failed))
    return {"batchItemFailures": [{"itemIdentifier": min(failed, key=int)}] if failed else []}


def _send(runtime: Runtime, queue: str, messages: list[tuple[str, str]]) -> list[str]:
    """The sequence numbers of the messages that the queue did not take."""
    client, url = runtime.aws("sqs"), getattr(runtime.settings, f"{queue}_queue_url")
    failed: list[str] = []
    for start in range(0, len(messages), SEND_BATCH_MAX):
        batch = messages[start : start + SEND_BATCH_MAX]
        entries = [{"Id": str(index), "MessageBody": body} for index, (_, body) in enumerate(batch)]
        answer = client.send_message_batch(QueueUrl=url, Entries=entries)
        failed += [batch[int(entry["Id"])][0] for entry in answer.get("Failed", [])]
    return failed
