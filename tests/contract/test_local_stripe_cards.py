"""The local Stripe's test cards, through the real library over HTTP: who pays, declines, or is asked."""

from typing import Any

import pytest
import stripe

from sandbox.stripe import NotPossible
from sandbox.stripe.cards import TEST_CARDS
from tests.contract.local_stripe import ANY_URL, LocalStripe, refusal

OFF_SESSION = "https://docs.stripe.com/payments/save-and-reuse"
CONFIRM = "https://docs.stripe.com/api/payment_intents/confirm"
ASKS = "pm_card_threeDSecure2Required"


def declined(here: LocalStripe, card: str, **more: Any) -> stripe.CardError:
    """What a payment with that card is refused with."""
    with pytest.raises(stripe.CardError) as refused:
        here.confirmed(card, **more)
    assert refused.value.http_status == 402
    return refused.value


def latest_charge(here: LocalStripe, intent_id: str) -> Any:
    return here.client.v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]}).latest_charge


# --- cards that pay, and cards that do not


@pytest.mark.stripe_rule("https://docs.stripe.com/testing#cards")
@pytest.mark.parametrize(
    ("name", "brand", "last4", "funding"),
    [
        ("pm_card_visa", "visa", "4242", "credit"),
        ("pm_card_visa_debit", "visa", "5556", "debit"),
        ("pm_card_mastercard", "mastercard", "4444", "credit"),
        ("pm_card_mastercard_prepaid", "mastercard", "5100", "prepaid"),
        ("pm_card_amex", "amex", "0005", "credit"),
        ("pm_card_discover", "discover", "1117", "credit"),
        ("pm_card_diners", "diners", "0004", "credit"),
        ("pm_card_jcb", "jcb", "0505", "credit"),
        ("pm_card_unionpay", "unionpay", "0005", "credit"),
    ],
)
def test_a_test_card_of_each_brand_pays_and_shows_brand_funding_and_last_four(
    here: LocalStripe, name: str, brand: str, last4: str, funding: str
) -> None:
    intent = here.confirmed(name)
    assert intent.status == "succeeded"
    card = latest_charge(here, intent.id).payment_method_details.card
    assert (card.brand, card.last4, card.funding) == (brand, last4, funding)


@pytest.mark.stripe_rule("https://docs.stripe.com/testing#declined-payments")
@pytest.mark.parametrize(
    ("name", "code", "decline_code", "message"),
    [
        ("chargeDeclined", "card_declined", "generic_decline", "Your card was declined."),
        ("chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds", "insufficient funds"),
        ("chargeDeclinedLostCard", "card_declined", "lost_card", "Your card was declined."),
        ("chargeDeclinedStolenCard", "card_declined", "stolen_card", "Your card was declined."),
        ("chargeDeclinedExpiredCard", "expired_card", None, "Your card has expired."),
        ("chargeDeclinedIncorrectCvc", "incorrect_cvc", None, "security code is incorrect"),
        ("chargeDeclinedProcessingError", "processing_error", None, "An error occurred"),
        (
            "visa_chargeDeclinedVelocityLimitExceeded",
            "card_declined",
            "card_velocity_exceeded",
            "repeated attempts",
        ),
        ("chargeCustomerFail", "card_declined", "generic_decline", "Your card was declined."),
    ],
)
def test_a_declining_card_is_refused_with_its_code_and_leaves_a_failed_charge_that_says_why(
    here: LocalStripe, name: str, code: str, decline_code: str | None, message: str
) -> None:
    refused = declined(here, f"pm_card_{name}")
    assert (refused.code, message in str(refused.user_message)) == (code, True)
    error: Any = refused.error
    assert getattr(error, "decline_code", None) == decline_code
    charge = here.client.v1.charges.retrieve(error.charge)
    assert (charge.status, charge.failure_code, charge.paid) == ("failed", code, False)
    assert charge.outcome is not None
    assert charge.outcome.reason == (decline_code or code)
    [intent] = here.client.v1.payment_intents.list().data
    assert (intent.status, intent.last_payment_error and intent.last_payment_error.code) == (
        "requires_payment_method",
        code,
    )
    assert here.after(10) == 0, "no money moves"


def test_some_declining_cards_have_a_second_name() -> None:
    for name in ("", "InsufficientFunds", "LostCard", "StolenCard"):
        names = (f"pm_card_chargeDeclined{name}", f"pm_card_visa_chargeDeclined{name}")
        assert TEST_CARDS[names[0]] is TEST_CARDS[names[1]]


def test_no_two_cards_share_a_number_unless_they_are_one() -> None:
    cards = {id(card): card for card in TEST_CARDS.values()}.values()
    assert len({card.number for card in cards}) == len({card.fingerprint for card in cards}) == len(cards)


# --- cards that ask for their holder


@pytest.mark.stripe_rule("https://docs.stripe.com/payments/3d-secure/authentication-flow")
@pytest.mark.parametrize("card", [ASKS, "pm_card_authenticationRequired", "pm_card_threeDSecureRequired"])
def test_a_card_that_must_authenticate_leaves_the_intent_requiring_action_and_charges_nothing(
    here: LocalStripe, card: str
) -> None:
    intent = here.confirmed(card)
    assert intent.status == "requires_action"
    assert intent.next_action is not None
    assert intent.next_action.type == "use_stripe_sdk"
    assert (intent.latest_charge, here.client.v1.charges.list().data) == (None, [])
    assert here.event_types()[-1] == "payment_intent.requires_action"


