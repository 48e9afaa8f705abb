"""A person's reputation, folded from the ratings about them that are shown, and for a client from how fast it
paid.

            PRIOR_WEIGHT * PRIOR_MEAN + sum of w * overall + w' * promptness
    score = ----------------------------------------------------------------
                          PRIOR_WEIGHT + sum of w + w'

A Bayesian mean with recency: everybody begins as if PRIOR_WEIGHT people had given them PRIOR_MEAN today, and
a rating's weight w is 1 when it is given and halves every HALF_LIFE_SECONDS. What is kept are sums of weights
as seen from a fixed instant (`weight_at`), whole numbers that only grow with the instant of a rating; the
score brings them to the instant at which it is asked for. So nothing is rewritten as time passes, the order
does not matter, and what is taken out leaves no trace: the fold equals a computation from all shown ratings.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from marketplace.shared.ids import derived_id
from marketplace.shared.records import dataclass, replace

PRIOR_MEAN = 4
PRIOR_WEIGHT = 5
HALF_LIFE_SECONDS = 365 * 86_400
PIECES_PER_RATING = 5
"""So many paid pieces of work weigh as much as one rating."""
PROMPTNESS_WEIGHT_MAX = 2
"""However much a client has paid, its promptness weighs at most as this many ratings of today."""
DIMENSIONS = (
    *("clarity", "communication", "expertise", "fairness", "payment", "professionalism", "quality"),
    "timeliness",
)
"""Names whose scores are averaged; others are shown with their rating alone."""


@dataclass(frozen=True)
class DimensionSum:
    """`total` is the sum of `count` scores under one name of DIMENSIONS."""

    name: str
    count: int
    total: int

    @property
    def mean(self) -> Decimal:
        """To two places, half up."""
        return _cents(Fraction(self.total, self.count))


@dataclass(frozen=True)
class Promptness:
    """`pieces` of work were paid; `weighted` is the sum of their stars, each by its weight."""

    pieces: int = 0
    weight: int = 0
    weighted: int = 0

    @property
    def mean(self) -> Decimal:
        """Stars to two places, half up, by recency."""
        return _cents(Fraction(self.weighted, self.weight))


@dataclass(frozen=True)
class Standing:
    """`total` is the sum of `count` overall ratings about `person_id`, a worker or a client; `weight` and
    `weighted` are the sums of their weights, and of ratings by weight, as `weight_at` counts them."""

    id: str
    person_id: str
    count: int = 0
    total: int = 0
    weight: int = 0
    weighted: int = 0
    dimensions: tuple[DimensionSum, ...] | None = None
    promptness: Promptness | None = None

    @property
    def lacks_weights(self) -> bool:
        """Whether it was kept before ratings had weights."""
        return self.count > 0 and not self.weight

    @property
    def mean(self) -> Decimal | None:
        """The plain mean of the ratings to two places, half up; None without ratings."""
        return _cents(Fraction(self.total, self.count)) if self.count else None

    def score_at(self, at: int) -> Decimal:
        """The Bayesian mean to two places, half up, as of `at`, epoch seconds."""
        now = weight_at(at)
        weight, weighted = Fraction(PRIOR_WEIGHT * now), Fraction(PRIOR_WEIGHT * PRIOR_MEAN * now)
        if self.promptness is not None and self.promptness.weight:
            paid = self.promptness
            share = min(Fraction(paid.weight, PIECES_PER_RATING), Fraction(PROMPTNESS_WEIGHT_MAX * now))
            weight, weighted = weight + share, weighted + share * Fraction(paid.weighted, paid.weight)
        return _cents((weighted + self.weighted) / (weight + self.weight))

    def with_rating(self, overall: int, scores: Mapping[str, int], *, at: int) -> "Standing":
        """One rating more, given at `at`."""
        return self._changed(+1, overall, scores, at)

    def without_rating(self, overall: int, scores: Mapping[str, int], *, at: int) -> "Standing":
        """As if a rating that was counted had never been given."""
        return self._changed(-1, overall, scores, at)

    def with_payments(self, payments: Mapping[int, int], *, at: int) -> "Standing":
        """Pieces of work that were paid, how many for each number of stars, all counted as of `at`."""
        before, pieces = self.promptness or Promptness(), sum(payments.values())
        stars, weight = sum(given * times for given, times in payments.items()), weight_at(at)
        after = Promptness(
            before.pieces + pieces, before.weight + pieces * weight, before.weighted + stars * weight
        )
        return replace(self, promptness=after)

    def _changed(self, sign: int, overall: int, scores: Mapping[str, int], at: int) -> "Standing":
        weight = sign * weight_at(at)
        return replace(
            self,
            count=self.count + sign,
            total=self.total + sign * overall,
            weight=self.weight + weight,
            weighted=self.weighted + weight * overall,
            dimensions=_summed(self.dimensions or (), sign, scores),
        )


def weight_at(at: int) -> int:
    """What something of `at`, epoch seconds, weighs as seen from the epoch: it doubles exactly every
    half-life, in a straight line between, in whole numbers. The weight today of what was at `t` is
    weight_at(t) / weight_at(today)."""
    halvings, seconds = divmod(at, HALF_LIFE_SECONDS)
    return (HALF_LIFE_SECONDS + seconds) << halvings


def standing_id(person_id: str) -> str:
    """The id of this person's standing."""
    return derived_id("rep", person_id)


def unrated(person_id: str) -> Standing:
    """Before the first rating."""
    return Standing(standing_id(person_id), person_id)


def _summed(
    before: tuple[DimensionSum, ...], sign: int, scores: Mapping[str, int]
) -> tuple[DimensionSum, ...] | None:
    sums = {row.name: row for row in before}
    for name in DIMENSIONS:
        if name in scores:
            row = sums.get(name, DimensionSum(name, 0, 0))
            sums[name] = DimensionSum(name, row.count + sign, row.total + sign * scores[name])
    kept = (sums[name] for name in DIMENSIONS if name in sums and sums[name].count)
    return tuple(kept) or None


def _cents(value: Fraction) -> Decimal:
    """To two places, half up."""
    return Decimal((200 * value.numerator + value.denominator) // (2 * value.denominator)).scaleb(-2)
