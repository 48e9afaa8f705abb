"""Scorecards, as part of a task's and a contract's terms."""

from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.types import Line, Model, Money
from marketplace.work.scorecard import (
    CRITERIA_MAX,
    DEDUCTION_SHARE_MAX,
    POINTS_MAX,
    WEIGHT_MAX,
    Band,
    Criterion,
    Scorecard,
)

VERSION_MAX = 1_000_000
BONUS_SHARE_MAX = 10_000


class CriterionBody(Model):
    """What is looked at, and how much it counts beside the others."""

    name: Line
    weight: Annotated[int, Field(ge=1, le=WEIGHT_MAX)]


class BonusBody(Model):
    """From this score on, a share of the work's price comes on top, at most the cap."""

    at_least_basis_points: Annotated[int, Field(ge=1, le=POINTS_MAX)]
    share_basis_points: Annotated[int, Field(ge=1, le=BONUS_SHARE_MAX)]
    cap: Money


class DeductionBody(Model):
    """Below this score, a share of the work's price is withheld, at most the cap."""

    below_basis_points: Annotated[int, Field(ge=1, le=POINTS_MAX)]
    share_basis_points: Annotated[int, Field(ge=1, le=DEDUCTION_SHARE_MAX)]
    cap: Money


def _each_once(criteria: list[CriterionBody]) -> list[CriterionBody]:
    if len({criterion.name for criterion in criteria}) < len(criteria):
        raise ValueError("a criterion is given more than once")
    return criteria


class ScorecardBody(Model):
    """How work is scored; `version` is the client's own count. A contract keeps the one it was made with."""

    version: Annotated[int, Field(ge=1, le=VERSION_MAX)]
    criteria: Annotated[
        list[CriterionBody], Field(min_length=1, max_length=CRITERIA_MAX), AfterValidator(_each_once)
    ]
    bonus: BonusBody | None = None
    deduction: DeductionBody | None = None


def scorecard_of(body: ScorecardBody) -> Scorecard:
    """The scorecard as the product's rules know it."""
    bonus, deduction = body.bonus, body.deduction
    return Scorecard(
        version=body.version,
        criteria=tuple(Criterion(one.name, one.weight) for one in body.criteria),
        bonus=_band(bonus.at_least_basis_points, bonus) if bonus else None,
        deduction=_band(deduction.below_basis_points, deduction) if deduction else None,
    )


def scorecard_view(card: Scorecard | None) -> ScorecardBody | None:
    """The scorecard for an answer."""
    if card is None:
        return None
    return ScorecardBody(
        version=card.version,
        criteria=[CriterionBody(name=one.name, weight=one.weight) for one in card.criteria],
        bonus=_bonus_view(card.bonus) if card.bonus else None,
        deduction=_deduction_view(card.deduction) if card.deduction else None,
    )


def _band(threshold: int, body: BonusBody | DeductionBody) -> Band:
    return Band(threshold, body.share_basis_points, body.cap.to_domain())


def _bonus_view(band: Band) -> BonusBody:
    return BonusBody(
        at_least_basis_points=band.threshold, share_basis_points=band.share, cap=Money.of(band.cap)
    )


def _deduction_view(band: Band) -> DeductionBody:
    return DeductionBody(
        below_basis_points=band.threshold, share_basis_points=band.share, cap=Money.of(band.cap)
    )
