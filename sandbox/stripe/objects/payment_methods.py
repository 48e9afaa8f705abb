"""Stripe's test cards, and the payment method that each confirmation makes of one.

Source: https://docs.stripe.com/testing#cards, https://docs.stripe.com/api/payment_methods
"""

from dataclasses import dataclass

from sandbox.stripe.errors import missing
from sandbox.stripe.params import body
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

EXPIRY_MONTH = 12
EXPIRY_YEAR = 2040


@dataclass(frozen=True)
class TestCard:
    """How a test card behaves. `decline_code` is set when its bank says no."""

    last4: str
    decline_code: str | None = None
    available_at_once: bool = False


WORKING_CARD = "pm_card_visa"
TEST_CARDS = {
    WORKING_CARD: TestCard("4242"),
    "pm_card_bypassPending": TestCard("0077", available_at_once=True),
    "pm_card_chargeDeclined": TestCard("0002", decline_code="generic_decline"),
}

EMPTY_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def billing_details() -> Obj:
    """A test card names nobody."""
    return {"address": dict(EMPTY_ADDRESS), "email": None, "name": None, "phone": None, "tax_id": None}


def check(step: Step, name: str) -> None:
    """Raises StripeError resource_missing (400) unless it is a test card or a payment method made of one."""
    if name not in TEST_CARDS and name not in step.shelf("payment_method"):
        raise missing("PaymentMethod", name, "payment_method", status=400)


def use(step: Step, name: str) -> Obj:
    """The payment method of that id, or the one that the test card of that name makes; `check` it first."""
    return _made_of(step, TEST_CARDS[name]) if name in TEST_CARDS else step.shelf("payment_method")[name]


def card_of(method: Obj) -> TestCard:
    """The test card that a payment method, or a charge's details of it, was made of."""
    return next(card for card in TEST_CARDS.values() if card.last4 == method["card"]["last4"])


def _made_of(step: Step, card: TestCard) -> Obj:
    return step.keep(
        {
            "id": step.new_id("pm"),
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": billing_details(),
            "card": {
                "brand": "visa",
                "checks": _checks(),
                "country": "US",
                "display_brand": "visa",
                "exp_month": EXPIRY_MONTH,
                "exp_year": EXPIRY_YEAR,
                "fingerprint": f"local{card.last4}",
                "funding": "credit",
                "generated_from": None,
                "last4": card.last4,
                "networks": {"available": ["visa"], "preferred": None},
                "regulated_status": "unregulated",
                "three_d_secure_usage": {"supported": True},
                "wallet": None,
            },
            "created": step.at,
            "customer": None,
            "customer_account": None,
            "livemode": False,
            "metadata": {},
            "type": "card",
        }
    )


def details(card: TestCard, amount: int) -> Obj:
    """How a charge of `amount` minor units tells of the card it was made with."""
    return {
        "card": {
            "amount_authorized": None if card.decline_code else amount,
            "authorization_code": None,
            "brand": "visa",
            "checks": _checks(),
            "country": "US",
            "exp_month": EXPIRY_MONTH,
            "exp_year": EXPIRY_YEAR,
            "extended_authorization": {"status": "disabled"},
            "fingerprint": f"local{card.last4}",
            "funding": "credit",
            "incremental_authorization": {"status": "unavailable"},
            "installments": None,
            "last4": card.last4,
            "mandate": None,
            "multicapture": {"status": "unavailable"},
            "network": "visa",
            "network_token": {"used": False},
            "network_transaction_id": None,
            "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
            "regulated_status": "unregulated",
            "three_d_secure": None,
            "wallet": None,
        },
        "type": "card",
    }


def _checks() -> Obj:
    return {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("payment_method", params["payment_method"], param="payment_method", noun="PaymentMethod")


ROUTES = [Route("GET", "/v1/payment_methods/{payment_method}", retrieve, body(), "payment_method")]
