"""Ratings: once for each side, hidden until both are in or the window closes, folded exactly once."""

from collections.abc import Iterable
from decimal import Decimal
from functools import reduce

import pytest

from chalicelib.work import reputation
from marketplace.contracts.access import Side
from marketplace.contracts.contract import RATING_WINDOW_SECONDS
from marketplace.people.standing import Standing, standing_id, unrated
from marketplace.reputation.rating import Rating
from marketplace.reputation.use_cases import GiveRating, give_rating, wake_rating
from marketplace.shared.errors import AlreadyExists, IllegalTransition, NotFound
from marketplace.shared.events import Event
from marketplace.shared.ids import new_id
from marketplace.storage.keys import RATINGS_ABOUT
from tests.shifts import Shift


def rate(shift: Shift, side: str, overall: int, person: str | None = None) -> Rating:
    whose = person or (shift.client_id if side == "client" else shift.worker_id)
    sides = Side(client_id=whose) if side == "client" else Side(worker_id=whose)
    command = GiveRating(shift.contract_id, sides, new_id("rat"), overall)
    return shift.commit(lambda tx: give_rating(command, tx))


def from_scratch(person_id: str, ratings: Iterable[int], *, at: int = 0) -> Standing:
    """What the fold must come to, from the overall ratings that are shown."""
    return reduce(lambda standing, stars: standing.with_rating(stars, {}, at=at), ratings, unrated(person_id))


def stored(shift: Shift, rating: Rating) -> Rating:
    found = shift.store.read(Rating, rating.id)
    assert found is not None
    kept: Rating = found[0]
    return kept


def completed() -> Shift:
    shift = Shift()
    shift.end("complete")
    return shift


def test_the_second_rating_reveals_both_in_one_commit() -> None:
    shift = completed()
    first = rate(shift, "client", 5)
    assert (first.revealed, RATINGS_ABOUT.key_of(first)) == (False, None)
    second = rate(shift, "worker", 2)
    assert second.revealed
    assert stored(shift, first).revealed
    assert RATINGS_ABOUT.key_of(stored(shift, first)) == shift.worker_id
    assert RATINGS_ABOUT.key_of(second) == shift.client_id
    assert shift.contract.rated_by == ("client", "worker")


def test_a_side_rates_once() -> None:
    shift = completed()
    rate(shift, "client", 5)
    with pytest.raises(AlreadyExists):
        rate(shift, "client", 1)


def test_only_a_completed_contract_is_rated_within_its_window_and_by_its_sides() -> None:
    active, cancelled, late = Shift(), Shift(), completed()
    cancelled.end("cancel")
    late.now += RATING_WINDOW_SECONDS
    for shift in (active, cancelled, late):
        with pytest.raises(IllegalTransition):
            rate(shift, "client", 5)
    with pytest.raises(NotFound):
        rate(completed(), "client", 5, person=new_id("cli"))
    late.now -= 1
    assert rate(late, "worker", 5).reveals_at == late.now + 1


def test_the_end_of_the_window_reveals_a_lonely_rating_and_nothing_twice() -> None:
    shift = completed()
    rating = rate(shift, "worker", 3)
    assert rating.due_at is not None
    shift.commit(lambda tx: wake_rating(rating.id, tx), at=rating.due_at - 1)
    assert not stored(shift, rating).revealed
    for _ in range(2):
        shift.commit(lambda tx: wake_rating(rating.id, tx), at=rating.due_at)
    assert (stored(shift, rating).revealed, stored(shift, rating).due_at) == (True, None)
    assert [event.type.value for event in shift.events].count("rating.revealed") == 1


class Folding:
    """As much of a runtime as the reputation's worker needs."""

    def __init__(self, shift: Shift) -> None:
        self.store = shift.store
        self.clock = self

    def now(self) -> int:
        return 0


def fold(shift: Shift, events: list[Event]) -> Standing:
    for event in events:
        if event.type.value.startswith("rating."):
            reputation.work(event, Folding(shift))  # type: ignore[arg-type]
    found = shift.store.read(Standing, standing_id(shift.worker_id))
    standing: Standing = found[0] if found else unrated(shift.worker_id)
    return standing


def test_a_reputation_counts_each_shown_rating_once_however_often_and_in_whatever_order_it_is_told() -> None:
    shift = completed()
    rate(shift, "client", 2)
    assert fold(shift, shift.events).count == 0
    rate(shift, "worker", 5)
    for _ in range(2):
        standing = fold(shift, shift.events[::-1])
    assert standing == from_scratch(shift.worker_id, [2], at=shift.now)
    assert shift.store.read(Standing, standing_id(shift.client_id))[0].total == 5  # type: ignore[index]


def test_a_score_is_a_bayesian_mean_that_many_ratings_outweigh() -> None:
    assert (unrated("wrk_1").mean, unrated("wrk_1").score_at(0)) == (None, Decimal(4))
    assert from_scratch("wrk_1", [1]).score_at(0) == Decimal("3.50")
    many = from_scratch("wrk_1", [5] * 95 + [4])
    assert (many.mean, many.score_at(0)) == (Decimal("4.99"), Decimal("4.94"))
    assert from_scratch("wrk_1", [3, 5, 1]) == from_scratch("wrk_1", [1, 3, 5])
