"""A day is missing exactly when no reconciliations together hold all of it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from marketplace.closing.coverage import DAY_SECONDS, TOLD_MAX, missing_days

DAYS = 12
SPANS = st.lists(
    st.tuples(st.integers(-3, DAYS * 4 + 3), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1]))
)
"""In quarters of a day."""
QUARTER = DAY_SECONDS // 4


@given(SPANS)
def test_the_days_that_are_named_are_those_that_no_span_covers(quarters: list[tuple[int, int]]) -> None:
    compared = [(start * QUARTER, end * QUARTER) for start, end in quarters]
    found = missing_days(0, DAYS * DAY_SECONDS, compared)
    named = {day for row in found for day in range(row.start // DAY_SECONDS, row.end // DAY_SECONDS)}
    covered = {quarter for start, end in quarters for quarter in range(start, end)}
    assert named == {day for day in range(DAYS) if not covered >= set(range(day * 4, day * 4 + 4))}
    assert all(before.end < after.start for before, after in pairwise(found))


def test_many_stretches_are_told_as_a_few_that_hold_them_all() -> None:
    every_other = [(day * DAY_SECONDS, (day + 1) * DAY_SECONDS) for day in range(0, 4 * TOLD_MAX, 2)]
    found = missing_days(0, 4 * TOLD_MAX * DAY_SECONDS, every_other)
    assert (len(found), found[-1].end) == (TOLD_MAX, 4 * TOLD_MAX * DAY_SECONDS)
