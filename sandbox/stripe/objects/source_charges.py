"""Charges that transfers are drawn from: `source_transaction`.

Such a transfer succeeds whatever the platform's available balance is, and its money becomes available when
the charge's does. All transfers of one charge together stay within its amount, and share its transfer group.

Source: https://docs.stripe.com/connect/separate-charges-and-transfers#transfer-availability
"""

from dataclasses import dataclass

from sandbox.stripe import currencies
from sandbox.stripe.changes import told
from sandbox.stripe.errors import invalid, missing
from sandbox.stripe.objects import charges
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

PARAMETER = "source_transaction"


@dataclass(frozen=True)
class Source:
    """What a charge gives a transfer. `available_on` is epoch seconds, in the past once it is available."""

    charge: Obj
    available_on: int


def find(step: Step, charge_id: str, *, amount: int, currency: str) -> Source:
    """The charge that can pay this transfer.

    Raises StripeError: resource_missing, or 400 for a charge that has not the money or not the currency.
    """
    charge = step.shelf("charge").get(charge_id)
    if charge is None:
        raise missing("charge", charge_id, PARAMETER, status=400)
    if charge["status"] != "succeeded" or not charge["captured"]:
        message = f"The charge {charge_id} has no money to transfer: it failed, or is not captured."
        raise invalid(message, PARAMETER)
    if charge["currency"] != currency:
        message = (
            f"The currency of source_transaction's balance transaction ({charge['currency']}) must be the "
            f"same as the transfer currency ({currency})"
        )
        raise invalid(message, PARAMETER)
    _check_rest(step, charge, amount)
    charges.booked(step, charge_id)
    booked = step.shelf("balance_transaction")[charge["balance_transaction"]]
    return Source(charge, booked["available_on"])


def _check_rest(step: Step, charge: Obj, amount: int) -> None:
    limit = charge["amount_captured"]
    drawn = [
        row["amount"] - row["amount_reversed"]
        for row in step.shelf("transfer").rows
        if row[PARAMETER] == charge["id"]
    ]
    if amount + sum(drawn) <= limit:
        return
    currency = charge["currency"]
    message = (
        "Transfers using this transaction as a source must not exceed the source amount of "
        f"{currencies.written(limit, currency)}."
    )
    if sum(drawn):
        message += (
            " (There is already a transfer using this source, amounting to "
            f"{currencies.written(sum(drawn), currency)}.)"
        )
    raise invalid(message, "amount")


def group(step: Step, source: Source | None, wanted: str | None) -> str | None:
    """The transfer's group: the charge's, which gets one if it had none. Raises StripeError for another."""
    if source is None:
        return wanted
    known: str | None = source.charge["transfer_group"]
    if known is not None and wanted not in (None, known):
        message = f"The transfer_group must be that of the source_transaction ({known})."
        raise invalid(message, "transfer_group")
    made = known or wanted or f"group_{source.charge['id']}"
    with told(step, "charge.updated", source.charge):
        source.charge["transfer_group"] = made
    return made
