"""What becomes of a hold: a card was authorized, and the money is taken later, or never.

    requires_capture ──captured, in whole or in part──► succeeded
          ├──canceled──► canceled
          └──7 days────► canceled (automatic)

A capture is final: what it leaves out is released. The books show the whole charge and the reversal of what
was left out; both together are what was captured, and its fee.

Source: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method,
https://docs.stripe.com/reports/reporting-categories (partial captures)
"""

from sandbox.stripe import currencies, notify
from sandbox.stripe.books import Movement, book
from sandbox.stripe.errors import StripeError
from sandbox.stripe.fees import card_fee
from sandbox.stripe.objects import charges, refund_life
from sandbox.stripe.params import with_metadata
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Action, Step

ALREADY_CAPTURED = "This PaymentIntent could not be captured because it has already been captured."
RELEASED = (
    "The remaining amount on this PaymentIntent could not be captured because the remainder of the "
    "authorized amount has been released."
)
TOO_MUCH = (
    "The payment could not be captured because the requested capture amount is greater than the amount you "
    "can capture for this charge. Contact us via https://support.stripe.com/contact/ for help."
)


def hold(step: Step, intent: Obj, charge: Obj) -> None:
    """The card is authorized; the money waits at its bank."""
    intent |= {"status": "requires_capture", "amount_capturable": charge["amount"]}
    step.later(step.at + charges.AUTHORIZED_FOR_SECONDS, Action.AUTHORIZATION_EXPIRED, intent["id"])
    notify.emit(step, "charge.succeeded", charge)
    notify.emit(step, "payment_intent.amount_capturable_updated", intent)


def capture(step: Step, intent: Obj, params: Obj) -> Obj:
    """Takes `amount_to_capture`, or all of it. Raises StripeError: amount_too_large, unexpected state."""
    about: Obj = {"payment_intent": intent}
    if intent["status"] != "requires_capture":
        raise StripeError(400, _not_held(intent), code="payment_intent_unexpected_state", more=about)
    amount = ({"amount_to_capture": intent["amount_capturable"]} | params)["amount_to_capture"]
    if amount > intent["amount_capturable"]:
        raise StripeError(400, TOO_MUCH, code="amount_too_large", more=about)
    currencies.check_step(amount, intent["currency"], currencies.CHARGE_STEPS)
    charge = step.shelf("charge")[intent["latest_charge"]]
    charge |= {"amount_captured": amount, "captured": True}
    _enter(step, charge)
    intent |= {"status": "succeeded", "amount_capturable": 0, "amount_received": amount}
    if "metadata" in params:
        intent["metadata"] = with_metadata(intent["metadata"], params["metadata"])
    notify.emit(step, "charge.captured", charge)
    notify.emit(step, "payment_intent.succeeded", intent)
    return intent


def _not_held(intent: Obj) -> str:
    if intent["status"] == "succeeded":
        return RELEASED if intent["amount_received"] < intent["amount"] else ALREADY_CAPTURED
    return (
        f"This PaymentIntent could not be captured because it has a status of {intent['status']}. Only a "
        "PaymentIntent with one of the following statuses may be captured: requires_capture."
    )


def _enter(step: Step, charge: Obj) -> None:
    """Books the charge, and the reversal of what the capture left out."""
    whole = charges.enter(step, charge, paid_at=step.at)
    left_out = charge["amount"] - charge["amount_captured"]
    if left_out == 0:
        return
    refund = refund_life.released(step, charge, left_out)
    movement = Movement(
        "refund",
        -left_out,
        charge["currency"],
        refund["id"],
        fee=card_fee(charge["amount_captured"], charge["currency"]) - whole["fee"],
        fee_description="Stripe processing fee refund",
        description=refund_life.description(charge),
        available_on=whole["available_on"],
        category="partial_capture_reversal",
    )
    refund["balance_transaction"] = book(step, movement)["id"]


def release(step: Step, intent: Obj, *, reason: str | None = None) -> Obj:
    """Lets a hold go without having taken anything; gives the charge."""
    charge = step.shelf("charge")[intent["latest_charge"]]
    refund_life.released(step, charge, charge["amount"], reason=reason)
    intent["amount_capturable"] = 0
    return charge


def expired(step: Step, intent_id: str) -> None:
    """The authorization was not captured in time."""
    intent = step.shelf("payment_intent")[intent_id]
    if intent["status"] != "requires_capture":
        return
    charge = release(step, intent, reason="expired_uncaptured_charge")
    intent |= {"status": "canceled", "canceled_at": step.at, "cancellation_reason": "automatic"}
    notify.emit(step, "charge.expired", charge)
    notify.emit(step, "payment_intent.canceled", intent)
