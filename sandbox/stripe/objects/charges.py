"""Charges: what a payment intent, or a transfer that arrives, leaves behind.

A card's charge succeeds at once, but its balance transaction follows: `balance_transaction` is null until
`charge.updated`. Source: https://docs.stripe.com/payments/payment-intents/asynchronous-capture
"""

from sandbox.stripe import notify
from sandbox.stripe.books import Movement, book
from sandbox.stripe.fees import card_fee
from sandbox.stripe.lists import matching, page
from sandbox.stripe.objects import payment_methods
from sandbox.stripe.objects.payment_methods import TestCard
from sandbox.stripe.params import Range, Text, body, listing
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Action, Step

BOOKED_AFTER_SECONDS = 1
AVAILABLE_AFTER_SECONDS = 2 * 24 * 3600

DECLINED_MESSAGE = "Your card was declined."

UNSET = dict.fromkeys(
    (
        "application",
        "application_fee",
        "application_fee_amount",
        "balance_transaction",
        "calculated_statement_descriptor",
        "customer",
        "description",
        "failure_balance_transaction",
        "failure_code",
        "failure_message",
        "on_behalf_of",
        "outcome",
        "payment_intent",
        "payment_method",
        "receipt_email",
        "receipt_number",
        "receipt_url",
        "review",
        "shipping",
        "source_transfer",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_data",
        "transfer_group",
    )
)
"""Members of a charge that stay null unless something sets them."""


def of_card(step: Step, intent: Obj, payment_method: Obj) -> Obj:
    """The charge of a confirmed payment intent: succeeded, or failed when the card declines."""
    card = payment_methods.card_of(payment_method)
    failed = card.decline_code is not None
    charge = _charge(
        step,
        "ch",
        amount=intent["amount"],
        amount_captured=0 if failed else intent["amount"],
        captured=not failed,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        failure_code="card_declined" if failed else None,
        failure_message=DECLINED_MESSAGE if failed else None,
        metadata=dict(intent["metadata"]),
        outcome=_declined(card) if failed else _authorized(),
        paid=not failed,
        payment_intent=intent["id"],
        payment_method=payment_method["id"],
        payment_method_details=payment_methods.details(card, intent["amount"]),
        receipt_email=intent["receipt_email"],
        status="failed" if failed else "succeeded",
        transfer_group=intent["transfer_group"],
    )
    if not failed:
        step.later(step.at + BOOKED_AFTER_SECONDS, Action.CHARGE_BOOKED, charge["id"])
    return charge


def of_transfer(step: Step, transfer: Obj) -> Obj:
    """The payment that a transfer becomes on the connected account, booked and available at once."""
    charge = _charge(
        step,
        "py",
        amount=transfer["amount"],
        amount_captured=transfer["amount"],
        captured=True,
        currency=transfer["currency"],
        paid=True,
        payment_method_details={"stripe_account": {}, "type": "stripe_account"},
        source_transfer=transfer["id"],
        status="succeeded",
    )
    transaction = book(step, Movement("payment", charge["amount"], charge["currency"], charge["id"]))
    charge["balance_transaction"] = transaction["id"]
    return charge


def booked(step: Step, charge_id: str) -> None:
    """The charge's money and fee are booked, and `charge.updated` tells where; a moment after the payment."""
    charge = step.shelf("charge")[charge_id]
    amount, currency = charge["amount"], charge["currency"]
    at_once = payment_methods.card_of(charge["payment_method_details"]).available_at_once
    movement = Movement(
        "charge",
        amount,
        currency,
        charge["id"],
        fee=card_fee(amount, currency),
        description=charge["description"],
        available_on=step.at if at_once else charge["created"] + AVAILABLE_AFTER_SECONDS,
    )
    charge["balance_transaction"] = book(step, movement)["id"]
    notify.emit(step, "charge.updated", charge, before={"balance_transaction": None})


def _charge(step: Step, prefix: str, **members: object) -> Obj:
    return step.keep(
        {
            "id": step.new_id(prefix),
            "object": "charge",
            **UNSET,
            "amount_refunded": 0,
            "billing_details": payment_methods.billing_details(),
            "created": step.at,
            "disputed": False,
            "fraud_details": {},
            "livemode": False,
            "metadata": {},
            "radar_options": {},
            "refunded": False,
            **members,
        }
    )


def _authorized() -> Obj:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": "Payment complete.",
        "type": "authorized",
    }


def _declined(card: TestCard) -> Obj:
    return _authorized() | {
        "advice_code": "try_again_later",
        "network_decline_code": "01",
        "network_status": "declined_by_network",
        "reason": card.decline_code,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("charge", params["id"], param="id")


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filters `created`, `customer`, `payment_intent`, `transfer_group`."""
    keep = matching(params, "customer", "payment_intent", "transfer_group")
    return page(step.shelf("charge"), params, url="/v1/charges", noun="charge", keep=keep)


ROUTES = [
    Route("GET", "/v1/charges/{id}", retrieve, body(), "charge"),
    Route(
        "GET",
        "/v1/charges",
        list_,
        listing(created=Range(), customer=Text(), payment_intent=Text(), transfer_group=Text()),
        "list of charge",
    ),
]
