"""The field types of the HTTP contract, shared by every request and answer."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    StringConstraints,
    Tag,
    ValidationInfo,
    WithJsonSchema,
)

from marketplace.ledger.totals import INSTANT_MAX
from marketplace.shared import money
from marketplace.shared.currencies import EXPONENTS
from marketplace.shared.ids import UNIQUE_PART_LENGTH

SHORT_TEXT_MAX = 200
LONG_TEXT_MAX = 10_000
LIST_MAX = 50
RATE_DECIMALS = 4

UNIQUE_PART = rf"[0-9a-hjkmnp-tv-z]{{{UNIQUE_PART_LENGTH}}}"
"""What follows an id's prefix."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""The last ones turn the direction of what follows: names and sums would read as others than they are."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)


class Model(BaseModel):
    """Nothing unknown, nothing coerced. `shown_once` names secrets that a replay leaves out."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, defer_build=True, hide_input_in_errors=True
    )

    shown_once: ClassVar[tuple[str, ...]] = ()


def printable(text: str) -> str:
    """The text. Raises ValueError for one with control characters."""
    if _CONTROL.search(text):
        raise ValueError("must not hold control characters")
    return text


def _instant(value: object, told: ValidationInfo) -> object:
    """Epoch seconds are ours alone: whoever calls writes instants as texts."""
    if told.mode == "python" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("must be an RFC 3339 instant such as 2026-11-22T03:04:05Z")
    instant = int(datetime.fromisoformat(value).timestamp())
    if not 0 <= instant <= INSTANT_MAX:
        raise ValueError("must lie between 1970 and 9999")
    return instant


def rfc3339(instant: int) -> str:
    """Epoch seconds as `2026-11-22T03:04:05Z`."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _known_currency(code: str) -> str:
    if code not in EXPONENTS:
        raise ValueError("must be an ISO 4217 code that we pay in, upper case")
    return code


def _rate_decimal(text: str) -> str:
    value = Decimal(text)
    if not 0 < value <= money.AMOUNT_MAX:
        raise ValueError(f"must be above 0 and at most {money.AMOUNT_MAX}")
    return text


def _given(value: object) -> object:
    if value is None:
        raise ValueError("must not be null; leave it out instead")
    return value


Given = AfterValidator(_given)
"""For a field that may be left out and may not be null."""

Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=SHORT_TEXT_MAX, strip_whitespace=True),
    AfterValidator(printable),
]
Prose = Annotated[str, StringConstraints(max_length=LONG_TEXT_MAX), AfterValidator(printable)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$", max_length=254)]
Instant = Annotated[
    int,
    BeforeValidator(_instant),
    PlainSerializer(rfc3339),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Currency = Annotated[
    str,
    AfterValidator(_known_currency),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217"}),
]


class Money(Model):
    """`amount` is minor units: 12500 of USD is 125 dollars, of JPY 12,500 yen."""

    amount: Annotated[int, Field(gt=0, le=money.AMOUNT_MAX)]
    currency: Currency

    def to_domain(self) -> money.Money:
        """The same amount as the product's rules know it."""
        return money.Money(self.amount, self.currency)

    @classmethod
    def of(cls, amount: money.Money) -> "Money":
        """For an answer; what may be zero there is a Sum."""
        return cls(amount=amount.amount, currency=amount.currency)


class Sum(Model):
    """Money in an answer, where zero is a fact: minor units."""

    amount: int
    currency: str

    @classmethod
    def of(cls, amount: money.Money) -> "Sum":
        """The same amount as callers know it."""
        return cls(amount=amount.amount, currency=amount.currency)


class Rate(Model):
    """`amount_decimal` is minor units for each `per`, at most four places."""

    amount_decimal: Annotated[
        str,
        StringConstraints(pattern=rf"^[0-9]{{1,8}}(\.[0-9]{{1,{RATE_DECIMALS}}})?$"),
        AfterValidator(_rate_decimal),
    ]
    currency: Currency
    per: Literal["minute"] = "minute"

    def to_domain(self) -> money.Rate:
        """The same rate as the product's rules know it."""
        return money.Rate(Decimal(self.amount_decimal), self.currency, self.per)

    @classmethod
    def of(cls, rate: money.Rate) -> "Rate":
        """For an answer."""
        return cls.model_construct(
            amount_decimal=str(rate.amount_decimal), currency=rate.currency, per="minute"
        )


def _price_kind(value: Any) -> str:
    if isinstance(value, dict):
        return "rate" if "amount_decimal" in value or "per" in value else "money"
    return "rate" if isinstance(value, Rate) else "money"


Price = Annotated[Annotated[Money, Tag("money")] | Annotated[Rate, Tag("rate")], Discriminator(_price_kind)]


def price_of(price: money.Money | money.Rate) -> Money | Rate:
    """A price for an answer."""
    return Rate.of(price) if isinstance(price, money.Rate) else Money.of(price)
