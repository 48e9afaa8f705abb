"""Which state may follow which, as the HTTP contract promises it."""

from typing import Any

from marketplace.bidding.bid import Bid
from marketplace.contracts.contract import Contract
from marketplace.disputes.dispute import Dispute
from marketplace.funding.chargeback import Chargeback
from marketplace.funding.refund import Refund
from marketplace.funding.top_up import TopUp
from marketplace.metering.session import Session
from marketplace.outcomes.outcome import Outcome
from marketplace.payouts.payout import Payout
from marketplace.results.result import Result
from marketplace.work.task import Task

NEXT_STATES: dict[Any, dict[str, tuple[str, ...]]] = {
    Task: {
        "draft": ("open", "closed"),
        "open": ("filled", "closed"),
        "filled": ("open", "closed"),
        "closed": (),
    },
    Bid: {
        "submitted": ("shortlisted", "awarded", "declined", "withdrawn", "expired"),
        "shortlisted": ("awarded", "declined", "withdrawn", "expired"),
        "awarded": ("withdrawn", "expired", "declined", "submitted"),
        "declined": ("submitted",),
        "withdrawn": ("submitted",),
        "expired": ("submitted",),
    },
    Contract: {
        "offered": ("active", "cancelled"),
        "active": ("paused", "completed", "cancelled"),
        "paused": ("active", "completed", "cancelled"),
        "completed": (),
        "cancelled": (),
    },
    "milestone": {
        "planned": ("funded", "cancelled"),
        "funded": ("submitted", "planned", "approved", "cancelled"),
        "submitted": ("approved", "funded", "cancelled"),
        "approved": (),
        "cancelled": (),
    },
    Session: {
        "running": ("stopped",),
        "stopped": ("approved", "disputed", "corrected"),
        "approved": ("corrected",),
        "disputed": ("approved", "corrected"),
        "corrected": (),
    },
    Result: {
        "submitted": ("accepted", "rejected"),
        "accepted": ("reversed",),
        "rejected": ("accepted",),
        "reversed": ("accepted",),
    },
    Dispute: {
        "open": ("escalated", "settled", "withdrawn"),
        "escalated": ("decided", "withdrawn"),
        "settled": (),
        "decided": (),
        "withdrawn": (),
    },
    Outcome: {
        "applied": (),
        "withheld": ("returned", "divided"),
        "returned": (),
        "divided": (),
    },
    TopUp: {
        "requested": ("requires_payment", "failed", "expired", "succeeded"),
        "requires_payment": ("succeeded",),
        "failed": ("succeeded",),
        "expired": ("succeeded",),
        "succeeded": (),
    },
    Refund: {
        "requested": ("pending", "succeeded", "failed"),
        "pending": ("succeeded", "failed"),
        "succeeded": ("failed",),
        "failed": (),
    },
    Chargeback: {
        "inquiry_needs_response": (
            *("inquiry_under_review", "inquiry_closed"),
            *("needs_response", "under_review", "lost", "won"),
        ),
        "inquiry_under_review": ("inquiry_closed", "needs_response", "under_review", "lost", "won"),
        "inquiry_closed": (),
        "needs_response": ("under_review", "lost", "won"),
        "under_review": ("lost", "won"),
        "lost": (),
        "won": (),
    },
    Payout: {
        "pending": ("unknown", "sent", "failed", "cancelled"),
        "unknown": ("pending", "sent", "failed", "cancelled"),
        "sent": ("paid", "failed"),
        "paid": ("failed",),
        "failed": ("pending",),
        "cancelled": (),
    },
}
