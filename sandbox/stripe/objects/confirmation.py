"""Confirmation: a card is charged for a payment intent, and says yes or no.

Source: https://docs.stripe.com/api/payment_intents/confirm, https://docs.stripe.com/declines
"""

from sandbox.stripe import notify
from sandbox.stripe.errors import StripeError, invalid
from sandbox.stripe.objects import charges, payment_methods
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

CONFIRMABLE = ("requires_payment_method", "requires_confirmation")
ALREADY_SUCCEEDED = (
    "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
)
RETURN_URL_WANTED = (
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of "
    "these payment methods might redirect your customer off of your page, you must provide a `return_url`. "
    "If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to "
    "`true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
    "Payment Intents."
)
METHOD_MISSING = (
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
    "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a "
    "payment method or ConfirmationToken."
)


def confirm(step: Step, intent: Obj, params: Obj) -> Obj:
    """Charges the card. Raises StripeError: 402 card_declined, 400 payment_intent_unexpected_state."""
    if intent["status"] == "succeeded":
        raise unexpected(intent, ALREADY_SUCCEEDED)
    if intent["status"] not in CONFIRMABLE:
        raise unexpected(
            intent,
            f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}. Only a "
            f"PaymentIntent with one of the following statuses may be confirmed: {', '.join(CONFIRMABLE)}.",
        )
    if "payment_method" in params:
        payment_methods.check(step, params["payment_method"])
    check(intent, params)
    return charge(step, intent, params.get("payment_method") or intent["payment_method"])


def pay(step: Step, intent: Obj) -> Obj:
    """The card holder pays in the browser with a card that works. `intent` is confirmable."""
    return charge(step, intent, payment_methods.WORKING_CARD)


def check(intent: Obj, params: Obj) -> None:
    """Raises StripeError (400) without a payment method, or without an address to return to."""
    if not (params.get("payment_method") or intent["payment_method"]):
        raise unexpected(intent, METHOD_MISSING)
    automatic = intent["automatic_payment_methods"]
    if (
        automatic
        and automatic["enabled"]
        and automatic["allow_redirects"] == "always"
        and "return_url" not in params
    ):
        raise invalid(RETURN_URL_WANTED, "return_url")


def charge(step: Step, intent: Obj, method_name: str) -> Obj:
    """Charges a test card or payment method; raises StripeError card_declined (402) when its bank says no."""
    method = payment_methods.use(step, method_name)
    payment = charges.of_card(step, intent, method)
    intent["latest_charge"] = payment["id"]
    if payment["status"] == "failed":
        raise _declined(step, intent, payment, method)
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "last_payment_error": None,
        "payment_method": method["id"],
    }
    notify.emit(step, "charge.succeeded", payment)
    notify.emit(step, "payment_intent.succeeded", intent)
    return intent


def _declined(step: Step, intent: Obj, payment: Obj, method: Obj) -> StripeError:
    refused = StripeError(
        402,
        charges.DECLINED_MESSAGE,
        kind="card_error",
        code="card_declined",
        more={
            "advice_code": payment["outcome"]["advice_code"],
            "charge": payment["id"],
            "decline_code": payment["outcome"]["reason"],
            "network_decline_code": payment["outcome"]["network_decline_code"],
            "payment_method": method,
        },
    )
    intent |= {
        "status": "requires_payment_method",
        "payment_method": None,
        "last_payment_error": refused.error(),
    }
    notify.emit(step, "charge.failed", payment)
    notify.emit(step, "payment_intent.payment_failed", intent)
    refused.more["payment_intent"] = intent
    return refused


def unexpected(intent: Obj, message: str) -> StripeError:
    """What cannot be done to a payment intent in its present status."""
    return StripeError(400, message, code="payment_intent_unexpected_state", more={"payment_intent": intent})
