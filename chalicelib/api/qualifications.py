"""Qualifications: what a client asks workers to be able to do, who holds it, and its exam."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from chalicelib.api.agreements import OWNERS, READERS, owner_of
from chalicelib.http import Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Instant, Line, Model, Prose
from marketplace.access.principals import Role
from marketplace.compliance import qualifications
from marketplace.compliance.qualification import (
    CHOICES_MAX,
    QUESTIONS_MAX,
    Exam,
    ExamTerms,
    Qualification,
    Question,
    exam_id,
)
from marketplace.compliance.qualifications import (
    DefineQualification,
    ExamDraft,
    PublishExam,
)
from marketplace.shared.errors import NotFound
from marketplace.shared.money import BASIS_POINTS_WHOLE
from marketplace.storage.keys import ALL, QUALIFICATIONS

POINTS_MAX = 100
ATTEMPTS_MAX = 100
WAIT_SECONDS_MAX = 366 * 86_400
TIME_LIMIT_SECONDS_MAX = 86_400
VALIDITY_SECONDS_MAX = 20 * 366 * 86_400
REASON_MAX = 2_000

routes = Routes()


class QuestionBody(Model):
    """`correct` are the places of the right choices, counted from 0; all of them and no other earn the
    points."""

    prompt: Annotated[Prose, Field(min_length=1, max_length=REASON_MAX)]
    choices: Annotated[list[Line], Field(min_length=2, max_length=CHOICES_MAX)]
    correct: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=CHOICES_MAX)]
    points: Annotated[int, Field(ge=1, le=POINTS_MAX)] = 1

    @model_validator(mode="after")
    def _are_there(self) -> "QuestionBody":
        if len(set(self.correct)) < len(self.correct) or max(self.correct) >= len(self.choices):
            raise ValueError("`correct` names choices that are there, each once")
        return self


class ExamBody(Model):
    """A score of at least `pass_basis_points` of all points passes. Who fails waits `wait_seconds`, and may
    try `attempts_max` times in all; each attempt lasts `time_limit_seconds`."""

    questions: Annotated[list[QuestionBody], Field(min_length=1, max_length=QUESTIONS_MAX)]
    pass_basis_points: Annotated[int, Field(ge=1, le=BASIS_POINTS_WHOLE)] = 8_000
    attempts_max: Annotated[int, Field(ge=1, le=ATTEMPTS_MAX)] = 3
    wait_seconds: Annotated[int, Field(ge=0, le=WAIT_SECONDS_MAX)] = 86_400
    time_limit_seconds: Annotated[int, Field(ge=10, le=TIME_LIMIT_SECONDS_MAX)] = 3_600


class NewQualification(Model):
    """A client's, or, by an operator, the platform's. Without an `exam` it is only granted; what is granted
    lasts `validity_seconds`, or for good."""

    name: Line
    description: Prose = ""
    validity_seconds: Annotated[Annotated[int, Field(ge=1, le=VALIDITY_SECONDS_MAX)] | None, Given] = None
    exam: Annotated[ExamBody | None, Given] = None


class ExamTermsView(Model):
    """What is to be known of an exam before it begins."""

    version: int
    pass_basis_points: int
    attempts_max: int
    wait_seconds: int
    time_limit_seconds: int


class QualificationView(Model):
    """A qualification; `client_id` is null for the platform's."""

    id: str
    object: Literal["qualification"] = "qualification"
    client_id: str | None
    name: str
    description: str
    validity_seconds: int | None
    exam: ExamTermsView | None
    created_at: Instant


class ExamView(ExamTermsView):
    """An exam with its answers, for its owner alone."""

    object: Literal["exam"] = "exam"
    qualification_id: str
    questions: list[QuestionBody]


@routes.add(
    "POST",
    "/v1/qualifications",
    who=OWNERS,
    scope="work",
    body=NewQualification,
    answer=QualificationView,
    status=201,
)
def define_qualification(call: Call[NewQualification]) -> Reply:
    """Defines a qualification, with its exam if it has one."""
    body = call.body
    command = DefineQualification(
        qualification_id=call.runtime.new_id("qua"),
        client_id=owner_of(call),
        name=body.name,
        description=body.description,
        validity_seconds=body.validity_seconds,
        exam=_draft(body.exam) if body.exam else None,
    )
    return call.commit(lambda tx: qualifications.define_qualification(command, tx), qualification_view)


