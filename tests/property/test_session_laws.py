"""Laws of one session: what silence leaves, what comes after the end, what a correction adds."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.metering.session import SILENCE_SECONDS, EndReason
from marketplace.shared.errors import Conflict
from marketplace.work.minute_terms import ClassRates, MinuteClass, MinuteTerms
from tests.shifts import BEGIN, Shift

MINUTES = MinuteTerms(
    classes=ClassRates(Decimal(100), Decimal("33.3333"), None, Decimal("0.5")), minimum_pay=70
)
BOTH_WAYS = st.sampled_from([0, 1])
CLASSES = st.sampled_from(list(MinuteClass))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2 * SILENCE_SECONDS), min_size=1, max_size=12), BOTH_WAYS)
def test_time_is_proven_until_the_first_silence_and_not_a_second_longer(gaps: list[int], asleep: int) -> None:
    shift = Shift(asleep=bool(asleep))
    session = shift.start()
    for sequence, gap in enumerate(gaps):
        shift.advance(gap)
        shift.beat(session, sequence)
    silent = next((index for index, gap in enumerate(gaps) if gap > SILENCE_SECONDS), len(gaps))
    shift.advance(SILENCE_SECONDS + 1)
    shift.fire()
    ended = shift.session(session.id)
    assert (ended.end_reason, ended.ended_at) == (EndReason.SILENCE, BEGIN + sum(gaps[:silent]))


AFTERWARDS = st.lists(
    st.tuples(st.sampled_from(["beat", "say", "stop"]), st.integers(0, 300), CLASSES), max_size=8
)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 150), AFTERWARDS, BOTH_WAYS)
def test_nothing_that_comes_after_the_end_changes_what_is_paid(
    worked: int, afterwards: list[tuple[str, int, MinuteClass]], by_silence: int
) -> None:
    shift = Shift(minutes=MINUTES)
    session = shift.work(shift.start(), worked)
    shift.advance(SILENCE_SECONDS + 1) if by_silence else shift.stop(session)
    ended, contract = shift.session(session.id), shift.contract
    for sequence, (act, seconds, name) in enumerate(afterwards):
        shift.advance(seconds)
        try:
            if act == "beat":
                shift.beat(session, 100 + sequence)
            elif act == "say":
                shift.say(session, name, sequence, phone_at=BEGIN)
            else:
                shift.stop(session)
        except Conflict:
            pass
    assert (shift.session(session.id), shift.contract) == (ended, contract)
    assert shift.approve(ended).paid == ended.gross


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 150),
    st.integers(1, 400),
    st.none() | CLASSES,
    st.none() | CLASSES,
    BOTH_WAYS,
)
def test_an_accepted_correction_pays_its_seconds_exactly_and_the_whole_is_rounded_once(
    worked: int, seconds: int, before: MinuteClass | None, during: MinuteClass | None, approved: int
) -> None:
    shift = Shift(rate="7.7777", minutes=MINUTES)
    session = shift.start()
    if before:
        session = shift.say(session, before, 1)
    session = shift.stop(shift.work(session, worked))
    shift.advance(400)
    if approved:
        shift.approve(session)
    shift.ask(session, seconds, during)
    corrected = shift.accept(session)
    told = session.by_class
    told[during] += seconds
    assert corrected.by_class == told
    assert corrected.paid == corrected.gross == max(session.terms.price(told), 70)
    assert shift.contract.released == corrected.paid
    fee = shift.contract.worker_fee.between(0, corrected.paid)
    assert (shift.available, shift.contract.reserved) == (corrected.paid - fee, 0)
