"""Which queues an event goes to. Every event is projected; the rest is work."""

from marketplace.shared.events import EventType

PAYOUTS = "payouts"
STRIPE_EVENTS = "stripe_events"
SETTLEMENTS = "settlements"
REPUTATION = "reputation"
NOTIFICATIONS = "notifications"
MATCHING = "matching"
SCREENINGS = "screenings"

QUEUES = (PAYOUTS, STRIPE_EVENTS, SETTLEMENTS, REPUTATION, NOTIFICATIONS, MATCHING, SCREENINGS)

_WORK: dict[EventType, str | tuple[str, ...]] = {
    EventType.PAYOUT_REQUESTED: PAYOUTS,
    EventType.PAYOUT_DUE: PAYOUTS,
    EventType.PAYOUT_APPROVED: PAYOUTS,
    EventType.PAYOUT_REVERSAL_ASKED: PAYOUTS,
    EventType.PAYOUT_SCHEDULE_DUE: PAYOUTS,
    EventType.TOP_UP_DUE: STRIPE_EVENTS,
    EventType.REFUND_REQUESTED: STRIPE_EVENTS,
    EventType.REFUND_DUE: STRIPE_EVENTS,
    EventType.CHARGEBACK_DUE: STRIPE_EVENTS,
    EventType.CHARGEBACK_EVIDENCE_GIVEN: STRIPE_EVENTS,
    EventType.PAYOUT_ACCOUNT_DUE: STRIPE_EVENTS,
    EventType.STRIPE_EVENT_RECEIVED: STRIPE_EVENTS,
    EventType.RATING_GIVEN: REPUTATION,
    EventType.RATING_REVEALED: REPUTATION,
    EventType.RATING_REMOVED: REPUTATION,
    EventType.RATING_RESTORED: REPUTATION,
    EventType.MILESTONE_APPROVED: REPUTATION,
    EventType.SESSION_APPROVED: REPUTATION,
    EventType.SESSION_DISPUTED: REPUTATION,
    EventType.SESSION_CORRECTED: REPUTATION,
    EventType.RESULT_ACCEPTED: REPUTATION,
    EventType.WEBHOOK_DELIVERY_PENDING: NOTIFICATIONS,
    EventType.WEBHOOK_DELIVERY_DUE: NOTIFICATIONS,
    EventType.TASK_OPENED: MATCHING,
    EventType.TASK_UPDATED: MATCHING,
    EventType.TASK_CLOSED: MATCHING,
    EventType.BID_AWARDED: MATCHING,
    EventType.BID_SUBMITTED: MATCHING,
    EventType.CONTRACT_ACTIVE: MATCHING,
    EventType.CONTRACT_CANCELLED: (MATCHING, REPUTATION),
    EventType.CONTRACT_COMPLETED: (MATCHING, REPUTATION),
    EventType.DISPUTE_DECIDED: MATCHING,
    EventType.WORKER_CREATED: MATCHING,
    EventType.WORKER_UPDATED: MATCHING,
    EventType.WORKER_DEACTIVATED: MATCHING,
    EventType.WORKER_REINSTATED: MATCHING,
    EventType.ERASURE_BEGUN: MATCHING,
    EventType.PERSON_ERASED: MATCHING,
    EventType.SCREENING_EVENT_RECEIVED: SCREENINGS,
    EventType.SCREENING_DUE: SCREENINGS,
}


_QUEUES = {
    event_type: (SETTLEMENTS, work) if isinstance(work, str) else (SETTLEMENTS, *work)
    for event_type, work in _WORK.items()
}
_PROJECTED = (SETTLEMENTS,)


def queues_for(event_type: EventType) -> tuple[str, ...]:
    """The names of the queues, the projection's first."""
    return _QUEUES.get(event_type, _PROJECTED)
