"""A reputation is what its ratings say, however they were told of; what was removed leaves no trace."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.work import reputation
from marketplace.people.standing import HALF_LIFE_SECONDS, Standing, standing_id, unrated, weight_at
from marketplace.reputation.rating import Dimension, Rating, Removal, RemovalCode
from marketplace.shared.events import Cause, Event, EventType
from marketplace.shared.ids import derived_id, new_id
from marketplace.shared.running import run
from tests.fakes.memory_store import MemoryStore

YEAR = HALF_LIFE_SECONDS
WORKER = new_id("wrk")
STARS = st.integers(1, 5)
INSTANTS = st.integers(0, 60 * YEAR)
SCORES = st.dictionaries(st.sampled_from(("quality", "timeliness", "charm")), STARS)
HISTORIES = st.lists(st.tuples(STARS, SCORES, INSTANTS, st.booleans()), max_size=6)


def rating(number: int, stars: int, scores: dict[str, int], at: int, *, removed: bool) -> Rating:
    gone = Removal("operator:ann", at, RemovalCode.OTHER, "why") if removed else None
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
    )


def told(kind: EventType, one: Rating) -> Event:
    return Event(new_id("evt"), kind, one.created_at, "test", "req", (one.id,))


@settings(max_examples=60, deadline=None)
@given(HISTORIES, st.data())
def test_it_equals_a_computation_from_scratch_in_any_order_with_repeats(history: Any, data: Any) -> None:
    store = MemoryStore()
    ratings = [
        rating(number, stars, scores, at, removed=gone)
        for number, (stars, scores, at, gone) in enumerate(history)
    ]
    run(store, Cause(new_id("evt"), "test", "req", 0), lambda tx: tx.save(*ratings))
    events = [told(EventType.RATING_GIVEN, one) for one in ratings]
    events += [told(EventType.RATING_REMOVED, one) for one in ratings if one.removal]
    runtime: Any = SimpleNamespace(store=store, clock=SimpleNamespace(now=lambda: 0))
    for event in data.draw(st.permutations(events * 2)):
        reputation.work(event, runtime)
    expected = unrated(WORKER)
    for one in ratings:
        if one.is_public:
            expected = expected.with_rating(one.overall, one.scores, at=one.created_at)
    found = store.read(Standing, standing_id(WORKER))
    assert (found[0] if found else unrated(WORKER)) == expected


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
