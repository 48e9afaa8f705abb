"""Payouts that a schedule makes: everything that is available, per currency, and what went into each.

Only of these Stripe can say which balance transactions they paid out. Every transaction goes into one.
Source: https://docs.stripe.com/payouts/reconciliation, https://docs.stripe.com/connect/manage-payout-schedule
"""

from sandbox.stripe import currencies, schedules
from sandbox.stripe.books import available
from sandbox.stripe.errors import invalid
from sandbox.stripe.objects import bank_accounts, payouts
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

CONTENTS = "payout_contents"
"""The shelf of what went into which payout: never shown as it is."""

DESCRIPTION = "STRIPE PAYOUT"

MANUAL_PAYOUT = "Balance transaction history can only be filtered on automatic transfers, not manual."
IN_PROGRESS = "The balance transactions of this payout are not known yet: its reconciliation is in progress."


def pay(step: Step, _account: str) -> None:
    """A payout per currency, if the schedule still says so and the account may pay out.

    A balance below the currency's minimum waits for the next time; what banks cannot take stays behind.
    """
    if not schedules.pays_at(schedules.of(step.state, step.account), step.at) or not payouts.allowed(step):
        return
    for currency in sorted(step.state.balances.get(step.account, {})):
        held = available(step, currency)
        amount = held - held % currencies.PAYOUT_STEPS.get(currency, 1)
        if amount < currencies.payout_minimum(currency):
            continue
        bank_account = bank_accounts.for_currency(step, currency)
        if bank_account["status"] != bank_accounts.ERRORED:
            params = {"amount": amount, "currency": currency, "description": DESCRIPTION}
            _pay(step, params, bank_account["id"])


def _pay(step: Step, params: Obj, bank_account_id: str) -> None:
    included = _not_paid_out(step, params["currency"])
    payout = payouts.send(step, params, bank_account_id, automatic=True)
    step.shelf(CONTENTS).add(
        {
            "id": f"{CONTENTS}_{payout['id']}",
            "object": CONTENTS,
            "transactions": [*included, payout["balance_transaction"]],
        }
    )


def _not_paid_out(step: Step, currency: str) -> list[str]:
    before = {name for row in step.shelf(CONTENTS).rows for name in row["transactions"]}
    return [
        row["id"]
        for row in step.shelf("balance_transaction").rows
        if row["currency"] == currency and row["status"] == "available" and row["id"] not in before
    ]


def contents(step: Step, payout_id: str) -> frozenset[str]:
    """The balance transactions of a payout, its own among them.

    Raises StripeError: resource_missing, for a manual payout, and before the reconciliation is completed.
    """
    payout = step.find("payout", payout_id, param="payout", status=400)
    if not payout["automatic"]:
        raise invalid(MANUAL_PAYOUT, "payout")
    if payout["reconciliation_status"] != "completed":
        raise invalid(IN_PROGRESS, "payout")
    return frozenset(step.shelf(CONTENTS)[f"{CONTENTS}_{payout_id}"]["transactions"])
