"""The local Stripe's own money, through the real library over HTTP: payments, fees, balances."""

import pytest
import stripe

from sandbox.stripe import NotPossible
from tests.contract.local_stripe import ANY_URL, DAY, START, LocalStripe, on, refusal

# --- payments


@pytest.mark.stripe_rule("https://docs.stripe.com/payments/paymentintents/lifecycle")
def test_a_new_payment_intent_waits_for_a_payment_method_and_carries_what_it_was_given(
    here: LocalStripe,
) -> None:
    customer = here.client.v1.customers.create({"email": "pay@example.com"})
    intent = here.intent(
        2_500, "EUR", customer=customer.id, metadata={"top_up": "top_1"}, transfer_group="g1",
        automatic_payment_methods={"enabled": True},
    )  # fmt: skip
    assert (intent.status, intent.amount, intent.currency) == ("requires_payment_method", 2_500, "eur")
    assert (intent.customer, intent.transfer_group) == (customer.id, "g1")
    assert intent.metadata.to_dict() == {"top_up": "top_1"}
    assert str(intent.client_secret).startswith(f"{intent.id}_secret_")
    assert intent.created == START


@pytest.mark.stripe_rule("https://docs.stripe.com/payments/payment-intents/asynchronous-capture")
def test_a_paid_charge_names_its_balance_transaction_only_in_charge_updated_a_second_later(
    here: LocalStripe,
) -> None:
    intent = here.intent()
    here.simulator.pay(intent.id)
    charge = here.client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]}).latest_charge
    assert isinstance(charge, stripe.Charge)
    assert (charge.status, charge.balance_transaction) == ("succeeded", None)
    assert (here.transactions(), here.simulator.next_due()) == ([], START + 1)

    here.after(1)

    [transaction] = here.transactions()
    assert here.client.v1.charges.retrieve(charge.id).balance_transaction == transaction.id
    [updated] = here.client.v1.events.list({"type": "charge.updated"}).data
    assert updated.data.object["balance_transaction"] == transaction.id
    assert updated.data.previous_attributes is not None
    assert updated.data.previous_attributes.to_dict() == {"balance_transaction": None}
    assert here.event_types()[-3:] == ["charge.succeeded", "payment_intent.succeeded", "charge.updated"]


@pytest.mark.parametrize(
    ("currency", "amount", "fee"),
    [
        ("usd", 10_000, 290 + 30),
        ("usd", 50, 1 + 30),  # 1.45 rounds down
        ("usd", 500, 15 + 30),  # 14.5 rounds up
        ("jpy", 10_000, 290 + 40),
        ("kwd", 10_000, 290 + 90),
    ],
)
def test_a_card_costs_2_9_percent_half_up_and_a_fixed_part_scaled_for_the_currency(
    here: LocalStripe, currency: str, amount: int, fee: int
) -> None:
    charge = here.paid(amount, currency)
    transaction = here.client.v1.balance_transactions.retrieve(str(charge.balance_transaction))
    assert (transaction.amount, transaction.fee, transaction.net) == (amount, fee, amount - fee)
    assert [(detail.amount, detail.type) for detail in transaction.fee_details] == [(fee, "stripe_fee")]
    assert (transaction.type, transaction.reporting_category) == ("charge", "charge")
    assert transaction.source == charge.id


@pytest.mark.stripe_rule("https://docs.stripe.com/payouts#payout-speed")
def test_charged_money_is_pending_for_two_days_and_then_available_with_one_event_for_all(
    here: LocalStripe,
) -> None:
    intents = [here.intent(10_000), here.intent(20_000)]
    for intent in intents:
        here.simulator.pay(intent.id)
    here.after(2 * DAY - 1)
    net = 30_000 - 320 - 610
    assert here.balance() == {"usd": (0, net)}
    assert {transaction.status for transaction in here.transactions()} == {"pending"}
    assert here.simulator.next_due() == START + 2 * DAY

    here.after(1)

    assert here.balance() == {"usd": (net, 0)}
    assert {transaction.status for transaction in here.transactions()} == {"available"}
    assert {transaction.available_on for transaction in here.transactions()} == {START + 2 * DAY}
    assert here.event_types().count("balance.available") == 1


