"""Confirmation: a card is charged for a payment intent; its bank says yes, no, or asks for its holder.

    requires_payment_method, requires_confirmation
        │      ├──────────────────────────────► succeeded, or requires_capture when captured by hand
        │      └──a challenge──► requires_action ──passed──► (the same)
        └──◄──declined──┘              └──────────failed──► requires_payment_method

Source: https://docs.stripe.com/api/payment_intents/confirm, https://docs.stripe.com/declines,
https://docs.stripe.com/payments/paymentintents/lifecycle
"""

from sandbox.stripe import cards, notify
from sandbox.stripe.cards import Decline
from sandbox.stripe.errors import NotPossible, StripeError, invalid
from sandbox.stripe.objects import capabilities, captures, charges, payment_methods
from sandbox.stripe.shelf import Obj
from sandbox.stripe.step import Step

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
ACTION_UNWANTED = (
    "This payment required an authentication action to complete, but `error_on_requires_action` was set. "
    "When you're ready, you can upgrade your integration to handle actions at "
    "https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions."
)
CHALLENGE_FAILED = (
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new "
    "PaymentMethod to attempt to fulfill this PaymentIntent again."
)
CHALLENGES = "https://hooks.stripe.com/redirect/authenticate"
ALREADY_SUCCEEDED = (
    "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed."
)
RETURN_URL_WANTED = (
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of "
    "these payment methods might redirect your customer off of your page, you must provide a `return_url`. "
    "If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to "
    "`true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and "
    "Payment Intents."
)
CANNOT_CHARGE = (
    "You cannot create a charge on a connected account without the `card_payments` capability enabled."
)
METHOD_MISSING = (
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
    "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a "
    "payment method or ConfirmationToken."
)


def confirm(step: Step, intent: Obj, params: Obj) -> Obj:
    """Charges the card. Raises StripeError: 402 card_declined, 400 payment_intent_unexpected_state."""
    if intent["status"] == "succeeded":
        raise unexpected(intent, ALREADY_SUCCEEDED)
    if intent["status"] not in CONFIRMABLE:
        raise unexpected(
            intent,
            f"You cannot confirm this PaymentIntent because it has a status of {intent['status']}. Only a "
            f"PaymentIntent with one of the following statuses may be confirmed: {', '.join(CONFIRMABLE)}.",
        )
    if "payment_method" in params:
        payment_methods.check(step, params["payment_method"], customer=intent["customer"])
    check(step, intent, params)
    return attempt(step, intent, params.get("payment_method") or intent["payment_method"], params)


def pay(step: Step, intent: Obj) -> Obj:
    """The card holder pays in the browser with a card that works. `intent` is confirmable.

    Raises NotPossible on an account that cannot charge cards.
    """
    if not capabilities.can_charge(step):
        raise NotPossible(CANNOT_CHARGE)
    return attempt(step, intent, cards.WORKING_CARD, {})


def check(step: Step, intent: Obj, params: Obj) -> None:
    """Raises StripeError (400) without a payment method, without an address to return to, and on an account
    that cannot charge cards."""
    if not (params.get("payment_method") or intent["payment_method"]):
        raise unexpected(intent, METHOD_MISSING)
    automatic = intent["automatic_payment_methods"]
    if (
        automatic
        and automatic["enabled"]
        and automatic["allow_redirects"] == "always"
        and "return_url" not in params
    ):
        raise invalid(RETURN_URL_WANTED, "return_url")
    if not capabilities.can_charge(step):
        raise invalid(CANNOT_CHARGE)


def attempt(step: Step, intent: Obj, name: str, how: Obj) -> Obj:
    """Charges a test card or payment method, or has its holder challenged.

    `how` may hold `return_url`, `off_session`, `error_on_requires_action`. Raises StripeError (402): the code
    of the decline, authentication_required.
    """
    method = payment_methods.use(step, name)
    card = payment_methods.card_of(method)
    off_session = how.get("off_session", False)
    if card.challenge == "never" or (card.challenge == "on_session" and off_session):
        return _charge(step, intent, method, card.decline)
    if off_session:
        return _charge(step, intent, method, cards.AUTHENTICATION_REQUIRED)
    if how.get("error_on_requires_action"):
        unwanted = Decline("authentication_required", ACTION_UNWANTED, advice=None, network=None)
        raise _given_up(step, intent, unwanted.refusal(payment_method=method))
    intent |= {
        "status": "requires_action",
        "last_payment_error": None,
        "next_action": _challenge(step, how.get("return_url")),
        "payment_method": method["id"],
    }
    notify.emit(step, "payment_intent.requires_action", intent)
    return intent


def _challenge(step: Step, return_url: str | None) -> Obj:
    """Where the card holder is asked: a page that returns to us, or Stripe's own library in our page."""
    source = step.new_id("src")
    url = f"{CHALLENGES}/{source}"
    if return_url is not None:
        return {"redirect_to_url": {"return_url": return_url, "url": url}, "type": "redirect_to_url"}
    sdk = {"source": source, "stripe_js": url, "type": "three_d_secure_redirect"}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": sdk}


def authenticate(step: Step, intent: Obj, *, succeeds: bool) -> Obj:
    """The card holder passes the challenge, after which the bank may still decline; or fails it.

    Raises NotPossible when there is no challenge.
    """
    if intent["status"] != "requires_action":
        message = f"payment intent {intent['id']} is {intent['status']}"
        raise NotPossible(message)
    method = step.shelf("payment_method")[intent["payment_method"]]
    try:
        if succeeds:
            decline = payment_methods.card_of(method).decline
            return _charge(step, intent, method, decline, authenticated=True)
        failed = invalid(CHALLENGE_FAILED)
        failed.code, failed.more = "payment_intent_authentication_failure", {"payment_method": method}
        raise _given_up(step, intent, failed)
    except StripeError:
        return intent


def _charge(
    step: Step, intent: Obj, method: Obj, decline: Decline | None, *, authenticated: bool = False
) -> Obj:
    charge = charges.of_card(step, intent, method, decline=decline, authenticated=authenticated)
    intent["latest_charge"] = charge["id"]
    if decline is not None:
        notify.emit(step, "charge.failed", charge)
        raise _given_up(step, intent, decline.refusal(charge=charge["id"], payment_method=method))
    intent |= {"last_payment_error": None, "next_action": None, "payment_method": method["id"]}
    if not charge["captured"]:
        captures.hold(step, intent, charge)
        return intent
    intent |= {"status": "succeeded", "amount_received": intent["amount"]}
    if intent["capture_method"] == "automatic":
        charges.enter(step, charge, paid_at=step.at)
    else:
        charges.enter_later(step, charge)
    notify.emit(step, "charge.succeeded", charge)
    notify.emit(step, "payment_intent.succeeded", intent)
    return intent


def _given_up(step: Step, intent: Obj, refused: StripeError) -> StripeError:
    """The attempt failed: another payment method is wanted. Gives the error, with the intent in it."""
    intent |= {
        "status": "requires_payment_method",
        "last_payment_error": refused.error(),
        "next_action": None,
        "payment_method": None,
    }
    notify.emit(step, "payment_intent.payment_failed", intent)
    refused.more["payment_intent"] = intent
    return refused


def unexpected(intent: Obj, message: str, *, param: str | None = None) -> StripeError:
    """What cannot be done to a payment intent in its present status."""
    about = {"payment_intent": intent}
    return StripeError(400, message, code="payment_intent_unexpected_state", param=param, more=about)