@pytest.mark.stripe_rule("https://docs.stripe.com/payments/3d-secure/authentication-flow")
def test_with_a_return_url_the_next_action_is_a_redirect_that_comes_back_to_it(here: LocalStripe) -> None:
    intent = here.confirmed(ASKS, return_url=ANY_URL)
    assert intent.next_action is not None
    assert intent.next_action.type == "redirect_to_url"
    assert intent.next_action.redirect_to_url is not None
    assert intent.next_action.redirect_to_url.return_url == ANY_URL
    assert str(intent.next_action.redirect_to_url.url).startswith("https://hooks.stripe.com/")


@pytest.mark.stripe_rule("https://docs.stripe.com/payments/paymentintents/lifecycle")
def test_a_passed_challenge_completes_the_payment_and_shows_on_the_charge(here: LocalStripe) -> None:
    intent = here.confirmed(ASKS)
    assert here.simulator.authenticate(intent.id)["status"] == "succeeded"
    here.after(1)
    after = here.client.v1.payment_intents.retrieve(intent.id)
    assert (after.status, after.next_action, after.amount_received) == ("succeeded", None, 10_000)
    details = latest_charge(here, intent.id).payment_method_details
    assert details.card.three_d_secure.result == "authenticated"
    assert here.balance() == {"usd": (0, 9_680)}


@pytest.mark.stripe_rule("https://docs.stripe.com/error-codes#payment-intent-authentication-failure")
def test_a_failed_challenge_wants_another_payment_method_and_leaves_no_charge(here: LocalStripe) -> None:
    intent = here.confirmed(ASKS)
    here.simulator.authenticate(intent.id, succeeds=False)
    after = here.client.v1.payment_intents.retrieve(intent.id)
    assert (after.status, after.payment_method, after.next_action) == ("requires_payment_method", None, None)
    assert after.last_payment_error is not None
    assert after.last_payment_error.code == "payment_intent_authentication_failure"
    assert here.client.v1.charges.list().data == []
    assert here.event_types()[-1] == "payment_intent.payment_failed"

    paid = here.client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)


@pytest.mark.stripe_rule("https://docs.stripe.com/testing#regulatory-cards")
@pytest.mark.parametrize(
    ("card", "decline_code"),
    [
        ("pm_card_threeDSecureRequiredChargeDeclined", "generic_decline"),
        ("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "insufficient_funds"),
    ],
)
def test_a_bank_may_decline_after_a_passed_challenge(here: LocalStripe, card: str, decline_code: str) -> None:
    intent = here.confirmed(card)
    assert intent.status == "requires_action"
    after = here.simulator.authenticate(intent.id)
    assert after["status"] == "requires_payment_method"
    assert after["last_payment_error"]["decline_code"] == decline_code
    assert here.event_types()[-2:] == ["charge.failed", "payment_intent.payment_failed"]


@pytest.mark.stripe_rule(OFF_SESSION)
def test_off_session_a_card_that_must_authenticate_is_declined_as_authentication_required(
    here: LocalStripe,
) -> None:
    refused = declined(here, "pm_card_authenticationRequired", off_session=True)
    error: Any = refused.error
    assert (refused.code, error.decline_code) == ("authentication_required", "authentication_required")
    assert error.payment_intent.status == "requires_payment_method"


@pytest.mark.stripe_rule("https://docs.stripe.com/testing#regulatory-cards")
def test_a_card_set_up_for_off_session_payments_asks_for_its_holder_on_session_only(
    here: LocalStripe,
) -> None:
    card = "pm_card_authenticationRequiredSetupForOffSession"
    assert here.confirmed(card).status == "requires_action"
    assert here.confirmed(card, off_session=True).status == "succeeded"


@pytest.mark.stripe_rule(CONFIRM)
def test_error_on_requires_action_fails_the_attempt_instead_of_asking_for_the_holder(
    here: LocalStripe,
) -> None:
    intent = here.intent(payment_method_types=["card"], payment_method=ASKS)
    with pytest.raises(stripe.CardError, match="error_on_requires_action") as refused:
        here.client.v1.payment_intents.confirm(intent.id, {"error_on_requires_action": True})
    assert refusal(refused) == (402, "authentication_required", None)
    after = here.client.v1.payment_intents.retrieve(intent.id)
    assert (after.status, after.payment_method) == ("requires_payment_method", None)


@pytest.mark.stripe_rule(CONFIRM)
@pytest.mark.parametrize("name", ["off_session", "error_on_requires_action"])
def test_how_to_confirm_can_only_be_said_when_confirming(here: LocalStripe, name: str) -> None:
    how: Any = {name: True}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.intent(payment_method_types=["card"], payment_method=ASKS, **how)
    assert refusal(refused) == (400, None, name)


@pytest.mark.stripe_rule(CONFIRM)
def test_an_intent_that_requires_action_can_be_confirmed_with_another_card_instead(here: LocalStripe) -> None:
    intent = here.confirmed(ASKS)
    paid = here.client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_mastercard"})
    assert (paid.status, paid.next_action) == ("succeeded", None)
    with pytest.raises(NotPossible):
        here.simulator.authenticate(intent.id)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payment_intents/cancel")
def test_an_intent_that_requires_action_can_be_cancelled(here: LocalStripe) -> None:
    intent = here.confirmed(ASKS)
    cancelled = here.client.v1.payment_intents.cancel(intent.id)
    assert (cancelled.status, cancelled.next_action) == ("canceled", None)


def test_nobody_can_pass_a_challenge_that_is_not_there(here: LocalStripe) -> None:
    with pytest.raises(NotPossible):
        here.simulator.authenticate(here.intent().id)
