"""The local Stripe's holds, through the real library over HTTP: authorized now, captured later or never."""

from typing import Any

import pytest
import stripe

from sandbox.stripe import NotPossible
from tests.contract.local_stripe import DAY, START, LocalStripe, refusal

HOLD = "https://docs.stripe.com/payments/place-a-hold-on-a-payment-method"
CAPTURE = "https://docs.stripe.com/api/payment_intents/capture"
CANCEL = "https://docs.stripe.com/api/payment_intents/cancel"
CATEGORIES = "https://docs.stripe.com/reports/reporting-categories"


def held(here: LocalStripe, amount: int = 10_000, currency: str = "usd", **more: Any) -> stripe.PaymentIntent:
    """A payment that is authorized and not captured."""
    return here.confirmed("pm_card_visa", amount, currency, capture_method="manual", **more)


def charge_of(here: LocalStripe, intent: stripe.PaymentIntent) -> stripe.Charge:
    return here.client.v1.charges.retrieve(str(intent.latest_charge), {"expand": ["refunds"]})


@pytest.mark.stripe_rule(HOLD)
def test_a_manual_capture_authorizes_the_card_and_moves_no_money(here: LocalStripe) -> None:
    intent = held(here)
    assert (intent.status, intent.amount_capturable, intent.amount_received) == (
        "requires_capture",
        10_000,
        0,
    )
    charge = charge_of(here, intent)
    assert (charge.status, charge.paid, charge.captured, charge.amount_captured) == (
        "succeeded",
        True,
        False,
        0,
    )
    here.after(10)
    assert (charge_of(here, intent).balance_transaction, here.transactions()) == (None, [])
    assert here.event_types()[-2:] == ["charge.succeeded", "payment_intent.amount_capturable_updated"]


@pytest.mark.stripe_rule(HOLD)
def test_an_authorization_says_until_when_it_can_be_captured(here: LocalStripe) -> None:
    details: Any = charge_of(here, held(here)).payment_method_details
    assert details.card.capture_before == START + 7 * DAY


@pytest.mark.stripe_rule(CAPTURE)
def test_a_capture_takes_the_authorized_amount_and_books_it_with_its_fee(here: LocalStripe) -> None:
    intent = held(here)
    here.after(DAY)
    captured = here.client.v1.payment_intents.capture(intent.id, {"metadata": {"by": "hand"}})
    assert (captured.status, captured.amount_capturable, captured.amount_received) == ("succeeded", 0, 10_000)
    assert captured.metadata.to_dict() == {"by": "hand"}
    charge = charge_of(here, intent)
    assert (charge.captured, charge.amount_captured) == (True, 10_000)
    [transaction] = here.transactions()
    assert (transaction.id, transaction.net) == (charge.balance_transaction, 9_680)
    assert transaction.available_on == START + DAY + 2 * DAY, "two days after the capture"
    assert here.event_types()[-2:] == ["charge.captured", "payment_intent.succeeded"]


@pytest.mark.stripe_rule(HOLD)
def test_a_partial_capture_releases_the_rest_for_good(here: LocalStripe) -> None:
    intent = held(here)
    captured = here.client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 6_000})
    assert (captured.amount, captured.amount_received, captured.amount_capturable) == (10_000, 6_000, 0)
    charge = charge_of(here, intent)
    assert (charge.amount_captured, charge.amount_refunded, charge.refunded) == (6_000, 4_000, False)
    with pytest.raises(stripe.InvalidRequestError, match="has been released") as refused:
        here.client.v1.payment_intents.capture(intent.id)
    assert refusal(refused) == (400, "payment_intent_unexpected_state", None)


@pytest.mark.stripe_rule(CAPTURE)
def test_a_payment_that_was_captured_whole_cannot_be_captured_again(here: LocalStripe) -> None:
    intent = held(here)
    here.client.v1.payment_intents.capture(intent.id)
    with pytest.raises(stripe.InvalidRequestError, match="because it has already been captured") as refused:
        here.client.v1.payment_intents.capture(intent.id)
    assert refusal(refused) == (400, "payment_intent_unexpected_state", None)


@pytest.mark.stripe_rule(CATEGORIES)
@pytest.mark.parametrize(
    ("currency", "amount", "taken", "fee_of_all", "fee"),
    [("usd", 10_000, 6_000, 320, 204), ("jpy", 10_000, 6_000, 330, 214), ("kwd", 10_000, 6_000, 380, 264)],
)
def test_a_partial_capture_books_the_whole_charge_and_the_reversal_of_the_rest_with_its_fee(
    here: LocalStripe, currency: str, amount: int, taken: int, fee_of_all: int, fee: int
) -> None:
    intent = held(here, amount, currency)
    here.client.v1.payment_intents.capture(intent.id, {"amount_to_capture": taken})
    reversal, whole = here.transactions()
    assert (whole.amount, whole.fee, whole.reporting_category) == (amount, fee_of_all, "charge")
    assert (reversal.amount, reversal.fee) == (taken - amount, fee - fee_of_all)
    assert (reversal.type, reversal.reporting_category) == ("refund", "partial_capture_reversal")
    assert here.balance() == {currency: (0, taken - fee)}
    here.after(2 * DAY)
    assert here.balance() == {currency: (taken - fee, 0)}


