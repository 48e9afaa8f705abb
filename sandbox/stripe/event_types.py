"""The events that this Stripe tells of. Source: https://docs.stripe.com/api/events/types"""

from typing import Literal, get_args

EventType = Literal[
    "account.updated",
    "balance.available",
    "charge.failed",
    "charge.succeeded",
    "charge.updated",
    "customer.created",
    "payment_intent.canceled",
    "payment_intent.created",
    "payment_intent.payment_failed",
    "payment_intent.succeeded",
    "payout.created",
    "payout.failed",
    "payout.paid",
    "payout.updated",
    "transfer.created",
]

EVENT_TYPES: tuple[str, ...] = get_args(EventType)
