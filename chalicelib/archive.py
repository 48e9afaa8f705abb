"""The heads table's stream → the events table: events that ride on heads are carried to where all others are.

From there on they are relayed like any other. A record that cannot be carried is reported by its sequence
number, so the shard goes on behind it only after bounded attempts and a stop at the failure queue; until
then, and after that, the event still rides on its head.
"""

from base64 import b64decode
from typing import Any

from chalice.app import Blueprint, DynamoDBEvent

from chalicelib.log import logger
from marketplace import runtime as runtimes
from marketplace.storage.codec import riding_on

blueprint = Blueprint(__name__)


@blueprint.on_dynamodb_record(stream_arn="set-by-the-template", name="archive")
def archive(event: DynamoDBEvent) -> dict[str, Any]:
    """Carries each event that a write added; answers with the first record that could not be carried."""
    store = runtimes.current().store
    for record in event.to_dict()["Records"]:
        image = record["dynamodb"].get("NewImage", {})
        if "event_added" in image:
            number = record["dynamodb"]["SequenceNumber"]
            try:
                store.keep(riding_on(image["id"]["S"], b64decode(image["body"]["B"]))[-1:])
            except Exception:  # noqa: BLE001  whatever one record breaks on, those before it are done
                logger.exception("an event was not carried", head=image["id"]["S"])
                return {"batchItemFailures": [{"itemIdentifier": number}]}
    return {"batchItemFailures": []}
