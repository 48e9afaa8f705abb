"""A refund: unspent money of a top-up on its way back to the card that paid it.

    requested ──asked──> pending <──> requires_action        the client's money is in `refunding`
        │                  │ └────────────┤                  ... and leaves it when Stripe takes it
        │                  v              v
        ├──────────────> succeeded     canceled              Stripe took it · gave it back to the wallet
        │                  v
        └──refused──────> failed                             the same, even after it had succeeded

Stripe takes the money out of our balance as it makes the refund, and gives it back when the refund fails:
two lines of its books, and two journals of ours, each under one name however it was heard of.
Source: https://docs.stripe.com/refunds, https://docs.stripe.com/api/refunds/object
"""

from enum import StrEnum

from marketplace.funding.ports import CardRefund
from marketplace.shared.leg import Leg
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Refused
from marketplace.shared.records import dataclass, replace

DAY_SECONDS = 86_400
CHECKS_AFTER_SECONDS = (DAY_SECONDS, 4 * DAY_SECONDS, 10 * DAY_SECONDS, 31 * DAY_SECONDS)
"""When a refund is looked at after it was asked for, should its webhooks be lost. A card's bank may send one
back for about 30 days (Stripe: /refunds#failed-refunds); after the last look only a webhook can tell."""
LOOK_DOUBLINGS_MAX = 8
"""One that Stripe has not confirmed is looked after for ever, after a minute first, and at last every four
hours."""


class RefundStatus(StrEnum):
    """Stripe's own words, after `requested`."""

    REQUESTED = "requested"
    PENDING = "pending"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


UNDONE = (RefundStatus.FAILED, RefundStatus.CANCELED)
"""The card does not get it."""

_ON_ITS_WAY = (RefundStatus.PENDING, RefundStatus.REQUIRES_ACTION)

NEXT: dict[RefundStatus, tuple[RefundStatus, ...]] = {
    RefundStatus.REQUESTED: (*_ON_ITS_WAY, RefundStatus.SUCCEEDED, *UNDONE),
    RefundStatus.PENDING: (RefundStatus.REQUIRES_ACTION, RefundStatus.SUCCEEDED, *UNDONE),
    RefundStatus.REQUIRES_ACTION: (RefundStatus.PENDING, RefundStatus.SUCCEEDED, *UNDONE),
    RefundStatus.SUCCEEDED: (RefundStatus.FAILED,),
    RefundStatus.FAILED: (),
    RefundStatus.CANCELED: (),
}
"""What may follow; whatever else is read is older than what we know."""


class Step(StrEnum):
    """What is to be written down next of what Stripe says."""

    TAKE = "taken"
    GIVE_BACK = "returned"
    NOTE = "noted"


@dataclass(frozen=True)
class RefundFailure:
    """Why the card does not get it."""

    code: str
    message: str


@dataclass(frozen=True)
class Refund:
    """`create` is the step at Stripe; `taken` and `returned` say what its books did with the money so far;
    `looks_at` is when it is looked at again, epoch seconds, `looks` how often that was in vain."""

    id: str
    client_id: str
    top_up_id: str
    payment_intent: str
    amount: Money
    created_at: int
    create: Leg
    status: RefundStatus = RefundStatus.REQUESTED
    taken: bool = False
    returned: bool = False
    failure: RefundFailure | None = None
    settled_at: int | None = None
    looks: int = 0
    looks_at: int | None = None

    @classmethod
    def requested(
        cls, refund_id: str, *, client_id: str, top_up_id: str, payment_intent: str, amount: Money, at: int
    ) -> "Refund":
        """The first attempt is written down before anything is sent."""
        leg = Leg(planned_at=at)
        return cls(refund_id, client_id, top_up_id, payment_intent, amount, at, leg, looks_at=leg.look_at)

    @property
    def key(self) -> str:
        """The idempotency key under which Stripe is asked."""
        return f"{self.id}:create:{self.create.attempt}"

    @property
    def is_asked_for(self) -> bool:
        """Whether Stripe has still to confirm that there is one."""
        return self.status == RefundStatus.REQUESTED and self.create.stripe_id is None

    def towards(self, seen: CardRefund) -> Step | None:
        """The next step to where Stripe has it; None when nothing is new."""
        state = RefundStatus(seen.state)
        if seen.was_taken and not self.taken:
            return Step.TAKE
        if state in UNDONE and not self.returned:
            return Step.GIVE_BACK
        return Step.NOTE if state in NEXT[self.status] else None

    def taken_by(self, seen: CardRefund, at: int) -> "Refund":
        """Stripe has taken the money; one that has come back since is so in the next step."""
        state = RefundStatus(seen.state)
        moved = RefundStatus.PENDING if state in UNDONE else state
        return replace(self._noted(seen, moved, at), taken=True)

    def given_back(self, seen: CardRefund, at: int) -> "Refund":
        """It does not reach the card."""
        failure = RefundFailure(seen.failure_reason or seen.state, "the card's bank did not take it")
        gone = self._noted(seen, RefundStatus(seen.state), at)
        return replace(gone, returned=True, failure=failure, looks_at=None)

    def noted(self, seen: CardRefund, at: int) -> "Refund":
        """Its state has changed, and no money moves."""
        return self._noted(seen, RefundStatus(seen.state), at)

    def refused(self, refusal: Refused, at: int) -> "Refund":
        """Stripe will not: nothing was sent."""
        failure = RefundFailure(refusal.code, refusal.message)
        return replace(
            self,
            status=RefundStatus.FAILED,
            returned=True,
            failure=failure,
            settled_at=at,
            looks_at=None,
        )

    def lost(self, at: int, *, spent: bool) -> "Refund":
        """A send has an unknown outcome."""
        leg = self.create.lost(at, spent=spent)
        return replace(self, create=leg, looks_at=leg.look_at)

    def resending(self, at: int) -> "Refund":
        """About to be sent again under the same key."""
        return replace(self, create=self.create.resending(at))

    def planned_again(self, at: int) -> "Refund":
        """Nothing was done under the key so far, and nothing can be: the next attempt has another."""
        leg = self.create.planned_again(at)
        return replace(self, create=leg, looks_at=leg.look_at)

    def put_off(self, until: int) -> "Refund":
        """A look that found nothing tells only then."""
        return replace(self, looks_at=until)

    def looked_at(self, at: int) -> "Refund":
        """A look is under way; the next one waits longer."""
        if self.is_asked_for:
            pause = 60 << min(self.looks, LOOK_DOUBLINGS_MAX)
            return replace(self, looks=self.looks + 1, looks_at=at + pause)
        return replace(self, looks=self.looks + 1, looks_at=self.check_after(at))

    def _noted(self, seen: CardRefund, status: RefundStatus, at: int) -> "Refund":
        moved = status if status in NEXT[self.status] else self.status
        over = moved in (RefundStatus.SUCCEEDED, *UNDONE)
        noted = replace(self, status=moved, create=self.create.confirmed(seen.id))
        noted = replace(noted, settled_at=(self.settled_at or at) if over else None)
        return replace(noted, looks_at=noted.check_after(at))

    def check_after(self, at: int) -> int | None:
        """When it is looked at next, epoch seconds. A refund that has succeeded may only come back:
        it is looked at once more, at the end."""
        checks = CHECKS_AFTER_SECONDS[-1:] if self.status == RefundStatus.SUCCEEDED else CHECKS_AFTER_SECONDS
        return next((self.created_at + span for span in checks if self.created_at + span > at), None)
