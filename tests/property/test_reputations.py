"""A reputation is what its ratings say, however they were told of; what was removed leaves no trace."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.work import reputation
from marketplace.contracts.promptness import TOLD
from marketplace.people.standing import HALF_LIFE_SECONDS, Standing, standing_id, unrated, weight_at
from marketplace.reputation.rating import Dimension, Rating, Removal, RemovalCode
from marketplace.shared.events import Cause, Event, EventType
from marketplace.shared.ids import derived_id, new_id
from marketplace.shared.running import run
from tests.fakes.memory_store import MemoryStore
from tests.shifts import Shift

YEAR, HOUR = HALF_LIFE_SECONDS, 3_600
WORKER = new_id("wrk")
STARS = st.integers(1, 5)
INSTANTS = st.integers(0, 60 * YEAR)
SCORES = st.dictionaries(st.sampled_from(("quality", "timeliness", "charm")), STARS)
KEPT, REMOVED, RESTORED = "kept", "removed", "restored"
HISTORIES = st.lists(
    st.tuples(STARS, SCORES, INSTANTS, st.sampled_from((KEPT, REMOVED, RESTORED))), max_size=6
)


def rating(number: int, stars: int, scores: dict[str, int], at: int, *, became: str) -> Rating:
    gone = None if became == KEPT else Removal("operator:ann", at, RemovalCode.OTHER, "why")
    dimensions = tuple(Dimension(name, score) for name, score in scores.items())
    return Rating(
        derived_id("rat", str(number)),
        "con_1",
        "client",
        WORKER,
        stars,
        dimensions,
        "",
        at,
        "",
        at,
        revealed=True,
        removal=gone,
        restored_at=at if became == RESTORED else None,
    )


def told(kind: EventType, one: Rating) -> Event:
    return Event(new_id("evt"), kind, one.created_at, "test", "req", (one.id,))


def work_off(events: list[Event], store: MemoryStore) -> None:
    runtime: Any = SimpleNamespace(store=store, clock=SimpleNamespace(now=lambda: 0))
    for event in events:
        reputation.work(event, runtime)


@settings(max_examples=35, deadline=None)
@given(HISTORIES, st.data())
def test_it_equals_a_computation_from_scratch_in_any_order_with_repeats(history: Any, data: Any) -> None:
    store = MemoryStore()
    ratings = [
        rating(number, stars, scores, at, became=became)
        for number, (stars, scores, at, became) in enumerate(history)
    ]
    run(store, Cause(new_id("evt"), "test", "req", 0), lambda tx: tx.save(*ratings))
    events = [told(EventType.RATING_GIVEN, one) for one in ratings]
    events += [told(EventType.RATING_REMOVED, one) for one in ratings if one.removal]
    events += [told(EventType.RATING_RESTORED, one) for one in ratings if one.restored_at is not None]
    work_off(data.draw(st.permutations(events * 2)), store)
    expected = unrated(WORKER)
    for one in ratings:
        if one.is_public:
            expected = expected.with_rating(one.overall, one.scores, at=one.created_at)
    found = store.read(Standing, standing_id(WORKER))
    assert (found[0] if found else unrated(WORKER)) == expected


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 12 * HOUR), min_size=1, max_size=8), st.integers(0, 8), st.data())
def test_whatever_a_client_has_paid_counts_once_also_after_its_contract_has_ended(
    waits: list[int], in_time: int, data: Any
) -> None:
    shift = Shift(asleep=True)
    sessions = [shift.worked(60) for _ in waits]
    for number, (session, wait) in enumerate(zip(sessions, waits, strict=True)):
        if number == in_time:
            shift.end("complete")
        shift.now += wait
        shift.approve(session)
    if in_time >= len(waits):
        shift.end("complete")
    work_off(data.draw(st.permutations(shift.events * 2)), shift.store)
    expected = unrated(shift.client_id)
    for event in shift.events:
        pieces = dict(enumerate(event.details.get(TOLD, ()), start=1))
        expected = expected.with_payments(pieces, at=event.at) if pieces else expected
    found: Any = shift.store.read(Standing, standing_id(shift.client_id))
    assert found[0] == expected
    assert found[0].promptness.pieces == len(waits)
    assert shift.contract.promptness is None


@given(INSTANTS, st.integers(0, YEAR))
def test_a_weight_halves_in_a_year_and_never_rises(at: int, later: int) -> None:
    assert weight_at(at + YEAR) == 2 * weight_at(at)
    assert weight_at(at) <= weight_at(at + later) <= 2 * weight_at(at)


def test_the_worked_example_of_the_docs() -> None:
    now = 50 * YEAR + 12_345
    rated = unrated("cli_1").with_rating(5, {}, at=now).with_rating(2, {}, at=now - YEAR)
    assert rated.score_at(now) == Decimal("4.00")
    assert rated.with_payments({5: 10}, at=now).score_at(now) == Decimal("4.24")
    assert rated.with_payments({5: 10_000}, at=now).score_at(now) == Decimal("4.24")
