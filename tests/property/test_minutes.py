"""Laws of clocked work, for whatever rates, terms and heartbeats come up with."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marketplace.contracts.minutes import SESSION_SECONDS_MAX, Minutes, payable_seconds
from marketplace.metering.session import SILENCE_SECONDS
from marketplace.shared.money import Rate, price
from tests.shifts import BEGIN, Shift

DAY_SECONDS = 86_400
CURRENCIES = st.sampled_from(["USD", "JPY", "KWD"])
RATES = st.builds(
    Rate, st.decimals(Decimal("0.0001"), Decimal(99_999), places=4, allow_nan=False), CURRENCIES
)
AMOUNTS = st.integers(0, 10**9)
TERMS = st.builds(
    Minutes,
    RATES,
    st.sampled_from([1, 6, 15, 60, 900]),
    st.sampled_from([0, 1, 30, 90, 600]),
    st.none() | st.integers(1, 30 * DAY_SECONDS),
)


@given(RATES, AMOUNTS)
def test_payable_seconds_are_the_most_that_an_amount_pays(rate: Rate, amount: int) -> None:
    most = payable_seconds(rate, amount)
    assert most >= 0
    assert price(rate.amount_decimal * most) <= amount < price(rate.amount_decimal * (most + 1))


@given(TERMS, st.integers(0, 40 * DAY_SECONDS))
def test_billable_seconds_never_exceed_the_worked_ones_by_more_than_an_increment_or_the_minimum(
    terms: Minutes, worked: int
) -> None:
    billable = terms.billable_seconds(worked)
    assert billable <= max(worked + terms.increment_seconds - 1, terms.minimum_seconds)
    assert terms.seconds_left is None or billable <= terms.seconds_left
    assert terms.billable_seconds(worked) <= terms.billable_seconds(worked + 1)


@given(TERMS, AMOUNTS)
def test_a_session_may_work_as_long_as_its_gross_fits_and_not_a_second_less(
    terms: Minutes, amount: int
) -> None:
    seconds = terms.seconds_for(amount)
    if amount >= terms.least:
        assert seconds > 0
    if seconds == 0:
        assert terms.gross(1) > amount
        return
    assert terms.gross(seconds) <= amount
    at_its_end = seconds == terms.seconds_left or seconds > SESSION_SECONDS_MAX - terms.increment_seconds
    assert at_its_end or terms.gross(seconds + 1) > amount


@given(st.integers(0, 10**7), CURRENCIES)
def test_sixty_five_hours_and_six_minutes_come_to_the_same_in_every_unit_of_rate(
    per_minute: int, currency: str
) -> None:
    minutes = 65 * 60 + 6
    terms = Minutes(Rate(Decimal(per_minute + 1), currency))
    assert terms.gross(minutes * 60) == (per_minute + 1) * minutes


@st.composite
def heartbeats(draw: st.DrawFn) -> list[tuple[int, int]]:
    """(sequence, phone's time) of a phone that beats in order, in the order in which they arrive."""
    gaps = draw(st.lists(st.integers(0, SILENCE_SECONDS), min_size=1, max_size=12))
    sent = [(index + 1, BEGIN + sum(gaps[: index + 1])) for index in range(len(gaps))]
    repeated = draw(st.lists(st.sampled_from(sent), max_size=8))
    return draw(st.permutations([*sent, *repeated]))


@given(heartbeats(), st.integers(-7_200, 7_200))
def test_duplicate_and_reordered_heartbeats_converge_to_the_same_seconds(
    arrived: list[tuple[int, int]], skew: int
) -> None:
    session = Shift().start(phone_at=BEGIN + skew)
    arrival = max(at for _, at in arrived)
    for sequence, at in arrived:
        proven = session.proven_by(sequence, phone_at=at + skew, arrival=arrival)
        assert proven.last_proven_at >= session.last_proven_at
        session = proven
    assert session.last_proven_at == arrival
    for sequence, at in arrived:
        assert session.proven_by(sequence, phone_at=at + 50, arrival=arrival + 50) is session


@given(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(BEGIN, BEGIN + 10**6))
def test_no_phone_clock_proves_time_before_the_start_or_after_the_arrival(
    offset: int, phone_at: int, arrival: int
) -> None:
    session = replace(Shift().start(), clock_offset=offset)
    proven = session.proven_by(1, phone_at=phone_at, arrival=arrival).last_proven_at
    assert session.started_at <= proven <= arrival