def test_what_has_come_due_shows_in_the_api_even_if_nobody_runs_it(here: LocalStripe) -> None:
    here.simulator.pay(here.intent().id)
    here.clock.at += 3 * DAY
    assert here.balance() == {"usd": (10_000 - 320, 0)}
    [available] = here.client.v1.events.list({"type": "balance.available"}).data
    assert available.created == START + 2 * DAY


@pytest.mark.stripe_rule("https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts")
@pytest.mark.parametrize(
    ("currency", "smallest"), [("usd", 50), ("gbp", 30), ("jpy", 50), ("huf", 17_500), ("kwd", 160)]
)
def test_a_charge_below_the_currency_s_minimum_is_refused(
    here: LocalStripe, currency: str, smallest: int
) -> None:
    assert here.intent(smallest, currency).amount == smallest
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.intent(smallest - 10, currency)
    assert refusal(refused) == (400, "amount_too_small", "amount")


@pytest.mark.stripe_rule("https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts")
def test_a_charge_of_more_than_eight_digits_is_refused(here: LocalStripe) -> None:
    assert here.intent(99_999_999).amount == 99_999_999
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.intent(100_000_000)
    assert refusal(refused) == (400, "amount_too_large", "amount")


@pytest.mark.stripe_rule("https://docs.stripe.com/currencies#three-decimal")
def test_a_three_decimal_charge_must_end_in_zero(here: LocalStripe) -> None:
    assert here.intent(5_120, "kwd").amount == 5_120
    with pytest.raises(stripe.InvalidRequestError, match="divisible by 10"):
        here.intent(5_124, "kwd")


@pytest.mark.stripe_rule("https://docs.stripe.com/payments/paymentintents/lifecycle")
def test_a_declined_card_leaves_a_failed_charge_and_an_intent_that_can_still_be_paid(
    here: LocalStripe,
) -> None:
    intent = here.intent(payment_method_types=["card"])
    with pytest.raises(stripe.CardError) as refused:
        here.client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_chargeDeclined"})
    assert refusal(refused) == (402, "card_declined", None)
    assert refused.value.error is not None
    assert refused.value.error.decline_code == "generic_decline"
    [charge] = here.client.v1.charges.list({"payment_intent": intent.id}).data
    assert (charge.status, charge.paid, charge.id) == ("failed", False, refused.value.error.charge)
    after = here.client.v1.payment_intents.retrieve(intent.id)
    assert after.status == "requires_payment_method"
    assert after.payment_method is None, "another must be given"
    assert after.last_payment_error is not None
    assert after.last_payment_error.code == "card_declined"
    assert here.event_types()[-2:] == ["charge.failed", "payment_intent.payment_failed"]
    assert here.after(3 * DAY) == 0, "a failed charge moves no money"

    assert here.simulator.pay(intent.id)["status"] == "succeeded"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payment_intents/confirm")
def test_a_working_card_confirms_through_the_api(here: LocalStripe) -> None:
    intent = here.intent(payment_method_types=["card"], payment_method="pm_card_visa")
    assert intent.status == "requires_confirmation"
    confirmed = here.client.v1.payment_intents.confirm(intent.id)
    assert (confirmed.status, confirmed.amount_received) == ("succeeded", 10_000)
    method = here.client.v1.payment_methods.retrieve(str(confirmed.payment_method))
    assert method.card is not None
    assert method.card.last4 == "4242"


