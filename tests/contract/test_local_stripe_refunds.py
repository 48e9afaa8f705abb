"""The local Stripe's refunds, through the real library over HTTP: what may go back, what becomes of it."""

from typing import Any

import pytest
import stripe

from sandbox.stripe import NotPossible
from tests.contract.local_stripe import DAY, START, LocalStripe, on, refusal

REFUNDS = "https://docs.stripe.com/refunds"
CREATE = "https://docs.stripe.com/api/refunds/create"
FAILED = "https://docs.stripe.com/refunds#failed-refunds"
TESTING = "https://docs.stripe.com/testing#refunds"
NET = 10_000 - 320


def refund(here: LocalStripe, charge: str, amount: int | None = None, **more: Any) -> stripe.Refund:
    params: Any = {"charge": charge, **more} | ({} if amount is None else {"amount": amount})
    return here.client.v1.refunds.create(params)


def available_charge(here: LocalStripe, amount: int = 10_000, currency: str = "usd") -> stripe.Charge:
    """A charge whose money has become available, beside as much again."""
    here.funded(amount, currency)
    charge = here.paid(amount, currency)
    here.after(2 * DAY)
    return charge


def events_after(here: LocalStripe, action: Any) -> list[str]:
    """The types of what is told while something happens."""
    before = len(here.event_types())
    action()
    return here.event_types()[before:]


# --- what goes back


@pytest.mark.stripe_rule(CREATE)
def test_a_refund_gives_back_the_whole_charge_unless_an_amount_is_given(here: LocalStripe) -> None:
    charge = here.paid()
    made = refund(here, charge.id, reason="duplicate", metadata={"case": "7"})
    assert (made.amount, made.currency, made.status) == (10_000, "usd", "succeeded")
    assert (made.charge, made.payment_intent) == (charge.id, charge.payment_intent)
    assert made.metadata is not None
    assert (made.reason, made.metadata.to_dict()) == ("duplicate", {"case": "7"})
    after = here.client.v1.charges.retrieve(charge.id)
    assert (after.amount_refunded, after.refunded, after.amount_captured) == (10_000, True, 10_000)


@pytest.mark.stripe_rule(CREATE)
def test_partial_refunds_add_up_to_the_charge_and_no_further(here: LocalStripe) -> None:
    charge = here.paid()
    for amount in (2_500, 4_500):
        refund(here, charge.id, amount)
        assert not here.client.v1.charges.retrieve(charge.id).refunded
    assert refund(here, charge.id).amount == 3_000
    assert here.client.v1.charges.retrieve(charge.id).refunded


@pytest.mark.stripe_rule(CREATE)
def test_a_payment_intent_names_its_charge_to_be_refunded(here: LocalStripe) -> None:
    charge = here.paid()
    made = here.client.v1.refunds.create({"payment_intent": str(charge.payment_intent), "amount": 100})
    assert made.charge == charge.id


@pytest.mark.stripe_rule(REFUNDS)
@pytest.mark.parametrize(
    ("currency", "net"), [("usd", 10_000 - 320), ("jpy", 10_000 - 330), ("kwd", 10_000 - 380)]
)
def test_a_refund_takes_its_amount_from_the_balance_and_gives_no_fee_back(
    here: LocalStripe, currency: str, net: int
) -> None:
    charge = available_charge(here, currency=currency)
    made = refund(here, charge.id, 4_000)
    transaction = here.client.v1.balance_transactions.retrieve(str(made.balance_transaction))
    assert (transaction.amount, transaction.fee, transaction.net) == (-4_000, 0, -4_000)
    assert (transaction.type, transaction.reporting_category) == ("refund", "refund")
    assert (transaction.source, transaction.status) == (made.id, "available")
    assert here.balance() == {currency: (2 * net - 4_000, 0)}


@pytest.mark.stripe_rule("https://docs.stripe.com/api/balance_transactions/object")
def test_a_refund_of_money_that_is_still_pending_becomes_available_with_it(here: LocalStripe) -> None:
    charge = here.paid()
    made = refund(here, charge.id)
    transaction = here.client.v1.balance_transactions.retrieve(str(made.balance_transaction))
    assert (transaction.status, transaction.available_on) == ("pending", START + 2 * DAY)
    assert (made.status, here.balance()) == ("succeeded", {"usd": (0, -320)})
    here.after(2 * DAY)
    assert here.balance() == {"usd": (-320, 0)}


def test_a_charge_refunded_before_it_is_booked_is_booked_first_and_once(here: LocalStripe) -> None:
    intent = here.confirmed("pm_card_visa")
    refund(here, str(intent.latest_charge))
    here.after(DAY)
    assert [row.type for row in here.transactions()] == ["refund", "charge"]
    assert here.event_types().count("charge.updated") == 1


