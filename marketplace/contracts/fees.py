"""What we keep of paid work, and what its client pays on top. Pure; amounts are minor units of one currency.

    worker's side    fee = min(gross, max(minimum, fixed + share))        once for each piece of work
    client's side    a percentage of all that was released, rounded once for the whole contract

The share is a percentage of the piece. With tiers it is what the share of everything ever billed between the
two sides grows by, each part of the billing at its own tier's rate:

    billed   0 |---- 20 % ----| 500.00 |---- 10 % ----| 10,000.00 |---- 5 % ...
                        |= piece =|                     share(before + piece) - share(before)

So neither the order of pieces nor how they are cut changes what they cost together. A piece that is paid in
parts has its fixed amount and its minimum once: what it is up to a part's end less what it was up to its
beginning, as if its earlier parts had been billed just before.
"""

from marketplace.shared.money import half_up
from marketplace.shared.records import dataclass

TIERS_MAX = 10


@dataclass(frozen=True)
class Tier:
    """The rate of billings above so many minor units, up to the next tier."""

    above: int
    basis_points: int


@dataclass(frozen=True)
class WorkerFee:
    """The worker's side. `basis_points` is the rate of all billings, or of those below the first tier."""

    basis_points: int
    tiers: tuple[Tier, ...] = ()
    fixed: int = 0
    minimum: int = 0

    def share(self, billed: int) -> int:
        """What the rates take of all that was billed, rounded half up once."""
        exact, lower, rate = 0, 0, self.basis_points
        for tier in self.tiers:
            exact += (min(billed, tier.above) - lower) * rate
            if billed <= tier.above:
                return half_up(exact)
            lower, rate = tier.above, tier.basis_points
        return half_up(exact + (billed - lower) * rate)

    def between(self, earlier: int, upto: int, *, billed: int = 0) -> int:
        """The fee of one piece's gross from `earlier` to `upto`; `billed` is what the two sides have billed
        before this part, and counts only where there are tiers. Never negative, never above the part."""
        before_piece = max(billed - earlier, 0) if self.tiers else 0
        return self._of_piece(upto, before_piece) - self._of_piece(earlier, before_piece)

    def _of_piece(self, gross: int, billed: int) -> int:
        if gross == 0:
            return 0
        share = self.share(billed + gross) - self.share(billed)
        return min(gross, max(self.minimum, self.fixed + share))


@dataclass(frozen=True)
class FeeTerms:
    """What a contract keeps of the schedule that was in effect when it was offered, beside the percentage.
    What the schedule leaves out is None."""

    schedule_id: str
    tiers: tuple[Tier, ...] | None = None
    fixed: int | None = None
    minimum: int | None = None
    client_basis_points: int | None = None
