"""A top-up: money that a client's card pays into its wallet.

    requested ──attach──> requires_payment ──charge──> succeeded
        │  └─refuse─> failed                              ^
        └────expire─> expired ───────────charge───────────┘

The card's money is never refused: a payment that succeeds is credited whatever we thought of it before.
"""

from enum import StrEnum

from marketplace.shared.money import Money
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after

ATTACH_SECONDS_MAX = 23 * 3_600
"""Stripe may forget an idempotency key after 24 hours (Stripe: /api/idempotent_requests)."""

CHECKS_AFTER_SECONDS = (86_400, 4 * 86_400)
"""When an unpaid top-up is looked up, should its webhook be lost: Stripe repeats one for three days
(Stripe: /webhooks#behaviors). After the last look only a webhook can complete it."""

DAY_SECONDS = 86_400
FEE_CHECKS_MAX = 4
"""On so many days after the payment the card's fee is looked up, should `charge.updated` be lost."""


class TopUpStatus(StrEnum):
    """`failed` was refused by the card provider; `expired` never reached it."""

    REQUESTED = "requested"
    REQUIRES_PAYMENT = "requires_payment"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    EXPIRED = "expired"


TRANSITIONS = {
    (TopUpStatus.REQUESTED, "attach"): TopUpStatus.REQUIRES_PAYMENT,
    (TopUpStatus.SUCCEEDED, "attach"): TopUpStatus.SUCCEEDED,
    (TopUpStatus.REQUESTED, "refuse"): TopUpStatus.FAILED,
    (TopUpStatus.REQUESTED, "expire"): TopUpStatus.EXPIRED,
    (TopUpStatus.REQUESTED, "charge"): TopUpStatus.SUCCEEDED,
    (TopUpStatus.REQUIRES_PAYMENT, "charge"): TopUpStatus.SUCCEEDED,
    (TopUpStatus.FAILED, "charge"): TopUpStatus.SUCCEEDED,
    (TopUpStatus.EXPIRED, "charge"): TopUpStatus.SUCCEEDED,
}


@dataclass(frozen=True)
class Refusal:
    """Why the provider would not: its code, its words, and the parameter that it names."""

    code: str
    message: str
    parameter: str


@dataclass(frozen=True)
class CardReturns:
    """What went back to the card of a top-up, or is on its way: minor units."""

    refunded: int = 0
    charged_back: int = 0


@dataclass(frozen=True)
class TopUp:
    """`attempt` numbers the keys under which the payment was asked for; `checks` counts the looks at one that
    nobody has told us about, or whose card's fee is not known; `returns` is set once money went back."""

    id: str
    client_id: str
    amount: Money
    created_at: int
    status: TopUpStatus = TopUpStatus.REQUESTED
    attempt: int = 1
    payment_intent: str | None = None
    client_secret: Private[str | None] = None
    charge: str | None = None
    refusal: Refusal | None = None
    succeeded_at: int | None = None
    checks: int = 0
    returns: CardReturns | None = None
    fee_known: bool | None = None

    @property
    def create_key(self) -> str:
        """The idempotency key under which the payment is opened."""
        return f"{self.id}:create:{self.attempt}"

    @property
    def due_at(self) -> int | None:
        """When to give up on the provider, or to look whether it was paid; epoch seconds."""
        if self.status == TopUpStatus.REQUESTED:
            return self.created_at + ATTACH_SECONDS_MAX
        if self.status == TopUpStatus.REQUIRES_PAYMENT and self.checks < len(CHECKS_AFTER_SECONDS):
            return self.created_at + CHECKS_AFTER_SECONDS[self.checks]
        if self.status == TopUpStatus.SUCCEEDED and not self.fee_known and self.checks < FEE_CHECKS_MAX:
            return (self.succeeded_at or self.created_at) + DAY_SECONDS * (1 + self.checks)
        return None

    @property
    def left(self) -> int:
        """What of it could still go back to the card, minor units."""
        gone = self.returns or CardReturns()
        return self.amount.amount - gone.refunded - gone.charged_back

    def with_returned(self, *, refunded: int = 0, charged_back: int = 0) -> "TopUp":
        """So much more (negative: less) of it goes back to the card. What a bank takes may be more than is
        left: refunds that are on their way then fail."""
        gone = self.returns or CardReturns()
        after_it = CardReturns(gone.refunded + refunded, gone.charged_back + charged_back)
        return replace(self, returns=after_it)

    def with_fee_known(self) -> "TopUp":
        """What the card cost us is in the books, or is nothing."""
        return replace(self, fee_known=True)

    def tried_anew(self) -> "TopUp":
        """To be asked for under another key: the one so far only repeats an error."""
        return replace(self, attempt=self.attempt + 1)

    def gives_up_by(self, at: int) -> bool:
        """Whether the provider, never reached so far, is given up on by then: its key may be forgotten, and
        what was opened late not be found."""
        return self.status == TopUpStatus.REQUESTED and at >= self.created_at + ATTACH_SECONDS_MAX

    def attached(self, payment_intent: str, client_secret: str) -> "TopUp":
        """The payment is open; it may have been paid by the time we hear. Raises IllegalTransition."""
        return replace(
            self,
            status=after(TRANSITIONS, self.status, "attach"),
            payment_intent=payment_intent,
            client_secret=client_secret,
        )

    def refused(self, refusal: Refusal) -> "TopUp":
        """The provider will not. Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, "refuse"), refusal=refusal)

    def expired(self) -> "TopUp":
        """The provider was never reached. Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, "expire"))

    def charged(self, *, payment_intent: str, charge: str, at: int) -> "TopUp":
        """The card has paid: by another payment than was shown, that one's secret is told to nobody any more.
        Raises IllegalTransition the second time."""
        return replace(
            self,
            status=after(TRANSITIONS, self.status, "charge"),
            payment_intent=payment_intent,
            client_secret=self.client_secret if payment_intent == self.payment_intent else None,
            charge=charge,
            succeeded_at=at,
            checks=0,
        )

    def checked(self) -> "TopUp":
        """One more look is under way."""
        return replace(self, checks=self.checks + 1)
