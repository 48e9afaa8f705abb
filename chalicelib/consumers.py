"""One function for each queue: one message, one use case, partial batch answers.

A message names an event; its consumer reads the event and works on it. Whatever is delivered twice or
out of order comes to the same, because what is written has ids that derive from the event. What only a
consumer needs is imported inside it: the API function registers these handlers and never runs them.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, cast

from chalice.app import Blueprint, SQSEvent

from chalicelib.log import logger
from marketplace import runtime as runtimes
from marketplace.runtime import Runtime
from marketplace.shared.events import Event

Work = Callable[[Event, Runtime], None]
BatchWork = Callable[[Iterable[Event], Runtime], None]

blueprint = Blueprint(__name__)


class EventMissing(LookupError):
    """The queue names an event that the table does not have; the message is tried again."""


@blueprint.on_sqs_message(queue="payouts", name="payouts")
def payouts(event: SQSEvent) -> dict[str, Any]:
    """Sends requested payouts to Stripe."""
    from chalicelib.work.payouts import work

    return _consumed(event, work)


@blueprint.on_sqs_message(queue="stripe-events", name="stripe_events")
def stripe_events(event: SQSEvent) -> dict[str, Any]:
    """Works on what Stripe told us."""
    from chalicelib.work.stripe_events import work

    return _consumed(event, work)


@blueprint.on_sqs_message(queue="settlements", name="settlements")
def settlements(event: SQSEvent) -> dict[str, Any]:
    """Projects events into statements and histories, and runs reconciliations."""
    from chalicelib.work.settlements import together, work

    return _consumed(event, work, together)


@blueprint.on_sqs_message(queue="reputation", name="reputation")
def reputation(event: SQSEvent) -> dict[str, Any]:
    """Folds ratings into reputations."""
    from chalicelib.work.reputation import work

    return _consumed(event, work)


@blueprint.on_sqs_message(queue="notifications", name="notifications")
def notifications(event: SQSEvent) -> dict[str, Any]:
    """Sends to clients' endpoints, all of a batch at once: none of them waits for another."""
    from chalicelib.work.notifications import sent_already, together

    return _consumed(event, sent_already, together)


@blueprint.on_sqs_message(queue="matching", name="matching")
def matching(event: SQSEvent) -> dict[str, Any]:
    """Keeps the lists in which tasks and workers are found."""
    from chalicelib.work.matching import together, work

    return _consumed(event, work, together)


@blueprint.on_sqs_message(queue="screenings", name="screenings")
def screenings(event: SQSEvent) -> dict[str, Any]:
    """Works on what the provider of screenings told us."""
    from chalicelib.work.screenings import work

    return _consumed(event, work)


def _consumed(batch: SQSEvent, work: Work, together: BatchWork | None = None) -> dict[str, Any]:
    """Runs `together` once for the whole batch where it can, then `work` for each of its events."""
    from aws_lambda_powertools.utilities.batch import BatchProcessor, process_partial_response
    from aws_lambda_powertools.utilities.batch import EventType as BatchEventType

    runtime, records = runtimes.current(), batch.to_dict()
    events = _read_together([_event_id(record["body"]) for record in records["Records"]], runtime, together)

    def consume(record: Any) -> None:
        event_id = _event_id(record.body)
        event = events.get(event_id) or runtime.store.event(event_id)
        if event is None:
            raise EventMissing(event_id)
        if together is not None and event_id not in events:
            together((event,), runtime)
        work(event, runtime)

    processor = BatchProcessor(event_type=BatchEventType.SQS, raise_on_entire_batch_failure=False)
    answer = process_partial_response(records, consume, processor, cast("Any", batch.context))
    return dict(answer)


def _read_together(ids: list[str], runtime: Runtime, together: BatchWork | None) -> dict[str, Event]:
    """The batch's events after `together`. Should anything in the batch be poison, none: then each is read
    and worked on alone, and only the poison fails."""
    try:
        events = runtime.store.events(ids)
        if together is not None:
            together(events.values(), runtime)
    except Exception:  # noqa: BLE001  whatever it was, it comes again where it belongs to one message
        logger.exception("a batch is worked on one by one")
        return {}
    return events


def _event_id(body: str) -> str:
    return str(json.loads(body)["id"])
