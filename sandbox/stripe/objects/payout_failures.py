"""Why a bank refuses a payout or returns it, and what becomes of the money and of the bank account.

Source: https://docs.stripe.com/api/payouts/failures, https://docs.stripe.com/connect/payouts-connected-accounts
"""

from sandbox.stripe import notify
from sandbox.stripe.errors import NotPossible
from sandbox.stripe.objects import bank_accounts, instant_payouts, payouts, requirements
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM
from sandbox.stripe.step import Step

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
"""Failure code → what it means."""

FINAL = ("failed", "canceled")


def fail(step: Step, payout: Obj, failure_code: str) -> Obj:
    """The money returns to the account's balance, what an instant one cost the platform to its own, and
    nothing more goes to that bank account.

    A reversal that was asked for meanwhile is canceled; one that itself fails takes its money back, and
    spoils no bank account. Raises NotPossible.
    """
    if failure_code not in FAILURES:
        message = f"{failure_code!r} is no failure code of Stripe's: {', '.join(FAILURES)}"
        raise NotPossible(message)
    if payout["status"] in FINAL:
        message = f"payout {payout['id']} has {payout['status']} before"
        raise NotPossible(message)
    if payout["original_payout"] is None:
        _lose_bank_account(step, payout["destination"])
    reversal = step.shelf("payout").get(payout["reversed_by"] or "")
    if reversal is not None and reversal["status"] == "pending":
        payouts.call_off(step, reversal)
    payout |= {
        "failure_balance_transaction": payouts.give_back(step, payout, "payout_failure"),
        "failure_code": failure_code,
        "failure_message": FAILURES[failure_code],
        "status": "failed",
    }
    instant_payouts.give_back(step, payout)
    notify.emit(step, "payout.failed", payout)
    return payout


def _lose_bank_account(step: Step, bank_account_id: str) -> None:
    account = step.state.shelf(PLATFORM, "account").get(step.account)
    if account is None:
        bank_accounts.fail(step, bank_account_id)
    elif bank_account_id in step.shelf("bank_account"):
        requirements.bank_failed(step, account, bank_account_id)