@routes.add("GET", "/v1/qualifications", who=READERS, query=PageQuery, answer=Page, row=QualificationView)
def list_qualifications(call: Call[Any]) -> Reply:
    """A client's own qualifications; for everybody else the platform's."""
    return call.page(QUALIFICATIONS, owner_of(call) or ALL, qualification_view)


@routes.add("GET", "/v1/qualifications/{qualification_id}", who=READERS, answer=QualificationView)
def get_qualification(call: Call[Any]) -> Reply:
    """One qualification; workers see whatever they may be asked for."""
    return Reply(qualification_view(_readable(call)))


@routes.add(
    "POST",
    "/v1/qualifications/{qualification_id}/exam",
    who=OWNERS,
    scope="work",
    body=ExamBody,
    answer=QualificationView,
    status=201,
)
def publish_exam(call: Call[ExamBody]) -> Reply:
    """Publishes the next version of the exam; attempts under way keep to theirs."""
    command = PublishExam(call.id("qualification_id", "qua"), owner_of(call), _draft(call.body))
    return call.commit(lambda tx: qualifications.publish_exam(command, tx), qualification_view)


@routes.add("GET", "/v1/qualifications/{qualification_id}/exam", who=OWNERS, answer=ExamView)
def get_exam(call: Call[Any]) -> Reply:
    """The exam with its answers, for its owner."""
    qualification = owned_qualification(call)
    terms = qualification.exam
    found = call.runtime.store.read(Exam, exam_id(qualification.id, terms.version)) if terms else None
    if terms is None or found is None:
        raise NotFound("this qualification has no exam")
    return Reply(exam_view(qualification.id, terms, found[0]))


def exam_view(qualification_id: str, terms: ExamTerms, exam: Exam) -> ExamView:
    """An exam with its answers, for its owner alone."""
    questions = [
        QuestionBody(
            prompt=row.prompt, choices=list(row.choices), correct=list(row.correct), points=row.points
        )
        for row in exam.questions
    ]
    return ExamView(qualification_id=qualification_id, questions=questions, **_terms_fields(terms))


def _readable(call: Call[Any]) -> Qualification:
    """The path's qualification. Raises NotFound, also when it is another client's."""
    qualification = call.get(Qualification, call.id("qualification_id", "qua"))
    if call.principal.role == Role.CLIENT and qualification.client_id not in (None, call.principal.id):
        raise NotFound
    return qualification


def owned_qualification(call: Call[Any]) -> Qualification:
    """The path's qualification, for its owner or an operator. Raises NotFound."""
    qualification = _readable(call)
    if call.principal.role == Role.CLIENT and qualification.client_id != call.principal.id:
        raise NotFound
    return qualification


def _draft(body: ExamBody) -> ExamDraft:
    questions = tuple(
        Question(row.prompt, tuple(row.choices), tuple(row.correct), row.points) for row in body.questions
    )
    terms = ExamTerms(
        version=0,
        pass_basis_points=body.pass_basis_points,
        attempts_max=body.attempts_max,
        wait_seconds=body.wait_seconds,
        time_limit_seconds=body.time_limit_seconds,
    )
    return ExamDraft(questions, terms)


def _terms_fields(terms: ExamTerms) -> dict[str, Any]:
    return {
        "version": terms.version,
        "pass_basis_points": terms.pass_basis_points,
        "attempts_max": terms.attempts_max,
        "wait_seconds": terms.wait_seconds,
        "time_limit_seconds": terms.time_limit_seconds,
    }


def qualification_view(qualification: Qualification) -> QualificationView:
    """A qualification for an answer."""
    terms = qualification.exam
    return QualificationView(
        id=qualification.id,
        client_id=qualification.client_id,
        name=qualification.name,
        description=qualification.description,
        validity_seconds=qualification.validity_seconds,
        exam=ExamTermsView(**_terms_fields(terms)) if terms else None,
        created_at=qualification.created_at,
    )
