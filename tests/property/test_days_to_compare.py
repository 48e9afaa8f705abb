"""Each day is compared once it is over, and again exactly when something came into it since."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from marketplace.reconciliation.days import (
    AGAIN_SECONDS,
    DAY_SECONDS,
    INDEX_LAG_MS,
    RIPE_SECONDS,
    RUNNING_SECONDS,
    Ledger,
    due_days,
    left_late,
    vouched,
)
from marketplace.reconciliation.matching import Outcome
from marketplace.reconciliation.run import BREAKS_MAX, Reconciliation

DAYS = 10
HOUR = 3_600
EVERYTHING = 100
SPANS = st.tuples(st.integers(0, DAYS * 4), st.integers(1, 20))
"""In quarters of a day: where it begins, and how long it is."""
BEGAN = st.integers(0, 20)


def run(start: int, end: int, created: int, began_ms: int | None = 0, **found: int) -> Reconciliation:
    one = Reconciliation(f"rec_{created}", start, end, created)
    return one.finished({**one.counts, **found}, created, began_ms)


def compared(known: Ledger, days: list[int], now: int, began_ms: int) -> Ledger:
    runs = [run(day, day + DAY_SECONDS, now, began_ms) for day in days]
    return replace(known, runs=[*runs, *known.runs])


@given(SPANS, BEGAN, st.dictionaries(st.integers(0, DAYS).map(lambda day: day * DAY_SECONDS), BEGAN))
def test_a_run_vouches_for_what_it_compared_but_for_days_that_were_written_into_since(
    span: tuple[int, int], began: int, late: dict[int, int]
) -> None:
    quarter = DAY_SECONDS // 4
    start, end = span[0] * quarter, (span[0] + span[1]) * quarter
    told = list(vouched(run(start, end, end, began), late))
    vouched_for = {at for a, b in told for at in range(a // quarter, b // quarter)}
    missed = {day for day, at in late.items() if at >= began}
    expected = {at for at in range(start // quarter, end // quarter) if at // 4 * DAY_SECONDS not in missed}
    assert vouched_for == expected


@given(st.integers(RIPE_SECONDS, 2 * DAY_SECONDS), st.integers(1, EVERYTHING))
def test_days_that_are_over_are_all_compared_in_bounded_steps_and_then_rest(after: int, limit: int) -> None:
    now = DAYS * DAY_SECONDS + after
    known = Ledger(0, [], {}, ())
    seen: list[int] = []
    while due := due_days(now, known, limit):
        assert len(due) <= limit
        seen += due
        known = compared(known, due, now, 1)
    over = (now - RIPE_SECONDS) // DAY_SECONDS
    assert sorted(seen) == [day * DAY_SECONDS for day in range(over)]


@given(st.integers(0, DAYS - 1), st.sampled_from([0, DAYS * DAY_SECONDS]))
def test_a_late_journal_has_its_day_compared_again_and_no_other(number: int, since: int) -> None:
    now, began_ms, day = (DAYS + 3) * DAY_SECONDS + 6 * HOUR, 10 * INDEX_LAG_MS, number * DAY_SECONDS
    known = Ledger(since, [], {}, ())
    known = compared(known, [one * DAY_SECONDS for one in range(DAYS + 3)], now, began_ms)
    assert due_days(now, known, EVERYTHING) == []
    seen = replace(known, late={day: began_ms - INDEX_LAG_MS - 1})
    assert (due_days(now, seen, EVERYTHING), left_late(seen)) == ([], {})
    late = replace(known, late={day: began_ms})
    assert (due_days(now, late, EVERYTHING), left_late(late)) == ([day], late.late)
    again = compared(late, [day], now, began_ms + INDEX_LAG_MS + 1)
    assert (due_days(now, again, EVERYTHING), left_late(again)) == ([], {})


def test_a_day_is_compared_once_more_the_night_after_and_left_alone_while_a_run_is_at_work() -> None:
    known = compared(Ledger(0, [], {}, ()), [0], DAY_SECONDS + RIPE_SECONDS, 1)
    at = DAY_SECONDS + AGAIN_SECONDS
    assert 0 not in due_days(at - 1, known, EVERYTHING)
    assert 0 in due_days(at, known, EVERYTHING)
    at_work = replace(known, runs=[Reconciliation("rec_1", 0, DAY_SECONDS, at), *known.runs])
    assert 0 not in due_days(at, at_work, EVERYTHING)
    assert 0 in due_days(at + RUNNING_SECONDS, at_work, EVERYTHING)


def test_a_day_with_more_exceptions_than_are_kept_is_tried_again_the_next_day() -> None:
    now = DAY_SECONDS + RIPE_SECONDS
    flood = {Outcome.MISSING_IN_STRIPE.value: BREAKS_MAX + 1, Outcome.TIMING.value: 1}
    known = Ledger(0, [run(0, DAY_SECONDS, now, 1, **flood)], {}, ())
    assert due_days(now + DAY_SECONDS - 1, known, EVERYTHING) == []
    assert 0 in due_days(now + DAY_SECONDS, known, EVERYTHING)
