"""Customers. Source: https://docs.stripe.com/api/customers"""

from sandbox.stripe import notify
from sandbox.stripe.lists import matching, page
from sandbox.stripe.params import Email, Metadata, Range, Text, body, listing
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step


def create(step: Step, params: Obj) -> Obj:
    """A customer with whatever is known of them."""
    customer = step.keep(
        {
            "id": step.new_id("cus"),
            "object": "customer",
            "address": None,
            "balance": 0,
            "created": step.at,
            "currency": None,
            "default_source": None,
            "delinquent": False,
            "description": params.get("description"),
            "discount": None,
            "email": params.get("email"),
            "invoice_prefix": None,
            "invoice_settings": {
                "custom_fields": None,
                "default_payment_method": None,
                "footer": None,
                "rendering_options": None,
            },
            "livemode": False,
            "metadata": params.get("metadata", {}),
            "name": params.get("name"),
            "next_invoice_sequence": 1,
            "phone": params.get("phone"),
            "preferred_locales": [],
            "shipping": None,
            "tax_exempt": "none",
            "test_clock": None,
        }
    )
    notify.emit(step, "customer.created", customer)
    return customer


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("customer", params["id"], param="id")


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filters `created`, `email`."""
    keep = matching(params, "email")
    return page(step.shelf("customer"), params, url="/v1/customers", noun="customer", keep=keep)


ROUTES = [
    Route(
        "POST",
        "/v1/customers",
        create,
        body(email=Email(), name=Text(256), description=Text(), phone=Text(20), metadata=Metadata()),
        "customer",
    ),
    Route("GET", "/v1/customers/{id}", retrieve, body(), "customer"),
    Route("GET", "/v1/customers", list_, listing(created=Range(), email=Email()), "list of customer"),
]
