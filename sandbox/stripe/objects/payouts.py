"""Payouts from an account's available balance to its bank.

    pending ──► in_transit ──► paid ──► failed      (a bank may still return a payout that was paid)
       │            └──────────────────► failed
       └──► canceled

A payout is pending until it is submitted to the bank, an hour after it was made; an instant one is on its way
at once (`instant_payouts`). Those that a schedule makes
are in `automatic_payouts`; what fails is in `payout_failures`, what is fetched back in `payout_reversals`.

Source: https://docs.stripe.com/api/payouts, https://docs.stripe.com/connect/manual-payouts
"""

from sandbox.stripe import currencies, notify
from sandbox.stripe.books import Movement, available, book
from sandbox.stripe.changes import told
from sandbox.stripe.errors import StripeError, invalid, missing
from sandbox.stripe.lists import matching, page, within
from sandbox.stripe.objects import bank_accounts, instant_payouts
from sandbox.stripe.params import (
    Currency,
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
from sandbox.stripe.state import PLATFORM
from sandbox.stripe.step import Action, Step

SUBMITTED_AFTER_SECONDS = 3600
ARRIVES_AFTER_SECONDS = 2 * 24 * 3600

NOT_ALLOWED = (
    "Payouts have been disabled on this account. Check the account's status to see if any additional "
    "information needs to be provided, or if payouts have been disabled for another reason."
)
BALANCE_INSUFFICIENT = (
    "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low. You "
    "can use the the /v1/balance endpoint to view your Stripe balance (for more details, see "
    "stripe.com/docs/api#balance)."
)
BANK_UNUSABLE = "The bank account provided can't be used for payouts. A different bank account must be used."
NOT_PENDING = "Payouts can only be canceled while they are pending."
AUTOMATIC = "Automatic payouts can't be canceled."


def create(step: Step, params: Obj) -> Obj:
    """Takes the money at once.

    Raises StripeError: amount_too_small, payouts_not_allowed, bank_account_unusable, balance_insufficient,
    and what speaks against an instant one.
    """
    amount, currency = params["amount"], params["currency"]
    currencies.check_step(amount, currency, currencies.PAYOUT_STEPS)
    _check_minimum(amount, currency)
    if not allowed(step):
        raise StripeError(400, NOT_ALLOWED, code="payouts_not_allowed")
    bank_account = _destination(step, currency, params.get("destination"))
    if bank_account["status"] == bank_accounts.ERRORED:
        raise StripeError(400, BANK_UNUSABLE, code="bank_account_unusable")
    cost = 0
    if params.get("method") == instant_payouts.METHOD:
        instant_payouts.check(step, amount, currency, bank_account)
        cost = instant_payouts.own_fee(step, amount)
    if amount + cost > available(step, currency):
        raise StripeError(400, BALANCE_INSUFFICIENT, code="balance_insufficient")
    return send(step, params, bank_account["id"], fee=cost)


def _check_minimum(amount: int, currency: str) -> None:
    minimum = currencies.payout_minimum(currency)
    if amount < minimum:
        message = f"Amount must be at least {currencies.written(minimum, currency)} for payouts."
        raise StripeError(400, message, code="amount_too_small", param="amount")


def allowed(step: Step) -> bool:
    """Whether this account may pay out; the platform always may."""
    account = step.state.shelf(PLATFORM, "account").get(step.account)
    return step.account == PLATFORM or (account is not None and bool(account["payouts_enabled"]))


def _destination(step: Step, currency: str, bank_account_id: str | None) -> Obj:
    if bank_account_id is None:
        return bank_accounts.for_currency(step, currency)
    named = step.shelf("bank_account").get(bank_account_id)
    if named is None:
        raise missing("external account", bank_account_id, "destination", status=400)
    if named["currency"] != currency:
        message = f"The external account {bank_account_id} does not take {currency}."
        raise invalid(message, "destination")
    return named


def send(
    step: Step,
    params: Obj,
    bank_account_id: str,
    *,
    automatic: bool = False,
    available_on: int | None = None,
    fee: int = 0,
) -> Obj:
    """Makes a payout that nothing speaks against; one of a negative amount brings money, on a given day."""
    payout = _new(step, params, bank_account_id, automatic=automatic)
    movement = Movement(
        "payout",
        -payout["amount"],
        payout["currency"],
        payout["id"],
        description=payout["description"],
        available_on=available_on,
        fee=fee,
    )
    payout["balance_transaction"] = book(step, movement)["id"]
    step.keep(payout)
    notify.emit(step, "payout.created", payout)
    if payout["method"] == instant_payouts.METHOD:
        instant_payouts.charge_platform(step, payout)
    else:
        step.later(step.at + SUBMITTED_AFTER_SECONDS, Action.PAYOUT_SUBMITTED, payout["id"])
    step.later(payout["arrival_date"], Action.PAYOUT_ARRIVED, payout["id"])
    return payout


def _new(step: Step, params: Obj, bank_account_id: str, *, automatic: bool) -> Obj:
    at_once = params.get("method") == instant_payouts.METHOD
    return {
        "id": step.new_id("po"),
        "object": "payout",
        "amount": params["amount"],
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": step.at
        + (instant_payouts.ARRIVES_AFTER_SECONDS if at_once else ARRIVES_AFTER_SECONDS),
        "automatic": automatic,
        "balance_transaction": None,
        "created": step.at,
        "currency": params["currency"],
        "description": params.get("description"),
        "destination": bank_account_id,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "method": params.get("method", "standard"),
        "original_payout": params.get("original_payout"),
        "payout_method": None,
        "reconciliation_status": "in_progress" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": params.get("statement_descriptor"),
        "status": "in_transit" if at_once else "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }


def submitted(step: Step, payout_id: str) -> None:
    """The bank has the payout, unless it was canceled; of an automatic one it is known what went into it."""
    payout = step.shelf("payout")[payout_id]
    if payout["status"] == "pending":
        with told(step, "payout.updated", payout):
            payout["status"] = "in_transit"
    if payout["reconciliation_status"] == "in_progress":
        payout["reconciliation_status"] = "completed"
        notify.emit(step, "payout.reconciliation_completed", payout)


def arrived(step: Step, payout_id: str) -> None:
    """The money is in the bank account, unless the payout failed on the way."""
    payout = step.shelf("payout")[payout_id]
    if payout["status"] == "in_transit":
        payout |= {
            "status": "paid",
            "trace_id": {"status": "supported", "value": payout_id.removeprefix("po_")},
        }
        notify.emit(step, "payout.paid", payout)


def cancel(step: Step, params: Obj) -> Obj:
    """Returns the money to the balance. Raises StripeError once the bank has it, and for an automatic one."""
    payout = retrieve(step, params)
    if payout["automatic"]:
        raise invalid(AUTOMATIC)
    if payout["status"] != "pending":
        raise invalid(NOT_PENDING)
    return call_off(step, payout)


def call_off(step: Step, payout: Obj) -> Obj:
    """It never goes to the bank."""
    payout |= {"failure_balance_transaction": give_back(step, payout, "payout_cancel"), "status": "canceled"}
    notify.emit(step, "payout.canceled", payout)
    return payout


def give_back(step: Step, payout: Obj, type_: str) -> str:
    """Undoes what a payout did to the balance; gives the id of the balance transaction."""
    booked = step.shelf("balance_transaction")[payout["balance_transaction"]]
    movement = Movement(
        type_,
        payout["amount"],
        payout["currency"],
        payout["id"],
        available_on=max(step.at, booked["available_on"]),
    )
    transaction_id: str = book(step, movement)["id"]
    return transaction_id


def update(step: Step, params: Obj) -> Obj:
    """Changes the metadata. Raises StripeError resource_missing."""
    payout = retrieve(step, params)
    if "metadata" in params:
        with told(step, "payout.updated", payout):
            payout["metadata"] = with_metadata(payout["metadata"], params["metadata"])
    return payout


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError resource_missing."""
    return step.find("payout", params["payout"], param="payout")


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filters `arrival_date`, `created`, `destination`, `status`."""
    alike, arrival = matching(params, "destination", "status"), params.get("arrival_date", {})
    return page(
        step.shelf("payout"),
        params,
        url="/v1/payouts",
        noun="payout",
        keep=lambda row: alike(row) and within(row["arrival_date"], arrival),
    )


ROUTES = [
    Route(
        "POST",
        "/v1/payouts",
        create,
        body(
            required={"amount": Integer(at_least=1), "currency": Currency()},
            description=Text(),
            destination=Text(),
            metadata=Metadata(unsets=False),
            method=OneOf("standard", "instant"),
            statement_descriptor=Text(22),
        ),
        "payout",
    ),
    Route("GET", "/v1/payouts/{payout}", retrieve, body(), "payout"),
    Route("POST", "/v1/payouts/{payout}", update, body(metadata=MetadataUpdate()), "payout"),
    Route("POST", "/v1/payouts/{payout}/cancel", cancel, body(), "payout"),
    Route(
        "GET",
        "/v1/payouts",
        list_,
        listing(
            arrival_date=Range(),
            created=Range(),
            destination=Text(),
            status=OneOf("pending", "paid", "failed", "canceled", "in_transit"),
        ),
        "list of payout",
    ),
]
