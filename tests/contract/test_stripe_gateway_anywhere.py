"""Our gateway at any Stripe: the same tests run against the local one and, asked to, against Stripe itself.

STRIPE_TEST_KEY=sk_test_... make test-stripe
"""

from typing import Any

import pytest

from marketplace.payouts.ports import BankPayout
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Outcome, Refused, Unknown, known
from tests.contract.stripe_there import There, there

__all__ = ["there"]

pytestmark = pytest.mark.real_stripe

USD = Money(5_000, "USD")


def opened(there: There, top_up_id: str, amount: Money = USD) -> Outcome[Any]:
    return there.gateway.payments.open_payment(
        key=f"{top_up_id}:create:1", top_up_id=top_up_id, client_id="cli_1", amount=amount
    )


def transfer(there: There, payout_id: str, account: str, amount: Money = USD) -> Outcome[str]:
    key = f"{payout_id}:transfer:1"
    return there.gateway.rail.send_transfer(
        key=key, payout_id=payout_id, attempt=1, account=account, amount=amount
    )


def to_bank(there: There, payout_id: str, account: str) -> Outcome[BankPayout]:
    key = f"{payout_id}:payout:1"
    return there.gateway.rail.send_to_bank(
        key=key, payout_id=payout_id, attempt=1, account=account, amount=USD
    )


def funded(there: There) -> str:
    """Money that can be sent away; the charge that it came by."""
    payment = known(opened(there, there.name("top"), Money(20_000, "USD"))).payment_intent
    there.pay(payment)
    charge = known(there.gateway.payments.payment(payment)).charge
    there.book(charge)
    return charge


def test_a_payment_is_opened_once_found_paid_and_its_fee_booked(there: There) -> None:
    payments, top_up_id, asked_at = there.gateway.payments, there.name("top"), there.now()
    assert known(payments.find_payment(top_up_id=top_up_id, asked_at=asked_at)) is None
    first = known(opened(there, top_up_id))
    assert known(opened(there, top_up_id)) == first
    assert first.client_secret.startswith(first.payment_intent)
    assert known(payments.find_payment(top_up_id=top_up_id, asked_at=asked_at)) == first
    assert known(payments.find_payment(top_up_id=top_up_id, asked_at=asked_at - 86_400)) is None
    at_any_time = payments.find_payment(top_up_id=top_up_id, asked_at=asked_at - 86_400, until=there.now())
    assert known(at_any_time) == first
    unpaid = known(payments.payment(first.payment_intent))
    assert (unpaid.succeeded, unpaid.charge, unpaid.top_up_id) == (False, "", top_up_id)
    there.pay(first.payment_intent)
    paid = known(payments.payment(first.payment_intent))
    assert (paid.succeeded, paid.received) == (True, USD)
    there.book(paid.charge)
    fee = known(payments.fee_of(paid.charge))
    assert fee is not None
    assert (fee.fee.currency, fee.charge, fee.top_up_id) == ("USD", paid.charge, top_up_id)
    assert 0 < fee.fee.amount < USD.amount
    assert fee.balance_transaction.startswith("txn_")


def test_an_amount_too_small_is_refused_with_its_parameter(there: There) -> None:
    refused = opened(there, there.name("top"), Money(1, "USD"))
    assert isinstance(refused, Refused)
    assert (refused.code, refused.parameter) == ("amount_too_small", "amount")


def test_an_account_is_opened_on_manual_payouts_found_and_linked(there: There) -> None:
    accounts, worker_id, since = there.gateway.accounts, there.name("wrk"), there.now()
    assert known(accounts.find_account(worker_id=worker_id, country="DE", since=since)) is None
    key = f"{worker_id}:account:1"
    state = known(accounts.open_account(key=key, worker_id=worker_id, country="DE"))
    assert (state.payouts_enabled, state.worker_id) == (False, worker_id)
    assert "external_account" in state.requirements
    assert known(accounts.find_account(worker_id=worker_id, country="DE", since=since)) == state
    assert known(accounts.find_account(worker_id=worker_id, country="FR", since=since)) is None
    account = there.client.v1.accounts.retrieve(state.stripe_account)
    assert account.settings is not None
    assert account.settings.payouts is not None
    assert account.settings.payouts.schedule.interval == "manual"
    link = known(accounts.onboarding_link(state.stripe_account))
    assert link.url.startswith("http")
    assert link.expires_at > there.now()


def test_a_transfer_and_a_bank_payout_are_sent_once_and_found(there: There) -> None:
    account, payout_id, since = there.verified_account(), there.name("pay"), there.now()
    funded(there)
    rail = there.gateway.rail
    assert known(rail.find_transfer(payout_id)) is None
    sent = known(transfer(there, payout_id, account))
    assert known(transfer(there, payout_id, account)) == sent
    assert known(rail.find_transfer(payout_id)) == sent
    look: dict[str, Any] = {"account": account, "payout_id": payout_id, "since": since}
    assert known(rail.find_bank_payout(**look, attempt=1)) is None
    bank = known(to_bank(there, payout_id, account))
    assert known(to_bank(there, payout_id, account)) == bank
    assert (bank.payout_id, bank.attempt) == (payout_id, 1)
    assert bank.arrives_at > since
    found = known(rail.find_bank_payout(**look, attempt=1))
    assert found is not None
    assert (found.id, found.has_failed) == (bank.id, False)
    assert known(rail.find_bank_payout(**look, attempt=2)) is None
    assert known(rail.bank_payout(account=account, bank_payout_id=bank.id)).id == bank.id


def test_refusals_keep_stripes_codes(there: There) -> None:
    accounts, worker_id = there.gateway.accounts, there.name("wrk")
    opening = accounts.open_account(key=f"{worker_id}:account:1", worker_id=worker_id, country="US")
    unverified = known(opening).stripe_account
    refusals = [
        transfer(there, there.name("pay"), unverified),
        transfer(there, there.name("pay"), "acct_nobody"),
        to_bank(there, there.name("pay"), "acct_nobody"),
    ]
    codes = [refusal.code for refusal in refusals if isinstance(refusal, Refused)]
    assert codes == ["insufficient_capabilities_for_transfer", "resource_missing", "account_invalid"]


def test_a_key_used_for_something_else_tells_nothing(there: There) -> None:
    top_up_id = there.name("top")
    assert isinstance(opened(there, top_up_id), Done)
    assert isinstance(opened(there, top_up_id, Money(4_999, "USD")), Unknown)


def test_the_books_hold_what_was_charged(there: There) -> None:
    since = there.now()
    charge = funded(there)
    rows = list(there.gateway.books.balance_transactions(since - 60, there.now() + 60))
    (line,) = [row for row in rows if row.source == charge]
    assert (line.amount, line.currency) == (20_000, "USD")
    assert line.fee > 0
    assert "USD" in known(there.gateway.books.available())
