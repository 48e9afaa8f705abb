"""Transfer reversals: money of a transfer comes back, as a refund of the payment that it became.

Only what the connected account has available can come back; while the transfer itself is still pending there
(it was drawn from a charge), what is pending comes back.

Source: https://docs.stripe.com/api/transfer_reversals,
https://docs.stripe.com/connect/separate-charges-and-transfers#reverse-transfers
"""

from sandbox.stripe import currencies
from sandbox.stripe.books import Movement, available, book
from sandbox.stripe.changes import told
from sandbox.stripe.errors import StripeError, invalid, missing
from sandbox.stripe.lists import matching, page
from sandbox.stripe.objects import transfers
from sandbox.stripe.params import (
    Integer,
    Metadata,
    MetadataUpdate,
    Text,
    body,
    listing,
    with_metadata,
)
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

SHOWN_MAX = 10
"""How many a transfer object shows; all are in their own list."""

INSUFFICIENT = (
    "Insufficient funds in the connected account to reverse this transfer: its available balance is {held}."
)


def create(step: Step, params: Obj) -> Obj:
    """Takes the money back at once; all that is left of the transfer unless an amount is given.

    Raises StripeError: resource_missing, balance_insufficient, and 400 beyond what is left.
    """
    transfer = transfers.retrieve(step, {"transfer": params["id"]})
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = params.get("amount", left)
    if left == 0:
        raise invalid(f"Transfer {transfer['id']} is already fully reversed.")
    if amount > left:
        message = (
            f"Transfer reversal amount ({currencies.written(amount, transfer['currency'])}) is greater than "
            f"unreversed amount on transfer ({currencies.written(left, transfer['currency'])})"
        )
        raise invalid(message, "amount")
    account = step.on(transfer["destination"])
    payment = account.shelf("charge")[transfer["destination_payment"]]
    available_on = _available_on(account, payment, amount)
    reversal = _new(step, transfer, amount, params)
    movement = Movement(
        "transfer_refund",
        amount,
        transfer["currency"],
        reversal["id"],
        description=params.get("description"),
        available_on=available_on,
    )
    reversal["balance_transaction"] = book(step, movement)["id"]
    refund = _refund(account, payment, reversal, available_on)
    reversal["destination_payment_refund"] = refund["id"]
    step.keep(reversal)
    with told(step, "transfer.reversed", transfer):
        transfer |= {"amount_reversed": transfer["amount_reversed"] + amount, "reversed": amount == left}
        _show(step, transfer)
    return reversal


def _available_on(account: Step, payment: Obj, amount: int) -> int:
    """When what comes back was, or is to be, available. Raises StripeError balance_insufficient."""
    booked = account.shelf("balance_transaction")[payment["balance_transaction"]]
    held = available(account, payment["currency"])
    if booked["status"] != "pending" and amount > held:
        message = INSUFFICIENT.format(held=currencies.written(held, payment["currency"]))
        raise StripeError(400, message, code="balance_insufficient")
    return max(account.at, int(booked["available_on"]))


def _new(step: Step, transfer: Obj, amount: int, params: Obj) -> Obj:
    return {
        "id": step.new_id("trr"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": step.at,
        "currency": transfer["currency"],
        "destination_payment_refund": None,
        "metadata": params.get("metadata", {}),
        "source_refund": None,
        "transfer": transfer["id"],
    }


def _refund(account: Step, payment: Obj, reversal: Obj, available_on: int) -> Obj:
    """What the reversal is on the connected account: a refund of the payment."""
    refund = account.keep(
        {
            "id": account.new_id("pyr"),
            "object": "refund",
            "amount": reversal["amount"],
            "balance_transaction": None,
            "charge": payment["id"],
            "created": account.at,
            "currency": reversal["currency"],
            "metadata": {},
            "payment_intent": None,
            "reason": None,
            "receipt_number": None,
            "source_transfer_reversal": reversal["id"],
            "status": "succeeded",
            "transfer_reversal": None,
        }
    )
    movement = Movement(
        "payment_refund", -refund["amount"], refund["currency"], refund["id"], available_on=available_on
    )
    refund["balance_transaction"] = book(account, movement)["id"]
    with told(account, "charge.refunded", payment):
        payment["amount_refunded"] += refund["amount"]
        payment["refunded"] = payment["amount_refunded"] == payment["amount"]
    return refund


def _show(step: Step, transfer: Obj) -> None:
    """Brings the list within the transfer up to date: the newest of its reversals."""
    found = [row for row in step.shelf("transfer_reversal").rows if row["transfer"] == transfer["id"]]
    transfer["reversals"] = transfer["reversals"] | {
        "data": found[::-1][:SHOWN_MAX],
        "has_more": len(found) > SHOWN_MAX,
    }


def update(step: Step, params: Obj) -> Obj:
    """Changes the metadata. Raises StripeError resource_missing."""
    reversal = retrieve(step, params)
    if "metadata" in params:
        reversal["metadata"] = with_metadata(reversal["metadata"], params["metadata"])
        _show(step, transfers.retrieve(step, params))
    return reversal


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing, for a reversal of another transfer too."""
    transfers.retrieve(step, params)
    reversal = step.shelf("transfer_reversal").get(params["id"])
    if reversal is None or reversal["transfer"] != params["transfer"]:
        raise missing("transfer reversal", params["id"], "id")
    return reversal


def list_(step: Step, params: Obj) -> Obj:
    """Those of one transfer, newest first."""
    transfer = transfers.retrieve(step, {"transfer": params["id"]})
    return page(
        step.shelf("transfer_reversal"),
        params,
        url=transfer["reversals"]["url"],
        noun="transfer reversal",
        keep=matching({**params, "transfer": transfer["id"]}, "transfer"),
    )


ALL = "/v1/transfers/{id}/reversals"
ONE = "/v1/transfers/{transfer}/reversals/{id}"
KIND = "transfer_reversal"

ROUTES = [
    Route(
        "POST",
        ALL,
        create,
        body(amount=Integer(at_least=1), description=Text(), metadata=Metadata()),
        KIND,
        platform_only=True,
    ),
    Route("GET", ONE, retrieve, body(), KIND, platform_only=True),
    Route("POST", ONE, update, body(metadata=MetadataUpdate()), KIND, platform_only=True),
    Route("GET", ALL, list_, listing(), f"list of {KIND}", platform_only=True),
]
