"""Transfers from the platform's available balance to a connected account's.

Source: https://docs.stripe.com/api/transfers, https://docs.stripe.com/connect/separate-charges-and-transfers
"""

from sandbox.stripe import notify
from sandbox.stripe.books import Movement, available, book
from sandbox.stripe.changes import told
from sandbox.stripe.errors import StripeError, missing
from sandbox.stripe.lists import matching, page
from sandbox.stripe.objects import charges, source_charges
from sandbox.stripe.objects.source_charges import Source
from sandbox.stripe.params import (
    Currency,
    Integer,
    Metadata,
    MetadataUpdate,
    Range,
    Text,
    body,
    listing,
    with_metadata,
)
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

BALANCE_INSUFFICIENT = (
    "You have insufficient available funds in your Stripe account. Try adding funds directly to your "
    "available balance by creating Charges using the 4000000000000077 test card. "
    "See: https://stripe.com/docs/testing#available-balance"
)
NOT_CAPABLE = (
    "Your destination account needs to have at least one of the following capabilities enabled: "
    "transfers, crypto_transfers, legacy_payments"
)


def create(step: Step, params: Obj) -> Obj:
    """Moves the money at once; drawn from a charge, it is available when the charge's is.

    Raises StripeError: resource_missing, insufficient_capabilities_for_transfer, balance_insufficient, and
    what `source_charges.find` raises.
    """
    account = step.shelf("account").get(params["destination"])
    if account is None:
        raise missing("destination", params["destination"], "destination", status=400)
    if account["capabilities"].get("transfers") != "active":
        raise StripeError(
            400, NOT_CAPABLE, code="insufficient_capabilities_for_transfer", param="destination"
        )
    source = _source(step, params)
    transfer = _new(step, params, source_charges.group(step, source, params.get("transfer_group")))
    available_on = step.at if source is None else source.available_on
    movement = Movement(
        "transfer",
        -transfer["amount"],
        transfer["currency"],
        transfer["id"],
        description=transfer["description"],
        available_on=available_on,
    )
    transfer["balance_transaction"] = book(step, movement)["id"]
    payment = charges.of_transfer(step.on(account["id"]), transfer, available_on=available_on)
    transfer["destination_payment"] = payment["id"]
    step.keep(transfer)
    notify.emit(step, "transfer.created", transfer)
    return transfer


def _source(step: Step, params: Obj) -> Source | None:
    amount, currency = params["amount"], params["currency"]
    if source_charges.PARAMETER in params:
        return source_charges.find(step, params[source_charges.PARAMETER], amount=amount, currency=currency)
    if amount > available(step, currency):
        raise StripeError(400, BALANCE_INSUFFICIENT, code="balance_insufficient")
    return None


def _new(step: Step, params: Obj, group: str | None) -> Obj:
    transfer_id = step.new_id("tr")
    return {
        "id": transfer_id,
        "object": "transfer",
        "amount": params["amount"],
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": step.at,
        "currency": params["currency"],
        "description": params.get("description"),
        "destination": params["destination"],
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "reversals": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/transfers/{transfer_id}/reversals",
        },
        "reversed": False,
        "source_transaction": params.get(source_charges.PARAMETER),
        "source_type": "card",
        "transfer_group": group,
    }


def update(step: Step, params: Obj) -> Obj:
    """Changes description and metadata. Raises StripeError resource_missing."""
    transfer = retrieve(step, params)
    with told(step, "transfer.updated", transfer):
        if "description" in params:
            transfer["description"] = params["description"]
        if "metadata" in params:
            transfer["metadata"] = with_metadata(transfer["metadata"], params["metadata"])
    return transfer


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("transfer", params["transfer"], param="transfer")


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filters `created`, `destination`, `transfer_group`."""
    keep = matching(params, "destination", "transfer_group")
    return page(step.shelf("transfer"), params, url="/v1/transfers", noun="transfer", keep=keep)


ONE = "/v1/transfers/{transfer}"

ROUTES = [
    Route(
        "POST",
        "/v1/transfers",
        create,
        body(
            required={"amount": Integer(at_least=1), "currency": Currency(), "destination": Text()},
            description=Text(),
            metadata=Metadata(unsets=False),
            source_transaction=Text(),
            transfer_group=Text(),
        ),
        "transfer",
        platform_only=True,
    ),
    Route("GET", ONE, retrieve, body(), "transfer", platform_only=True),
    Route(
        "POST",
        ONE,
        update,
        body(description=Text(), metadata=MetadataUpdate()),
        "transfer",
        platform_only=True,
    ),
    Route(
        "GET",
        "/v1/transfers",
        list_,
        listing(created=Range(), destination=Text(), transfer_group=Text()),
        "list of transfer",
        platform_only=True,
    ),
]
