"""What a task pays, in one of three ways."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.minute_pay import MinutePay, minute_pay_of, minute_pay_view
from chalicelib.api.review_terms import ManualReview, ReviewBody, review_of, review_view
from chalicelib.types import Model, Money
from marketplace.work.terms import Pay, PayModel

QUANTITY_MAX = 1_000_000


class MilestonePay(Model):
    """A price for the whole of a seat, paid by milestones."""

    model: Literal["milestone"]
    budget: Money


class ResultPay(Model):
    """A price for each accepted result."""

    model: Literal["per_result"]
    unit: Money
    quantity: Annotated[int, Field(ge=1, le=QUANTITY_MAX)]
    review: ReviewBody = ManualReview(policy="manual")


PayBody = Annotated[MilestonePay | ResultPay | MinutePay, Field(discriminator="model")]


def pay_view(pay: Pay) -> MilestonePay | ResultPay | MinutePay:
    """The terms for an answer."""
    if pay.model == PayModel.MILESTONE and pay.budget:
        return MilestonePay(model="milestone", budget=Money.of(pay.budget))
    if pay.model == PayModel.PER_RESULT and pay.unit and pay.quantity:
        unit, review = Money.of(pay.unit), review_view(pay.review)
        return ResultPay(model="per_result", unit=unit, quantity=pay.quantity, review=review)
    if pay.rate is None:
        raise ValueError("pay without a price")
    return minute_pay_view(pay, pay.rate)


def pay_of(body: MilestonePay | ResultPay | MinutePay) -> Pay:
    """The terms as the product's rules know them."""
    if isinstance(body, MilestonePay):
        return Pay(PayModel.MILESTONE, budget=body.budget.to_domain())
    if isinstance(body, ResultPay):
        unit, review = body.unit.to_domain(), review_of(body.review)
        return Pay(PayModel.PER_RESULT, unit=unit, quantity=body.quantity, review=review)
    return minute_pay_of(body)
