"""Law 4, of states: whatever stands in one has come to it by an event that says so.

Together with the rules of audit_steps.py, which count what left a state against what led to it, histories
tell what heads are: a head that somebody changed by hand has no history for it.
"""

from collections.abc import Iterator, Mapping

from marketplace.ledger.audit import Breach
from marketplace.shared.events import EventType as E

_DIVIDED = (E.DISPUTE_SETTLED, E.DISPUTE_DECIDED)
_DECIDED = (*_DIVIDED, E.OUTCOME_APPLIED)
"""What ends a piece of work in place of its client."""

CAME_BY: Mapping[tuple[str, str], tuple[E, ...]] = {
    ("task", "open"): (E.TASK_OPENED,),
    ("task", "closed"): (E.TASK_CLOSED,),
    ("bid", "shortlisted"): (E.BID_SHORTLISTED,),
    ("bid", "awarded"): (E.BID_AWARDED,),
    ("con", "offered"): (E.BID_AWARDED,),
    ("con", "active"): (E.CONTRACT_ACTIVE,),
    ("con", "paused"): (E.CONTRACT_PAUSED,),
    ("con", "completed"): (E.CONTRACT_COMPLETED,),
    ("con", "cancelled"): (E.CONTRACT_CANCELLED,),
    ("mil", "submitted"): (E.MILESTONE_SUBMITTED,),
    ("mil", "approved"): (E.MILESTONE_APPROVED, *_DECIDED),
    ("ses", "running"): (E.SESSION_STARTED,),
    ("ses", "stopped"): (E.SESSION_STOPPED,),
    ("ses", "approved"): (E.SESSION_APPROVED, *_DECIDED),
    ("ses", "disputed"): (E.SESSION_DISPUTED,),
    ("ses", "corrected"): (E.SESSION_CORRECTED,),
    ("res", "submitted"): (E.RESULT_SUBMITTED,),
    ("res", "accepted"): (E.RESULT_ACCEPTED, *_DECIDED),
    ("res", "rejected"): (E.RESULT_REJECTED, *_DECIDED),
    ("res", "reversed"): (E.RESULT_REVERSED,),
    ("dis", "settled"): (E.DISPUTE_SETTLED,),
    ("dis", "decided"): (E.DISPUTE_DECIDED,),
    ("dis", "withdrawn"): (E.DISPUTE_WITHDRAWN,),
    ("dis", "escalated"): (E.DISPUTE_ESCALATED,),
    ("out", "returned"): (E.OUTCOME_RETURNED,),
    ("out", "divided"): _DIVIDED,
    ("top", "requires_payment"): (E.TOP_UP_ATTACHED,),
    ("top", "succeeded"): (E.TOP_UP_SUCCEEDED,),
    ("top", "expired"): (E.TOP_UP_EXPIRED,),
    ("top", "failed"): (E.TOP_UP_FAILED,),
    ("ref", "succeeded"): (E.REFUND_SUCCEEDED,),
    ("ref", "failed"): (E.REFUND_FAILED,),
    ("ref", "canceled"): (E.REFUND_CANCELED,),
    ("pay", "pending"): (E.PAYOUT_REQUESTED,),
    ("pay", "sent"): (E.PAYOUT_SENT,),
    ("pay", "paid"): (E.PAYOUT_PAID,),
    ("pay", "cancelled"): (E.PAYOUT_CANCELLED,),
}
"""Prefix and state to the events of which one at least has happened to it. What is missing here has several
ways to come about, or is where everything begins."""

COUNTED = frozenset((prefix, kind) for (prefix, _), kinds in CAME_BY.items() for kind in kinds)
"""What is to be counted: prefix and type."""


def state_breaches(subject: str, prefix: str, status: str, counts: Mapping[str, int]) -> Iterator[Breach]:
    """Of an object in that state, whose events are counted by type."""
    came_by = CAME_BY.get((prefix, status))
    if came_by is not None and not any(counts.get(kind, 0) for kind in came_by):
        yield Breach(4, subject, f"is {status}, and nothing says how it came to be")
