"""Carries a refund through Stripe: what is asked, in which order, and under which name it is written down.

As with payouts, nothing is asked inside a commit, and whoever learns of an outcome first, the answer, a
webhook or a look-up, writes it down under a name that derives from the refund and the step; everybody after
finds it done.
"""

from collections.abc import Callable
from typing import TypeVar

from marketplace.funding import refunds
from marketplace.funding.ports import CardRefund, CardRefunds
from marketplace.funding.refund import Refund, Step
from marketplace.shared.clock import Clock
from marketplace.shared.events import Event
from marketplace.shared.outcomes import Done, Outcome, Refused, Unknown, known
from marketplace.shared.records import dataclass
from marketplace.shared.running import consequence, run
from marketplace.shared.store import Store
from marketplace.shared.transaction import Transaction

ACTOR = "refunds"
STEPS_MAX = 6
"""More than there can be between two states of a refund."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class RefundCourier:
    """`trigger` is the event that makes us act."""

    store: Store
    rail: CardRefunds
    clock: Clock
    trigger: Event

    def carry(self, refund_id: str) -> None:
        """Does what the refund needs next. Raises ProviderUnavailable when a look gets no answer."""
        refund = self._read(refund_id)
        if refund is None:
            return
        if refund.is_asked_for:
            self._ask(refund)
        elif refund.create.stripe_id is not None and not refund.returned:
            self.record(known(self.rail.refund(refund.create.stripe_id)))

    def record(self, seen: CardRefund) -> None:
        """Writes down where Stripe has a refund of ours, step by step. Raises RefundMismatch."""
        for _ in range(STEPS_MAX):
            refund = self._read(seen.refund_id)
            step = refund.towards(seen) if refund is not None else None
            if refund is None or step is None:
                return
            name = seen.state if step == Step.NOTE else step
            self._commit(
                lambda tx, step=step: refunds.record_refund(seen.refund_id, seen, step, tx),  # type: ignore[misc]  # mypy reads a default as one more argument
                refund.id,
                name,
            )

    def _ask(self, refund: Refund) -> None:
        now, leg = self.clock.now(), refund.create
        if leg.must_look(now) and not self._may_send_again(refund, now):
            return
        answer = self.rail.send_refund(
            key=refund.key,
            refund_id=refund.id,
            attempt=leg.attempt,
            payment_intent=refund.payment_intent,
            amount=refund.amount,
        )
        self._answered(refund, answer, now)

    def _answered(self, refund: Refund, answer: Outcome[CardRefund], sent_at: int) -> None:
        name = (refund.id, "create", refund.create.attempt)
        if isinstance(answer, Done):
            self.record(answer.value)
        elif isinstance(answer, Refused):
            self._commit(lambda tx: refunds.refuse_refund(refund, answer, tx), *name, "refused")
        else:
            self._lost(refund, answer, sent_at, *name)

    def _lost(self, refund: Refund, answer: Unknown, sent_at: int, *name: object) -> None:
        self._commit(lambda tx: refunds.lose_refund(refund, answer, sent_at, tx), *name, "lost", sent_at)

    def _may_send_again(self, refund: Refund, now: int) -> bool:
        """Whether a look found nothing, and so late that there is nothing; what it found is written down."""
        leg = refund.create
        seen = self.rail.find_refund(payment_intent=refund.payment_intent, refund_id=refund.id)
        if isinstance(seen, Unknown):
            return False
        found = known(seen)
        if found is not None:
            self.record(found)
            return False
        if now < leg.miss_conclusive_at:
            until = leg.miss_conclusive_at
            self._commit(
                lambda tx: refunds.put_off_refund(refund, until, tx), refund.id, "put off", until, leg.resends
            )
            return False
        name = (refund.id, "create", leg.attempt)
        if leg.spent:
            self._commit(lambda tx: refunds.plan_refund_anew(refund.id, leg, tx), *name, "spent")
            return False
        resent = self._commit(lambda tx: refunds.resend_refund(refund, tx), *name, "resent", now)
        return resent is not False

    def _read(self, refund_id: str) -> Refund | None:
        found = self.store.read(Refund, refund_id)
        return None if found is None else found[0]

    def _commit(self, work: Callable[[Transaction], Result], *name: object) -> Result | None:
        """Runs one use case under the event id of `name`; None when that has happened before."""
        cause = consequence(self.trigger, ":".join(map(str, name)), actor=ACTOR, at=self.clock.now())
        return run(self.store, cause, work).result
