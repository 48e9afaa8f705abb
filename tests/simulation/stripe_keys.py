"""Stripe's idempotency keys, and what goes wrong with calls that make something.

A key saves the first answer, a 500 as well, for a day; a second call with other parameters is refused.
What is in use, rate limited or unreachable saves nothing. (Stripe: /api/idempotent_requests)
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from marketplace.shared.clock import Clock
from marketplace.shared.outcomes import Outcome, Refused, Unknown
from tests.simulation.faults import SEND, Outside

KEY_SECONDS = 24 * 3_600
LATE_SECONDS = (60, 300, 540)
"""How long after it was sent a request may land."""

Effect = Callable[[], Outcome[Any]]


class Stripe(Protocol):
    """Whose keys these are."""

    outside: Outside
    clock: Clock

    def now(self) -> int:
        """Epoch seconds there."""
        ...


@dataclass
class StripeKeys:
    """`saved` is (when, parameters, answer) by key, `under_way` what lands later, `misused` the keys that
    came with other parameters; `landing` is the instant of what lands just now."""

    saved: dict[str, tuple[int, Any, Outcome[Any]]] = field(default_factory=dict)
    under_way: list[tuple[int, str, Any, Effect]] = field(default_factory=list)
    misused: list[str] = field(default_factory=list)
    landing: int | None = None

    def send(self, stripe: Stripe, key: str, parameters: Any, effect: Effect) -> Outcome[Any]:
        """One call, with whatever goes wrong. Raises Killed."""
        fault = stripe.outside.fault(SEND)
        self.land(stripe)
        if fault in ("down", "rate limited"):
            return Unknown("APIConnectionError", fault)
        if fault == "in use":
            return Unknown("idempotency_key_in_use", "in progress")
        if fault == "late":
            at = stripe.clock.now() + stripe.outside.chance.choice(LATE_SECONDS)
            self.under_way.append((at, key, parameters, effect))
            return Unknown("APIConnectionError", "timed out")
        answer = self._answer(stripe, key, parameters, lambda: _faulty(fault, effect))
        stripe.outside.done(fault)
        return Unknown("APIConnectionError", "timed out") if fault == "lost" else answer

    def land(self, stripe: Stripe) -> None:
        """What was under way arrives, each at its own instant."""
        if not self.under_way:
            return
        now = stripe.clock.now()
        for late in [row for row in self.under_way if row[0] <= now]:
            self.under_way.remove(late)
            self.landing, key, parameters, effect = late
            self._answer(stripe, key, parameters, effect)
            self.landing = None

    def copy(self) -> "StripeKeys":
        """The same keys, while nothing is under way."""
        assert not self.under_way
        return StripeKeys(dict(self.saved), misused=list(self.misused))

    def _answer(self, stripe: Stripe, key: str, parameters: Any, effect: Effect) -> Outcome[Any]:
        """The saved answer, or the first one."""
        at, asked, answer = self.saved.get(key, (0, None, None))
        if answer is None or stripe.now() - at >= KEY_SECONDS:
            answer = effect()
            self.saved[key] = (stripe.now(), parameters, answer)
            return answer
        if asked != parameters:
            self.misused.append(key)
            return Unknown("idempotency_error", "this key was used with other parameters")
        return replace(answer, replayed=True) if isinstance(answer, Unknown) else answer


def _faulty(fault: str, effect: Effect) -> Outcome[Any]:
    """The first answer to a key."""
    if fault == "broken":
        effect()
    if fault in ("broken", "error"):
        return Unknown("api_error", "an unknown error occurred")
    return Refused("account_invalid", "no") if fault == "refused" else effect()
