"""Money: integer minor units of one currency. There is no conversion and no float anywhere."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from marketplace.shared.records import dataclass

AMOUNT_MAX = 99_999_999
"""Largest amount of any one charge, in minor units (Stripe: /api/payment_intents/create, eight digits)."""

BASIS_POINTS_WHOLE = 10_000


@dataclass(frozen=True)
class Money:
    """`amount` minor units of `currency` (ISO 4217, upper case)."""

    amount: int
    currency: str

    def split(self, *, basis_points: int) -> tuple["Money", "Money"]:
        """The share of `basis_points`, rounded half up to the minor unit, and the rest.

        The two parts always add up to the whole.
        """
        share = half_up(self.amount * basis_points)
        return Money(share, self.currency), Money(self.amount - share, self.currency)


def half_up(exact: int) -> int:
    """Ten-thousandths of a minor unit, not negative, as whole minor units; halves go up."""
    return (exact * 2 + BASIS_POINTS_WHOLE) // (BASIS_POINTS_WHOLE * 2)


@dataclass(frozen=True)
class Rate:
    """`amount_decimal` minor units of `currency` for each `per` (`minute`) of work."""

    amount_decimal: Decimal
    currency: str
    per: str = "minute"


SECONDS_PER = {"minute": 60}


def price(rated_seconds: Decimal, per: str = "minute") -> int:
    """Minor units, rounded once, half up, of seconds that were each multiplied by their rate for each `per`.

    Rates have four places at most: what is added up before it is divided is exact.
    """
    exact = rated_seconds / SECONDS_PER[per]
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Splits `total` minor units by `weights`, handing out every unit (largest remainder).

    Equal remainders are served in order. Raises ValueError when the weights do not add up to
    something positive or one of them is negative.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(total * weights[index] % whole))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares
