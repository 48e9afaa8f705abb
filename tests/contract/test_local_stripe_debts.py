"""The local Stripe's negative balances, through the real library over HTTP: how they come, what waits."""

import pytest
import stripe

from tests.contract.local_stripe import DAY, LocalStripe, refusal

REFUNDS = "https://docs.stripe.com/refunds"
NEGATIVE = "https://docs.stripe.com/connect/account-balances"
NET = 10_000 - 320


def spent(here: LocalStripe) -> stripe.Charge:
    """A charge whose money was all sent on: nothing is available."""
    charge = here.paid()
    here.after(2 * DAY)
    here.transfer(here.verified_worker(), NET)
    assert here.balance() == {"usd": (0, 0)}
    return charge


@pytest.mark.stripe_rule(REFUNDS)
def test_a_refund_that_the_available_balance_cannot_cover_is_pending_and_makes_it_negative(
    here: LocalStripe,
) -> None:
    made = here.client.v1.refunds.create({"charge": spent(here).id, "amount": 4_000})
    assert (made.status, made.pending_reason) == ("pending", "insufficient_funds")
    assert here.balance() == {"usd": (-4_000, 0)}
    assert here.event_types()[-2:] == ["refund.created", "charge.refunded"]


@pytest.mark.stripe_rule(REFUNDS)
def test_pending_money_does_not_cover_a_refund_of_money_that_was_available(here: LocalStripe) -> None:
    charge = spent(here)
    here.paid(50_000)
    assert here.client.v1.refunds.create({"charge": charge.id}).status == "pending"


@pytest.mark.stripe_rule(REFUNDS)
def test_a_refund_held_for_want_of_money_goes_out_once_the_balance_is_no_longer_negative(
    here: LocalStripe,
) -> None:
    made = here.client.v1.refunds.create({"charge": spent(here).id, "amount": 9_900})
    here.funded(10_000)
    here.after(0)
    assert here.balance() == {"usd": (-220, 0)}
    assert here.client.v1.refunds.retrieve(made.id).status == "pending"
    here.confirmed("pm_card_bypassPending", 1_000)
    here.after(1)
    after = here.client.v1.refunds.retrieve(made.id)
    assert (after.status, hasattr(after, "pending_reason")) == ("succeeded", False)
    here.after(1)
    assert here.event_types().count("refund.updated") == 2, "it went out, and then its reference came"
    assert [row.amount for row in here.transactions() if row.type == "refund"] == [-9_900], "booked once"


def test_a_refund_is_still_held_when_the_money_that_came_is_taken_at_once(
    here: LocalStripe,
) -> None:
    made = here.client.v1.refunds.create({"charge": spent(here).id, "amount": 1_000})
    here.confirmed("pm_card_bypassPending", 5_000)
    here.confirmed("pm_card_createDispute", 10_000, capture_method="automatic")
    here.after(1)
    assert here.balance()["usd"][0] < 0
    assert here.client.v1.refunds.retrieve(made.id).status == "pending"


def test_a_refund_to_a_failing_card_fails_later_even_when_it_had_to_wait_for_money(here: LocalStripe) -> None:
    intent = here.confirmed("pm_card_refundFail")
    here.after(2 * DAY)
    here.transfer(here.verified_worker(), NET)
    made = here.client.v1.refunds.create({"payment_intent": intent.id})
    here.funded(50_000)
    assert here.client.v1.refunds.retrieve(made.id).status == "succeeded"
    here.after(60)
    assert here.client.v1.refunds.retrieve(made.id).status == "failed"


@pytest.mark.stripe_rule("https://docs.stripe.com/refunds#failed-refunds")
def test_a_refund_still_pending_when_its_charge_is_disputed_fails(here: LocalStripe) -> None:
    charge = spent(here)
    made = here.client.v1.refunds.create({"charge": charge.id})
    dispute = here.simulator.dispute(str(charge.payment_intent))
    after = here.client.v1.refunds.retrieve(made.id)
    assert (after.status, after.failure_reason) == ("failed", "charge_for_pending_refund_disputed")
    assert (dispute["amount"], here.balance()) == (10_000, {"usd": (-11_500, 0)})


@pytest.mark.stripe_rule(NEGATIVE)
def test_a_negative_balance_is_shown_and_nothing_can_be_sent_from_it(here: LocalStripe) -> None:
    charge = spent(here)
    here.simulator.dispute(str(charge.payment_intent))
    balance = here.client.v1.balance.retrieve()
    [row] = balance.available
    assert (row.amount, row.source_types and row.source_types.card) == (-11_500, -11_500)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.transfer(here.verified_worker(), 1)
    assert refusal(refused)[:2] == (400, "balance_insufficient")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.payouts.create({"amount": 100, "currency": "usd"})
    assert refusal(refused)[:2] == (400, "balance_insufficient")


@pytest.mark.stripe_rule(NEGATIVE)
def test_new_money_pays_a_debt_before_it_can_be_sent_on(here: LocalStripe) -> None:
    here.simulator.dispute(str(spent(here).payment_intent))
    here.funded(20_000)
    assert here.balance() == {"usd": (20_000 - 610 - 11_500, 0)}
    worker = here.verified_worker()
    with pytest.raises(stripe.InvalidRequestError):
        here.transfer(worker, 20_000 - 610)
    here.transfer(worker, 20_000 - 610 - 11_500)


def test_debts_are_kept_per_currency(here: LocalStripe) -> None:
    here.simulator.dispute(str(spent(here).payment_intent))
    here.funded(10_000, "jpy")
    assert here.balance() == {"jpy": (10_000 - 330, 0), "usd": (-11_500, 0)}
    here.transfer(here.verified_worker(), 5_000, "jpy")


@pytest.mark.stripe_rule("https://docs.stripe.com/refunds")
def test_money_that_was_available_at_once_is_refunded_at_once_if_the_balance_covers_its_fee(
    here: LocalStripe,
) -> None:
    first = here.confirmed("pm_card_bypassPending", 10_000)
    waiting = here.client.v1.refunds.create({"payment_intent": first.id})
    assert (waiting.status, waiting.pending_reason) == ("pending", "insufficient_funds")
    second = here.confirmed("pm_card_bypassPending", 10_000)
    here.after(1)
    assert here.client.v1.refunds.retrieve(waiting.id).status == "succeeded"
    assert here.client.v1.refunds.create({"payment_intent": second.id, "amount": 9_000}).status == "succeeded"
