"""A scorecard: what good work earns beyond its price, and what poor work loses of it.

    score      sum of weight * points / sum of weights, in basis points, rounded half up
    bonus      a share of the price, never above its cap, from a threshold on
    deduction  a share of the price, never above its cap, below a threshold

Points are basis points of what a criterion can give: 0 to POINTS_MAX.
"""

from collections.abc import Mapping, Sequence

from marketplace.shared.errors import InvalidRequest
from marketplace.shared.money import BASIS_POINTS_WHOLE, Money, allocate
from marketplace.shared.records import dataclass

POINTS_MAX = BASIS_POINTS_WHOLE
CRITERIA_MAX = 20
WEIGHT_MAX = 1_000
DEDUCTION_SHARE_MAX = 5_000
"""Basis points: the larger half of the price is never at stake."""


@dataclass(frozen=True)
class Criterion:
    """Its `weight` counts beside the others'."""

    name: str
    weight: int


@dataclass(frozen=True)
class Band:
    """`share` of the price in basis points, at most `cap`, on one side of `threshold` (a score)."""

    threshold: int
    share: int
    cap: Money

    def of(self, price: int) -> int:
        """Minor units of a price in minor units: half up, and capped."""
        share, _ = Money(price, self.cap.currency).split(basis_points=self.share)
        return min(share.amount, self.cap.amount)


@dataclass(frozen=True)
class Scored:
    """One criterion's points, and its part of the bonus or the deduction in minor units."""

    name: str
    weight: int
    points: int
    part: int = 0


@dataclass(frozen=True)
class Scorecard:
    """`version` is the client's own count. A contract keeps the scorecard that it was made with."""

    version: int
    criteria: tuple[Criterion, ...]
    bonus: Band | None = None
    deduction: Band | None = None

    def scored(self, points: Mapping[str, int]) -> tuple[Scored, ...]:
        """The rows, by name. Raises InvalidRequest unless every criterion has its points, and nothing
        else."""
        if points.keys() != {criterion.name for criterion in self.criteria}:
            names = ", ".join(sorted(criterion.name for criterion in self.criteria))
            raise InvalidRequest.at("/scores", f"must have exactly: {names}")
        ordered = sorted(self.criteria, key=lambda criterion: criterion.name)
        return tuple(Scored(one.name, one.weight, points[one.name]) for one in ordered)

    def bonus_for(self, score: int, price: int) -> int:
        """Minor units."""
        band = self.bonus
        return band.of(price) if band is not None and score >= band.threshold else 0

    def deduction_for(self, score: int, price: int) -> int:
        """Minor units."""
        band = self.deduction
        return band.of(price) if band is not None and score < band.threshold else 0


def score_of(rows: Sequence[Scored]) -> int:
    """The weighted mean of the points, basis points."""
    weights = sum(row.weight for row in rows)
    return (2 * sum(row.weight * row.points for row in rows) + weights) // (2 * weights)


def earned(rows: Sequence[Scored], bonus: int) -> tuple[Scored, ...]:
    """The rows with their parts of a bonus: by what each has given."""
    return _parted(rows, bonus, [row.weight * row.points for row in rows])


def lost(rows: Sequence[Scored], deduction: int) -> tuple[Scored, ...]:
    """The rows with their parts of a deduction: by what each has lacked."""
    return _parted(rows, deduction, [row.weight * (POINTS_MAX - row.points) for row in rows])


def _parted(rows: Sequence[Scored], amount: int, weights: Sequence[int]) -> tuple[Scored, ...]:
    if not amount:
        return tuple(rows)
    parts = allocate(amount, weights if any(weights) else [row.weight for row in rows])
    return tuple(
        Scored(row.name, row.weight, row.points, part) for row, part in zip(rows, parts, strict=True)
    )
