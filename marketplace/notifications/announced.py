"""The types of events that clients' systems are told of, by the object that they are about."""

from marketplace.shared.events import EventType

BY_OBJECT: dict[str, tuple[EventType, ...]] = {
    "task": (
        EventType.TASK_DRAFTED,
        EventType.TASK_UPDATED,
        EventType.TASK_OPENED,
        EventType.TASK_CLOSED,
    ),
    "bid": (
        EventType.BID_SUBMITTED,
        EventType.BID_SHORTLISTED,
        EventType.BID_DECLINED,
        EventType.BID_WITHDRAWN,
        EventType.BID_EXPIRED,
        EventType.BID_AWARDED,
    ),
    "contract": (
        EventType.CONTRACT_ACTIVE,
        EventType.CONTRACT_FUNDED,
        EventType.CONTRACT_PAUSED,
        EventType.CONTRACT_RESUMED,
        EventType.CONTRACT_COMPLETED,
        EventType.CONTRACT_CANCELLED,
        EventType.CONTRACT_CHARGED_BACK,
        EventType.CONTRACT_UNFROZEN,
    ),
    "milestone": (
        EventType.MILESTONE_PLANNED,
        EventType.MILESTONE_SUBMITTED,
        EventType.MILESTONE_CHANGES_REQUESTED,
        EventType.MILESTONE_APPROVED,
        EventType.MILESTONE_CANCELLED,
    ),
    "message": (EventType.MESSAGE_SENT,),
    "bonus": (EventType.BONUS_PAID,),
    "session": (
        EventType.SESSION_STARTED,
        EventType.SESSION_STOPPED,
        EventType.SESSION_APPROVED,
        EventType.SESSION_DISPUTED,
        EventType.SESSION_CORRECTION_ASKED,
        EventType.SESSION_CORRECTED,
        EventType.SESSION_CORRECTION_DECLINED,
    ),
    "result": (
        EventType.RESULT_SUBMITTED,
        EventType.RESULT_ACCEPTED,
        EventType.RESULT_REJECTED,
        EventType.RESULT_REVERSED,
    ),
    "outcome": (EventType.OUTCOME_APPLIED, EventType.OUTCOME_RETURNED),
    "dispute": (
        EventType.DISPUTE_OPENED,
        EventType.DISPUTE_OFFERED,
        EventType.DISPUTE_SETTLED,
        EventType.DISPUTE_ESCALATED,
        EventType.DISPUTE_DECIDED,
        EventType.DISPUTE_WITHDRAWN,
    ),
    "appeal": (
        EventType.APPEAL_OPENED,
        EventType.APPEAL_ANSWERED,
        EventType.APPEAL_GRANTED,
        EventType.APPEAL_DENIED,
    ),
    "rating": (EventType.RATING_REVEALED, EventType.RATING_GIVEN),
    "top_up": (
        EventType.TOP_UP_ATTACHED,
        EventType.TOP_UP_SUCCEEDED,
        EventType.TOP_UP_EXPIRED,
        EventType.TOP_UP_FAILED,
    ),
    "refund": (
        EventType.REFUND_REQUESTED,
        EventType.REFUND_PENDING,
        EventType.REFUND_REQUIRES_ACTION,
        EventType.REFUND_SUCCEEDED,
        EventType.REFUND_FAILED,
        EventType.REFUND_CANCELED,
    ),
    "chargeback": (
        EventType.CHARGEBACK_OPENED,
        EventType.CHARGEBACK_UPDATED,
        EventType.CHARGEBACK_CLOSED,
        EventType.CHARGEBACK_WITHDRAWN,
        EventType.CHARGEBACK_REINSTATED,
    ),
    "webhook_endpoint": (EventType.WEBHOOK_ENDPOINT_DISABLED,),
}
"""Ours, all of them."""

_OBJECTS = {event_type: name for name, event_types in BY_OBJECT.items() for event_type in event_types}

TEST = "webhook_endpoint.test"
"""The type of what a test sends; it needs no filter."""

PAYOUT_TYPES = tuple(event_type.value for event_type in EventType if event_type.startswith("payout."))
"""Names that a filter may hold; a payout is its worker's, and no client is told of it."""


def object_of(event_type: EventType) -> str | None:
    """What an event is about, `None` where no client is told."""
    return _OBJECTS.get(event_type)


def name_of(event_type: EventType) -> str:
    """What it is called outside: the second rating is given and reveals both at once."""
    return EventType.RATING_REVEALED if event_type == EventType.RATING_GIVEN else event_type.value


NAMES = tuple(dict.fromkeys(map(name_of, _OBJECTS)))
"""What clients are told of."""
