"""Payment intents: created, changed, confirmed with a test card, captured, cancelled.

Source: https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/payments/paymentintents/lifecycle
"""

from sandbox.stripe import amounts, ids, notify
from sandbox.stripe.errors import invalid
from sandbox.stripe.lists import matching, page
from sandbox.stripe.objects import captures, confirmation, customers, intent_changes, payment_methods
from sandbox.stripe.params import (
    Boolean,
    Currency,
    Email,
    Hash,
    Integer,
    Kind,
    ListOf,
    Metadata,
    MetadataUpdate,
    OneOf,
    Range,
    Text,
    Url,
    body,
    listing,
)
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

CANCELABLE = (*intent_changes.CHANGEABLE, "requires_capture")
CAPTURE_METHODS = ("automatic", "automatic_async", "manual")

UNSET = dict.fromkeys(
    (
        "application",
        "application_fee_amount",
        "canceled_at",
        "cancellation_reason",
        "customer_account",
        "excluded_payment_method_types",
        "last_payment_error",
        "latest_charge",
        "next_action",
        "on_behalf_of",
        "payment_method",
        "payment_method_configuration_details",
        "processing",
        "review",
        "setup_future_usage",
        "shipping",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "transfer_data",
    )
)
"""Members of a payment intent that stay null unless something sets them."""


def create(step: Step, params: Obj) -> Obj:
    """A payment intent, with `confirm` confirmed at once. Raises StripeError for an amount beyond limits."""
    amounts.check_chargeable(params["amount"], params["currency"])
    _check_methods(params)
    if "customer" in params:
        customers.live(step, params["customer"], param="customer", status=400)
    if "payment_method" in params:
        payment_methods.check(step, params["payment_method"], customer=params.get("customer"))
    elif params.get("confirm"):
        raise invalid(confirmation.METHOD_MISSING, "payment_method")
    intent = _new(step, params)
    if params.get("confirm"):
        confirmation.check(step, intent, params)
    if "payment_method" in params:
        intent["payment_method"] = payment_methods.use(step, params["payment_method"])["id"]
        intent["status"] = "requires_confirmation"
    step.keep(intent)
    notify.emit(step, "payment_intent.created", intent)
    if params.get("confirm"):
        return confirmation.attempt(step, intent, intent["payment_method"], params)
    return intent


def update(step: Step, params: Obj) -> Obj:
    """Changes what is given. Raises StripeError, as `intent_changes.change` does."""
    return intent_changes.change(step, retrieve(step, params), params)


def capture(step: Step, params: Obj) -> Obj:
    """Takes the money of an authorized payment. Raises StripeError, as `captures.capture` does."""
    return captures.capture(step, retrieve(step, params), params)


def confirm(step: Step, params: Obj) -> Obj:
    """Charges the card. Raises StripeError: 402 card_declined, 400 payment_intent_unexpected_state."""
    return confirmation.confirm(step, retrieve(step, params), params)