@pytest.mark.stripe_rule("https://docs.stripe.com/testing#available-balance")
def test_the_bypass_card_s_money_is_available_at_once(here: LocalStripe) -> None:
    here.intent(payment_method_types=["card"], payment_method="pm_card_bypassPending", confirm=True)
    here.after(1)
    assert here.balance() == {"usd": (10_000 - 320, 0)}


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payment_intents/confirm")
def test_confirming_where_a_method_may_redirect_needs_a_return_url(here: LocalStripe) -> None:
    intent = here.intent(automatic_payment_methods={"enabled": True})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert refusal(refused) == (400, None, "return_url")
    confirmed = here.client.v1.payment_intents.confirm(
        intent.id, {"payment_method": "pm_card_visa", "return_url": ANY_URL}
    )
    assert confirmed.status == "succeeded"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payment_intents/cancel")
def test_a_cancelled_intent_can_neither_be_paid_nor_confirmed(here: LocalStripe) -> None:
    intent = here.intent(payment_method_types=["card"])
    cancelled = here.client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (cancelled.status, cancelled.canceled_at) == ("canceled", START)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert refusal(refused) == (400, "payment_intent_unexpected_state", None)
    with pytest.raises(NotPossible):
        here.simulator.pay(intent.id)
    assert here.client.v1.charges.list().data == []


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payment_intents/cancel")
def test_a_paid_intent_can_neither_be_paid_again_nor_cancelled(here: LocalStripe) -> None:
    intent = here.intent()
    here.simulator.pay(intent.id)
    with pytest.raises(NotPossible):
        here.simulator.pay(intent.id)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.payment_intents.cancel(intent.id)
    assert refusal(refused) == (400, "payment_intent_unexpected_state", None)
    assert len(here.client.v1.charges.list().data) == 1


# --- the books


@pytest.mark.stripe_rule("https://docs.stripe.com/api/balance_transactions")
def test_every_balance_is_the_sum_of_its_listed_transactions_at_every_step(here: LocalStripe) -> None:
    worker = here.verified_worker()

    def check() -> None:
        for account in (None, worker):
            sums: dict[str, list[int]] = {}
            for row in here.transactions(account):
                sums.setdefault(row.currency, [0, 0])[row.status == "pending"] += row.net
            shown = here.balance(account)
            assert {currency: tuple(row) for currency, row in sums.items()} == {
                currency: row for currency, row in shown.items() if currency in sums
            }

    for currency in ("usd", "jpy", "kwd"):
        here.simulator.pay(here.intent(200_000, currency).id)
        check()
    here.after(1)
    check()
    here.after(2 * DAY)
    check()
    for currency in ("usd", "jpy", "kwd"):
        here.transfer(worker, 50_000, currency)
        check()
    payouts = [here.payout(worker, 20_000, currency).id for currency in ("usd", "jpy", "kwd")]
    check()
    here.simulator.fail_payout(payouts[0], "no_account")
    check()
    here.after(2 * DAY)
    check()
    assert len(here.transactions(worker)) == 7
    assert here.balance(worker) == {"jpy": (30_000, 0), "kwd": (30_000, 0), "usd": (50_000, 0)}


@pytest.mark.stripe_rule("https://docs.stripe.com/api/balance_transactions/list")
def test_balance_transactions_are_filtered_by_type_source_currency_and_time(here: LocalStripe) -> None:
    first, second = here.paid(1_000), here.paid(2_000, "eur")
    here.after(2 * DAY)
    transfer = here.transfer(here.verified_worker(), 100)
    listed = here.client.v1.balance_transactions.list
    assert [row.source for row in listed({"type": "charge"}).data] == [second.id, first.id]
    assert [row.source for row in listed({"currency": "eur"}).data] == [second.id]
    assert [row.type for row in listed({"source": transfer.id}).data] == ["transfer"]
    assert [row.source for row in listed({"created": {"gte": START + 2, "lt": START + DAY}}).data] == [
        second.id
    ]
    assert [row.source for row in listed({"created": {"lte": START + 1}}).data] == [first.id]


def test_only_automatic_payouts_list_their_transactions(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    payout = here.payout(worker, 1_000)
    with pytest.raises(stripe.InvalidRequestError, match="automatic transfers, not manual") as refused:
        here.client.v1.balance_transactions.list({"payout": payout.id}, on(worker))
    assert refusal(refused) == (400, None, "payout")
