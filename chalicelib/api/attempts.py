"""Attempts at a qualification's exam: the questions are shown when one begins, the answers never."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.api.workers import own_worker_id
from chalicelib.http import WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.compliance import exams
from marketplace.compliance.exams import StartAttempt, SubmitAttempt
from marketplace.compliance.holding import Attempt
from marketplace.compliance.qualification import CHOICES_MAX, QUESTIONS_MAX, Exam, exam_id
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import WORKER_ATTEMPTS

routes = Routes()

Places = Annotated[list[Annotated[int, Field(ge=0, lt=CHOICES_MAX)]], Field(max_length=CHOICES_MAX)]


class AskedQuestion(Model):
    """A question as who answers it sees it; `select` is how many choices are right."""

    prompt: str
    choices: list[str]
    select: int
    points: int


class Answers(Model):
    """For each question, in order, the places of the choices, counted from 0; what is left out earns
    nothing."""

    answers: Annotated[list[Places], Field(max_length=QUESTIONS_MAX)]


class AttemptLine(Model):
    """An attempt; answers are taken until `ends_at`, and `expired` counts as failed."""

    id: str
    object: Literal["attempt"] = "attempt"
    qualification_id: str
    worker_id: str
    number: int
    status: Literal["running", "passed", "failed", "expired"]
    score_basis_points: int | None
    pass_basis_points: int
    started_at: Instant
    ends_at: Instant
    ended_at: Instant | None
    created_at: Instant


class AttemptView(AttemptLine):
    """An attempt with its questions."""

    questions: list[AskedQuestion]


@routes.add(
    "POST", "/v1/qualifications/{qualification_id}/attempts", who=WORKER, answer=AttemptView, status=201
)
def start_attempt(call: Call[NoBody]) -> Reply:
    """Begins an attempt at the exam; its time runs from now on."""
    command = StartAttempt(call.id("qualification_id", "qua"), own_worker_id(call))
    return call.commit(
        lambda tx: exams.start_attempt(command, tx), lambda attempt: _with_questions(call, attempt)
    )


@routes.add("GET", "/v1/attempts/{attempt_id}", who=WORKER, answer=AttemptView)
def get_attempt(call: Call[Any]) -> Reply:
    """One attempt of the caller's."""
    attempt = call.get(Attempt, call.id("attempt_id", "att"))
    if attempt.worker_id != own_worker_id(call):
        raise NotFound
    return Reply(_with_questions(call, attempt))


@routes.add("GET", "/v1/workers/me/attempts", who=WORKER, query=PageQuery, answer=Page, row=AttemptLine)
def list_own_attempts(call: Call[Any]) -> Reply:
    """The caller's attempts."""
    return call.page(WORKER_ATTEMPTS, own_worker_id(call), attempt_line)


@routes.add("POST", "/v1/attempts/{attempt_id}/submit", who=WORKER, body=Answers, answer=AttemptLine)
def submit_attempt(call: Call[Answers]) -> Reply:
    """Hands the answers in and marks them; a pass grants the qualification."""
    answers = tuple(tuple(places) for places in call.body.answers)
    command = SubmitAttempt(call.id("attempt_id", "att"), own_worker_id(call), answers)
    return call.commit(lambda tx: exams.submit_attempt(command, tx), attempt_line)


def attempt_line(attempt: Attempt) -> AttemptLine:
    """An attempt for an answer, without the questions."""
    return AttemptLine(**_fields(attempt))


def _with_questions(call: Call[Any], attempt: Attempt) -> AttemptView:
    exam = call.get(Exam, exam_id(attempt.qualification_id, attempt.terms.version))
    questions = [
        AskedQuestion(
            prompt=row.prompt, choices=list(row.choices), select=len(row.correct), points=row.points
        )
        for row in exam.questions
    ]
    return AttemptView(questions=questions, **_fields(attempt))


def _fields(attempt: Attempt) -> dict[str, Any]:
    return {
        "id": attempt.id,
        "qualification_id": attempt.qualification_id,
        "worker_id": attempt.worker_id,
        "number": attempt.number,
        "status": attempt.status.value,
        "score_basis_points": attempt.score_basis_points,
        "pass_basis_points": attempt.terms.pass_basis_points,
        "started_at": attempt.started_at,
        "ends_at": attempt.ends_at,
        "ended_at": attempt.ended_at,
        "created_at": attempt.started_at,
    }
