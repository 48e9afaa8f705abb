"""How a task pays: the terms that a bid answers and a contract keeps."""

from dataclasses import dataclass
from enum import StrEnum

from marketplace.shared.money import Money, Rate


class PayModel(StrEnum):
    """The three ways to earn."""

    MILESTONE = "milestone"
    PER_RESULT = "per_result"
    PER_MINUTE = "per_minute"


@dataclass(frozen=True)
class Pay:
    """The terms of one seat. Only the fields of its model are set:

    milestone   `budget`
    per_result  `unit`, `quantity`
    per_minute  `rate`, `cap_seconds` (a contract's most), `increment_seconds` (rounded up to),
                `minimum_seconds` (a session's least)
    """

    model: PayModel
    budget: Money | None = None
    unit: Money | None = None
    quantity: int | None = None
    rate: Rate | None = None
    cap_seconds: int | None = None
    increment_seconds: int = 1
    minimum_seconds: int = 0

    @property
    def currency(self) -> str:
        """The currency of everything that this task pays."""
        price = self.budget or self.unit or self.rate
        if price is None:
            raise ValueError("pay without a price")
        return price.currency
