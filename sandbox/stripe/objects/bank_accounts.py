"""Bank accounts that payouts go to. Every verified account has one for each currency it is paid in.

Source: https://docs.stripe.com/api/external_accounts
"""

from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM
from sandbox.stripe.step import Step

PLATFORM_COUNTRY = "US"


def for_currency(step: Step, currency: str) -> Obj:
    """The account's bank account for that currency, opened at first use."""
    for known in step.shelf("bank_account").rows:
        if known["currency"] == currency:
            return known
    account = None if step.account == PLATFORM else step.state.shelf(PLATFORM, "account")[step.account]
    opened = step.keep(_new(step, currency, account))
    if account is not None:
        account["external_accounts"]["data"].append(opened)
    return opened


def _new(step: Step, currency: str, account: Obj | None) -> Obj:
    return {
        "id": step.new_id("ba"),
        "object": "bank_account",
        "account": None if account is None else account["id"],
        "account_holder_name": None,
        "account_holder_type": None,
        "account_type": None,
        "available_payout_methods": ["standard"],
        "bank_name": "STRIPE TEST BANK",
        "country": PLATFORM_COUNTRY if account is None else account["country"],
        "currency": currency,
        "default_for_currency": True,
        "fingerprint": f"local{currency}",
        "future_requirements": _nothing_due(),
        "last4": "6789",
        "metadata": {},
        "requirements": _nothing_due(),
        "routing_number": "110000000",
        "status": "new",
    }


def _nothing_due() -> Obj:
    return {"currently_due": [], "errors": [], "past_due": [], "pending_verification": []}
