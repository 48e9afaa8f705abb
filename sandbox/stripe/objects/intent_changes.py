"""What can be changed of a payment intent, and until when. No event tells of it: Stripe has none.

Source: https://docs.stripe.com/api/payment_intents/update
"""

from sandbox.stripe import amounts
from sandbox.stripe.objects import confirmation, customers, payment_methods
from sandbox.stripe.params import with_metadata
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

CHANGEABLE = ("requires_payment_method", "requires_confirmation", "requires_action")

METHOD = "payment_method"
TERMS = ("amount", "capture_method", "currency", "customer", "transfer_group")
"""Fixed, like the payment method, once the card has been charged or authorized."""

REMARKS = ("description", "receipt_email")
"""Free at any time, as metadata is."""


def change(step: Step, intent: Obj, params: Obj) -> Obj:
    """Changes what is given; a new payment method, or new terms of a challenge, must be confirmed anew.

    Raises StripeError: payment_intent_unexpected_state for what is fixed, resource_missing, an amount beyond
    the limits.
    """
    asked = [name for name in (*TERMS, METHOD) if name in params]
    if asked and intent["status"] not in CHANGEABLE:
        raise confirmation.unexpected(intent, _fixed(asked[0], intent["status"]), param=asked[0])
    wanted = intent | params
    amounts.check_chargeable(wanted["amount"], wanted["currency"])
    if "customer" in params:
        customers.live(step, params["customer"], param="customer", status=400)
    if METHOD in params:
        payment_methods.check(step, params[METHOD], customer=wanted["customer"])
    intent |= {name: params[name] for name in (*TERMS, *REMARKS) if name in params}
    if "metadata" in params:
        intent["metadata"] = with_metadata(intent["metadata"], params["metadata"])
    if METHOD in params:
        intent[METHOD] = payment_methods.use(step, params[METHOD])["id"]
    if METHOD in params or (asked and intent["status"] == "requires_action"):
        intent |= {"next_action": None, "status": "requires_confirmation"}
    return intent


def _fixed(name: str, status: str) -> str:
    return (
        f"This PaymentIntent's {name} could not be updated because it has a status of {status}. You may only "
        f"update the {name} of a PaymentIntent with one of the following statuses: {', '.join(CHANGEABLE)}."
    )
