"""A person's reputation, folded from the ratings about them that are shown.

    score = (PRIOR_WEIGHT * PRIOR_MEAN + sum of overall ratings) / (PRIOR_WEIGHT + number of ratings)

A Bayesian mean: everybody begins as if PRIOR_WEIGHT people had given them PRIOR_MEAN, so one rating moves
a newcomer a little and many ratings outweigh the beginning. The fold is a count and a sum: it does not
depend on the order, and equals a computation from all shown ratings at any time.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from marketplace.shared.ids import derived_id

PRIOR_MEAN = 4
PRIOR_WEIGHT = 5
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Standing:
    """`total` is the sum of `count` overall ratings about `person_id`, a worker or a client."""

    id: str
    person_id: str
    count: int = 0
    total: int = 0

    @property
    def mean(self) -> Decimal | None:
        """The plain mean of the ratings to two places, half up; None without ratings."""
        return _rounded(self.total, self.count) if self.count else None

    @property
    def score(self) -> Decimal:
        """The Bayesian mean to two places, half up."""
        return _rounded(PRIOR_WEIGHT * PRIOR_MEAN + self.total, PRIOR_WEIGHT + self.count)

    def with_rating(self, overall: int) -> "Standing":
        """One rating more."""
        return replace(self, count=self.count + 1, total=self.total + overall)


def standing_id(person_id: str) -> str:
    """The id of this person's standing."""
    return derived_id("rep", person_id)


def unrated(person_id: str) -> Standing:
    """Before the first rating."""
    return Standing(standing_id(person_id), person_id)


def _rounded(total: int, count: int) -> Decimal:
    return (Decimal(total) / count).quantize(CENT, rounding=ROUND_HALF_UP)
