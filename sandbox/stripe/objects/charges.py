"""Charges: what a payment intent, or a transfer that arrives, leaves behind.

A card's charge succeeds at once, but its balance transaction follows: `balance_transaction` is null until
`charge.updated`. With `capture_method` `automatic` it does not: the transaction is there with the charge.
Source: https://docs.stripe.com/payments/payment-intents/asynchronous-capture, https://docs.stripe.com/api/charges
"""

from sandbox.stripe.books import Movement, book
from sandbox.stripe.cards import Decline
from sandbox.stripe.changes import told
from sandbox.stripe.fees import card_fee
from sandbox.stripe.lists import matching, page
from sandbox.stripe.objects import payment_methods
from sandbox.stripe.params import Email, MetadataUpdate, Range, Text, body, listing, with_metadata
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Action, Step

BOOKED_AFTER_SECONDS = 1
AVAILABLE_AFTER_SECONDS = 2 * 24 * 3600
DISPUTED_AFTER_SECONDS = 1
AUTHORIZED_FOR_SECONDS = 7 * 24 * 3600
"""How long a card's hold lasts. Source: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method"""

RECEIPTS = "https://pay.stripe.com/receipts/payment"

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


def of_card(step: Step, intent: Obj, method: Obj, *, decline: Decline | None, authenticated: bool) -> Obj:
    """The charge of a confirmed payment intent: captured, held for a manual capture, or declined."""
    held = decline is None and intent["capture_method"] == "manual"
    captured = decline is None and not held
    capture_before = step.at + AUTHORIZED_FOR_SECONDS if held else None
    card = payment_methods.card_of(method)
    charge = _charge(
        step,
        "ch",
        amount=intent["amount"],
        amount_captured=intent["amount"] if captured else 0,
        calculated_statement_descriptor="Stripe",
        captured=captured,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        failure_code=decline and decline.code,
        failure_message=decline and decline.message,
        metadata=dict(intent["metadata"]),
        outcome=_declined(decline) if decline else _authorized(),
        paid=decline is None,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=payment_methods.details(
            card, intent["amount"], capture_before=capture_before, authenticated=authenticated
        ),
        receipt_email=intent["receipt_email"],
        status="failed" if decline else "succeeded",
        transfer_group=intent["transfer_group"],
    )
    if decline is None:
        charge["receipt_url"] = f"{RECEIPTS}/{charge['id']}"
    return charge


def of_transfer(step: Step, transfer: Obj, *, available_on: int) -> Obj:
    """The payment that a transfer becomes on the connected account, booked at once."""
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
    amount, currency = charge["amount"], charge["currency"]
    movement = Movement("payment", amount, currency, charge["id"], available_on=available_on)
    charge["balance_transaction"] = book(step, movement)["id"]
    return charge


def enter(step: Step, charge: Obj, *, paid_at: int) -> Obj:
    """Books a charge's money and fee, and lets its card's holder dispute it; gives the transaction."""
    card = payment_methods.card_of(charge["payment_method_details"])
    amount, currency = charge["amount"], charge["currency"]
    movement = Movement(
        "charge",
        amount,
        currency,
        charge["id"],
        fee=card_fee(amount, currency),
        description=charge["description"],
        available_on=step.at if card.available_at_once else paid_at + AVAILABLE_AFTER_SECONDS,
    )
    transaction = book(step, movement)
    charge["balance_transaction"] = transaction["id"]
    if card.disputed is not None:
        step.later(step.at + DISPUTED_AFTER_SECONDS, Action.CHARGE_DISPUTED, charge["id"])
    return transaction


def enter_later(step: Step, charge: Obj) -> None:
    """Lets a charge be booked a moment after the payment."""
    step.later(step.at + BOOKED_AFTER_SECONDS, Action.CHARGE_BOOKED, charge["id"])


def booked(step: Step, charge_id: str) -> None:
    """The charge's money and fee are booked, and `charge.updated` tells where; unless they were before."""
    charge = step.shelf("charge")[charge_id]
    if charge["balance_transaction"] is None:
        with told(step, "charge.updated", charge):
            enter(step, charge, paid_at=charge["created"])


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


def _declined(decline: Decline) -> Obj:
    return _authorized() | {
        "advice_code": decline.advice,
        "network_decline_code": decline.network,
        "network_status": "declined_by_network",
        "reason": decline.reason,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("charge", params["id"], param="id")


def update(step: Step, params: Obj) -> Obj:
    """Changes what the caller may say of a charge. Raises StripeError resource_missing."""
    charge = step.find("charge", params["charge"], param="charge")
    with told(step, "charge.updated", charge):
        charge |= {name: params[name] for name in ("description", "receipt_email") if name in params}
        if "metadata" in params:
            charge["metadata"] = with_metadata(charge["metadata"], params["metadata"])
    return charge


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filters `created`, `customer`, `payment_intent`, `transfer_group`."""
    keep = matching(params, "customer", "payment_intent", "transfer_group")
    return page(step.shelf("charge"), params, url="/v1/charges", noun="charge", keep=keep)


ROUTES = [
    Route("GET", "/v1/charges/{id}", retrieve, body(), "charge"),
    Route(
        "POST",
        "/v1/charges/{charge}",
        update,
        body(description=Text(40_000), metadata=MetadataUpdate(), receipt_email=Email()),
        "charge",
    ),
    Route(
        "GET",
        "/v1/charges",
        list_,
        listing(created=Range(), customer=Text(), payment_intent=Text(), transfer_group=Text()),
        "list of charge",
    ),
]