# --- what is refused


@pytest.mark.stripe_rule(CREATE)
def test_a_refund_beyond_the_rest_of_the_charge_is_refused(here: LocalStripe) -> None:
    charge = here.paid()
    refund(here, charge.id, 7_000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        refund(here, charge.id, 4_000)
    assert refusal(refused) == (400, None, "amount")
    assert refused.value.user_message == (
        "Refund amount ($40.00) is greater than unrefunded amount on charge ($30.00)"
    )
    assert here.client.v1.charges.retrieve(charge.id).amount_refunded == 7_000


@pytest.mark.stripe_rule("https://docs.stripe.com/error-codes#charge-already-refunded")
def test_a_charge_refunded_in_full_cannot_be_refunded_again(here: LocalStripe) -> None:
    charge = here.paid()
    refund(here, charge.id)
    with pytest.raises(stripe.InvalidRequestError, match="has already been refunded") as refused:
        refund(here, charge.id, 1)
    assert refusal(refused) == (400, "charge_already_refunded", None)


@pytest.mark.stripe_rule("https://docs.stripe.com/error-codes#charge-disputed")
def test_a_charge_that_the_bank_took_back_cannot_be_refunded(here: LocalStripe) -> None:
    charge = here.paid()
    here.simulator.dispute(str(charge.payment_intent))
    with pytest.raises(stripe.InvalidRequestError, match="charged back; cannot issue a refund") as refused:
        refund(here, charge.id)
    assert refusal(refused) == (400, "charge_disputed", None)


@pytest.mark.stripe_rule(REFUNDS)
def test_a_payment_that_is_only_authorized_is_cancelled_and_not_refunded(here: LocalStripe) -> None:
    intent = here.confirmed("pm_card_visa", capture_method="manual")
    with pytest.raises(stripe.InvalidRequestError, match="You must cancel the PaymentIntent") as refused:
        refund(here, str(intent.latest_charge))
    assert refusal(refused) == (400, None, None)


@pytest.mark.stripe_rule(CREATE)
def test_nothing_is_refunded_of_a_payment_that_took_no_money(here: LocalStripe) -> None:
    unpaid, released = here.intent(), here.confirmed("pm_card_visa", capture_method="manual")
    here.client.v1.payment_intents.cancel(released.id)
    with pytest.raises(stripe.CardError):
        here.confirmed("pm_card_chargeDeclined")
    failed = here.client.v1.charges.list({"limit": 1}).data[0]
    for params in ({"payment_intent": unpaid.id}, {"charge": failed.id}, {"payment_intent": released.id}):
        with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge") as refused:
            here.client.v1.refunds.create(params)  # type: ignore[arg-type]
        assert refusal(refused) == (400, None, None)


@pytest.mark.stripe_rule(CREATE)
@pytest.mark.parametrize(
    ("params", "status", "code", "param"),
    [
        ({}, 400, None, None),
        ({"charge": "ch_1", "payment_intent": "pi_1"}, 400, None, "payment_intent"),
        ({"charge": "ch_none"}, 404, "resource_missing", "id"),
        ({"payment_intent": "pi_none"}, 404, "resource_missing", "payment_intent"),
        ({"charge": "ch_1", "amount": 0}, 400, "parameter_invalid_integer", "amount"),
        ({"charge": "ch_1", "reason": "expired_uncaptured_charge"}, 400, None, "reason"),
    ],
)
def test_a_refund_names_one_charge_or_one_payment_intent_that_exists(
    here: LocalStripe, params: Any, status: int, code: str | None, param: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.refunds.create(params)
    assert refusal(refused) == (status, code, param)


@pytest.mark.stripe_rule("https://docs.stripe.com/currencies#three-decimal")
def test_a_refund_in_three_decimals_ends_in_zero_as_the_charge_did(here: LocalStripe) -> None:
    charge = here.paid(10_000, "kwd")
    with pytest.raises(stripe.InvalidRequestError, match="divisible by 10") as refused:
        refund(here, charge.id, 1_005)
    assert refusal(refused) == (400, None, "amount")
    assert refund(here, charge.id, 1_010).amount == 1_010


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/separate-charges-and-transfers#reverse-transfers")
def test_the_payment_that_a_transfer_became_is_reversed_and_not_refunded(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    [payment] = here.client.v1.charges.list(options=on(worker)).data
    with pytest.raises(stripe.InvalidRequestError, match="Reverse the transfer"):
        here.client.v1.refunds.create({"charge": payment.id}, on(worker))


# --- what becomes of it


@pytest.mark.stripe_rule("https://docs.stripe.com/refunds#refund-events")
def test_a_refund_is_told_as_created_then_on_its_charge_and_a_moment_later_with_its_reference(
    here: LocalStripe,
) -> None:
    charge = here.paid()
    assert events_after(here, lambda: refund(here, charge.id, 100)) == ["refund.created", "charge.refunded"]
    assert events_after(here, lambda: here.after(1)) == ["refund.updated", "charge.refund.updated"]
    [told] = here.client.v1.events.list({"type": "charge.refunded"}).data
    assert told.data.object["amount_refunded"] == 100
    assert told.data.previous_attributes is not None
    assert told.data.previous_attributes.to_dict() == {"amount_refunded": 0, "refunded": False}


@pytest.mark.stripe_rule("https://docs.stripe.com/refunds#tracing-refunds")
def test_the_reference_to_trace_a_refund_by_comes_after_the_refund(here: LocalStripe) -> None:
    made = refund(here, here.paid().id)
    here.after(1)
    statuses = []
    for seen in (made, here.client.v1.refunds.retrieve(made.id)):
        details: Any = seen.destination_details
        statuses.append((details.card.reference_status, hasattr(details.card, "reference")))
    assert statuses == [("pending", False), ("available", True)]


@pytest.mark.stripe_rule(TESTING)
def test_an_asynchronous_refund_is_pending_first_and_succeeds_later(here: LocalStripe) -> None:
    intent = here.confirmed("pm_card_pendingRefund")
    here.after(1)
    made = here.client.v1.refunds.create({"payment_intent": intent.id})
    assert (made.status, made.pending_reason) == ("pending", "processing")
    told = events_after(here, lambda: here.after(60))
    assert told == ["refund.updated", "charge.refund.updated"]
    after = here.client.v1.refunds.retrieve(made.id)
    assert (after.status, hasattr(after, "pending_reason")) == ("succeeded", False)


@pytest.mark.stripe_rule(TESTING)
def test_an_asynchronously_failing_refund_succeeds_first_and_fails_later(here: LocalStripe) -> None:
    intent = here.confirmed("pm_card_refundFail")
    here.after(1)
    made = here.client.v1.refunds.create({"payment_intent": intent.id})
    assert made.status == "succeeded"
    assert "refund.failed" in events_after(here, lambda: here.after(60))
    after = here.client.v1.refunds.retrieve(made.id)
    assert (after.status, after.failure_reason) == ("failed", "expired_or_canceled_card")


@pytest.mark.stripe_rule(FAILED)
def test_a_failed_refund_puts_its_money_back_into_the_balance(here: LocalStripe) -> None:
    charge = available_charge(here)
    made = refund(here, charge.id)
    here.after(DAY)
    assert here.balance() == {"usd": (2 * NET - 10_000, 0)}
    told = events_after(here, lambda: here.simulator.fail_refund(made.id, "lost_or_stolen_card"))
    assert told == ["refund.updated", "charge.refund.updated", "refund.failed"]
    after = here.client.v1.refunds.retrieve(made.id)
    assert (after.status, after.failure_reason) == ("failed", "lost_or_stolen_card")
    back = here.client.v1.balance_transactions.retrieve(str(after.failure_balance_transaction))
    assert (back.amount, back.fee, back.source) == (10_000, 0, made.id)
    assert (back.type, back.reporting_category) == ("refund_failure", "refund_failure")
    assert here.balance() == {"usd": (2 * NET, 0)}


@pytest.mark.stripe_rule(FAILED)
def test_after_a_failed_refund_the_charge_can_be_refunded_anew(here: LocalStripe) -> None:
    charge = here.paid()
    here.simulator.fail_refund(refund(here, charge.id).id)
    seen = here.client.v1.charges.retrieve(charge.id)
    assert (seen.amount_refunded, seen.refunded) == (0, False)
    assert refund(here, charge.id).status == "succeeded"


def test_a_refund_fails_once_and_for_a_reason_of_stripe_s(here: LocalStripe) -> None:
    made = refund(here, here.paid().id)
    with pytest.raises(NotPossible, match="no failure reason"):
        here.simulator.fail_refund(made.id, "bad_weather")
    here.simulator.fail_refund(made.id)
    with pytest.raises(NotPossible, match="before"):
        here.simulator.fail_refund(made.id)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/refunds/cancel")
def test_a_card_s_refund_cannot_be_cancelled_through_the_api(here: LocalStripe) -> None:
    made = refund(here, here.paid().id)
    with pytest.raises(stripe.InvalidRequestError, match="Canceling this refund is unsupported"):
        here.client.v1.refunds.cancel(made.id)
