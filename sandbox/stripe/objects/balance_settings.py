"""Balance settings: the payout schedule of the account itself, the platform's own too.

Source: https://docs.stripe.com/api/balance-settings
"""

from sandbox.stripe import schedules
from sandbox.stripe.changes import told
from sandbox.stripe.objects import account_objects, accounts
from sandbox.stripe.params import Boolean, Hash, body
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM
from sandbox.stripe.step import Step

SHOWN = ("interval", "monthly_payout_days", "weekly_payout_days")


def retrieve(step: Step, _params: Obj) -> Obj:
    """How the account that the request acts for is paid out."""
    return _shown(accounts.retrieve_own(step, {}))


def update(step: Step, params: Obj) -> Obj:
    """Changes the schedule. Raises StripeError for one that cannot be."""
    account = accounts.retrieve_own(step, {})
    given = params.get("payments", {})
    wanted = {**given.get("payouts", {})}
    if "debit_negative_balances" in given:
        wanted["debit_negative_balances"] = given["debit_negative_balances"]
    former = account["settings"]["payouts"]
    made = account_objects.payout_settings(former, wanted, name="payments[payouts][schedule]")
    settings = _shown(account)
    with told(step, "balance_settings.updated", settings):
        _change(step, account, made)
        settings |= _shown(account)
    schedules.arm(step)
    return settings


def _change(step: Step, account: Obj, payouts: Obj) -> None:
    changed = {**account["settings"], "payouts": payouts}
    if step.account == PLATFORM:
        account["settings"] = changed
    else:
        with told(step, "account.updated", account):
            account["settings"] = changed


def _shown(account: Obj) -> Obj:
    payouts = account["settings"]["payouts"]
    schedule = payouts["schedule"]
    return {
        "object": "balance_settings",
        "payments": {
            "debit_negative_balances": payouts["debit_negative_balances"],
            "payouts": {
                "minimum_balance_by_currency": None,
                "schedule": {name: schedule[name] for name in SHOWN if name in schedule},
                "statement_descriptor": payouts["statement_descriptor"],
                "status": "enabled" if account["payouts_enabled"] else "disabled",
            },
            "settlement_timing": {"delay_days": schedule["delay_days"]},
        },
    }


PAYMENTS = Hash({"debit_negative_balances": Boolean(), "payouts": Hash({"schedule": schedules.DAYS})})

ROUTES = [
    Route("GET", "/v1/balance_settings", retrieve, body(), "balance_settings"),
    Route("POST", "/v1/balance_settings", update, body(payments=PAYMENTS), "balance_settings"),
]
