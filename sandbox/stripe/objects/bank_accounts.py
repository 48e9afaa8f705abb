"""Bank accounts that payouts go to. Every verified account has one for each currency it is paid in.

    new ──► errored     (a payout failed: nothing more goes there) ──► deleted, another takes its place

Source: https://docs.stripe.com/api/external_accounts,
https://docs.stripe.com/connect/payouts-connected-accounts#webhooks
"""

from sandbox.stripe import currencies, notify, schedules
from sandbox.stripe.changes import told
from sandbox.stripe.errors import NotPossible, account_invalid, missing
from sandbox.stripe.lists import page
from sandbox.stripe.params import OneOf, body, listing
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM
from sandbox.stripe.step import Step

PLATFORM_COUNTRY = "US"
ERRORED = "errored"


def for_currency(step: Step, currency: str) -> Obj:
    """The account's bank account for that currency, opened at first use."""
    for known in step.shelf("bank_account").rows:
        if known["currency"] == currency:
            return known
    return _kept(step, currency)


def opened(step: Step, currency: str) -> Obj:
    """As `for_currency`; one that was not there yet is told of."""
    known = next((row for row in step.shelf("bank_account").rows if row["currency"] == currency), None)
    if known is not None:
        return known
    made = _kept(step, currency)
    notify.emit(step, "account.external_account.created", made)
    return made


def fail(step: Step, bank_account_id: str) -> None:
    """A payout did not arrive: the bank account is of no use any more, unless it is gone already."""
    row = step.shelf("bank_account").get(bank_account_id)
    if row is not None and row["status"] != ERRORED:
        with told(step, "account.external_account.updated", row):
            row["status"] = ERRORED
        _show(step)


def replaced(step: Step, currency: str, *, instant: bool = False) -> Obj:
    """The owner names another bank account for that currency, one that takes instant payouts or not; the one
    before is forgotten.

    What a schedule could not pay out there goes to this one next time. Raises NotPossible for no currency.
    """
    if currency not in currencies.SUPPORTED:
        message = f"{currency!r} is no currency of Stripe's"
        raise NotPossible(message)
    before = next((row for row in step.shelf("bank_account").rows if row["currency"] == currency), None)
    if before is not None:
        step.state.discard(before["id"])
        notify.emit(step, "account.external_account.deleted", before)
    made = _kept(step, currency, instant=instant)
    notify.emit(step, "account.external_account.created", made)
    schedules.arm(step)
    return made


def replace_errored(step: Step) -> None:
    """Every bank account that failed gives way to another."""
    for row in list(step.shelf("bank_account").rows):
        if row["status"] == ERRORED:
            replaced(step, row["currency"])


def _kept(step: Step, currency: str, *, instant: bool = False) -> Obj:
    made = step.keep(_new(step, currency, instant=instant))
    _show(step)
    return made


def _show(step: Step) -> None:
    """Brings the list within the account object up to date; the platform's own account has none."""
    if step.account != PLATFORM:
        account = step.state.shelf(PLATFORM, "account")[step.account]
        account["external_accounts"]["data"] = list(step.shelf("bank_account").rows)


def _new(step: Step, currency: str, *, instant: bool) -> Obj:
    account = None if step.account == PLATFORM else step.state.shelf(PLATFORM, "account")[step.account]
    bank_account_id = step.new_id("ba")
    return {
        "id": bank_account_id,
        "object": "bank_account",
        "account": None if account is None else account["id"],
        "account_holder_name": None,
        "account_holder_type": None,
        "account_type": None,
        "available_payout_methods": ["standard", "instant"] if instant else ["standard"],
        "bank_name": "STRIPE TEST BANK",
        "country": PLATFORM_COUNTRY if account is None else account["country"],
        "currency": currency,
        "default_for_currency": True,
        "fingerprint": f"local{bank_account_id[-12:]}",
        "future_requirements": _nothing_due(),
        "last4": "6789",
        "metadata": {},
        "requirements": _nothing_due(),
        "routing_number": "110000000",
        "status": "new",
    }


def _nothing_due() -> Obj:
    return {"currently_due": [], "errors": [], "past_due": [], "pending_verification": []}


def _of_account(step: Step, params: Obj) -> Step:
    account_id: str = params["account"]
    if account_id not in step.state.shelf(PLATFORM, "account") or step.account not in (PLATFORM, account_id):
        raise account_invalid("sk_test_", account_id)
    return step.on(account_id)


def retrieve(step: Step, params: Obj) -> Obj:
    """Raises StripeError: account_invalid, resource_missing."""
    found = _of_account(step, params).shelf("bank_account").get(params["id"])
    if found is None:
        raise missing("external account", params["id"], "id")
    return found


def list_(step: Step, params: Obj) -> Obj:
    """Newest first; filter `object`."""
    url = f"/v1/accounts/{params['account']}/external_accounts"
    return page(_of_account(step, params).shelf("bank_account"), params, url=url, noun="external account")


ROUTES = [
    Route("GET", "/v1/accounts/{account}/external_accounts/{id}", retrieve, body(), "bank_account"),
    Route(
        "GET",
        "/v1/accounts/{account}/external_accounts",
        list_,
        listing(object=OneOf("bank_account")),
        "list of bank_account",
    ),
]
