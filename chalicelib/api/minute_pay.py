"""Clocked time as a task's pay: the rate, and what may be said beyond it."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from chalicelib.types import Given, Model, Money, Rate
from marketplace.shared import money
from marketplace.shared.errors import CurrencyMismatch, Fault
from marketplace.shared.local_days import zones
from marketplace.work.minute_terms import ClassRates, MinuteClass, MinuteTerms
from marketplace.work.terms import Pay, PayModel

CAP_SECONDS_MAX = 366 * 86_400
CAP_SECONDS_PER_DAY_MAX = 86_400
CAP_SECONDS_PER_WEEK_MAX = 7 * 86_400
INCREMENT_SECONDS_MAX = 3_600
MINIMUM_SECONDS_MAX = 8 * 3_600


def _known_zone(name: str) -> str:
    if name not in zones():
        raise ValueError("must be a time zone by its IANA name, such as Europe/Berlin")
    return name


ClassName = Literal["talk", "hold", "wrap", "wait"]
TimeZone = Annotated[str, AfterValidator(_known_zone)]


class ClassRatesBody(Model):
    """Rates of classes of minutes; one that is left out is paid by the contract's own rate."""

    talk: Annotated[Rate | None, Given] = None
    hold: Annotated[Rate | None, Given] = None
    wrap: Annotated[Rate | None, Given] = None
    wait: Annotated[Rate | None, Given] = None

    @model_validator(mode="after")
    def _some(self) -> "ClassRatesBody":
        if not self.model_fields_set:
            raise ValueError("must hold a rate for at least one class")
        return self


class MinutePay(Model):
    """A rate for clocked time. `cap_seconds` counts for each contract; the caps by day and week, which begins
    on Monday, go by `time_zone`, UTC unless said. `minimum_pay` is the least for a session that begins a
    shift. A class that `classes` leaves out is paid by the rate, as is time that nobody named."""

    model: Literal["per_minute"]
    rate: Rate
    cap_seconds: Annotated[int, Field(ge=1, le=CAP_SECONDS_MAX)] | None = None
    increment_seconds: Annotated[int, Field(ge=1, le=INCREMENT_SECONDS_MAX)] = 1
    minimum_seconds: Annotated[int, Field(ge=0, le=MINIMUM_SECONDS_MAX)] = 0
    classes: ClassRatesBody | None = None
    minimum_pay: Money | None = None
    cap_seconds_per_day: Annotated[int, Field(ge=1, le=CAP_SECONDS_PER_DAY_MAX)] | None = None
    cap_seconds_per_week: Annotated[int, Field(ge=1, le=CAP_SECONDS_PER_WEEK_MAX)] | None = None
    time_zone: TimeZone | None = None


def minute_pay_of(body: MinutePay) -> Pay:
    """The terms as the product's rules know them. Raises CurrencyMismatch."""
    terms = MinuteTerms(
        classes=_class_rates(body),
        minimum_pay=body.minimum_pay.amount if body.minimum_pay else None,
        cap_seconds_per_day=body.cap_seconds_per_day,
        cap_seconds_per_week=body.cap_seconds_per_week,
        time_zone=body.time_zone,
    )
    if body.minimum_pay:
        _require_currency(body, body.minimum_pay.currency, "/pay/minimum_pay/currency")
    return Pay(
        PayModel.PER_MINUTE,
        rate=body.rate.to_domain(),
        cap_seconds=body.cap_seconds,
        increment_seconds=body.increment_seconds,
        minimum_seconds=body.minimum_seconds,
        minutes=None if terms == MinuteTerms() else terms,
    )


def minute_pay_view(pay: Pay, rate: money.Rate) -> MinutePay:
    """The terms for an answer."""
    terms, currency = pay.minutes or MinuteTerms(), rate.currency
    floor = terms.minimum_pay
    return MinutePay(
        model="per_minute",
        rate=Rate.of(rate),
        cap_seconds=pay.cap_seconds,
        increment_seconds=pay.increment_seconds,
        minimum_seconds=pay.minimum_seconds,
        classes=_class_rates_view(terms.classes, currency) if terms.classes else None,
        minimum_pay=None if floor is None else Money(amount=floor, currency=currency),
        cap_seconds_per_day=terms.cap_seconds_per_day,
        cap_seconds_per_week=terms.cap_seconds_per_week,
        time_zone=terms.time_zone,
    )


def _class_rates(body: MinutePay) -> ClassRates | None:
    if body.classes is None:
        return None
    rates: dict[str, Decimal] = {}
    for name in MinuteClass:
        rate: Rate | None = getattr(body.classes, name)
        if rate is not None:
            _require_currency(body, rate.currency, f"/pay/classes/{name}/currency")
            rates[name] = rate.to_domain().amount_decimal
    return ClassRates(**rates)


def _class_rates_view(rates: ClassRates, currency: str) -> ClassRatesBody:
    own = {name: rates.of(name) for name in MinuteClass}
    said: dict[str, Any] = {
        str(name): None if rate is None else Rate.of(money.Rate(rate, currency)) for name, rate in own.items()
    }
    return ClassRatesBody.model_construct(**said)


def _require_currency(body: MinutePay, currency: str, pointer: str) -> None:
    if currency != body.rate.currency:
        raise CurrencyMismatch((Fault(pointer, f"the rate is in {body.rate.currency}"),))
