"""The use cases of being forgotten."""

from marketplace.access.clients import Client
from marketplace.access.suspension import PLATFORM, Suspension, farewell, suspension_id
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.people.privacy import (
    Erasure,
    ErasureStatus,
    Export,
    ExportPart,
    erasure_id,
    export_id,
)
from marketplace.people.workers import Identity, Worker
from marketplace.shared.errors import ErasureRefused
from marketplace.shared.events import EventType
from marketplace.shared.private import ERASED
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction

ASKED = "this person asked to be forgotten, and that is looked into"
BOUND = "something binds us still, so this person is not forgotten"
FORGOTTEN = "this person's data has been erased"


@dataclass(frozen=True)
class RequestErasure:
    """`reasons` are what speaks against it now, `identity_id` is what a worker signed in by."""

    subject_id: str
    kind: type[object]
    by: str
    reasons: tuple[str, ...]
    identity_id: str | None = None


def request_erasure(command: RequestErasure, tx: Transaction) -> Erasure:
    """Raises NotFound, ErasureRefused, IllegalTransition when it was asked for already."""
    before = tx.find(Erasure, erasure_id(command.subject_id))
    tx.get(command.kind, command.subject_id)
    asked = Erasure(
        erasure_id(command.subject_id),
        command.subject_id,
        tx.now,
        command.by,
        identity_id=command.identity_id,
    )
    erasure = before.again(by=command.by, at=tx.now) if before else asked
    if command.reasons:
        raise ErasureRefused(command.reasons)
    tx.save(erasure)
    tx.publish(EventType.ERASURE_REQUESTED, about=(erasure.id, command.subject_id), step=erasure.steps)
    return erasure


def look_further(subject_id: str, step: int, after: str, tx: Transaction) -> None:
    """Nothing that binds was found up to `after`. Raises NotFound."""
    erasure = tx.get(Erasure, erasure_id(subject_id))
    if erasure.awaits(step, ErasureStatus.ASKED):
        _go_on(erasure.moved(after), tx)


def decide_erasure(subject_id: str, step: int, reasons: tuple[str, ...], tx: Transaction) -> None:
    """Everything was looked at. Where something binds, it is refused, and the doors are open again. Else they
    are shut, to look once more; or, if they have been since the look before, it begins. Raises NotFound."""
    erasure = tx.get(Erasure, erasure_id(subject_id))
    if not erasure.awaits(step, ErasureStatus.ASKED):
        return
    before = tx.find(Suspension, suspension_id(subject_id))
    if reasons:
        _refuse(erasure, reasons, before, tx)
    elif erasure.was_shut_by(before):
        _begin(erasure, before, tx)
    else:
        _shut(erasure, before, tx)


def wake_erasure(identifier: str, tx: Transaction) -> None:
    """Whatever was begun when the doors were shut has come to its end: it is looked at again."""
    erasure = tx.due(Erasure, identifier)
    if erasure is not None:
        _go_on(erasure.looked_at_again(), tx)


def forget_further(subject_id: str, step: int, after: str | None, forgotten: int, tx: Transaction) -> None:
    """So many more objects tell nothing any more; without `after` these were the last. Raises NotFound."""
    erasure = tx.get(Erasure, erasure_id(subject_id))
    if not erasure.awaits(step, ErasureStatus.ERASING):
        return
    moved = erasure.moved(after or "", forgotten=forgotten)
    if after is not None:
        _go_on(moved, tx)
        return
    tx.save(moved.ended(tx.now))
    tx.publish(EventType.PERSON_ERASED, about=(erasure.id, subject_id))


def forget_part(identifier: str, tx: Transaction) -> None:
    """A part of a copy holds nothing any more; it may never have been there."""
    part = tx.find(ExportPart, identifier)
    if part is not None:
        tx.forget(replace(part, content=""))


def _refuse(erasure: Erasure, reasons: tuple[str, ...], before: Suspension | None, tx: Transaction) -> None:
    tx.save(erasure.refused(reasons, tx.now))
    if before is not None and before.is_farewell:
        tx.save(before.lifted(by=PLATFORM, reason=BOUND, at=tx.now))
    about = (erasure.id, erasure.subject_id)
    tx.publish(EventType.ERASURE_REFUSED, about=about, reasons=list(reasons), step=erasure.steps + 1)


def _shut(erasure: Erasure, before: Suspension | None, tx: Transaction) -> None:
    """Forgets nothing yet. Whom an operator keeps out stays kept out by them."""
    shut = erasure.shut(tx.now)
    tx.save(shut)
    if before is None or not before.stands:
        tx.save(farewell(erasure.subject_id, ASKED, tx.now, pending=True))
    tx.publish(EventType.ERASURE_SHUT, about=(erasure.id, erasure.subject_id), step=shut.steps)


def _begin(erasure: Erasure, before: Suspension | None, tx: Transaction) -> None:
    """Forgets who the person is; what else there is of them goes in the steps that follow."""
    begun = erasure.begun()
    tx.save(begun)
    _forget(erasure.subject_id, tx)
    since = before.since if before is not None else tx.now
    tx.forget(farewell(erasure.subject_id, FORGOTTEN, since))  # and what operators wrote about them
    identity = tx.find(Identity, erasure.identity_id) if erasure.identity_id else None
    if identity is not None:
        tx.forget(identity)
    tx.publish(EventType.ERASURE_BEGUN, about=(erasure.id, erasure.subject_id), step=begun.steps)


def _go_on(erasure: Erasure, tx: Transaction) -> None:
    tx.save(erasure)
    tx.publish(EventType.ERASURE_CONTINUED, about=(erasure.id, erasure.subject_id), step=erasure.steps)


def _forget(subject_id: str, tx: Transaction) -> None:
    worker, client = _found(subject_id, tx)
    if worker is not None:
        tx.forget(replace(worker, name=ERASED, headline="", languages=(), skills=(), salt=None))
        account = tx.find(PayoutAccount, payout_account_id(subject_id))
        if account is not None:
            tx.forget(replace(account, onboarding_url=None, look_at=None))
    if client is not None:
        tx.forget(replace(client, email="", salt=None))
    export = tx.find(Export, export_id(subject_id))
    if export is not None:
        tx.save(export.expired())


def _found(subject_id: str, tx: Transaction) -> tuple[Worker | None, Client | None]:
    if subject_id.startswith("wrk_"):
        return tx.find(Worker, subject_id), None
    return None, tx.find(Client, subject_id)