def cancel(step: Step, params: Obj) -> Obj:
    """Ends a payment intent that has taken no money; a hold is released, which shows as a refund.

    Raises StripeError payment_intent_unexpected_state.
    """
    intent = retrieve(step, params)
    if intent["status"] not in CANCELABLE:
        raise confirmation.unexpected(
            intent,
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a "
            "PaymentIntent with one of the following statuses may be canceled: requires_payment_method, "
            "requires_capture, requires_confirmation, requires_action, processing.",
        )
    if intent["status"] == "requires_capture":
        notify.emit(step, "charge.refunded", captures.release(step, intent))
    intent |= {
        "status": "canceled",
        "canceled_at": step.at,
        "cancellation_reason": params.get("cancellation_reason"),
        "next_action": None,
    }
    notify.emit(step, "payment_intent.canceled", intent)
    return intent


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("payment_intent", params["intent"], param="intent")


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filters `created`, `customer`."""
    keep = matching(params, "customer")
    return page(
        step.shelf("payment_intent"), params, url="/v1/payment_intents", noun="payment_intent", keep=keep
    )


def _check_methods(params: Obj) -> None:
    if "automatic_payment_methods" in params and "payment_method_types" in params:
        message = (
            "You may only specify one of these parameters: automatic_payment_methods, payment_method_types."
        )
        raise invalid(message, "payment_method_types")
    for name in ("return_url", "off_session", "error_on_requires_action"):
        if name in params and not params.get("confirm"):
            raise invalid(f"You can only provide `{name}` when confirming: set `confirm` to `true`.", name)


def _new(step: Step, params: Obj) -> Obj:
    intent_id = step.new_id("pi")
    secret = ids.secret("secret", sequence=step.state.next_sequence(), seed=step.state.seed)
    types = params.get("payment_method_types")
    automatic = {"allow_redirects": "always", "enabled": True} | params.get("automatic_payment_methods", {})
    return {
        "id": intent_id,
        "object": "payment_intent",
        **UNSET,
        "amount": params["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "automatic_payment_methods": None if types else automatic,
        "capture_method": params.get("capture_method", "automatic_async"),
        "client_secret": f"{intent_id}_{secret}",
        "confirmation_method": "automatic",
        "created": step.at,
        "currency": params["currency"],
        "customer": params.get("customer"),
        "description": params.get("description"),
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "payment_method_options": {"card": {"installments": None, "mandate_options": None, "network": None,
                                            "request_three_d_secure": "automatic"}},
        "payment_method_types": types or ["card"],
        "receipt_email": params.get("receipt_email"),
        "status": "requires_payment_method",
        "transfer_group": params.get("transfer_group"),
    }  # fmt: skip


_TEXTS: dict[str, Kind] = {
    "capture_method": OneOf(*CAPTURE_METHODS),
    "customer": Text(),
    "description": Text(1000),
    "payment_method": Text(),
    "receipt_email": Email(),
    "transfer_group": Text(),
}
_ATTEMPT: dict[str, Kind] = {
    "error_on_requires_action": Boolean(),
    "off_session": Boolean(),
    "return_url": Url(),
}

ROUTES = [
    Route(
        "POST",
        "/v1/payment_intents",
        create,
        body(
            required={"amount": Integer(at_least=1), "currency": Currency()},
            automatic_payment_methods=Hash(
                required={"enabled": Boolean()}, optional={"allow_redirects": OneOf("always", "never")}
            ),
            confirm=Boolean(),
            metadata=Metadata(unsets=False),
            payment_method_types=ListOf(OneOf("card")),
            **_TEXTS,
            **_ATTEMPT,
        ),
        "payment_intent",
    ),
    Route("GET", "/v1/payment_intents/{intent}", retrieve, body(), "payment_intent"),
    Route(
        "POST",
        "/v1/payment_intents/{intent}",
        update,
        body(
            required={},
            amount=Integer(at_least=1),
            currency=Currency(),
            metadata=MetadataUpdate(),
            **_TEXTS,
        ),
        "payment_intent",
    ),
    Route(
        "GET",
        "/v1/payment_intents",
        list_,
        listing(created=Range(), customer=Text()),
        "list of payment_intent",
    ),
    Route(
        "POST",
        "/v1/payment_intents/{intent}/confirm",
        confirm,
        body(required={}, payment_method=Text(), **_ATTEMPT),
        "payment_intent",
    ),
    Route(
        "POST",
        "/v1/payment_intents/{intent}/capture",
        capture,
        body(amount_to_capture=Integer(at_least=1), metadata=MetadataUpdate()),
        "payment_intent",
    ),
    Route(
        "POST",
        "/v1/payment_intents/{intent}/cancel",
        cancel,
        body(cancellation_reason=OneOf("duplicate", "fraudulent", "requested_by_customer", "abandoned")),
        "payment_intent",
    ),
]
