"""The laws of splitting and of rates."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.shared.money import AMOUNT_MAX, Money, allocate, price

amounts = st.integers(min_value=0, max_value=AMOUNT_MAX)
rates = st.decimals(min_value=Decimal("0.0001"), max_value=Decimal(AMOUNT_MAX), places=4)


@given(amounts, st.integers(min_value=0, max_value=10_000))
def test_a_split_hands_out_every_unit_and_rounds_the_share_half_up(amount: int, basis_points: int) -> None:
    share, rest = Money(amount, "JPY").split(basis_points=basis_points)
    assert share.amount + rest.amount == amount
    exact = Fraction(amount * basis_points, 10_000)
    assert share.amount - Fraction(1, 2) <= exact < share.amount + Fraction(1, 2)


@given(amounts, st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=20).filter(any))
def test_an_allocation_hands_out_every_unit_and_nobody_is_off_by_a_whole_one(
    total: int, weights: list[int]
) -> None:
    shares = allocate(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, sum(weights))) < 1


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_that_mean_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allocate(100, weights)


@given(rates, st.integers(min_value=0, max_value=366 * 86_400))
def test_pay_for_time_is_rounded_once_half_up(rate: Decimal, seconds: int) -> None:
    paid = price(rate * seconds)
    exact = Fraction(rate) * seconds / 60
    assert paid - Fraction(1, 2) <= exact < paid + Fraction(1, 2)


def test_an_hour_sheet_of_65_06_at_12_50_pays_813_75() -> None:
    assert price(Decimal(1250) / 60 * (65 * 3_600 + 6 * 60)) == 81_375
