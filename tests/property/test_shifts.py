"""Laws of shifts: of whatever is clocked, approved, disputed and corrected, in whatever order."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.metering.session import Session, SessionStatus
from marketplace.metering.use_cases import settle_session
from marketplace.shared.accounts import hold
from marketplace.shared.errors import Conflict, InvalidRequest
from marketplace.shared.local_days import split
from marketplace.shared.money import Money
from marketplace.work.minute_terms import ClassRates, MinuteClass, MinuteTerms
from tests.shifts import BEGIN, Shift

DAY_SECONDS = 86_400


CLASS_RATES = st.none() | st.sampled_from(["0.5", "33.3333", "240"]).map(Decimal)
RATES_BY_CLASS = st.builds(ClassRates, CLASS_RATES, CLASS_RATES, CLASS_RATES, CLASS_RATES)
MINUTE_TERMS = st.builds(
    MinuteTerms,
    classes=RATES_BY_CLASS | st.none() | RATES_BY_CLASS,
    minimum_pay=st.none() | st.sampled_from([None, 1, 300]),
    cap_seconds_per_day=st.sampled_from([None, None, 250, 700, 86_400]),
    cap_seconds_per_week=st.sampled_from([None, None, 300, 1_000]),
    time_zone=st.sampled_from([None, "Europe/Berlin", "Australia/Lord_Howe"]),
).map(lambda terms: None if terms in (MinuteTerms(), MinuteTerms(time_zone="Europe/Berlin")) else terms)

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["wait", "beat", "start", "stop", "fund", "class"]),
        st.integers(0, 260),
    ),
    max_size=25,
)


def ends(shift: Shift) -> list[Any]:
    """What the ledger will know of each session, in order."""
    sessions = [shift.session(head) for head in shift.store.heads if head.startswith("ses_")]
    return [(s.started_at, s.ended_at, s.end_reason, s.gross) for s in sessions]


def play(shift: Shift, step: str, amount: int, sequence: int) -> None:
    """One step of a day; what the state does not allow is refused and changes nothing."""
    current = [head for head in shift.store.heads if head.startswith("ses_")]
    newest = shift.session(current[-1]) if current else None
    try:
        if newest is not None and step in ("start", "fund") and newest.is_running and shift.asleep:
            shift.commit(lambda tx: settle_session(newest.id, tx))
        if step == "wait":
            shift.advance(amount)
        elif step == "start":
            shift.start()
        elif step == "fund":
            shift.fund(amount + 1)
        elif newest is not None and step == "class":
            name = list(MinuteClass)[amount % 4]
            shift.say(newest, name, sequence, phone_at=shift.now - amount // 4)
        elif newest is not None and step == "beat":
            shift.beat(newest, sequence, phone_at=shift.now - amount // 8)
        elif newest is not None:
            shift.stop(newest)
    except (Conflict, InvalidRequest):
        pass


@settings(max_examples=150)
@given(STEPS, st.integers(1, 400), st.none() | st.integers(1, 900), MINUTE_TERMS)
def test_timers_that_sleep_through_the_day_come_to_the_same_ends(
    steps: list[tuple[str, int]], funds: int, cap: int | None, minutes: MinuteTerms | None
) -> None:
    days = [
        Shift(rate="60", funds=funds, cap_seconds=cap, minutes=minutes, asleep=asleep)
        for asleep in (False, True)
    ]
    for day in days:
        for sequence, (step, amount) in enumerate(steps):
            play(day, step, amount, sequence)
        day.advance(10_000)
        day.fire()
    assert ends(days[0]) == ends(days[1])


MOVES = st.sampled_from(
    [
        *("wait", "work", "work", "work", "start", "start", "stop", "fund", "class", "class"),
        *("approve", "dispute", "ask", "accept", "decline", "day", "week"),
    ]
)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(MOVES, st.integers(0, 400), st.integers(0, 5)), min_size=8, max_size=40),
    st.builds(
        Shift,
        rate=st.sampled_from(["0.5", "33.3333", "60"]),
        currency=st.sampled_from(["USD", "JPY", "KWD"]),
        cap_seconds=st.none() | st.integers(1, 2_000),
        increment_seconds=st.sampled_from([1, 60, 360]),
        minimum_seconds=st.sampled_from([0, 90]),
        funds=st.sampled_from([1, 200, 1_000, 100_000]),
        asleep=st.booleans(),
        minutes=MINUTE_TERMS,
    ),
)
def test_no_second_is_paid_twice_and_no_money_is_promised_twice(
    moves: list[tuple[str, int, int]], shift: Shift
) -> None:
    play(shift, "start", 0, 0)
    for sequence, (move, amount, which) in enumerate(moves):
        _move(shift, move, amount, which, sequence)
        _check_money(shift)
        _check_time(shift)
        _check_calendar(shift)


def _move(shift: Shift, move: str, amount: int, which: int, sequence: int) -> None:
    heads = [head for head in shift.store.heads if head.startswith("ses_")]
    if move == "work":
        play(shift, "wait", amount % 180, sequence)
        play(shift, "beat", 0, sequence)
        return
    if move in ("wait", "start", "stop", "fund", "class"):
        play(shift, move, amount, sequence)
        return
    if move in ("day", "week"):
        shift.advance(DAY_SECONDS if move == "day" else 7 * DAY_SECONDS)
    if not heads or move in ("day", "week"):
        return
    session = shift.session(heads[which % len(heads)])
    act = {"approve": shift.approve, "accept": shift.accept, "decline": shift.decline}
    counted = {"dispute": shift.dispute, "ask": shift.ask}
    try:
        if move in act:
            act[move](session)
        else:
            counted[move](session, amount)
    except (Conflict, InvalidRequest):
        pass


def _check_money(shift: Shift) -> None:
    contract, sessions = shift.contract, _sessions(shift)
    assert 0 <= contract.reserved <= contract.held
    assert contract.headroom >= 0
    assert contract.funded == contract.held + contract.released + contract.returned
    assert contract.reserved == sum(session.rest for session in sessions if not session.is_running)
    assert contract.released == sum(session.paid for session in sessions)
    folded: Counter[str] = Counter()
    for event in shift.events:
        for posting in event.journal.postings if event.journal else ():
            folded[posting.account] += posting.credit - posting.debit
    assert folded[hold(contract.id)] == contract.held
    fee, net = 0, 0
    for session in sessions:
        session_fee, session_net = Money(session.paid, shift.currency).split(basis_points=1_000)
        fee, net = fee + session_fee.amount, net + session_net.amount
    assert (folded["platform:fees"], shift.available) == (fee, net)


def _check_time(shift: Shift) -> None:
    contract, sessions = shift.contract, _sessions(shift)
    slack = max(shift.increment_seconds - 1, shift.minimum_seconds)
    assert [session.is_running for session in sessions].count(True) <= 1
    for session, later in pairwise(sessions):
        assert session.ended_at is not None
        assert session.ended_at <= later.started_at
    for session in sessions:
        assert session.billable_seconds <= shift.now - session.started_at + slack
        if session.status == SessionStatus.RUNNING:
            assert contract.running is not None
            assert contract.running.allowance >= session.gross
    ended = sum(session.billable_seconds for session in sessions if not session.is_running)
    assert contract.billed_seconds == ended
    assert shift.cap_seconds is None or ended <= shift.cap_seconds
    billed = [_billed(session, session.billable_seconds) for session in sessions if session.billable_seconds]
    assert all(until <= begin for (_, until), (begin, _) in pairwise(billed)), "billed twice"


def _billed(session: Session, seconds: int) -> tuple[int, int]:
    """From when to when a session is billed."""
    begin = session.started_at + session.terms.billed_from
    return begin, begin + seconds


def _check_calendar(shift: Shift) -> None:
    terms = shift.minutes or MinuteTerms()
    days: Counter[date] = Counter()
    for session in _sessions(shift):
        by_the_clock = session.billable_seconds - session.corrected_seconds
        for day, seconds in split(*_billed(session, by_the_clock), terms.zone):
            days[day] += seconds
    weeks: Counter[date] = Counter()
    for day, seconds in days.items():
        weeks[day - timedelta(days=day.weekday())] += seconds
    for cap, sums in ((terms.cap_seconds_per_day, days), (terms.cap_seconds_per_week, weeks)):
        assert cap is None or max(sums.values(), default=0) <= cap


def _sessions(shift: Shift) -> list[Session]:
    return [shift.session(head) for head in shift.store.heads if head.startswith("ses_")]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 170)), min_size=1, max_size=12),
    st.sampled_from([1, 6, 60, 900]),
    st.sampled_from([0, 45, 600]),
)
def test_however_often_a_worker_clocks_in_no_more_is_billed_than_passes_and_one_rounding(
    cut: list[tuple[int, int]], increment: int, minimum: int
) -> None:
    shift = Shift(increment_seconds=increment, minimum_seconds=minimum, funds=10**9)
    for gap, worked in cut:
        shift.advance(gap)
        shift.worked(worked)
        slack = max(increment - 1, minimum)
        assert shift.contract.billed_seconds <= shift.now - BEGIN + slack
