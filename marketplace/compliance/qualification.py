"""What a client (or the platform) asks workers to be able to do, and the exam that shows it.

The answers that are right stay with the questions, in an item of their own that only its owner and the
marking ever read. An attempt keeps to the version of the exam with which it began.
"""

from collections.abc import Sequence

from marketplace.shared.errors import InvalidRequest
from marketplace.shared.ids import derived_within
from marketplace.shared.money import BASIS_POINTS_WHOLE
from marketplace.shared.records import dataclass, replace

QUESTIONS_MAX = 100
CHOICES_MAX = 10


@dataclass(frozen=True)
class Question:
    """`correct` are the places of the right choices, counted from 0: all of them, and no other, earn
    `points`."""

    prompt: str
    choices: tuple[str, ...]
    correct: tuple[int, ...]
    points: int = 1


@dataclass(frozen=True)
class ExamTerms:
    """`attempts_max` until it is passed, `wait_seconds` after each that failed; an attempt lasts
    `time_limit_seconds`."""

    version: int
    pass_basis_points: int
    attempts_max: int
    wait_seconds: int
    time_limit_seconds: int


@dataclass(frozen=True)
class Exam:
    """The questions of one version, written once."""

    id: str
    qualification_id: str
    version: int
    questions: tuple[Question, ...]

    def score(self, answers: Sequence[Sequence[int]]) -> int:
        """Basis points of all points, rounded down; a question that is not answered earns nothing.

        Raises InvalidRequest for choices that are not there.
        """
        if len(answers) > len(self.questions):
            raise InvalidRequest.at("/answers", f"there are {len(self.questions)} questions")
        earned = 0
        for index, (question, given) in enumerate(zip(self.questions, answers, strict=False)):
            if any(place not in range(len(question.choices)) for place in given):
                raise InvalidRequest.at(f"/answers/{index}", f"choices are 0 to {len(question.choices) - 1}")
            earned += question.points if set(given) == set(question.correct) else 0
        return earned * BASIS_POINTS_WHOLE // sum(question.points for question in self.questions)


@dataclass(frozen=True)
class Qualification:
    """Without a `client_id` it is the platform's; without `exam` it is only granted. What is granted lasts
    `validity_seconds`, or for good."""

    id: str
    name: str
    description: str
    created_at: int
    client_id: str | None = None
    validity_seconds: int | None = None
    exam: ExamTerms | None = None

    def with_exam(self, terms: ExamTerms) -> "Qualification":
        """The next version of its exam."""
        before = self.exam.version if self.exam else 0
        return replace(self, exam=replace(terms, version=before + 1))

    def lasts_until(self, at: int) -> int | None:
        """When what is granted at `at` expires, epoch seconds; None for never."""
        return None if self.validity_seconds is None else at + self.validity_seconds


def exam_id(qualification_id: str, version: int) -> str:
    """The id of that version's questions."""
    return derived_within("exm", qualification_id, str(version))
