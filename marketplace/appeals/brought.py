"""Appeals about what a worker brings: papers, qualifications, exams, checks, and the pools it belongs to.

What is decided about them stands against the worker until it is undone, so it can be appealed for as long; a
paper that was turned down, or an exam, for as long as a rejection.
"""

from marketplace.appeals.appeal import Appeal, Decision, Effect, Verdict, require_in_time
from marketplace.compliance.document import Document, DocumentStatus, FileStatus
from marketplace.compliance.holding import Attempt, AttemptStatus, Holding, HoldingStatus, holding_id
from marketplace.compliance.screening import Screening
from marketplace.people.pool_member import PoolMember, PoolMemberStatus
from marketplace.shared.errors import IllegalTransition, NotFound
from marketplace.shared.ids import renamed
from marketplace.shared.transaction import Transaction

SCORE_TOO_LOW = "score_too_low"
TIME_UP = "time_up"
_FAILED = {AttemptStatus.FAILED: SCORE_TOO_LOW, AttemptStatus.EXPIRED: TIME_UP}


def failed_document(identifier: str, person_id: str, tx: Transaction) -> Decision:
    """By an operator, or by the machine that looks at files. Raises NotFound, IllegalTransition."""
    document = tx.get(Document, identifier)
    _require_own(document.worker_id, person_id)
    code = document.reason_code
    if code is None:
        raise IllegalTransition("nobody has turned the document down")
    decided_at = document.reviewed_at or document.created_at
    require_in_time(decided_at, tx.now)
    return Decision((identifier, str(decided_at)), document.reviewed_by or "", code.value)


def revoked_qualification(identifier: str, person_id: str, tx: Transaction) -> Decision:
    """Raises NotFound, IllegalTransition."""
    holding = tx.get(Holding, identifier)
    _require_own(holding.worker_id, person_id)
    code = holding.reason_code
    if code is None:
        raise IllegalTransition("nobody has taken the qualification back")
    return Decision(_of_revocation(holding), holding.by or "", code.value, holding.client_id)


def failed_attempt(identifier: str, person_id: str, tx: Transaction) -> Decision:
    """Marked by a machine. Raises NotFound, IllegalTransition."""
    attempt = tx.get(Attempt, identifier)
    _require_own(attempt.worker_id, person_id)
    code = _FAILED.get(attempt.status)
    if code is None:
        raise IllegalTransition(f"the attempt is {attempt.status}")
    require_in_time(attempt.ended_at or attempt.ends_at, tx.now)
    holding = tx.get(Holding, holding_id(attempt.qualification_id, person_id))
    return Decision((identifier,), "", code, holding.client_id)


def failed_screening(identifier: str, person_id: str, tx: Transaction) -> Decision:
    """By a provider. Raises NotFound, IllegalTransition."""
    screening = tx.get(Screening, identifier)
    _require_own(screening.worker_id, person_id)
    code = screening.failed_for
    if code is None:
        raise IllegalTransition(f"the screening is {screening.status}")
    return Decision(_of_finding(screening), "", code)


def shut_out(identifier: str, person_id: str, tx: Transaction) -> Decision:
    """Not taken into a pool, or taken out of it. Raises NotFound, IllegalTransition."""
    member = tx.get(PoolMember, identifier)
    _require_own(member.worker_id, person_id)
    code = member.reason_code
    if code is None:
        raise IllegalTransition("nobody has taken you out of this pool, or turned you away")
    return Decision((member.id, member.position), member.client_id, code.value, member.client_id)


def accept_document(appeal: Appeal, verdict: Verdict, tx: Transaction) -> Effect:
    """It is passed; one whose file a machine refused waits for the file again."""
    document = tx.get(Document, appeal.subject_id)
    if document.status != DocumentStatus.FAILED:
        return Effect.NONE
    try:
        accepted = document.overruled(by=verdict.by, reason=verdict.reason, at=verdict.at)
    except IllegalTransition:
        return Effect.NOTED
    tx.save(accepted)
    return Effect.REOPENED if accepted.file == FileStatus.ANNOUNCED else Effect.ACCEPTED


def give_back(appeal: Appeal, verdict: Verdict, tx: Transaction) -> Effect:
    """Held as before; where its time was over meanwhile, it may be earned again."""
    holding = tx.get(Holding, appeal.subject_id)
    if holding.status != HoldingStatus.REVOKED or appeal.decision.key != _of_revocation(holding):
        return Effect.NONE
    given = holding.given_back(by=verdict.by, reason=verdict.reason, at=verdict.at)
    tx.save(given)
    return Effect.GIVEN_BACK if given.status == HoldingStatus.HELD else Effect.REOPENED


def grant_another_try(appeal: Appeal, verdict: Verdict, tx: Transaction) -> Effect:
    """The attempt does not count, and the next may begin at once."""
    attempt = tx.get(Attempt, appeal.subject_id)
    holding = tx.get(Holding, holding_id(attempt.qualification_id, attempt.worker_id))
    if holding.holds(verdict.at) or holding.status == HoldingStatus.REVOKED:
        return Effect.NONE
    tx.save(holding.tried_again())
    return Effect.REOPENED


def overrule_screening(appeal: Appeal, verdict: Verdict, tx: Transaction) -> Effect:
    """Passed, until the provider finds something later."""
    screening = tx.get(Screening, appeal.subject_id)
    if screening.failed_for is None or appeal.decision.key != _of_finding(screening):
        return Effect.NONE
    tx.save(screening.overruled(verdict.at))
    return Effect.ACCEPTED


def let_in_again(appeal: Appeal, _verdict: Verdict, tx: Transaction) -> Effect:
    """Back in the pool, or invited as before. Of an application it is noted: the worker may apply again."""
    member = tx.get(PoolMember, appeal.subject_id)
    if appeal.decision.key[-1] != member.position:
        return Effect.NONE
    if member.status != PoolMemberStatus.REMOVED:
        return Effect.NOTED
    tx.save(member.taken_back(renamed(appeal.position, "pmb")))
    return Effect.RETURNED


def _of_revocation(holding: Holding) -> tuple[str, ...]:
    return (holding.id, str(holding.revocations or 1))


def _of_finding(screening: Screening) -> tuple[str, ...]:
    return (screening.id, screening.reference, str(screening.last.occurred_at if screening.last else 0))


def _require_own(worker_id: str, person_id: str) -> None:
    if worker_id != person_id:
        raise NotFound
