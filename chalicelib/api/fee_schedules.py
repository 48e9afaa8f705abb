"""What we keep of paid work: published ahead, in effect from an instant on."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.http import FINANCE, OPERATOR, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Currency, Given, Instant, Model
from marketplace.contracts import fee_schedules
from marketplace.contracts.contract import HELD_MAX
from marketplace.contracts.fee_schedules import (
    CURRENCIES_MAX,
    CurrencyFees,
    FeeSchedule,
    PublishFeeSchedule,
)
from marketplace.contracts.fees import TIERS_MAX, Tier
from marketplace.shared.money import AMOUNT_MAX, BASIS_POINTS_WHOLE
from marketplace.storage.keys import FEE_SCHEDULES

routes = Routes()

STAFF = (*OPERATOR, *FINANCE)

BasisPoints = Annotated[int, Field(ge=0, le=BASIS_POINTS_WHOLE)]
FeeAmount = Annotated[int, Field(ge=0, le=AMOUNT_MAX)]


class TierBody(Model):
    """The rate of what is billed above so many minor units, up to the next tier."""

    above: Annotated[int, Field(gt=0, le=HELD_MAX)]
    basis_points: BasisPoints


class CurrencyFeesBody(Model):
    """The worker's side in one currency, minor units: `fixed` and `minimum` for each release, never more than
    the release; `tiers` by all that was billed between a client and a worker or an agency."""

    currency: Currency
    fixed: FeeAmount = 0
    minimum: FeeAmount = 0
    tiers: Annotated[list[TierBody], Field(max_length=TIERS_MAX)] = []


class NewFeeSchedule(Model):
    """`basis_points` comes off what the worker earns: all of it, or what is billed below the first tier.
    `client_basis_points` comes on top, from the client. In effect two minutes later, the least there is,
    unless `effective_at` says when."""

    effective_at: Annotated[Instant | None, Given] = None
    basis_points: BasisPoints
    client_basis_points: BasisPoints = 0
    currencies: Annotated[list[CurrencyFeesBody], Field(max_length=CURRENCIES_MAX)] = []


class FeeScheduleView(Model):
    """A fee schedule; it never changes. Contracts offered while it is the latest in effect keep its terms."""

    id: str
    object: Literal["fee_schedule"] = "fee_schedule"
    effective_at: Instant
    basis_points: int
    client_basis_points: int
    currencies: list[CurrencyFeesBody]
    created_at: Instant


@routes.add(
    "POST", "/v1/fee-schedules", who=OPERATOR, body=NewFeeSchedule, answer=FeeScheduleView, status=201
)
def publish_fee_schedule(call: Call[NewFeeSchedule]) -> Reply:
    """Publishes the fees of contracts that are offered from an instant on."""
    body = call.body
    command = PublishFeeSchedule(
        schedule_id=call.runtime.new_id("fee"),
        effective_at=body.effective_at,
        basis_points=body.basis_points,
        client_basis_points=body.client_basis_points,
        currencies=tuple(_currency(row) for row in body.currencies),
    )
    return call.commit(lambda tx: fee_schedules.publish_fee_schedule(command, tx), _view)


@routes.add("GET", "/v1/fee-schedules", who=STAFF, query=PageQuery, answer=Page, row=FeeScheduleView)
def list_fee_schedules(call: Call[Any]) -> Reply:
    """All fee schedules, the latest published first."""
    return call.page(FEE_SCHEDULES, "all", _view)


@routes.add("GET", "/v1/fee-schedules/{schedule_id}", who=STAFF, answer=FeeScheduleView)
def get_fee_schedule(call: Call[Any]) -> Reply:
    """One fee schedule."""
    return Reply(_view(call.get(FeeSchedule, call.id("schedule_id", "fee"))))


def tier_bodies(tiers: tuple[Tier, ...]) -> list[TierBody]:
    """Tiers for an answer."""
    return [TierBody(above=tier.above, basis_points=tier.basis_points) for tier in tiers]


def _currency(row: CurrencyFeesBody) -> CurrencyFees:
    tiers = tuple(Tier(tier.above, tier.basis_points) for tier in row.tiers)
    return CurrencyFees(row.currency, tiers, row.fixed, row.minimum)


def _view(schedule: FeeSchedule) -> FeeScheduleView:
    return FeeScheduleView(
        id=schedule.id,
        effective_at=schedule.effective_at,
        basis_points=schedule.basis_points,
        client_basis_points=schedule.client_basis_points,
        currencies=[
            CurrencyFeesBody(
                currency=row.currency, fixed=row.fixed, minimum=row.minimum, tiers=tier_bodies(row.tiers)
            )
            for row in schedule.currencies
        ],
        created_at=schedule.created_at,
    )
