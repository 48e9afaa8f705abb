"""The local Stripe's payouts: canceled in time, failed, and what a failure does to the bank account."""

from typing import Any

import pytest
import stripe

from sandbox.stripe import NotPossible
from tests.contract.local_stripe import DAY, LocalStripe, on, refusal

CANCEL = "https://docs.stripe.com/api/payouts/cancel"
FAILED = "https://docs.stripe.com/connect/payouts-connected-accounts#webhooks"
REVERSAL = "https://docs.stripe.com/connect/payout-reversals"
HOUR = 3600


def cancel(here: LocalStripe, worker: str | None, payout: str) -> stripe.Payout:
    return here.client.v1.payouts.cancel(payout, options=on(worker))


def bank(here: LocalStripe, worker: str) -> Any:
    [row] = here.client.v1.accounts.external_accounts.list(worker).data
    return row


# --- canceled


@pytest.mark.stripe_rule(CANCEL)
@pytest.mark.parametrize(("amount", "currency"), [(20_000, "usd"), (5_000, "jpy"), (7_770, "kwd")])
def test_a_pending_payout_is_canceled_and_its_money_returns_to_the_balance(
    here: LocalStripe, amount: int, currency: str
) -> None:
    worker = here.worker_with(amount, currency)
    payout = here.payout(worker, amount, currency)
    here.after(HOUR - 1)
    canceled = cancel(here, worker, payout.id)
    assert (canceled.status, here.balance(worker)) == ("canceled", {currency: (amount, 0)})
    returned = here.client.v1.balance_transactions.retrieve(
        str(canceled.failure_balance_transaction), options=on(worker)
    )
    assert (returned.amount, returned.type) == (amount, "payout_cancel")
    assert (returned.reporting_category, returned.source) == ("payout_reversal", payout.id)
    assert here.event_types(worker)[-1] == "payout.canceled"
    here.after(3 * DAY)
    assert here.client.v1.payouts.retrieve(payout.id, options=on(worker)).status == "canceled", "it stays so"
    assert here.event_types(worker)[-1] == "payout.canceled"


@pytest.mark.stripe_rule(CANCEL)
@pytest.mark.parametrize("seconds", [HOUR, 2 * DAY], ids=["in_transit", "paid"])
def test_a_payout_that_the_bank_has_cannot_be_canceled(here: LocalStripe, seconds: int) -> None:
    here.funded()
    payout = here.client.v1.payouts.create({"amount": 1_000, "currency": "usd"})
    here.after(seconds)
    with pytest.raises(
        stripe.InvalidRequestError, match="only be canceled while they are pending"
    ) as refused:
        cancel(here, None, payout.id)
    assert refused.value.http_status == 400


