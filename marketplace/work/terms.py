"""How a task pays: the terms that a bid answers and a contract keeps."""

from enum import StrEnum

from marketplace.shared.money import Money, Rate
from marketplace.shared.records import dataclass
from marketplace.work.minute_terms import MinuteTerms


class PayModel(StrEnum):
    """The three ways to earn."""

    MILESTONE = "milestone"
    PER_RESULT = "per_result"
    PER_MINUTE = "per_minute"


class ReviewPolicy(StrEnum):
    """Who judges a result: the client alone, known answers, or several workers who gave the same."""

    MANUAL = "manual"
    GOLD = "gold"
    AGREEMENT = "agreement"


AGREEING_MIN = 2
AGREEING_MAX = 10


@dataclass(frozen=True)
class Review:
    """How results are judged before the client looks: by the `field` of their payloads. `workers` is how many
    must give the same, AGREEING_MIN to AGREEING_MAX, where their agreement decides."""

    policy: ReviewPolicy
    field: str
    workers: int = 0


@dataclass(frozen=True)
class Pay:
    """The terms of one seat. Only the fields of its model are set:

    milestone   `budget`
    per_result  `unit`, `quantity`, `review` (None: the client judges)
    per_minute  `rate`, `cap_seconds` (a contract's most), `increment_seconds` (rounded up to),
                `minimum_seconds` (a session's least), `minutes` (None: nothing beyond the rate)
    """

    model: PayModel
    budget: Money | None = None
    unit: Money | None = None
    quantity: int | None = None
    review: Review | None = None
    rate: Rate | None = None
    cap_seconds: int | None = None
    increment_seconds: int = 1
    minimum_seconds: int = 0
    minutes: MinuteTerms | None = None

    @property
    def currency(self) -> str:
        """The currency of everything that this task pays."""
        price = self.budget or self.unit or self.rate
        if price is None:
            raise ValueError("pay without a price")
        return price.currency
