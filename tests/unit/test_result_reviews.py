"""Results that gold items and the agreement of workers judge."""

from typing import Any

import pytest

from marketplace.results.hold import counts
from marketplace.results.result import Result, ResultStatus
from marketplace.shared.errors import (
    AlreadyExists,
    IllegalTransition,
    InvalidRequest,
)
from marketplace.work.task import Task
from marketplace.work.terms import Review, ReviewPolicy
from tests.piecework import Piecework

WEEK = 7 * 86_400
GOLD = Review(ReviewPolicy.GOLD, "label")
PAIR = Review(ReviewPolicy.AGREEMENT, "label", 2)


@pytest.mark.parametrize(
    ("label", "status", "reason"), [("cat", "accepted", None), ("dog", "rejected", "gold_mismatch")]
)
def test_gold_judges_at_once(label: str, status: str, reason: str | None) -> None:
    job = Piecework(price=1_000, funds=2_000, review=GOLD)
    job.know(a="cat")
    result = job.submit("a", label=label)
    assert (result.status, result.reason) == (status, reason)
    assert (job.contract().reserved, job.balance("in_review")) == (0, 0)
    assert job.contract().released == (1_000 if status == "accepted" else 0)
    assert job.events[-1].details["payload"] == {"label": label}
    assert (counts(job.contract()).graded, counts(job.contract()).correct) == (1, int(status == "accepted"))


def test_what_is_not_gold_waits_for_the_client_and_counts_for_no_accuracy() -> None:
    job = Piecework(review=GOLD)
    job.know(a="cat")
    assert job.submit("b", label="cat").in_review
    assert counts(job.contract()).graded == 0


def test_gold_is_known_once_and_only_where_it_judges() -> None:
    job = Piecework(review=GOLD)
    job.know(a="cat", b=["dog", 1])
    with pytest.raises(AlreadyExists):
        job.know(c="cow", a="dog")
    assert job.submit("c", label="cow").in_review
    assert job.submit("b", label=["dog", 1.0]).status == ResultStatus.ACCEPTED
    with pytest.raises(IllegalTransition):
        Piecework().know(a="cat")


@pytest.mark.parametrize("review", [GOLD, PAIR])
@pytest.mark.parametrize(("external_id", "payload"), [(None, {"label": 1}), ("a", {"other": 1}), (None, {})])
def test_what_is_compared_must_be_there(
    review: Review, external_id: str | None, payload: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest):
        Piecework(review=review).submit(external_id, **payload)


def test_those_who_agree_are_paid_and_the_others_are_not() -> None:
    job = Piecework(workers=3, review=PAIR)
    job.submit("a", worker=0, label="cat")
    job.submit("a", worker=1, label="dog")
    job.follow_all()
    assert [job.of("a", worker).status for worker in (0, 1)] == ["submitted"] * 2
    job.submit("a", worker=2, label="cat")
    for _ in range(2):
        job.follow_all()
    results = [job.of("a", worker) for worker in range(3)]
    assert [result.status for result in results] == ["accepted", "rejected", "accepted"]
    assert results[1].reason == "no_agreement"
    assert [job.balance("available", worker) for worker in range(3)] == [904, 0, 904]


def test_an_answer_after_the_agreement_is_held_against_it_and_an_item_takes_no_more_than_can_agree() -> None:
    job = Piecework(workers=4, review=PAIR)
    for worker in (0, 1):
        job.submit("a", worker=worker, label="cat")
    job.follow_all()
    job.submit("a", worker=2, label="dog")
    job.follow_all()
    assert job.of("a", 2).reason == "no_agreement"
    with pytest.raises(IllegalTransition, match="answers"):
        job.submit("a", worker=3, label="cat")


def test_the_clients_own_answer_and_silence_come_before_a_late_agreement() -> None:
    job = Piecework(workers=3, review=PAIR)
    job.reject(job.submit("a", worker=0, label="cat"))
    job.submit("a", worker=1, label="cat")
    job.follow_all()
    assert [job.of("a", worker).status for worker in (0, 1)] == ["rejected", "accepted"]
    job.submit("b", worker=0, label="cat")
    job.advance(WEEK)
    for worker in (1, 2):
        job.submit("b", worker=worker, label="dog")
    job.follow_all()
    assert [job.of("b", worker).status for worker in range(3)] == ["accepted"] * 3


def test_nothing_is_turned_down_by_agreement_once_its_review_is_over() -> None:
    job = Piecework(workers=3, review=PAIR)
    job.submit("a", worker=0, label="cat")
    job.now += WEEK
    for worker in (1, 2):
        job.submit("a", worker=worker, label="dog")
    job.follow_all()
    job.advance(0)
    assert job.of("a", 0).status == ResultStatus.ACCEPTED


def test_more_workers_than_seats_can_never_agree() -> None:
    job = Piecework(workers=2, review=Review(ReviewPolicy.AGREEMENT, "label", 3))
    with pytest.raises(InvalidRequest):
        job.read(Task, job.task_id).check_review()


def test_a_head_stays_small_whatever_is_handed_in() -> None:
    job = Piecework(workers=2, review=PAIR)
    result = job.submit("a", label="x" * 10_000)
    assert len(job.store.heads[result.id][1]) < 800
    assert len(job.store.heads[job.ballot("a").id][1]) < 200
    assert isinstance(job.now_of(result), Result)