@pytest.mark.stripe_rule(CANCEL)
def test_a_payout_is_canceled_once(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    payout = here.payout(worker, 1_000)
    cancel(here, worker, payout.id)
    with pytest.raises(stripe.InvalidRequestError):
        cancel(here, worker, payout.id)
    assert here.balance(worker) == {"usd": (1_000, 0)}
    with pytest.raises(NotPossible):
        here.simulator.fail_payout(payout.id, "account_closed")


# --- failed


@pytest.mark.stripe_rule(FAILED)
def test_a_failed_payout_disables_its_bank_account_and_tells_so(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    here.simulator.fail_payout(here.payout(worker, 400).id, "account_closed")
    assert bank(here, worker).status == "errored"
    [event] = here.client.v1.events.list({"type": "account.external_account.updated"}, on(worker)).data
    former: Any = event.data.previous_attributes
    assert former.to_dict() == {"status": "new"}


@pytest.mark.stripe_rule(FAILED)
def test_no_payout_goes_through_until_the_bank_account_is_replaced(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    failed = here.payout(worker, 400)
    here.simulator.fail_payout(failed.id, "account_closed")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.payout(worker, 400)
    assert refusal(refused) == (400, "payouts_not_allowed", None)
    here.simulator.change_bank(worker, "usd")
    assert bank(here, worker).id != failed.destination
    assert here.payout(worker, 400).destination == bank(here, worker).id


@pytest.mark.stripe_rule("https://support.stripe.com/questions/managing-connect-payout-failures")
def test_a_bank_account_that_failed_is_wanted_anew_and_transfers_go_on_meanwhile(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    here.simulator.fail_payout(here.payout(worker, 400).id, "no_account")
    account = here.client.v1.accounts.retrieve(worker)
    assert account.requirements is not None
    assert account.requirements.past_due == ["external_account"]
    assert (account.payouts_enabled, account.charges_enabled) == (False, True)
    assert here.transfer(worker, 100).amount == 100
    here.simulator.verify(worker)
    account = here.client.v1.accounts.retrieve(worker)
    assert account.requirements is not None
    assert (account.payouts_enabled, account.requirements.past_due) == (True, [])
    assert bank(here, worker).status == "new"


@pytest.mark.stripe_rule("https://docs.stripe.com/error-codes#bank-account-unusable")
def test_the_platform_s_own_bank_account_is_unusable_after_a_failure_until_replaced(
    here: LocalStripe,
) -> None:
    here.funded()
    payout: Any = {"amount": 1_000, "currency": "usd"}
    here.simulator.fail_payout(here.client.v1.payouts.create(payout).id, "account_frozen")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.payouts.create(payout)
    assert refusal(refused) == (400, "bank_account_unusable", None)
    here.simulator.change_bank(here.client.v1.accounts.retrieve_current().id, "usd")
    assert here.client.v1.payouts.create(payout).status == "pending"


@pytest.mark.stripe_rule(
    "https://docs.stripe.com/api/events/types#event_types-account.external_account.created"
)
def test_another_bank_account_is_told_of_and_the_one_before_too(here: LocalStripe) -> None:
    worker = here.verified_worker()
    told = len(here.event_types(worker))
    with pytest.raises(NotPossible):
        here.simulator.change_bank(worker, "gold")
    here.simulator.change_bank(worker, "usd")
    assert here.event_types(worker)[told:] == [
        "account.external_account.deleted",
        "account.external_account.created",
        "account.updated",
    ]


# --- made and changed


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payouts/update")
def test_the_metadata_of_a_payout_can_be_changed_and_it_is_told(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    payout = here.payout(worker, 400)
    changed = here.client.v1.payouts.update(payout.id, {"metadata": {"a": "1"}}, on(worker))
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"a": "1"}
    assert here.event_types(worker)[-1] == "payout.updated"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payouts/create#create_payout-destination")
def test_a_payout_goes_to_the_bank_account_that_is_named_if_it_takes_the_currency(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    named = bank(here, worker).id
    params: Any = {"amount": 100, "currency": "usd", "destination": named}
    assert here.client.v1.payouts.create(params, on(worker)).destination == named
    for wrong in ({"destination": "ba_none"}, {"currency": "eur"}):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            here.client.v1.payouts.create(params | wrong, on(worker))
        assert refusal(refused)[2] == "destination"


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/cross-border-payouts/special-requirements")
def test_a_payout_below_its_bank_s_minimum_is_refused(here: LocalStripe) -> None:
    worker = here.worker_with(100_000, "krw")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.payout(worker, 39_999, "krw")
    assert refusal(refused) == (400, "amount_too_small", "amount")
    assert here.payout(worker, 40_000, "krw").amount == 40_000


# --- fetched back


@pytest.mark.stripe_rule(REVERSAL)
def test_a_payout_is_fetched_back_by_a_payout_of_a_negative_amount(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    payout = here.payout(worker, 400)
    here.after(2 * DAY)
    told = len(here.event_types(worker))
    reversal = here.client.v1.payouts.reverse(payout.id, {"metadata": {"a": "1"}}, on(worker))
    assert (reversal.amount, reversal.original_payout, reversal.status) == (-400, payout.id, "pending")
    assert here.client.v1.payouts.retrieve(payout.id, options=on(worker)).reversed_by == reversal.id
    assert here.balance(worker) == {"usd": (600, 400)}
    here.after(5 * DAY)
    assert here.balance(worker) == {"usd": (1_000, 0)}
    assert here.client.v1.payouts.retrieve(reversal.id, options=on(worker)).status == "paid"
    happened = ["payout.created", "payout.updated", "payout.updated", "payout.paid", "balance.available"]
    assert here.event_types(worker)[told:] == happened


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payouts/reverse")
def test_a_payout_is_reversed_once_and_only_after_it_left(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    payout = here.payout(worker, 400)
    reverse = here.client.v1.payouts.reverse
    with pytest.raises(stripe.InvalidRequestError, match="still pending"):
        reverse(payout.id, options=on(worker))
    here.after(HOUR)
    reversal = reverse(payout.id, options=on(worker))
    for once_more in (payout.id, reversal.id):
        with pytest.raises(stripe.InvalidRequestError):
            reverse(once_more, options=on(worker))


@pytest.mark.stripe_rule(REVERSAL)
def test_a_payout_to_a_bank_elsewhere_of_the_platform_or_of_long_ago_is_not_reversed(
    here: LocalStripe,
) -> None:
    here.funded()
    german = here.worker(country="DE").id
    here.simulator.verify(german)
    worker = here.worker_with(1_000)
    here.transfer(german, 1_000)
    ours = here.client.v1.payouts.create({"amount": 100, "currency": "usd"})
    payouts: list[tuple[str, str | None]] = [
        (here.payout(worker, 400).id, worker),
        (here.payout(german, 400).id, german),
        (ours.id, None),
    ]
    here.after(2 * DAY + 90 * DAY)
    for payout, account in payouts:
        with pytest.raises(stripe.InvalidRequestError):
            here.client.v1.payouts.reverse(payout, options=on(account))


@pytest.mark.stripe_rule(REVERSAL)
def test_a_payout_that_fails_while_it_is_being_fetched_back_cancels_its_reversal(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    payout = here.payout(worker, 400)
    here.after(2 * DAY)
    reversal = here.client.v1.payouts.reverse(payout.id, options=on(worker))
    here.simulator.fail_payout(payout.id, "account_closed")
    assert here.client.v1.payouts.retrieve(reversal.id, options=on(worker)).status == "canceled"
    assert here.balance(worker) == {"usd": (1_000, 0)}
    here.after(6 * DAY)
    assert here.balance(worker) == {"usd": (1_000, 0)}


@pytest.mark.stripe_rule(REVERSAL)
def test_a_reversal_that_the_bank_refuses_later_takes_its_money_back(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    payout = here.payout(worker, 400)
    here.after(2 * DAY)
    reversal = here.client.v1.payouts.reverse(payout.id, options=on(worker))
    here.after(2 * DAY)
    here.simulator.fail_payout(reversal.id, "debit_not_authorized")
    assert here.balance(worker) == {"usd": (600, 0)}
    here.after(6 * DAY)
    assert here.balance(worker) == {"usd": (600, 0)}
    assert bank(here, worker).status == "new", "payouts to it go on"