@pytest.mark.stripe_rule("https://docs.stripe.com/refunds")
def test_after_a_partial_capture_only_what_was_captured_can_be_refunded(here: LocalStripe) -> None:
    intent = held(here)
    here.client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 6_000})
    with pytest.raises(stripe.InvalidRequestError, match=r"\$60.01.*\$60.00") as refused:
        here.client.v1.refunds.create({"payment_intent": intent.id, "amount": 6_001})
    assert refusal(refused) == (400, None, "amount")
    assert here.client.v1.refunds.create({"payment_intent": intent.id}).amount == 6_000
    assert charge_of(here, intent).refunded


@pytest.mark.stripe_rule(CAPTURE)
def test_more_than_was_authorized_cannot_be_captured(here: LocalStripe) -> None:
    intent = held(here)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 10_001})
    assert refusal(refused) == (400, "amount_too_large", None)
    assert here.client.v1.payment_intents.retrieve(intent.id).status == "requires_capture"


@pytest.mark.stripe_rule("https://docs.stripe.com/currencies#three-decimal")
def test_a_capture_in_three_decimals_ends_in_zero_as_the_charge_did(here: LocalStripe) -> None:
    intent = held(here, 10_000, "kwd")
    with pytest.raises(stripe.InvalidRequestError, match="divisible by 10"):
        here.client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 5_005})


@pytest.mark.stripe_rule(CAPTURE)
def test_only_an_intent_that_requires_capture_can_be_captured(here: LocalStripe) -> None:
    waiting, paid = here.intent(), here.confirmed("pm_card_visa")
    for intent in (waiting, paid):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            here.client.v1.payment_intents.capture(intent.id)
        assert refusal(refused) == (400, "payment_intent_unexpected_state", None)


@pytest.mark.stripe_rule(CANCEL)
def test_cancelling_a_hold_releases_it_which_shows_as_a_refund_that_moves_no_money(here: LocalStripe) -> None:
    intent = held(here)
    cancelled = here.client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (cancelled.status, cancelled.amount_capturable) == ("canceled", 0)
    charge = charge_of(here, intent)
    assert (charge.captured, charge.amount_refunded, charge.refunded) == (False, 10_000, True)
    assert charge.refunds is not None
    assert [(refund.amount, refund.balance_transaction) for refund in charge.refunds.data] == [(10_000, None)]
    assert here.event_types()[-2:] == ["charge.refunded", "payment_intent.canceled"]
    here.after(10 * DAY)
    assert here.transactions() == []
    with pytest.raises(NotPossible):
        here.simulator.fail_refund(charge.refunds.data[0].id)


@pytest.mark.stripe_rule(HOLD)
def test_an_authorization_that_nobody_captures_expires_after_seven_days(here: LocalStripe) -> None:
    intent = held(here)
    here.after(7 * DAY - 1)
    assert here.client.v1.payment_intents.retrieve(intent.id).status == "requires_capture"
    here.after(1)
    expired = here.client.v1.payment_intents.retrieve(intent.id)
    assert (expired.status, expired.cancellation_reason) == ("canceled", "automatic")
    assert expired.canceled_at == START + 7 * DAY
    [refund] = here.client.v1.refunds.list({"payment_intent": intent.id}).data
    assert refund.reason == "expired_uncaptured_charge"
    assert here.event_types()[-2:] == ["charge.expired", "payment_intent.canceled"]
    with pytest.raises(stripe.InvalidRequestError, match="status of canceled"):
        here.client.v1.payment_intents.capture(intent.id)


def test_a_captured_or_cancelled_hold_does_not_expire(here: LocalStripe) -> None:
    captured, cancelled = held(here), held(here)
    here.client.v1.payment_intents.capture(captured.id)
    here.client.v1.payment_intents.cancel(cancelled.id)
    here.after(8 * DAY)
    assert here.client.v1.payment_intents.retrieve(captured.id).status == "succeeded"
    assert "charge.expired" not in here.event_types()


@pytest.mark.stripe_rule("https://docs.stripe.com/payments/payment-intents/asynchronous-capture")
def test_a_synchronous_capture_has_its_balance_transaction_in_the_answer(here: LocalStripe) -> None:
    intent = here.confirmed("pm_card_visa", capture_method="automatic", expand=["latest_charge"])
    charge: Any = intent.latest_charge
    assert [row.id for row in here.transactions()] == [charge.balance_transaction]
    here.after(5)
    assert "charge.updated" not in here.event_types()


def test_a_challenged_card_is_held_too_once_its_holder_passes(here: LocalStripe) -> None:
    intent = here.confirmed("pm_card_threeDSecure2Required", capture_method="manual")
    assert here.simulator.authenticate(intent.id)["status"] == "requires_capture"
    assert here.client.v1.payment_intents.capture(intent.id).status == "succeeded"
