"""Stripe's test cards, each by the name of the payment method that stands for it, and how it behaves.

A card is known by its number, of which objects show the last four digits and a fingerprint. Some have two
names. Source: https://docs.stripe.com/testing (with "PaymentMethods" chosen), https://docs.stripe.com/declines/codes
"""

import hashlib
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.stripe.errors import StripeError

Challenge = Literal["never", "on_session", "always"]
"""When the bank wants its holder: `on_session` cards were set up for payments made without them."""

RefundOutcome = Literal["succeeds", "succeeds_later", "fails_later"]


@dataclass(frozen=True)
class Decline:
    """How a bank says no. `network` is the code of the card's network, in the style of ISO 8583."""

    code: str
    message: str
    decline_code: str | None = None
    advice: str | None = "try_again_later"
    network: str | None = "01"

    @property
    def reason(self) -> str:
        """What the charge's outcome names."""
        return self.decline_code or self.code

    def refusal(self, **more: Any) -> StripeError:
        """The error (402) that the caller gets; `more` holds what it was about."""
        said = {"advice_code": self.advice, "decline_code": self.decline_code} | more
        said["network_decline_code"] = self.network
        told = {name: value for name, value in sorted(said.items()) if value is not None}
        return StripeError(402, self.message, kind="card_error", code=self.code, more=told)


@dataclass(frozen=True)
class DisputedAs:
    """What the holder will say of the charge, to an inquiring bank or to one that takes the money back."""

    reason: str
    inquiry: bool = False


@dataclass(frozen=True)
class TestCard:
    """A test card. `attaches`: a declining one that can still be attached to a customer."""

    number: str
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    decline: Decline | None = None
    attaches: bool = False
    challenge: Challenge = "never"
    disputed: DisputedAs | None = None
    refund: RefundOutcome = "succeeds"
    available_at_once: bool = False

    @property
    def last4(self) -> str:
        """What everybody may see of the number."""
        return self.number[-4:]

    @property
    def fingerprint(self) -> str:
        """The same for the same number, wherever it is used."""
        return hashlib.sha256(self.number.encode()).hexdigest()[:16]


DECLINED = "Your card was declined."

GENERIC = Decline("card_declined", DECLINED, "generic_decline")
INSUFFICIENT_FUNDS = Decline(
    "card_declined", "Your card has insufficient funds.", "insufficient_funds", network="51"
)
LOST = Decline("card_declined", DECLINED, "lost_card", "do_not_try_again", "41")
STOLEN = Decline("card_declined", DECLINED, "stolen_card", "do_not_try_again", "43")
EXPIRED = Decline("expired_card", "Your card has expired.", advice="confirm_card_data", network="54")
INCORRECT_CVC = Decline(
    "incorrect_cvc", "Your card's security code is incorrect.", advice="confirm_card_data", network="N7"
)
PROCESSING_ERROR = Decline(
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
    network="06",
)
VELOCITY = Decline(
    "card_declined",
    "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
    "card_velocity_exceeded",
    network="65",
)
AUTHENTICATION_REQUIRED = Decline(
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
    "authentication_required",
    advice=None,
    network="1A",
)
"""What the bank of a card that wants its holder says to a payment made without them."""

WORKING_CARD = "pm_card_visa"

TEST_CARDS = {
    WORKING_CARD: TestCard("4242424242424242"),
    "pm_card_visa_debit": TestCard("4000056655665556", funding="debit"),
    "pm_card_mastercard": TestCard("5555555555554444", "mastercard"),
    "pm_card_mastercard_debit": TestCard("5200828282828210", "mastercard", "debit"),
    "pm_card_mastercard_prepaid": TestCard("5105105105105100", "mastercard", "prepaid"),
    "pm_card_amex": TestCard("378282246310005", "amex"),
    "pm_card_discover": TestCard("6011111111111117", "discover"),
    "pm_card_diners": TestCard("3056930009020004", "diners"),
    "pm_card_jcb": TestCard("3566002020360505", "jcb", country="JP"),
    "pm_card_unionpay": TestCard("6200000000000005", "unionpay", country="CN"),
    "pm_card_chargeDeclined": TestCard("4000000000000002", decline=GENERIC),
    "pm_card_chargeDeclinedInsufficientFunds": TestCard("4000000000009995", decline=INSUFFICIENT_FUNDS),
    "pm_card_chargeDeclinedLostCard": TestCard("4000000000009987", decline=LOST),
    "pm_card_chargeDeclinedStolenCard": TestCard("4000000000009979", decline=STOLEN),
    "pm_card_chargeDeclinedExpiredCard": TestCard("4000000000000069", decline=EXPIRED),
    "pm_card_chargeDeclinedIncorrectCvc": TestCard("4000000000000127", decline=INCORRECT_CVC),
    "pm_card_chargeDeclinedProcessingError": TestCard("4000000000000119", decline=PROCESSING_ERROR),
    "pm_card_visa_chargeDeclinedVelocityLimitExceeded": TestCard("4000000000006975", decline=VELOCITY),
    "pm_card_chargeCustomerFail": TestCard("4000000000000341", decline=GENERIC, attaches=True),
    "pm_card_threeDSecureOptional": TestCard("4000000000003055"),
    "pm_card_threeDSecure2Required": TestCard("4000000000003220", challenge="always"),
    "pm_card_threeDSecureRequired": TestCard("4000000000003063", challenge="always"),
    "pm_card_threeDSecureRequiredChargeDeclined": TestCard(
        "4000008400001629", decline=GENERIC, challenge="always"
    ),
    "pm_card_authenticationRequired": TestCard("4000002760003184", country="DE", challenge="always"),
    "pm_card_authenticationRequiredOnSetup": TestCard("4000002500003155", country="FR", challenge="always"),
    "pm_card_authenticationRequiredSetupForOffSession": TestCard("4000003800000446", challenge="on_session"),
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": TestCard(
        "4000008260003178", country="GB", decline=INSUFFICIENT_FUNDS, challenge="always"
    ),
    "pm_card_createDispute": TestCard("4000000000000259", disputed=DisputedAs("fraudulent")),
    "pm_card_createDisputeProductNotReceived": TestCard(
        "4000000000002685", disputed=DisputedAs("product_not_received")
    ),
    "pm_card_createDisputeInquiry": TestCard(
        "4000000000001976", disputed=DisputedAs("fraudulent", inquiry=True)
    ),
    "pm_card_pendingRefund": TestCard("4000000000007726", refund="succeeds_later"),
    "pm_card_refundFail": TestCard("4000000000005126", refund="fails_later"),
    "pm_card_bypassPending": TestCard("4000000000000077", available_at_once=True),
    "pm_card_bypassPendingInternational": TestCard("4000003720000278", country="IE", available_at_once=True),
}

_OTHER_NAMES = ("", "InsufficientFunds", "LostCard", "StolenCard")
TEST_CARDS |= {
    f"pm_card_visa_chargeDeclined{name}": TEST_CARDS[f"pm_card_chargeDeclined{name}"] for name in _OTHER_NAMES
}

_BY_FINGERPRINT = {card.fingerprint: card for card in TEST_CARDS.values()}


def by_fingerprint(fingerprint: str) -> TestCard:
    """The card that an object shows the fingerprint of."""
    return _BY_FINGERPRINT[fingerprint]
