"""The use cases of copies and of being forgotten."""

from dataclasses import dataclass, replace

from marketplace.access.clients import Client
from marketplace.access.suspension import ReasonCode, Suspension, suspension_id
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.people.privacy import (
    Erasure,
    ErasureStatus,
    Export,
    ExportPart,
    ExportStatus,
    erasure_id,
    export_id,
    part_id,
)
from marketplace.people.workers import Identity, Worker
from marketplace.shared.errors import ErasureRefused
from marketplace.shared.events import EventType
from marketplace.shared.private import ERASED
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class RequestErasure:
    """`reasons` are what speaks against it now, `identity_id` is what a worker signed in by."""

    subject_id: str
    kind: type[object]
    by: str
    reasons: tuple[str, ...]
    identity_id: str | None = None


def request_export(worker_id: str, tx: Transaction) -> Export:
    """Raises NotFound, AlreadyExists while one is prepared."""
    before = tx.find(Export, export_id(worker_id))
    tx.get(Worker, worker_id)
    export = before.again(tx.now) if before else Export(export_id(worker_id), worker_id, tx.now)
    tx.save(export)
    tx.publish(EventType.EXPORT_REQUESTED, about=(export.id, worker_id))
    return export


def keep_part(export: str, number: int, content: str, tx: Transaction) -> None:
    """One conditional write; whoever prepares again writes over it."""
    identifier = part_id(export, number)
    tx.find(ExportPart, identifier)
    tx.save(ExportPart(identifier, content))


def finish_export(export: str, parts: int, tx: Transaction, *, complete: bool) -> None:
    """Raises NotFound. One that is ready stays as it is, and of one that is over by now, since its worker has
    been forgotten, nothing stays."""
    found = tx.get(Export, export)
    if found.status == ExportStatus.PREPARING:
        tx.save(found.ready(parts=parts, complete=complete, at=tx.now))
        tx.publish(EventType.EXPORT_READY, about=(found.id, found.worker_id))
    elif found.status == ExportStatus.EXPIRED:
        _empty(replace(found, parts=parts), tx)


def wake_export(identifier: str, tx: Transaction) -> None:
    """Its time is over: its parts are emptied."""
    export = tx.find(Export, identifier)
    if export is not None and export.ends_at is not None and tx.now >= export.ends_at:
        _empty(export, tx)
        tx.publish(EventType.EXPORT_EXPIRED, about=(export.id, export.worker_id))


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
    tx.publish(EventType.ERASURE_REQUESTED, about=(erasure.id, command.subject_id))
    return erasure


def finish_erasure(subject_id: str, reasons: tuple[str, ...], tx: Transaction) -> None:
    """Forgets the person, unless there are reasons by now. Raises NotFound."""
    erasure = tx.get(Erasure, erasure_id(subject_id))
    if erasure.status != ErasureStatus.ASKED:
        return
    ended = erasure.ended(reasons, tx.now)
    tx.save(ended)
    if ended.status == ErasureStatus.ERASED:
        _forget(subject_id, tx)
        identity = tx.find(Identity, erasure.identity_id) if erasure.identity_id else None
        if identity is not None:
            tx.forget(identity)
    happened = EventType.ERASURE_REFUSED if reasons else EventType.PERSON_ERASED
    tx.publish(happened, about=(erasure.id, subject_id), reasons=list(reasons))


def _forget(subject_id: str, tx: Transaction) -> None:
    worker, client = _found(subject_id, tx)
    if worker is not None:
        tx.forget(replace(worker, name=ERASED, headline="", languages=(), skills=(), salt=None))
        account = tx.find(PayoutAccount, payout_account_id(subject_id))
        if account is not None:
            tx.forget(replace(account, onboarding_url=None, look_at=None))
        export = tx.find(Export, export_id(subject_id))
        if export is not None:
            _empty(export, tx)
    if client is not None:
        tx.forget(replace(client, email="", salt=None))
    _keep_out(subject_id, tx)


def _found(subject_id: str, tx: Transaction) -> tuple[Worker | None, Client | None]:
    if subject_id.startswith("wrk_"):
        return tx.find(Worker, subject_id), None
    return None, tx.find(Client, subject_id)


def _keep_out(subject_id: str, tx: Transaction) -> None:
    """What operators wrote about the person is forgotten as well."""
    before = tx.find(Suspension, suspension_id(subject_id))
    since = before.since if before is not None and before.stands else tx.now
    tx.forget(
        Suspension(
            id=suspension_id(subject_id),
            subject_id=subject_id,
            by="platform",
            since=since,
            reason_code=ReasonCode.REQUESTED,
            reason="this person's data has been erased",
        )
    )


def _empty(export: Export, tx: Transaction) -> None:
    for number in range(export.parts):
        part = tx.find(ExportPart, part_id(export.id, number))
        if part is not None:
            tx.save(replace(part, content=""))
    tx.save(export.expired())
