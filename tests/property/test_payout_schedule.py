"""A schedule's clock: always ahead, on its day, in UTC, and never two of one day."""

from calendar import monthrange
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from marketplace.payouts.clearance import Clearance
from marketplace.payouts.payout import Payout
from marketplace.payouts.schedule import POSTPONED_SECONDS, SPREAD_SECONDS, Interval, PayoutSchedule
from marketplace.payouts.watchdog import OVERDUE_SECONDS, UNSWEPT_SECONDS, overdue, swept_until, unswept
from marketplace.people.payout_account import PayoutAccount
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money

DAY = 86_400
INSTANTS = st.integers(min_value=1_600_000_000, max_value=4_000_000_000)
WORKERS = st.integers(min_value=0, max_value=10_000).map(lambda n: f"wrk_{n}")
CHOICES = st.one_of(
    st.tuples(st.just(Interval.DAILY), st.none()),
    st.tuples(st.just(Interval.WEEKLY), st.integers(1, 7)),
    st.tuples(st.just(Interval.MONTHLY), st.integers(1, 31)),
)
PAUSES = {Interval.DAILY: DAY, Interval.WEEKLY: 7 * DAY, Interval.MONTHLY: 31 * DAY}


def schedule(worker: str, choice: tuple[Interval, int | None], at: int) -> PayoutSchedule:
    return PayoutSchedule.manual(worker, at).set_to(*choice, None, at)


@given(worker=WORKERS, choice=CHOICES, at=INSTANTS)
def test_the_next_instant_is_ahead_on_the_day_and_within_the_first_hour(
    worker: str, choice: tuple[Interval, int | None], at: int
) -> None:
    interval, anchor = choice
    due_at = schedule(worker, choice, at).due_at
    assert due_at is not None
    assert at < due_at <= at + PAUSES[interval]
    assert due_at % DAY < SPREAD_SECONDS
    day = datetime.fromtimestamp(due_at, UTC)
    if interval == Interval.WEEKLY:
        assert day.isoweekday() == anchor
    if interval == Interval.MONTHLY:
        assert day.day == min(anchor or 0, monthrange(day.year, day.month)[1])


@given(worker=WORKERS, choice=CHOICES, at=INSTANTS)
def test_one_instant_follows_another_by_whole_days(
    worker: str, choice: tuple[Interval, int | None], at: int
) -> None:
    chosen = schedule(worker, choice, at)
    due_at = chosen.due_at or 0
    after = chosen.moved_on(due_at).due_at or 0
    assert (after - due_at) % DAY == 0
    assert chosen.moved_on(after - 1).due_at == after


@given(worker=WORKERS, choice=CHOICES, at=INSTANTS)
def test_postponed_is_a_day_later_at_the_latest_and_never_the_past(
    worker: str, choice: tuple[Interval, int | None], at: int
) -> None:
    chosen = schedule(worker, choice, at)
    due_at = chosen.due_at or 0
    assert chosen.postponed(due_at).due_at == due_at + POSTPONED_SECONDS
    moved = chosen.moved_on(due_at)
    assert due_at < (moved.postponed(due_at).due_at or 0) <= due_at + POSTPONED_SECONDS


def test_manual_has_no_clock_and_choosing_the_same_again_does_not_wind_it() -> None:
    at = 1_790_000_000
    manual = PayoutSchedule.manual("wrk_1", at)
    assert (manual.due_at, manual.postponed(at).due_at) == (None, None)
    daily = manual.set_to(Interval.DAILY, None, None, at)
    assert daily.set_to(Interval.DAILY, None, None, at + 5 * DAY) is daily


def test_a_minimum_counts_in_its_own_currency_and_a_major_unit_in_the_others() -> None:
    chosen = PayoutSchedule.manual("wrk_1", 0).set_to(Interval.DAILY, None, Money(500, "USD"), 0)
    balances = {
        "USD": {"available": 499, "owed": 9_000},
        "EUR": {"available": 100},
        "KWD": {"available": 999},
        "JPY": {"in_transit": 5},
    }
    assert chosen.takes(balances) == [Money(100, "EUR")]
    assert chosen.takes({"USD": {"available": 500}}) == [Money(500, "USD")]


@given(
    choice=CHOICES,
    available=st.integers(min_value=0, max_value=10_000),
    fresh=st.integers(min_value=0, max_value=20_000),
)
def test_the_watchdog_names_only_what_is_older_than_a_schedule_may_leave(
    choice: tuple[Interval, int | None], available: int, fresh: int
) -> None:
    at = 1_790_000_000
    chosen = schedule(new_id("wrk"), choice, at)
    account = PayoutAccount("poa_1", chosen.worker_id, "US", at, at, stripe_account="acct_1")
    judged_from = at + PAUSES[choice[0]] + UNSWEPT_SECONDS
    assert swept_until(chosen, account, judged_from + 9 * DAY) is None
    ready = PayoutAccount(
        "poa_1",
        chosen.worker_id,
        "US",
        at,
        at,
        stripe_account="acct_1",
        payouts_enabled=True,
        ready_since=at,
    )
    assert swept_until(chosen, ready, judged_from - 1) is None
    assert swept_until(chosen, ready, judged_from) == at
    found = unswept(chosen, Money(available, "USD"), fresh=fresh, until=at)
    assert (found is not None) == (available - fresh >= 100)


@given(late=st.integers(min_value=-10 * DAY, max_value=10 * DAY))
def test_the_watchdog_names_payouts_a_day_after_they_should_have_ended(late: int) -> None:
    kept = Clearance(approvals_needed=2)
    waits = Payout.requested("pay_1", "wrk_1", "acct_1", Money(500, "USD"), 1_790_000_000, clearance=kept)
    now = waits.expected_at + late
    assert bool(list(overdue([waits], now))) == (late > OVERDUE_SECONDS)
    assert list(overdue([waits.cancelled()], now)) == []
