"""Asking Stripe for one step of a payout, and writing down what came of it.

Nothing is asked inside a commit. Whoever learns of an outcome first, the answer, a webhook or a look-up,
writes it down under an event id that derives from `{payout}:{step}:{attempt}`; everybody after finds it done.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from marketplace.payouts import use_cases
from marketplace.payouts.payout import Payout
from marketplace.payouts.ports import PayoutRail
from marketplace.shared.clock import Clock
from marketplace.shared.events import Cause, Event
from marketplace.shared.leg import Leg
from marketplace.shared.outcomes import Done, Outcome, Unknown, known
from marketplace.shared.records import dataclass
from marketplace.shared.running import consequence, run
from marketplace.shared.store import Store
from marketplace.shared.transaction import Transaction

ACTOR = "payouts"

Found = TypeVar("Found")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Asking:
    """`trigger` is the event that makes us act; `beside` names the payouts of a worker whose money is neither
    available nor at the bank."""

    store: Store
    rail: PayoutRail
    clock: Clock
    trigger: Event
    beside: Callable[[str], Iterable[str]]

    def asked(
        self,
        payout: Payout,
        leg: Leg,
        step: str,
        *,
        look: Callable[[], Outcome[Found | None]],
        send: Callable[[], Outcome[Found]],
    ) -> Outcome[Found] | None:
        """What came of this leg: looked up first where a key does not protect a second send; None when
        the look-up was in vain, or missed so early that it does not tell, or led to another attempt."""
        now = self.clock.now()
        if not leg.must_look(now):
            return send()
        seen = look()
        if isinstance(seen, Unknown):
            return None
        found = known(seen)
        if found is not None:
            return Done(found)
        if now < leg.miss_conclusive_at:
            self.postpone(payout, leg.miss_conclusive_at)
            return None
        name = (payout.id, step, leg.attempt)
        if leg.spent:
            self.commit(lambda tx: use_cases.plan_anew(payout.id, leg, tx), *name, "spent")
            return None
        changed = self.commit(lambda tx: use_cases.resend(payout.id, leg, tx), *name, "resent", now) is False
        return None if changed else send()

    def postpone(self, payout: Payout, until: int) -> None:
        """There is nothing to be done before `until`."""
        self.commit(lambda tx: use_cases.postpone(payout, until, tx), payout.id, "postponed", until)

    def read(self, payout_id: str) -> Payout | None:
        """As it stands."""
        found = self.store.read(Payout, payout_id)
        return None if found is None else found[0]

    def commit(self, work: Callable[[Transaction], Result], *name: object) -> Result | None:
        """Runs one use case under the event id of `name`; None when that has happened before."""
        return run(self.store, self.cause(*name), work).result

    def cause(self, *name: object) -> Cause:
        """Why the commit of that name happens."""
        return consequence(self.trigger, ":".join(map(str, name)), actor=ACTOR, at=self.clock.now())


def word(answer: Outcome[object], sent_at: int) -> str:
    """What an answer comes to. A lost send may be lost again, so its instant belongs to its name."""
    if isinstance(answer, Done):
        return "confirmed"
    return f"lost:{sent_at}" if isinstance(answer, Unknown) else "refused"
