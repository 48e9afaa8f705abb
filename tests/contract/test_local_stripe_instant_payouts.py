"""The local Stripe's instant payouts: who may have one, when it is there, and what it costs whom."""

from typing import Any

import pytest
import stripe

from sandbox.stripe.objects.instant_payouts import DAILY_MAX
from tests.contract.local_stripe import DAY, LocalStripe, on, refusal

INSTANT = "https://docs.stripe.com/connect/instant-payouts"
METHOD = "https://docs.stripe.com/api/payouts/create#create_payout-method"
FEE_PAYER = "https://docs.stripe.com/connect/direct-charges-fee-payer-behavior"
REVERSAL = "https://docs.stripe.com/connect/payout-reversals"
CODES = "https://docs.stripe.com/error-codes"
HALF_AN_HOUR = 1_800


def at_once(here: LocalStripe, worker: str, amount: int, currency: str = "usd") -> stripe.Payout:
    params: Any = {"amount": amount, "currency": currency, "method": "instant"}
    return here.client.v1.payouts.create(params, on(worker))


def quick(here: LocalStripe, amount: int, currency: str = "usd") -> str:
    """A worker with money, and a bank account that takes instant payouts."""
    worker = here.worker_with(amount, currency)
    here.simulator.change_bank(worker, currency, instant=True)
    return worker


@pytest.mark.stripe_rule(INSTANT)
def test_an_instant_payout_is_at_the_bank_within_half_an_hour(here: LocalStripe) -> None:
    worker = quick(here, 10_000)
    payout = at_once(here, worker, 6_000)
    assert (payout.method, payout.status) == ("instant", "in_transit")
    here.after(HALF_AN_HOUR - 1)
    assert here.client.v1.payouts.retrieve(payout.id, options=on(worker)).status == "in_transit"
    here.after(1)
    assert here.client.v1.payouts.retrieve(payout.id, options=on(worker)).status == "paid"
    assert here.balance(worker) == {"usd": (4_000, 0)}


@pytest.mark.stripe_rule(METHOD)
def test_an_instant_payout_is_refused_where_the_bank_account_takes_none(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        at_once(here, worker, 100)
    assert refusal(refused) == (400, "instant_payouts_unsupported", "method")
    assert here.balance(worker) == {"usd": (1_000, 0)}


@pytest.mark.stripe_rule(INSTANT)
def test_an_instant_payout_is_in_the_local_currency(here: LocalStripe) -> None:
    worker = quick(here, 10_000, "eur")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        at_once(here, worker, 1_000, "eur")
    assert refusal(refused) == (400, "instant_payouts_currency_disabled", "method")


@pytest.mark.stripe_rule(CODES)
def test_a_platform_has_a_daily_volume_of_instant_payouts(here: LocalStripe) -> None:
    worker = quick(here, DAILY_MAX + 20_000)
    at_once(here, worker, DAILY_MAX)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        at_once(here, worker, 1_000)
    assert refusal(refused) == (400, "instant_payouts_limit_exceeded", "method")
    here.after(DAY)
    assert at_once(here, worker, 1_000).status == "in_transit"


@pytest.mark.stripe_rule(FEE_PAYER)
@pytest.mark.parametrize(("amount", "cost"), [(1_000, 50), (20_000, 200)])
def test_the_platform_pays_for_instant_payouts_where_it_pays_stripes_fees(
    here: LocalStripe, amount: int, cost: int
) -> None:
    worker = quick(here, 30_000)
    payout = at_once(here, worker, amount)
    listed = here.client.v1.balance_transactions.list({"source": payout.id, "type": "stripe_fee"}).data
    assert [(row.amount, row.fee, row.reporting_category) for row in listed] == [(-cost, 0, "fee")]
    assert here.balance(worker) == {"usd": (30_000 - amount, 0)}


@pytest.mark.stripe_rule(FEE_PAYER)
def test_an_instant_payout_that_fails_gives_the_platform_its_fee_back(here: LocalStripe) -> None:
    worker, before = quick(here, 30_000), here.balance()
    payout = at_once(here, worker, 20_000)
    here.simulator.fail_payout(payout.id, "account_closed")
    listed = here.client.v1.balance_transactions.list({"source": payout.id, "type": "stripe_fee"}).data
    assert [(row.amount, row.reporting_category) for row in listed] == [(200, "fee"), (-200, "fee")]
    assert (here.balance(), here.balance(worker)) == (before, {"usd": (30_000, 0)})


@pytest.mark.stripe_rule(INSTANT)
def test_a_balance_says_what_can_be_paid_out_at_once(here: LocalStripe) -> None:
    worker = quick(here, 10_000)
    balance = here.client.v1.balance.retrieve(options=on(worker))
    assert [(row.amount, row.currency) for row in balance.instant_available or ()] == [(10_000, "usd")]
    slow = here.client.v1.balance.retrieve(options=on(here.worker_with(1_000)))
    assert not getattr(slow, "instant_available", None)


@pytest.mark.stripe_rule(REVERSAL)
def test_an_instant_payout_is_never_fetched_back_from_the_bank(here: LocalStripe) -> None:
    worker = quick(here, 10_000)
    payout = at_once(here, worker, 5_000)
    here.after(HALF_AN_HOUR)
    with pytest.raises(stripe.InvalidRequestError, match="can't be reversed"):
        here.client.v1.payouts.reverse(payout.id, {}, on(worker))
