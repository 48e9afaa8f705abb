"""What workers do with exams: begin an attempt, hand in answers, run out of time."""

from marketplace.compliance.holding import (
    Attempt,
    AttemptStatus,
    Holding,
    HoldingStatus,
    attempt_of,
    holding_id,
    nothing_of,
)
from marketplace.compliance.qualification import Exam, Qualification, exam_id
from marketplace.people.workers import Worker
from marketplace.shared.errors import IllegalTransition, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction

EXAM = "exam"
"""Who grants what an exam shows."""


@dataclass(frozen=True)
class StartAttempt:
    """The calling worker's."""

    qualification_id: str
    worker_id: str


@dataclass(frozen=True)
class SubmitAttempt:
    """`answers` are places of choices by question."""

    attempt_id: str
    worker_id: str
    answers: tuple[tuple[int, ...], ...]


def start_attempt(command: StartAttempt, tx: Transaction) -> Attempt:
    """Raises NotFound, AlreadyExists, IllegalTransition."""
    qualification = tx.get(Qualification, command.qualification_id)
    worker = tx.get(Worker, command.worker_id)
    if qualification.exam is None:
        raise IllegalTransition("this qualification has no exam; its owner grants it")
    found = tx.find(Holding, holding_id(qualification.id, worker.id))
    holding = (found or nothing_of(qualification, worker.id, tx.now)).begun(qualification.exam, tx.now)
    attempt = attempt_of(holding, qualification.exam, tx.now)
    tx.save(holding, attempt)
    tx.publish(EventType.ATTEMPT_STARTED, about=(attempt.id, qualification.id, worker.id))
    return attempt


def submit_attempt(command: SubmitAttempt, tx: Transaction) -> Attempt:
    """Marks the answers; a pass grants the qualification.

    Raises NotFound, IllegalTransition, InvalidRequest.
    """
    attempt = tx.get(Attempt, command.attempt_id)
    if attempt.worker_id != command.worker_id:
        raise NotFound
    exam = tx.get(Exam, exam_id(attempt.qualification_id, attempt.terms.version))
    marked = attempt.submitted(command.answers, exam.score(command.answers), tx.now)
    holding = _holding(attempt, tx).ended(attempt.terms, tx.now)
    if marked.status == AttemptStatus.PASSED:
        until = tx.get(Qualification, attempt.qualification_id).lasts_until(tx.now)
        holding = _passed(holding, tx.now, until)
    tx.save(marked, holding)
    kinds = {AttemptStatus.PASSED: EventType.ATTEMPT_PASSED, AttemptStatus.FAILED: EventType.ATTEMPT_FAILED}
    tx.publish(kinds[marked.status], about=(attempt.id, attempt.qualification_id, attempt.worker_id))
    return marked


def forget_attempt(identifier: str, tx: Transaction) -> None:
    """Its worker is forgotten: what was answered goes, the mark stays. Raises NotFound."""
    tx.forget(replace(tx.get(Attempt, identifier), answers=None))


def wake_attempt(identifier: str, tx: Transaction) -> None:
    """Its time is up and no answers came."""
    attempt = tx.due(Attempt, identifier)
    if attempt is None:
        return
    over = replace(attempt, status=AttemptStatus.EXPIRED, ended_at=attempt.ends_at)
    tx.save(over, _holding(attempt, tx).ended(attempt.terms, attempt.ends_at))
    about = (attempt.id, attempt.qualification_id, attempt.worker_id)
    tx.publish(EventType.ATTEMPT_EXPIRED, about=about)


def _holding(attempt: Attempt, tx: Transaction) -> Holding:
    return tx.get(Holding, holding_id(attempt.qualification_id, attempt.worker_id))


def _passed(holding: Holding, at: int, until: int | None) -> Holding:
    """Granted, unless it was revoked while the attempt ran, or was granted for longer."""
    if holding.status == HoldingStatus.REVOKED:
        return holding
    lasting = holding.holds(at) and holding.expires_at is None
    if lasting or (holding.holds(at) and until is not None and (holding.expires_at or 0) >= until):
        return replace(holding, tries=0, next_try_at=None)
    return holding.given("pass", by=EXAM, reason=None, at=at, until=until)
