"""The local Stripe's payouts by schedule: when they are made, of what, and what went into each."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from tests.contract.local_stripe import DAY, LocalStripe, on

SCHEDULE = "https://docs.stripe.com/connect/manage-payout-schedule"
RECONCILIATION = "https://docs.stripe.com/payouts/reconciliation"
SETTINGS = "https://docs.stripe.com/api/balance-settings/update"
HOUR = 3600


def schedule(here: LocalStripe, worker: str, **wanted: Any) -> None:
    params: Any = {"settings": {"payouts": {"schedule": wanted}}}
    here.client.v1.accounts.update(worker, params)


def settle(here: LocalStripe, worker: str | None, **wanted: Any) -> stripe.BalanceSettings:
    params: Any = {"payments": {"payouts": {"schedule": wanted}}}
    return here.client.v1.balance_settings.update(params, on(worker))


def daily(here: LocalStripe, amount: int, currency: str = "usd") -> str:
    worker = here.worker_with(amount, currency)
    schedule(here, worker, interval="daily")
    return worker


def made(here: LocalStripe, worker: str | None) -> list[stripe.Payout]:
    return here.client.v1.payouts.list(options=on(worker)).data


def until_next_day(here: LocalStripe) -> None:
    here.after(DAY - here.clock.at % DAY)


def day_of(payout: stripe.Payout) -> datetime:
    return datetime.fromtimestamp(payout.created, UTC)


def paid_out(here: LocalStripe, worker: str, payout: str) -> list[stripe.BalanceTransaction]:
    return here.client.v1.balance_transactions.list({"payout": payout, "limit": 100}, on(worker)).data


# --- when


@pytest.mark.stripe_rule(SCHEDULE)
@pytest.mark.parametrize(("amount", "currency"), [(12_345, "usd"), (5_001, "jpy"), (7_770, "kwd")])
def test_a_daily_schedule_pays_the_whole_balance_at_the_next_day(
    here: LocalStripe, amount: int, currency: str
) -> None:
    worker = daily(here, amount, currency)
    until_next_day(here)
    [payout] = made(here, worker)
    assert (payout.amount, payout.currency, payout.automatic) == (amount, currency, True)
    assert here.balance(worker) == {currency: (0, 0)}
    here.after(2 * DAY)
    assert [row.status for row in made(here, worker)] == ["paid"], "and no second one of nothing"


@pytest.mark.stripe_rule(SCHEDULE)
def test_a_weekly_schedule_pays_on_its_day_only(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    schedule(here, worker, interval="weekly", weekly_anchor="thursday")
    for _ in range(14):
        until_next_day(here)
        here.transfer(worker, 100)
    payouts = made(here, worker)
    assert [day_of(payout).strftime("%A") for payout in payouts] == ["Thursday"] * 2
    assert payouts[0].amount == 700, "a week's transfers"


@pytest.mark.stripe_rule(SCHEDULE)
def test_a_monthly_schedule_on_the_31st_pays_on_the_last_day_of_a_shorter_month(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    schedule(here, worker, interval="monthly", monthly_anchor=31)
    for _ in range(2):
        here.after(31 * DAY)
        here.transfer(worker, 100)
    here.after(31 * DAY)
    days = [(day_of(payout).month, day_of(payout).day) for payout in made(here, worker)]
    assert days[::-1] == [(9, 30), (10, 31), (11, 30)]


@pytest.mark.stripe_rule(SETTINGS)
def test_a_schedule_may_have_several_days_of_the_week(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    settled = settle(here, worker, interval="weekly", weekly_payout_days=["monday", "wednesday"])
    shown: Any = settled.payments.payouts
    assert shown.schedule.to_dict() == {"interval": "weekly", "weekly_payout_days": ["monday", "wednesday"]}
    for _ in range(14):
        until_next_day(here)
        here.transfer(worker, 100)
    assert sorted({day_of(payout).strftime("%A") for payout in made(here, worker)}) == ["Monday", "Wednesday"]
    assert here.event_types(worker).count("balance_settings.updated") == 1


@pytest.mark.stripe_rule(SCHEDULE)
def test_a_manual_schedule_stops_automatic_payouts_at_once(here: LocalStripe) -> None:
    worker = daily(here, 1_000)
    schedule(here, worker, interval="manual")
    here.after(7 * DAY)
    assert (made(here, worker), here.simulator.next_due()) == ([], None)


@pytest.mark.stripe_rule(SCHEDULE)
def test_an_account_is_paid_out_daily_unless_told_otherwise(here: LocalStripe) -> None:
    account = here.client.v1.accounts.create({"type": "express"})
    assert account.settings is not None
    assert account.settings.payouts is not None
    assert account.settings.payouts.schedule.to_dict() == {"delay_days": 2, "interval": "daily"}


@pytest.mark.stripe_rule(SETTINGS)
def test_the_platform_is_paid_out_manually_until_its_settings_say_otherwise(here: LocalStripe) -> None:
    here.funded(10_000)
    here.after(3 * DAY)
    assert made(here, None) == []
    settle(here, None, interval="daily")
    until_next_day(here)
    [payout] = made(here, None)
    assert (payout.amount, payout.automatic) == (10_000 - 320, True)
    retrieved: Any = here.client.v1.balance_settings.retrieve().payments.payouts
    assert retrieved.schedule.interval == "daily"


@pytest.mark.stripe_rule(SCHEDULE)
def test_money_that_becomes_available_later_is_paid_out_then(here: LocalStripe) -> None:
    charge = here.paid(10_000)
    worker = here.verified_worker()
    schedule(here, worker, interval="daily")
    here.transfer(worker, 10_000, source_transaction=charge.id)
    until_next_day(here)
    assert made(here, worker) == []
    here.after(3 * DAY)
    [payout] = made(here, worker)
    assert payout.amount == 10_000


# --- of what


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/account-balances")
def test_nothing_is_paid_out_of_a_negative_balance(here: LocalStripe) -> None:
    charge = here.paid(10_000)
    here.after(2 * DAY)
    here.client.v1.payouts.create({"amount": 9_680, "currency": "usd"})
    here.transfer(here.verified_worker(), 100, source_transaction=charge.id)
    settle(here, None, interval="daily")
    here.after(3 * DAY)
    assert here.balance() == {"usd": (-100, 0)}
    assert [payout.automatic for payout in made(here, None)] == [False]


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/cross-border-payouts/special-requirements")
def test_a_balance_below_the_minimum_waits_until_it_has_grown(here: LocalStripe) -> None:
    worker = daily(here, 39_999, "krw")
    here.after(3 * DAY)
    assert made(here, worker) == []
    here.transfer(worker, 1, "krw")
    until_next_day(here)
    assert [payout.amount for payout in made(here, worker)] == [40_000]


@pytest.mark.stripe_rule("https://docs.stripe.com/currencies#special-cases")
def test_what_a_bank_cannot_take_stays_in_the_balance(here: LocalStripe) -> None:
    worker = daily(here, 123_456, "huf")
    until_next_day(here)
    assert [payout.amount for payout in made(here, worker)] == [123_400]
    assert here.balance(worker) == {"huf": (56, 0)}


@pytest.mark.stripe_rule("https://support.stripe.com/questions/managing-connect-payout-failures")
def test_scheduled_payouts_stop_after_a_failure_until_the_bank_account_is_replaced(here: LocalStripe) -> None:
    worker = daily(here, 1_000)
    until_next_day(here)
    [payout] = made(here, worker)
    here.simulator.fail_payout(payout.id, "account_closed")
    here.after(3 * DAY)
    assert len(made(here, worker)) == 1
    here.simulator.verify(worker)
    until_next_day(here)
    assert [row.amount for row in made(here, worker)] == [1_000, 1_000]


@pytest.mark.stripe_rule("https://docs.stripe.com/api/external_account_bank_accounts/object")
def test_the_platform_s_schedule_goes_on_with_its_new_bank_account(here: LocalStripe) -> None:
    settle(here, None, interval="daily")
    here.paid(10_000)
    here.after(3 * DAY)
    [payout] = made(here, None)
    here.simulator.fail_payout(payout.id, "account_closed")
    here.after(3 * DAY)
    assert len(made(here, None)) == 1
    here.simulator.change_bank(here.client.v1.accounts.retrieve_current().id, "usd")
    until_next_day(here)
    assert [row.amount for row in made(here, None)] == [9_680, 9_680]


# --- what went into each


@pytest.mark.stripe_rule(RECONCILIATION)
def test_an_automatic_payout_lists_the_balance_transactions_that_it_paid_out(here: LocalStripe) -> None:
    worker = daily(here, 1_000)
    here.transfer(worker, 234)
    until_next_day(here)
    here.transfer(worker, 5)
    here.after(HOUR)
    [payout] = made(here, worker)
    assert payout.reconciliation_status == "completed"
    rows = paid_out(here, worker, payout.id)
    assert [(row.type, row.net) for row in rows] == [("payout", -1_234), ("payment", 234), ("payment", 1_000)]
    assert "payout.reconciliation_completed" in here.event_types(worker)


@pytest.mark.stripe_rule(RECONCILIATION)
def test_every_balance_transaction_goes_into_one_payout(here: LocalStripe) -> None:
    worker = daily(here, 1_000)
    for amount in (1, 20, 300):
        until_next_day(here)
        here.transfer(worker, amount)
    here.payout(worker, 100)
    until_next_day(here)
    here.after(HOUR)
    automatic = [payout for payout in made(here, worker) if payout.automatic]
    contents = [paid_out(here, worker, payout.id) for payout in automatic]
    assert [sum(row.net for row in rows) for rows in contents] == [0] * 4, "its own transaction included"
    seen = [row.id for rows in contents for row in rows]
    assert sorted(seen) == sorted(row.id for row in here.transactions(worker))


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payouts/object#payout_object-reconciliation_status")
def test_what_went_into_a_payout_is_not_known_before_its_reconciliation_is_completed(
    here: LocalStripe,
) -> None:
    worker = daily(here, 1_000)
    until_next_day(here)
    [payout] = made(here, worker)
    assert payout.reconciliation_status == "in_progress"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        paid_out(here, worker, payout.id)
    assert refused.value.param == "payout"


@pytest.mark.stripe_rule("https://docs.stripe.com/payouts/reconciliation#reconciliation-for-manual-payouts")
def test_the_transactions_of_a_manual_payout_cannot_be_listed(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    payout = here.payout(worker, 1_000)
    assert payout.reconciliation_status == "not_applicable"
    with pytest.raises(stripe.InvalidRequestError, match="only be filtered on automatic transfers"):
        paid_out(here, worker, payout.id)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payouts/cancel")
def test_an_automatic_payout_cannot_be_canceled(here: LocalStripe) -> None:
    worker = daily(here, 1_000)
    until_next_day(here)
    [payout] = made(here, worker)
    assert payout.status == "pending"
    with pytest.raises(stripe.InvalidRequestError):
        here.client.v1.payouts.cancel(payout.id, options=on(worker))


@pytest.mark.stripe_rule("https://docs.stripe.com/api/balance_transactions/list")
def test_balance_transactions_are_found_by_type_source_currency_and_time(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    here.after(10)
    payout = here.payout(worker, 400)

    def found(**filters: Any) -> list[str]:
        params: Any = filters
        return [row.type for row in here.client.v1.balance_transactions.list(params, on(worker)).data]

    assert found() == ["payout", "payment"]
    assert found(type="payment") == ["payment"]
    assert found(source=payout.id) == ["payout"]
    assert found(currency="eur") == []
    assert found(created={"gte": here.clock.at}) == ["payout"]
