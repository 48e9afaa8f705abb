"""Appealing, and deciding about it."""

from marketplace.appeals.appeal import PREFIX, Appeal, Effect, Statement, Verdict
from marketplace.appeals.granting import undo
from marketplace.appeals.subjects import decision_about
from marketplace.contracts import paying
from marketplace.contracts.contract import Contract
from marketplace.people.workers import Identity
from marketplace.reputation.rating import Rating, Removal, RemovalCode
from marketplace.shared.errors import AlreadyExists, Forbidden, IllegalTransition, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.ids import derived_id
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class MakeAppeal:
    """`by` is the client's or worker's id, `position` a fresh id; `contract_id` is whose milestone it is."""

    subject_id: str
    by: str
    position: str
    reason: str
    contract_id: str | None = None


@dataclass(frozen=True)
class AnswerAppeal:
    """`by` is the client's or worker's id."""

    appeal_id: str
    by: str
    text: str


@dataclass(frozen=True)
class DecideAppeal:
    """`operator` names the human who decides, and `identity_id` is theirs: they may work here as well."""

    appeal_id: str
    operator: str
    identity_id: str
    granted: bool
    reason: str


@dataclass(frozen=True)
class JudgeRating:
    """`operator` names the human who decides, and `identity_id` is theirs."""

    rating_id: str
    operator: str
    identity_id: str
    reason: str
    reason_code: RemovalCode = RemovalCode.OTHER


_OF_RATINGS = {
    Effect.RATING_REMOVED: EventType.RATING_REMOVED,
    Effect.RATING_RESTORED: EventType.RATING_RESTORED,
}
"""What the reputation has to hear of."""


def make_appeal(command: MakeAppeal, tx: Transaction) -> Appeal:
    """Raises NotFound, IllegalTransition, InvalidRequest, AlreadyExists."""
    decision = decision_about(command.subject_id, command.by, command.contract_id, tx)
    identifier = appeal_id(*decision.key)
    before = tx.find(Appeal, identifier)
    if before is not None:
        final = "" if before.is_open else ", and what was said then is final"
        raise AlreadyExists(f"this decision has been appealed already{final}")
    appeal = Appeal(
        id=identifier,
        subject_id=command.subject_id,
        by=command.by,
        decision=decision,
        reason=command.reason,
        created_at=tx.now,
        position=command.position,
    )
    tx.save(appeal)
    tx.publish(EventType.APPEAL_OPENED, about=appeal.about)
    return appeal


def answer_appeal(command: AnswerAppeal, tx: Transaction) -> Appeal:
    """The other side says once what it has to say, before anybody decides.

    Raises NotFound, Forbidden for who has appealed, AlreadyExists, IllegalTransition.
    """
    appeal = own_appeal(tx.find(Appeal, command.appeal_id), command.by)
    if command.by != appeal.decision.respondent:
        raise Forbidden("the other side answers an appeal")
    answered = appeal.answered(Statement(tx.now, command.text))
    tx.save(answered)
    tx.publish(EventType.APPEAL_ANSWERED, about=answered.about)
    return answered


def decide_appeal(command: DecideAppeal, tx: Transaction) -> Appeal:
    """Grants it, and undoes what was decided as far as that goes; or denies it.

    Raises NotFound, IllegalTransition, Forbidden for whom it is about, or who decided first.
    """
    appeal = tx.get(Appeal, command.appeal_id)
    appeal.require_open_to(command.operator)
    _require_impartial(command.identity_id, appeal.by, appeal.decision.contract_id, tx)
    verdict = Verdict(command.operator, tx.now, command.reason)
    if not command.granted:
        return _denied(appeal, verdict, tx)
    effect, payees = undo(appeal, verdict, tx)
    granted = appeal.granted(replace(verdict, effect=effect))
    tx.save(granted)
    event = _OF_RATINGS.get(effect, EventType.APPEAL_GRANTED)
    tx.publish(event, about=(*granted.about, *payees), effect=effect.value)
    return granted


def remove_rating(command: JudgeRating, tx: Transaction) -> Rating:
    """Takes a rating out, whether or not somebody has appealed; an open appeal is granted by it.

    Raises NotFound, IllegalTransition, Forbidden.
    """
    rating = tx.get(Rating, command.rating_id)
    _require_impartial(command.identity_id, rating.about, rating.contract_id, tx)
    removed = rating.removed(Removal(command.operator, tx.now, command.reason_code, command.reason))
    tx.save(removed)
    appeal, about = tx.find(Appeal, appeal_id(rating.id)), [rating.id, rating.about, rating.contract_id]
    if appeal is not None and appeal.is_open:
        verdict = Verdict(command.operator, tx.now, command.reason, Effect.RATING_REMOVED)
        tx.save(appeal.granted(verdict))
        about.append(appeal.id)
    tx.publish(EventType.RATING_REMOVED, about=about, reason_code=command.reason_code.value)
    return removed


def uphold_rating(command: JudgeRating, tx: Transaction) -> Rating:
    """The rating stays: its appeal is denied. Raises NotFound, IllegalTransition, Forbidden."""
    rating = tx.get(Rating, command.rating_id)
    appeal = tx.find(Appeal, appeal_id(rating.id))
    if appeal is None or not appeal.is_open:
        raise IllegalTransition("no appeal against this rating is open")
    _require_impartial(command.identity_id, rating.about, rating.contract_id, tx)
    _denied(appeal, Verdict(command.operator, tx.now, command.reason), tx)
    return rating


def own_appeal(appeal: Appeal | None, person_id: str) -> Appeal:
    """The appeal if it is this person's, or against its decision. Raises NotFound."""
    if appeal is None or person_id not in (appeal.by, appeal.decision.respondent):
        raise NotFound
    return appeal


def appeal_id(*decision: str) -> str:
    """The id of the one appeal that there may be against a decision."""
    return derived_id(PREFIX, *decision)


def _denied(appeal: Appeal, verdict: Verdict, tx: Transaction) -> Appeal:
    denied = appeal.denied(verdict)
    tx.save(denied)
    tx.publish(EventType.APPEAL_DENIED, about=denied.about)
    return denied


def _require_impartial(identity_id: str, person_id: str, contract_id: str | None, tx: Transaction) -> None:
    """Raises Forbidden for an operator who works here as well, and whom it is about."""
    person = tx.find(Identity, identity_id)
    if person is None:
        return
    contract = tx.find(Contract, contract_id) if contract_id else None
    concerned = paying.shared(contract, net=0).payees if contract is not None else ()
    if person.worker_id in (person_id, *((contract.worker_id,) if contract else ()), *concerned):
        raise Forbidden("nobody decides about their own")
