"""Payout reversals: a payout fetched back from the bank account, whole and once, by a payout the other way.

Source: https://docs.stripe.com/connect/payout-reversals, https://docs.stripe.com/api/payouts/reverse,
https://support.stripe.com/questions/payout-reversals
"""

from sandbox.stripe.changes import told
from sandbox.stripe.errors import invalid
from sandbox.stripe.objects import payouts
from sandbox.stripe.params import Metadata, body
from sandbox.stripe.router import Route
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM
from sandbox.stripe.step import Step

COUNTRIES = ("CA", "US")
REVERSIBLE_FOR_SECONDS = 90 * 24 * 3600
AVAILABLE_AFTER_SECONDS = 5 * 24 * 3600
"""Five business days; every day is one here."""

NOT_SENT = "This payout is still pending. Cancel it instead of reversing it."
NOT_THERE = "Only payouts that are on their way to the bank, or there, can be reversed."
AT_ONCE = "Instant payouts can't be reversed."
ONCE = "This payout has already been reversed."
TOO_LATE = "Payouts can only be reversed until 90 days after their arrival."
NOT_LIABLE = "Payouts can only be reversed on accounts where your platform is liable for negative balances."
NOT_HERE = "Payouts can only be reversed from US and Canadian bank accounts."


def create(step: Step, params: Obj) -> Obj:
    """The reversing payout, of a negative amount. Raises StripeError for a payout that cannot be reversed."""
    payout = payouts.retrieve(step, params)
    _check_account(step)
    _check(step, payout)
    reversal = payouts.send(
        step,
        {
            "amount": -payout["amount"],
            "currency": payout["currency"],
            "metadata": params.get("metadata", {}),
            "original_payout": payout["id"],
        },
        payout["destination"],
        available_on=step.at + AVAILABLE_AFTER_SECONDS,
    )
    with told(step, "payout.updated", payout):
        payout["reversed_by"] = reversal["id"]
    return reversal


def _check_account(step: Step) -> None:
    account = step.state.shelf(PLATFORM, "account").get(step.account)
    if account is None or account["controller"]["losses"]["payments"] != "application":
        raise invalid(NOT_LIABLE)
    if account["country"] not in COUNTRIES:
        raise invalid(NOT_HERE)


def _check(step: Step, payout: Obj) -> None:
    if payout["reversed_by"] is not None:
        raise invalid(ONCE)
    if payout["method"] == "instant":
        raise invalid(AT_ONCE)
    if payout["status"] == "pending" and not payout["automatic"]:
        raise invalid(NOT_SENT)
    if payout["status"] in ("canceled", "failed") or payout["original_payout"] is not None:
        raise invalid(NOT_THERE)
    if step.at >= payout["arrival_date"] + REVERSIBLE_FOR_SECONDS:
        raise invalid(TOO_LATE)


ROUTES = [
    Route(
        "POST",
        "/v1/payouts/{payout}/reverse",
        create,
        body(metadata=Metadata(unsets=False)),
        "payout",
    )
]
