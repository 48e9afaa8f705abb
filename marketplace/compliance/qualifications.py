"""What owners do with qualifications: define, examine, grant, revoke."""

from collections.abc import Sequence

from marketplace.compliance.holding import Holding, RevocationCode, holding_id, nothing_of
from marketplace.compliance.naming import QUALIFICATION, give_name, is_name, owned_by_name
from marketplace.compliance.qualification import Exam, ExamTerms, Qualification, Question, exam_id
from marketplace.people.workers import Worker
from marketplace.shared.errors import AlreadyExists, Fault, Forbidden, InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.ids import is_id
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class ExamDraft:
    """An exam as its owner writes it; the version is given when it is published."""

    questions: tuple[Question, ...]
    terms: ExamTerms


@dataclass(frozen=True)
class DefineQualification:
    """Without a `client_id` it is the platform's."""

    qualification_id: str
    client_id: str | None
    name: str
    description: str
    validity_seconds: int | None
    exam: ExamDraft | None


@dataclass(frozen=True)
class PublishExam:
    """The next version; attempts under way keep to theirs."""

    qualification_id: str
    client_id: str | None
    exam: ExamDraft


@dataclass(frozen=True)
class GrantQualification:
    """By its owner, or by an operator (no `client_id`), who is the worker `own_id` as well, if they are;
    without `expires_at` it lasts as the qualification says."""

    qualification_id: str
    client_id: str | None
    worker_id: str
    reason: str
    by: str
    expires_at: int | None = None
    own_id: str | None = None


@dataclass(frozen=True)
class RevokeQualification:
    """By its owner, or by an operator (no `client_id`)."""

    qualification_id: str
    client_id: str | None
    worker_id: str
    reason: str
    by: str
    reason_code: RevocationCode = RevocationCode.OTHER


def define_qualification(command: DefineQualification, tx: Transaction) -> Qualification:
    """Workers may take its exam, if it has one, at once. Raises AlreadyExists when the owner has one of that
    name."""
    taken = owned_by_name(command.name, QUALIFICATION, command.client_id, tx.find)
    if taken is not None:
        raise AlreadyExists(f"{taken} has that name")
    qualification = Qualification(
        id=command.qualification_id,
        name=command.name,
        description=command.description,
        created_at=tx.now,
        client_id=command.client_id,
        validity_seconds=command.validity_seconds,
    )
    give_name(qualification.name, qualification.id, qualification.client_id, tx)
    return _published(qualification, command.exam, tx)


def publish_exam(command: PublishExam, tx: Transaction) -> Qualification:
    """Raises NotFound, also when the qualification is somebody else's."""
    qualification = tx.get(Qualification, command.qualification_id)
    if qualification.client_id != command.client_id:
        raise NotFound
    return _published(qualification, command.exam, tx)


def grant_qualification(command: GrantQualification, tx: Transaction) -> Holding:
    """Raises NotFound, InvalidRequest for nobody or a past end, Forbidden for an operator's own."""
    qualification = _governed(command.qualification_id, command.client_id, tx)
    if command.worker_id == command.own_id:
        raise Forbidden("nobody grants themselves anything")
    if tx.find(Worker, command.worker_id) is None:
        raise InvalidRequest.at("/worker_id", "there is no such worker")
    until = command.expires_at or qualification.lasts_until(tx.now)
    if until is not None and until <= tx.now:
        raise InvalidRequest.at("/expires_at", "must be in the future")
    found = tx.find(Holding, holding_id(qualification.id, command.worker_id))
    holding = (found or nothing_of(qualification, command.worker_id, tx.now)).given(
        "grant", by=command.by, reason=command.reason, at=tx.now, until=until
    )
    return _told(holding, EventType.QUALIFICATION_GRANTED, tx)


def revoke_qualification(command: RevokeQualification, tx: Transaction) -> Holding:
    """Contracts that were awarded go on; nothing new is. Raises NotFound, IllegalTransition."""
    qualification = _governed(command.qualification_id, command.client_id, tx)
    holding = tx.get(Holding, holding_id(qualification.id, command.worker_id))
    code = command.reason_code
    revoked = holding.revoked(by=command.by, code=code, reason=command.reason)
    return _told(revoked, EventType.QUALIFICATION_REVOKED, tx)


def forget_holding(identifier: str, tx: Transaction) -> None:
    """Its worker is forgotten: what somebody wrote about it goes. Raises NotFound."""
    tx.forget(replace(tx.get(Holding, identifier), reason=None))


def wake_holding(identifier: str, tx: Transaction) -> None:
    """Its time is over, if it still is the time that was set."""
    holding = tx.due(Holding, identifier)
    if holding is not None:
        _told(holding.expired(), EventType.QUALIFICATION_EXPIRED, tx)


def check_qualifications(
    qualification_ids: Sequence[str], client_id: str, pointer: str, tx: Transaction
) -> None:
    """Whether a client may ask for these: its own or the platform's, or any name. Raises InvalidRequest."""
    faults = [
        Fault(f"{pointer}/{index}", "there is no such qualification")
        for index, identifier in enumerate(qualification_ids)
        if not (is_name(identifier, QUALIFICATION) or _may_ask(identifier, client_id, tx))
    ]
    if faults:
        raise InvalidRequest(faults)


def _may_ask(qualification_id: str, client_id: str, tx: Transaction) -> bool:
    found = tx.find(Qualification, qualification_id) if is_id(qualification_id, "qua") else None
    return found is not None and found.client_id in (None, client_id)


def _governed(qualification_id: str, client_id: str | None, tx: Transaction) -> Qualification:
    qualification = tx.get(Qualification, qualification_id)
    if client_id not in (None, qualification.client_id):
        raise NotFound
    return qualification


def _published(qualification: Qualification, draft: ExamDraft | None, tx: Transaction) -> Qualification:
    if draft is not None:
        qualification = qualification.with_exam(draft.terms)
    tx.save(qualification)
    if draft is not None and qualification.exam is not None:
        version = qualification.exam.version
        tx.save(Exam(exam_id(qualification.id, version), qualification.id, version, draft.questions))
    tx.publish(EventType.QUALIFICATION_DEFINED, about=(qualification.id,))
    return qualification


def _told(holding: Holding, event: EventType, tx: Transaction) -> Holding:
    tx.save(holding)
    tx.publish(event, about=(holding.id, holding.qualification_id, holding.worker_id))
    return holding
