"""What was fetched back of a payout's money that waits at Stripe, and what is being fetched back.

    asked ──┬──two people, where the payout needs them──> let go ──send──> done
            └──dropped, while nothing of it was sent        └──a definite no──> refused; it still waits

Somebody at Stripe's dashboard can do it as well; then only `done` says so.
Source: https://docs.stripe.com/connect/separate-charges-and-transfers#reverse-transfers
"""

from marketplace.payouts.states import Failure
from marketplace.shared.leg import Leg
from marketplace.shared.records import dataclass, replace


@dataclass(frozen=True)
class Reversed:
    """Stripe's id, and what it took of this payout's money, minor units; `settled` of it went to what the
    worker owed, the rest is available again. `at` is epoch seconds."""

    id: str
    amount: int
    at: int
    settled: int | None = None


@dataclass(frozen=True)
class Reversals:
    """While `leg` is there, `asked` minor units are being fetched back under it; `refusal` is why that came
    to nothing the last time, `attempts` how often it was tried."""

    done: tuple[Reversed, ...] = ()
    asked: int | None = None
    leg: Leg | None = None
    refusal: Failure | None = None
    attempts: int = 0

    @property
    def taken(self) -> int:
        """Minor units, in all."""
        return sum(reversal.amount for reversal in self.done)

    def asked_for(self, amount: int) -> "Reversals":
        """So much, minor units, is to be fetched back."""
        return replace(self, asked=amount, refusal=None)

    def next_leg(self, at: int, *, parked: bool = False) -> Leg:
        """Another attempt, under a key of its own."""
        return Leg(planned_at=at, attempt=self.attempts + 1, parked=parked)

    def under(self, leg: Leg) -> "Reversals":
        """Being fetched back under `leg`."""
        return replace(self, leg=leg, attempts=leg.attempt)

    def over(self, refusal: Failure | None = None) -> "Reversals":
        """Nothing is being fetched back any more."""
        return replace(self, asked=None, leg=None, refusal=refusal)
