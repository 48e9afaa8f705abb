"""What the tests of the local Stripe's disputes share: a payment that is disputed, and an answer to it."""

from typing import Any

import stripe

from tests.contract.local_stripe import LocalStripe


def disputed(here: LocalStripe, card: str = "pm_card_createDispute", amount: int = 10_000) -> stripe.Dispute:
    """The dispute that a test card's payment is followed by."""
    intent = here.confirmed(card, amount)
    here.after(2)
    [dispute] = here.client.v1.disputes.list({"payment_intent": intent.id}).data
    return dispute


def answered(here: LocalStripe, dispute: stripe.Dispute, text: str, **more: Any) -> stripe.Dispute:
    params: Any = {"evidence": {"uncategorized_text": text}, **more}
    return here.client.v1.disputes.update(dispute.id, params)


def now(here: LocalStripe, dispute: stripe.Dispute) -> stripe.Dispute:
    return here.client.v1.disputes.retrieve(dispute.id)
