"""Payment methods: each confirmation makes one of a test card; one that a customer owns can be used again.

Source: https://docs.stripe.com/api/payment_methods, https://docs.stripe.com/testing#cards
"""

from sandbox.stripe import notify
from sandbox.stripe.cards import TEST_CARDS, TestCard, by_fingerprint
from sandbox.stripe.errors import StripeError, invalid, missing
from sandbox.stripe.objects import customers
from sandbox.stripe.params import Text, body
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

EXPIRY_MONTH = 12
EXPIRY_YEAR = 2040

ATTACHED_ELSEWHERE = "The payment method you provided has already been attached to a customer."
NOT_ATTACHED = "The payment method you provided is not attached to a customer so detachment is impossible."

EMPTY_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def billing_details() -> Obj:
    """A test card names nobody."""
    return {"address": dict(EMPTY_ADDRESS), "email": None, "name": None, "phone": None, "tax_id": None}


def check(step: Step, name: str, *, customer: str | None) -> None:
    """Raises StripeError (400): neither a test card nor a payment method, or one of another customer."""
    if name in TEST_CARDS:
        return
    method = step.shelf("payment_method").get(name)
    if method is None:
        raise missing("PaymentMethod", name, "payment_method", status=400)
    owner = method["customer"]
    if owner is not None and customer is None:
        raise StripeError(
            400,
            f"The `payment_method` parameter supplied {name} belongs to the Customer {owner}. Please include "
            "the Customer in the `customer` parameter on the PaymentIntent.",
            code="parameter_missing",
            param="source",
        )
    if owner is not None and owner != customer:
        raise invalid(
            f"The PaymentMethod {name} does not belong to the Customer you supplied {customer}. Please use "
            "this PaymentMethod with the Customer that it belongs to instead.",
            "payment_method",
        )


def use(step: Step, name: str) -> Obj:
    """The payment method of that id, or the one that the test card of that name makes; `check` it first."""
    return _made_of(step, TEST_CARDS[name]) if name in TEST_CARDS else step.shelf("payment_method")[name]


def card_of(method: Obj) -> TestCard:
    """The test card that a payment method, or a charge's details of it, was made of."""
    return by_fingerprint(method["card"]["fingerprint"])


def _made_of(step: Step, card: TestCard) -> Obj:
    return step.keep(
        {
            "id": step.new_id("pm"),
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": billing_details(),
            "card": {
                **_known(card),
                "display_brand": card.brand,
                "generated_from": None,
                "networks": {"available": [card.brand], "preferred": None},
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


def details(card: TestCard, amount: int, *, capture_before: int | None, authenticated: bool) -> Obj:
    """How a charge of `amount` minor units tells of the card it was made with.

    `capture_before` (epoch seconds) is when an authorization that still is to be captured ends.
    """
    shown = {
        **_known(card),
        "amount_authorized": None if card.decline else amount,
        "authorization_code": None,
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card.brand,
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "three_d_secure": _challenged() if authenticated else None,
        "wallet": None,
    }
    if capture_before is not None:
        shown["capture_before"] = capture_before
    return {"card": shown, "type": "card"}


def _known(card: TestCard) -> Obj:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "exp_month": EXPIRY_MONTH,
        "exp_year": EXPIRY_YEAR,
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "last4": card.last4,
        "regulated_status": "unregulated",
    }


def _challenged() -> Obj:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": None,
        "version": "2.2.0",
    }


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("payment_method", params["payment_method"], param="payment_method", noun="PaymentMethod")


def attach(step: Step, params: Obj) -> Obj:
    """A customer's from now on. Raises StripeError: 402 when the card's bank declines, 400 for another's."""
    customer = customers.live(step, params["customer"], param="customer", status=400)
    name = params["payment_method"]
    card = TEST_CARDS.get(name)
    if card is not None and card.decline is not None and not card.attaches:
        raise card.decline.refusal()
    method = _made_of(step, card) if card is not None else retrieve(step, params)
    if method["customer"] not in (None, customer["id"]):
        raise invalid(ATTACHED_ELSEWHERE)
    if method["customer"] is None:
        method["customer"] = customer["id"]
        notify.emit(step, "payment_method.attached", method)
    return method


def detach(step: Step, params: Obj) -> Obj:
    """Nobody's from now on. Raises StripeError (400) when it was nobody's before."""
    method = retrieve(step, params)
    if method["customer"] is None:
        raise invalid(NOT_ATTACHED, "payment_method")
    return let_go(step, method)


def let_go(step: Step, method: Obj) -> Obj:
    """A payment method leaves its customer."""
    before = {"customer": method["customer"]}
    method["customer"] = None
    notify.emit(step, "payment_method.detached", method, before=before)
    return method


_METHOD = "/v1/payment_methods/{payment_method}"

ROUTES = [
    Route("GET", _METHOD, retrieve, body(), "payment_method"),
    Route("POST", f"{_METHOD}/attach", attach, body(required={"customer": Text()}), "payment_method"),
    Route("POST", f"{_METHOD}/detach", detach, body(), "payment_method"),
]
