"""Payment intents: created, confirmed with a test card, cancelled.

Source: https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/payments/paymentintents/lifecycle
"""

from sandbox.stripe import currencies, ids, notify
from sandbox.stripe.errors import StripeError, invalid
from sandbox.stripe.lists import matching, page
from sandbox.stripe.objects import confirmation, payment_methods
from sandbox.stripe.params import (
    Boolean,
    Currency,
    Email,
    Hash,
    Integer,
    ListOf,
    Metadata,
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

CANCELABLE = ("requires_payment_method", "requires_confirmation")

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
    _check_amount(params["amount"], params["currency"])
    _check_methods(params)
    if "customer" in params:
        step.find("customer", params["customer"], param="customer", status=400)
    if "payment_method" in params:
        payment_methods.check(step, params["payment_method"])
    elif params.get("confirm"):
        raise invalid(confirmation.METHOD_MISSING, "payment_method")
    intent = _new(step, params)
    if params.get("confirm"):
        confirmation.check(intent, params)
    if "payment_method" in params:
        intent["payment_method"] = payment_methods.use(step, params["payment_method"])["id"]
        intent["status"] = "requires_confirmation"
    step.keep(intent)
    notify.emit(step, "payment_intent.created", intent)
    return confirmation.charge(step, intent, intent["payment_method"]) if params.get("confirm") else intent


def confirm(step: Step, params: Obj) -> Obj:
    """Charges the card. Raises StripeError: 402 card_declined, 400 payment_intent_unexpected_state."""
    return confirmation.confirm(step, retrieve(step, params), params)


def cancel(step: Step, params: Obj) -> Obj:
    """Ends a payment intent that has not been paid. Raises StripeError payment_intent_unexpected_state."""
    intent = retrieve(step, params)
    if intent["status"] not in CANCELABLE:
        raise confirmation.unexpected(
            intent,
            f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}. Only a "
            "PaymentIntent with one of the following statuses may be canceled: requires_payment_method, "
            "requires_capture, requires_confirmation, requires_action, processing.",
        )
    intent |= {
        "status": "canceled",
        "canceled_at": step.at,
        "cancellation_reason": params.get("cancellation_reason"),
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


def _check_amount(amount: int, currency: str) -> None:
    smallest = currencies.charge_minimum(currency)
    if amount < smallest:
        message = f"Amount must be at least {currencies.written(smallest, currency)}"
        raise StripeError(400, message, code="amount_too_small", param="amount")
    if amount > currencies.CHARGE_MAX:
        message = f"Amount must be no more than {currencies.written(currencies.CHARGE_MAX, currency)}"
        raise StripeError(400, message, code="amount_too_large", param="amount")
    currencies.check_step(amount, currency, currencies.CHARGE_STEPS)


def _check_methods(params: Obj) -> None:
    if "automatic_payment_methods" in params and "payment_method_types" in params:
        message = (
            "You may only specify one of these parameters: automatic_payment_methods, payment_method_types."
        )
        raise invalid(message, "payment_method_types")
    if "return_url" in params and not params.get("confirm"):
        raise invalid(
            "You can only provide a `return_url` when confirming: set `confirm` to `true`.", "return_url"
        )


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
        "capture_method": "automatic_async",
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
            customer=Text(),
            description=Text(1000),
            metadata=Metadata(unsets=False),
            payment_method=Text(),
            payment_method_types=ListOf(OneOf("card")),
            receipt_email=Email(),
            return_url=Url(),
            transfer_group=Text(),
        ),
        "payment_intent",
    ),
    Route("GET", "/v1/payment_intents/{intent}", retrieve, body(), "payment_intent"),
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
        body(payment_method=Text(), return_url=Url()),
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
