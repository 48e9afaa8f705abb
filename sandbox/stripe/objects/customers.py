"""Customers: created, updated, deleted for good; a deleted one leaves only its id behind.

Source: https://docs.stripe.com/api/customers, https://docs.stripe.com/api/customers/delete
"""

from sandbox.stripe import notify
from sandbox.stripe.changes import told
from sandbox.stripe.errors import missing
from sandbox.stripe.lists import matching, page
from sandbox.stripe.params import (
    NOTHING,
    Email,
    Kind,
    Metadata,
    MetadataUpdate,
    OneOf,
    Range,
    Text,
    body,
    listing,
    with_metadata,
)
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

TEXTS: dict[str, Kind] = {"description": Text(), "email": Email(), "name": Text(256), "phone": Text(20)}


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
            "customer_account": None,
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


def live(step: Step, customer_id: str, *, param: str, status: int = 404) -> Obj:
    """A customer that has not been deleted; raises StripeError resource_missing."""
    customer = step.find("customer", customer_id, param=param, status=status)
    if "deleted" in customer:
        raise missing("customer", customer_id, param, status=status)
    return customer


def update(step: Step, params: Obj) -> Obj:
    """What is given replaces what was known. Raises StripeError resource_missing."""
    customer = live(step, params["customer"], param="customer")
    with told(step, "customer.updated", customer):
        customer |= {name: params[name] for name in TEXTS if name in params}
        if "metadata" in params:
            customer["metadata"] = with_metadata(customer["metadata"], params["metadata"])
    return customer


def delete(step: Step, params: Obj) -> Obj:
    """Cannot be undone; their payment methods are detached. Raises StripeError resource_missing."""
    customer = live(step, params["customer"], param="customer")
    for method in step.shelf("payment_method").rows:
        if method["customer"] == customer["id"]:
            method["customer"] = None
    notify.emit(step, "customer.deleted", customer)
    gone = {"id": customer["id"], "object": "customer", "deleted": True}
    customer.clear()
    customer |= gone
    return customer


def retrieve(step: Step, params: Obj) -> Obj:
    """Also one that was deleted, as such. Raises StripeError resource_missing."""
    return step.find("customer", params["id"], param="id")


def list_(step: Step, params: Obj) -> Obj:
    """Newest first, without the deleted; filters `created`, `email`."""
    alike = matching(params, "email")
    return page(
        step.shelf("customer"),
        params,
        url="/v1/customers",
        noun="customer",
        keep=lambda row: "deleted" not in row and alike(row),
    )


def methods(step: Step, params: Obj) -> Obj:
    """A customer's payment methods, newest first. Raises StripeError resource_missing."""
    customer = live(step, params["customer"], param="customer")
    return page(
        step.shelf("payment_method"),
        params,
        url=f"/v1/customers/{customer['id']}/payment_methods",
        noun="payment_method",
        keep=lambda row: row["customer"] == customer["id"],
    )


ROUTES = [
    Route("POST", "/v1/customers", create, body(required={}, metadata=Metadata(), **TEXTS), "customer"),
    Route("GET", "/v1/customers/{id}", retrieve, body(), "customer"),
    Route(
        "POST",
        "/v1/customers/{customer}",
        update,
        body(required={}, metadata=MetadataUpdate(), **TEXTS),
        "customer",
    ),
    Route("DELETE", "/v1/customers/{customer}", delete, NOTHING, "customer"),
    Route("GET", "/v1/customers", list_, listing(created=Range(), email=Email()), "list of customer"),
    Route(
        "GET",
        "/v1/customers/{customer}/payment_methods",
        methods,
        listing(type=OneOf("card")),
        "list of payment_method",
    ),
]
