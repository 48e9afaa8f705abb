"""How a task's results are judged, as part of its pay."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.types import Line, Model
from marketplace.work.terms import AGREEING_MAX, AGREEING_MIN, Review, ReviewPolicy


class ManualReview(Model):
    """The client judges each result; silence accepts it."""

    policy: Literal["manual"]


class GoldReview(Model):
    """Results of gold items are judged at once by `field` of their payload; the client judges the others."""

    policy: Literal["gold"]
    field: Line


class AgreementReview(Model):
    """Results of one item are judged once so many `workers` gave the same `field` of their payload."""

    policy: Literal["agreement"]
    field: Line
    workers: Annotated[int, Field(ge=AGREEING_MIN, le=AGREEING_MAX)]


ReviewBody = Annotated[ManualReview | GoldReview | AgreementReview, Field(discriminator="policy")]


def review_of(body: ManualReview | GoldReview | AgreementReview) -> Review | None:
    """The terms as the product's rules know them."""
    if isinstance(body, ManualReview):
        return None
    workers = body.workers if isinstance(body, AgreementReview) else 0
    return Review(ReviewPolicy(body.policy), body.field, workers)


def review_view(review: Review | None) -> ManualReview | GoldReview | AgreementReview:
    """The terms for an answer."""
    if review is None:
        return ManualReview(policy="manual")
    if review.policy == ReviewPolicy.GOLD:
        return GoldReview(policy="gold", field=review.field)
    return AgreementReview(policy="agreement", field=review.field, workers=review.workers)
