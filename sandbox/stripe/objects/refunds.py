"""Refunds: what goes back to the card holder, in whole or in parts, never more than was captured.

Source: https://docs.stripe.com/api/refunds, https://docs.stripe.com/refunds
"""

from sandbox.stripe import amounts, currencies, notify
from sandbox.stripe.errors import StripeError, invalid
from sandbox.stripe.lists import matching, page
from sandbox.stripe.objects import charges, dispute_life, refund_life
from sandbox.stripe.params import (
    Integer,
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

ONE_OF_BOTH = "One of the following params should be provided for this request: payment_intent or charge."
ONLY_ONE = "You may only specify one of these parameters: charge, payment_intent."
NOT_CANCELABLE = "Canceling this refund is unsupported."
OF_A_TRANSFER = "This payment is the arrival of a transfer. Reverse the transfer instead of refunding it."


def create(step: Step, params: Obj) -> Obj:
    """Gives back `amount`, or all that is left.

    Raises StripeError: charge_already_refunded, charge_disputed, resource_missing, or no code for too much
    and for a charge that took no money.
    """
    charge = _charge(step, params)
    _check_charge(charge)
    left = _left(step, charge)
    amount = params.get("amount", left)
    currencies.check_step(amount, charge["currency"], currencies.CHARGE_STEPS)
    if amount > left:
        asked, most = (amounts.shown(number, charge["currency"]) for number in (amount, left))
        raise invalid(
            f"Refund amount ({asked}) is greater than unrefunded amount on charge ({most})", "amount"
        )
    charges.booked(step, charge["id"])
    before = {name: charge[name] for name in ("amount_refunded", "refunded")}
    refund = refund_life.new(
        step, charge, amount, reason=params.get("reason"), metadata=params.get("metadata", {})
    )
    refund_life.take_money(step, charge, refund)
    notify.emit(step, "refund.created", refund)
    notify.emit(step, "charge.refunded", charge, before=before)
    dispute_life.refunded(step, charge)
    return refund


def _charge(step: Step, params: Obj) -> Obj:
    if "charge" in params and "payment_intent" in params:
        raise invalid(ONLY_ONE, "payment_intent")
    if "charge" in params:
        return step.find("charge", params["charge"], param="id")
    if "payment_intent" not in params:
        raise invalid(ONE_OF_BOTH)
    intent = step.find("payment_intent", params["payment_intent"], param="payment_intent")
    if intent["latest_charge"] is None:
        raise _nothing_paid(intent["id"])
    return step.shelf("charge")[intent["latest_charge"]]


def _nothing_paid(intent_id: str) -> StripeError:
    return invalid(f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.")


def _check_charge(charge: Obj) -> None:
    if charge["source_transfer"] is not None:
        raise invalid(OF_A_TRANSFER, "charge")
    if charge["status"] == "failed" or (charge["refunded"] and not charge["captured"]):
        raise _nothing_paid(charge["payment_intent"])
    if not charge["captured"]:
        raise invalid(
            f"This uncaptured Charge was created by a PaymentIntent ({charge['payment_intent']}). You must "
            "cancel the PaymentIntent to reverse the authorization instead of refunding the Charge directly. "
            "For more information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method"
        )


def _left(step: Step, charge: Obj) -> int:
    """What can still be refunded, minor units; raises StripeError when that is nothing."""
    if charge["refunded"]:
        message = f"Charge {charge['id']} has already been refunded."
        raise StripeError(400, message, code="charge_already_refunded")
    withdrawn = dispute_life.withdrawn(step, charge)
    left = int(charge["amount"] - charge["amount_refunded"] - withdrawn)
    if left <= 0:
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise StripeError(400, message, code="charge_disputed")
    return left


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("refund", params["refund"], param="refund")


def update(step: Step, params: Obj) -> Obj:
    """Metadata is all that changes. Raises StripeError resource_missing."""
    refund = retrieve(step, params)
    if "metadata" in params:
        before = {"metadata": refund["metadata"]}
        refund["metadata"] = with_metadata(refund["metadata"], params["metadata"])
        refund_life.tell_update(step, refund, before)
    return refund


def cancel(step: Step, params: Obj) -> Obj:
    """Always raises StripeError: the API cancels only refunds that await the customer, which no card's does.

    Source: https://docs.stripe.com/api/refunds/cancel
    """
    retrieve(step, params)
    raise invalid(NOT_CANCELABLE)


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filters `charge`, `created`, `payment_intent`."""
    keep = matching(params, "charge", "payment_intent")
    return page(step.shelf("refund"), params, url="/v1/refunds", noun="refund", keep=keep)


def list_of_charge(step: Step, params: Obj) -> Obj:
    """A charge's, newest first. Raises StripeError resource_missing."""
    charge = step.find("charge", params["charge"], param="charge")
    return page(
        step.shelf("refund"),
        params,
        url=f"/v1/charges/{charge['id']}/refunds",
        noun="refund",
        keep=lambda row: row["charge"] == charge["id"],
    )


ROUTES = [
    Route(
        "POST",
        "/v1/refunds",
        create,
        body(
            amount=Integer(at_least=1),
            charge=Text(),
            metadata=Metadata(),
            payment_intent=Text(),
            reason=OneOf("duplicate", "fraudulent", "requested_by_customer"),
        ),
        "refund",
    ),
    Route("GET", "/v1/refunds/{refund}", retrieve, body(), "refund"),
    Route("POST", "/v1/refunds/{refund}", update, body(metadata=MetadataUpdate()), "refund"),
    Route("POST", "/v1/refunds/{refund}/cancel", cancel, body(), "refund"),
    Route(
        "GET",
        "/v1/refunds",
        list_,
        listing(charge=Text(), created=Range(), payment_intent=Text()),
        "list of refund",
    ),
    Route("GET", "/v1/charges/{charge}/refunds", list_of_charge, listing(), "list of refund"),
]
