"""The rules of paying out that a deployment chooses: who waits, who looks, and what is kept of it."""

from collections.abc import Mapping
from dataclasses import field

from marketplace.payouts import recent
from marketplace.payouts.clearance import APPROVALS_NEEDED, Clearance
from marketplace.payouts.instant import FeePayer
from marketplace.shared.money import BASIS_POINTS_WHOLE, Money
from marketplace.shared.records import dataclass

HOLD_SECONDS = 3 * 86_400
APPROVAL_ABOVE = 1_000_000
"""10,000.00 of a currency with cents; minor units, since the dearer units have more decimals and the
cheaper ones none."""
APPROVAL_WINDOW_SECONDS = 7 * 86_400
RECOVERY_BASIS_POINTS = 5_000
INSTANT_FEE_BASIS_POINTS = 100
INSTANT_FEE_MINIMUM = 50
"""What Stripe asks of a platform in the US, minor units (Stripe:
/connect/instant-payouts#monetization-and-fees; contracts differ)."""


@dataclass(frozen=True)
class PayoutRules:
    """`hold_seconds` counts from the first verification of a worker's account. What is more than
    `approval_above` minor units (None: nothing is; `approval_above_in` says it by currency), together with
    what the same worker has withdrawn in the last `approval_window_seconds`, needs two people. Of each payout
    at most `recovery_basis_points` go to what its worker owes. An instant one costs its worker the
    `instant_fee_basis_points` of it, at least `instant_fee_minimum` minor units, if they are its
    `instant_fee_payer`."""

    hold_seconds: int = HOLD_SECONDS
    approval_above: int | None = APPROVAL_ABOVE
    approval_above_in: Mapping[str, int] = field(default_factory=dict)
    approval_window_seconds: int = APPROVAL_WINDOW_SECONDS
    recovery_basis_points: int = RECOVERY_BASIS_POINTS
    instant_fee_payer: FeePayer = FeePayer.WORKER
    instant_fee_basis_points: int = INSTANT_FEE_BASIS_POINTS
    instant_fee_minimum: int = INSTANT_FEE_MINIMUM

    def clearance(self, amount: Money, *, verified_at: int | None, at: int, lately: int = 0) -> Clearance:
        """What a payout of `amount`, asked for at `at`, has to wait for, `lately` minor units having gone out
        in the window before it."""
        held_until = at if verified_at is None else verified_at + self.hold_seconds
        above = self.threshold(amount.currency)
        large = above is not None and lately + amount.amount > above
        return Clearance(
            held_until=held_until if held_until > at else None,
            approvals_needed=APPROVALS_NEEDED if large else 0,
        )

    def threshold(self, currency: str) -> int | None:
        """What goes out without two people, minor units; None where everything does."""
        return self.approval_above_in.get(currency, self.approval_above)

    def watches(self, currency: str) -> bool:
        """Whether what goes out is added up."""
        return self.threshold(currency) is not None and self.approval_window_seconds > 0

    def lately(self, figures: Mapping[str, int], currency: str, at: int) -> int:
        """What has gone out in the window before `at`, minor units; `figures` are the worker's of
        `currency`.
        """
        if not self.watches(currency):
            return 0
        return recent.within(figures, window_seconds=self.approval_window_seconds, at=at)

    def instant_fee(self, amount: int) -> int:
        """What is kept of `amount` minor units for sending the rest at once, rounded half up."""
        if self.instant_fee_payer == FeePayer.PLATFORM:
            return 0
        share = (amount * self.instant_fee_basis_points * 2 + BASIS_POINTS_WHOLE) // (BASIS_POINTS_WHOLE * 2)
        return max(self.instant_fee_minimum, share)

    def recovered(self, asked: int, *, owed: int) -> int:
        """What of `asked` goes to what is owed, rounded down: something is always left. Minor units."""
        return min(owed, asked * self.recovery_basis_points // BASIS_POINTS_WHOLE)
