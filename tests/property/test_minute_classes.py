"""Laws of classes of minutes: the same seconds whatever comes when, and never more than is set aside."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.contracts.minute_classes import Mark
from marketplace.contracts.minutes import Minutes
from marketplace.metering.session import Session
from marketplace.shared.money import Rate
from marketplace.work.minute_terms import ClassRates, MinuteClass, MinuteTerms
from tests.shifts import BEGIN, Shift

CLASSES = st.sampled_from(list(MinuteClass))
AMOUNTS = st.decimals(Decimal("0.0001"), Decimal(5_000), places=4, allow_nan=False)
CLASS_RATES = st.builds(ClassRates, *[st.none() | AMOUNTS] * 4)
SAID = st.lists(
    st.tuples(st.integers(0, 30), st.integers(-50, 170), CLASSES), max_size=12, unique_by=lambda mark: mark[0]
)
"""(sequence, seconds after the start by a phone whose clock may jump, class)."""
MINUTES = MinuteTerms(classes=ClassRates(Decimal(100), Decimal(10), None, Decimal("0.5")))


def seconds_told(said: list[tuple[int, int, MinuteClass]], worked: int) -> Counter[MinuteClass | None]:
    """Second by second: what the newest mark at or before it says."""
    found: Counter[MinuteClass | None] = Counter()
    for second in range(worked):
        before = [mark for mark in said if max(mark[1], 0) <= second]
        found[max(before)[2] if before else None] += 1
    return found


@settings(deadline=None)
@given(SAID, st.data(), st.integers(-7_200, 7_200), st.integers(1, 170))
def test_whatever_the_order_of_arrival_the_same_seconds_are_of_the_same_class(
    said: list[tuple[int, int, MinuteClass]], data: st.DataObject, skew: int, worked: int
) -> None:
    repeated = data.draw(st.lists(st.sampled_from(said), max_size=4)) if said else []
    arriving = data.draw(st.permutations([*said, *repeated, *range(1, 4)]))
    shift = Shift(minutes=MINUTES, funds=10**8)
    session = shift.start(phone_at=BEGIN + skew)
    shift.now += 170
    for one in arriving:
        if isinstance(one, int):
            at = worked if one == 3 else worked // 2
            session = shift.beat(session, one, phone_at=BEGIN + skew + at)
        else:
            session = shift.say(session, one[2], one[0], phone_at=BEGIN + skew + one[1])
    assert session.is_running
    assert session.by_class == seconds_told(said, worked)
    assert session.gross == session.terms.price(seconds_told(said, worked))


TERMS = st.builds(
    Minutes,
    st.builds(Rate, AMOUNTS, st.just("KWD")),
    st.sampled_from([1, 6, 60]),
    st.sampled_from([0, 45, 90]),
    st.none() | st.integers(1, 400),
    prepaid=st.none(),
    floor=st.none() | st.integers(1, 3_000),
    classes=CLASS_RATES,
)
MARKS = st.lists(
    st.builds(Mark, st.integers(0, 99), st.integers(0, 400), CLASSES),
    max_size=8,
    unique_by=lambda mark: mark[0],
)


@given(TERMS, MARKS, st.integers(0, 30_000), st.integers(0, 100))
def test_mixed_rates_use_the_money_up_to_the_second_and_never_go_beyond(
    terms: Minutes, marks: list[Mark], amount: int, prepaid: int
) -> None:
    if prepaid > 50:
        terms = replace(terms, prepaid=prepaid, minimum_seconds=0)
    amount += terms.least
    most = min(terms.seconds_max, 1_000)
    seconds = terms.seconds_within(amount, marks)
    assert all(terms.gross(worked, marks) <= amount for worked in range(min(seconds, most) + 1))
    assert seconds == terms.seconds_max or terms.gross(seconds + 1, marks) > amount


@given(TERMS, MARKS, st.integers(0, 500))
def test_every_billable_second_has_one_class_and_no_marked_time_beyond_the_work_counts(
    terms: Minutes, marks: list[Mark], worked: int
) -> None:
    found = terms.by_class(worked, marks)
    assert found.total() == terms.billable_seconds(worked)
    worked_marks = [mark for mark in marks if mark.second < max(worked, 1)]
    assert found == terms.by_class(worked, worked_marks)
    assert terms.gross(worked, marks) <= terms.most(worked)


@given(AMOUNTS, MARKS, st.integers(0, 10**6))
def test_classes_at_the_contracts_own_rate_pay_what_no_classes_pay(
    amount: Decimal, marks: list[Mark], worked: int
) -> None:
    alike = Minutes(Rate(amount, "JPY"), 6, 30, classes=ClassRates(*[amount] * 4))
    assert alike.gross(worked, marks) == replace(alike, classes=None).gross(worked)


@given(
    st.lists(
        st.tuples(st.integers(0, 170), st.integers(-(10**6), 10**6), st.integers(-5, 5), CLASSES), max_size=15
    )
)
def test_a_phone_that_sets_its_clock_while_it_works_gains_no_second(
    beats: list[tuple[int, int, int, MinuteClass]],
) -> None:
    shift = Shift(minutes=MINUTES, asleep=True)
    session: Session = shift.start(phone_at=BEGIN)
    for number, (passed, clock_off, step, name) in enumerate(beats):
        shift.now += passed
        shift.say(session, name, number + step + 5, phone_at=shift.now + clock_off)
        session = shift.beat(session, number + step + 5, phone_at=shift.now + clock_off)
        assert session.worked_seconds <= shift.now - BEGIN
        assert all(mark.second <= shift.now - BEGIN for mark in session.marks or ())
        assert session.by_class.total() == session.billable_seconds <= shift.now - BEGIN
