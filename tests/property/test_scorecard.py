"""Laws of scored work, for whatever scorecards and points there may be."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.shared.money import AMOUNT_MAX, Money
from marketplace.work.scorecard import (
    DEDUCTION_SHARE_MAX,
    POINTS_MAX,
    WEIGHT_MAX,
    Band,
    Criterion,
    Scorecard,
    earned,
    lost,
    score_of,
)

AMOUNTS = st.integers(1, AMOUNT_MAX)
POINTS = st.integers(0, POINTS_MAX)
ROWS = st.dictionaries(
    st.text("abc", min_size=1), st.tuples(st.integers(1, WEIGHT_MAX), POINTS), min_size=1, max_size=8
)


def bands(share_max: int) -> st.SearchStrategy[Band]:
    caps = st.builds(Money, AMOUNTS, st.just("USD"))
    return st.builds(Band, st.integers(1, POINTS_MAX), st.integers(1, share_max), caps)


def card_of(rows: dict[str, tuple[int, int]], **bands: Band) -> Scorecard:
    return Scorecard(1, tuple(Criterion(name, weight) for name, (weight, _) in rows.items()), **bands)


def points_of(rows: dict[str, tuple[int, int]]) -> dict[str, int]:
    return {name: points for name, (_, points) in rows.items()}


@given(ROWS, AMOUNTS)
def test_a_score_and_its_parts_do_not_depend_on_the_order_of_criteria(
    rows: dict[str, tuple[int, int]], bonus: int
) -> None:
    shuffled = dict(reversed(rows.items()))
    first, second = (card_of(each).scored(points_of(rows)) for each in (rows, shuffled))
    assert score_of(first) == score_of(second)
    assert earned(first, bonus) == earned(second, bonus)
    lowest, highest = min(points_of(rows).values()), max(points_of(rows).values())
    assert lowest <= score_of(first) <= highest


@given(ROWS, AMOUNTS)
def test_shown_parts_add_up_to_the_cent(rows: dict[str, tuple[int, int]], amount: int) -> None:
    scored = card_of(rows).scored(points_of(rows))
    for parts in (earned(scored, amount), lost(scored, amount)):
        assert sum(row.part for row in parts) == amount
        assert min(row.part for row in parts) >= 0


@given(ROWS, bands(POINTS_MAX), bands(DEDUCTION_SHARE_MAX), AMOUNTS)
def test_bonus_and_deduction_stay_within_their_caps_and_never_take_more_than_half(
    rows: dict[str, tuple[int, int]], bonus: Band, deduction: Band, price: int
) -> None:
    card = card_of(rows, bonus=bonus, deduction=deduction)
    score = score_of(card.scored(points_of(rows)))
    plus, minus = card.bonus_for(score, price), card.deduction_for(score, price)
    assert 0 <= plus <= min(bonus.cap.amount, price)
    assert 0 <= minus <= min(deduction.cap.amount, (price + 1) // 2)
    assert bool(plus) <= (score >= bonus.threshold)
    assert bool(minus) <= (score < deduction.threshold)
