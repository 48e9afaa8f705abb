"""Manual payouts from an account's available balance to its bank.

    pending ──► in_transit ──► paid ──► failed      (a bank may still return a payout that was paid)
                    └──────────────────► failed

A payout is pending in the answer that makes it, and in transit from the next moment on.

Source: https://docs.stripe.com/api/payouts, https://docs.stripe.com/connect/manual-payouts
"""

from sandbox.stripe import currencies, notify
from sandbox.stripe.books import Movement, available, book
from sandbox.stripe.errors import NotPossible, StripeError
from sandbox.stripe.lists import matching, page, within
from sandbox.stripe.objects import bank_accounts
from sandbox.stripe.params import Currency, Integer, Metadata, OneOf, Range, Text, body, listing
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM
from sandbox.stripe.step import Action, Step

ARRIVES_AFTER_SECONDS = 2 * 24 * 3600

FAILURES = {
    "account_closed": "The bank account has been closed.",
    "account_frozen": "The bank account has been frozen.",
    "bank_account_restricted": "The bank account restricts the type, or the number, of payouts.",
    "bank_ownership_changed": "The bank account is no longer valid because its branch has changed ownership.",
    "could_not_process": "The bank could not process this payout.",
    "debit_not_authorized": "Debit transactions are not approved on the bank account.",
    "declined": "The bank has declined this payout.",
    "incorrect_account_holder_address": "The bank account holder address on file is incorrect.",
    "incorrect_account_holder_name": "The bank account holder name on file is incorrect.",
    "incorrect_account_holder_tax_id": "The bank account holder tax ID on file is incorrect.",
    "insufficient_funds": "The Stripe account has insufficient funds to cover the payout.",
    "invalid_account_number": "The routing number seems correct, but the account number is invalid.",
    "invalid_currency": "The bank account cannot accept payments in the payout's currency.",
    "no_account": "No bank account could be located with the details on file.",
    "unsupported_card": "The bank no longer supports payouts to this card.",
}
"""Source: https://docs.stripe.com/api/payouts/failures"""

NOT_ALLOWED = (
    "Payouts have been disabled on this account. Check the account's status to see if any additional "
    "information needs to be provided, or if payouts have been disabled for another reason."
)
BALANCE_INSUFFICIENT = (
    "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low. You "
    "can use the the /v1/balance endpoint to view your Stripe balance (for more details, see "
    "stripe.com/docs/api#balance)."
)


def create(step: Step, params: Obj) -> Obj:
    """Takes the money at once. Raises StripeError: payouts_not_allowed, balance_insufficient."""
    amount, currency = params["amount"], params["currency"]
    currencies.check_step(amount, currency, currencies.PAYOUT_STEPS)
    if (
        step.account != PLATFORM
        and not step.state.shelf(PLATFORM, "account")[step.account]["payouts_enabled"]
    ):
        raise StripeError(400, NOT_ALLOWED, code="payouts_not_allowed")
    if amount > available(step, currency):
        raise StripeError(400, BALANCE_INSUFFICIENT, code="balance_insufficient")
    payout = _new(step, params)
    movement = Movement("payout", -amount, currency, payout["id"], description=payout["description"])
    payout["balance_transaction"] = book(step, movement)["id"]
    step.keep(payout)
    notify.emit(step, "payout.created", payout)
    step.later(step.at, Action.PAYOUT_SUBMITTED, payout["id"])
    step.later(payout["arrival_date"], Action.PAYOUT_ARRIVED, payout["id"])
    return payout


def _new(step: Step, params: Obj) -> Obj:
    return {
        "id": step.new_id("po"),
        "object": "payout",
        "amount": params["amount"],
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": step.at + ARRIVES_AFTER_SECONDS,
        "automatic": False,
        "balance_transaction": None,
        "created": step.at,
        "currency": params["currency"],
        "description": params.get("description"),
        "destination": bank_accounts.for_currency(step, params["currency"])["id"],
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": params.get("statement_descriptor"),
        "status": "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }


def submitted(step: Step, payout_id: str) -> None:
    """The bank has the payout."""
    payout = step.shelf("payout")[payout_id]
    payout["status"] = "in_transit"
    notify.emit(step, "payout.updated", payout, before={"status": "pending"})


def arrived(step: Step, payout_id: str) -> None:
    """The money is in the bank account, unless the payout failed on the way."""
    payout = step.shelf("payout")[payout_id]
    if payout["status"] == "in_transit":
        payout |= {
            "status": "paid",
            "trace_id": {"status": "supported", "value": payout_id.removeprefix("po_")},
        }
        notify.emit(step, "payout.paid", payout)


def fail(step: Step, payout: Obj, failure_code: str) -> Obj:
    """The bank returns the money to the account's balance. Raises NotPossible."""
    if failure_code not in FAILURES:
        message = f"{failure_code!r} is no failure code of Stripe's: {', '.join(FAILURES)}"
        raise NotPossible(message)
    if payout["status"] == "failed":
        message = f"payout {payout['id']} has failed before"
        raise NotPossible(message)
    returned = book(step, Movement("payout_failure", payout["amount"], payout["currency"], payout["id"]))
    payout |= {
        "failure_balance_transaction": returned["id"],
        "failure_code": failure_code,
        "failure_message": FAILURES[failure_code],
        "status": "failed",
    }
    notify.emit(step, "payout.failed", payout)
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
            metadata=Metadata(unsets=False),
            method=OneOf("standard"),
            statement_descriptor=Text(22),
        ),
        "payout",
    ),
    Route("GET", "/v1/payouts/{payout}", retrieve, body(), "payout"),
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
