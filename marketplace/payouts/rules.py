"""The rules of paying out that a deployment chooses: who waits, who looks, and what is kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from marketplace.payouts.clearance import APPROVALS_NEEDED, Clearance
from marketplace.shared.money import BASIS_POINTS_WHOLE, Money

HOLD_SECONDS = 3 * 86_400
APPROVAL_ABOVE = 1_000_000
"""10,000.00 of a currency with cents; minor units, since the dearer units have more decimals and the
cheaper ones none."""
RECOVERY_BASIS_POINTS = 5_000


@dataclass(frozen=True)
class PayoutRules:
    """`hold_seconds` counts from the first verification of a worker's account. What is more than
    `approval_above` minor units (None: nothing is; `approval_above_in` says it by currency) needs two people.
    Of each payout at most `recovery_basis_points` go to what its worker owes."""

    hold_seconds: int = HOLD_SECONDS
    approval_above: int | None = APPROVAL_ABOVE
    approval_above_in: Mapping[str, int] = field(default_factory=dict)
    recovery_basis_points: int = RECOVERY_BASIS_POINTS

    def clearance(self, amount: Money, *, verified_at: int | None, at: int) -> Clearance:
        """What a payout of `amount`, asked for at `at`, has to wait for."""
        held_until = at if verified_at is None else verified_at + self.hold_seconds
        above = self.approval_above_in.get(amount.currency, self.approval_above)
        return Clearance(
            held_until=held_until if held_until > at else None,
            approvals_needed=APPROVALS_NEEDED if above is not None and amount.amount > above else 0,
        )

    def recovered(self, asked: int, *, owed: int) -> int:
        """What of `asked` goes to what is owed, rounded down: something is always left. Minor units."""
        return min(owed, asked * self.recovery_basis_points // BASIS_POINTS_WHOLE)
