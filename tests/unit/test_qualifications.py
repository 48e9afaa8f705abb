"""The rules of exams and of what they show."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.compliance.holding import Holding, HoldingStatus, RevocationCode, attempt_of
from marketplace.compliance.qualification import Exam, ExamTerms, Question
from marketplace.shared.errors import AlreadyExists, IllegalTransition, InvalidRequest

NOW = 1_790_000_000
TERMS = ExamTerms(version=1, pass_basis_points=5_000, attempts_max=2, wait_seconds=60, time_limit_seconds=600)
QUESTIONS = (
    Question("one of three", ("a", "b", "c"), (1,), points=2),
    Question("two of three", ("a", "b", "c"), (0, 2), points=1),
)
EXAM = Exam("exm", "qua", 1, QUESTIONS)


def nothing() -> Holding:
    return Holding("hol_1", "qua_1", "wrk_1", NOW)


def held(until: int | None = None) -> Holding:
    return nothing().given("grant", by="cli_1", reason="seen", at=NOW, until=until)


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ([], 0),
        ([[1]], 6_666),
        ([[1], [2, 0]], 10_000),
        ([[1], [0]], 6_666),
        ([[1], [0, 1, 2]], 6_666),
        ([[], [0, 2]], 3_333),
    ],
)
def test_all_the_right_choices_and_no_other_earn_the_points(
    answers: Sequence[Sequence[int]], score: int
) -> None:
    assert EXAM.score(answers) == score


@pytest.mark.parametrize("answers", [[[3]], [[-1]], [[0], [0], [0]]])
def test_what_was_not_asked_is_not_answered(answers: Sequence[Sequence[int]]) -> None:
    with pytest.raises(InvalidRequest):
        EXAM.score(answers)


def test_who_has_failed_waits_and_has_only_so_many_attempts() -> None:
    once = nothing().begun(TERMS, NOW)
    with pytest.raises(IllegalTransition):
        once.begun(TERMS, NOW + 1)
    failed = once.ended(TERMS, NOW + 10)
    with pytest.raises(IllegalTransition):
        failed.begun(TERMS, NOW + 69)
    twice = failed.begun(TERMS, NOW + 70)
    assert twice.running != once.running
    with pytest.raises(IllegalTransition):
        twice.ended(TERMS, NOW + 80).begun(TERMS, NOW + 1_000_000)


def test_an_attempt_takes_answers_only_while_its_time_runs() -> None:
    attempt = attempt_of(nothing().begun(TERMS, NOW), TERMS, NOW)
    assert attempt.submitted(((1,),), 5_000, NOW + 599).status == "passed"
    assert attempt.submitted(((1,),), 4_999, NOW + 599).status == "failed"
    with pytest.raises(IllegalTransition):
        attempt.submitted(((1,),), 10_000, NOW + 600)


def test_what_a_human_took_back_only_a_human_gives_again() -> None:
    revoked = held(NOW + 10).revoked(by="cli_1", code=RevocationCode.FRAUD, reason="forged")
    assert not revoked.holds(NOW)
    with pytest.raises(IllegalTransition):
        revoked.begun(TERMS, NOW)
    with pytest.raises(IllegalTransition):
        revoked.given("pass", by="exam", reason=None, at=NOW, until=None)
    assert revoked.given("grant", by="cli_1", reason="was not", at=NOW, until=None).holds(NOW)
    assert revoked.given_back(by="operator:1", reason="was not", at=NOW + 9).holds(NOW + 9)
    late = revoked.given_back(by="operator:1", reason="was not", at=NOW + 10)
    assert (late.status, late.begun(TERMS, NOW + 10).tries) == (HoldingStatus.EXPIRED, 1)


def test_what_is_held_for_good_is_not_examined_and_what_ends_is_renewed_before() -> None:
    with pytest.raises(AlreadyExists):
        held().begun(TERMS, NOW)
    assert held(NOW + 10).begun(TERMS, NOW + 5).holds(NOW + 9)


@given(st.integers(1, 1_000), st.integers(0, 2_000))
def test_it_ends_at_its_instant_whenever_the_timer_tells(lasts: int, later: int) -> None:
    holding = held(NOW + lasts)
    assert holding.holds(NOW + later) == (later < lasts)
    assert holding.due_at == NOW + lasts
    assert replace(holding, status=HoldingStatus.EXPIRED).due_at is None
