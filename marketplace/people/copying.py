"""The use cases of copies."""

from marketplace.people.privacy import (
    PARTS_MAX,
    PARTS_PER_COMMIT,
    Export,
    ExportPart,
    ExportStatus,
    export_id,
    part_id,
)
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class AddPart:
    """What step `step` has found, empty where that is nothing; `after` is where the next begins, None when
    this was all."""

    export_id: str
    step: int
    content: str
    after: str | None


def request_export(owner_id: str, kind: type[object], tx: Transaction) -> Export:
    """Raises NotFound, AlreadyExists while one is prepared."""
    before = tx.find(Export, export_id(owner_id))
    tx.get(kind, owner_id)
    export = before.again(tx.now) if before else Export(export_id(owner_id), owner_id, tx.now)
    _told(EventType.EXPORT_REQUESTED, export, tx)
    return export


def add_part(command: AddPart, tx: Transaction) -> None:
    """The part and where it has come to, in one commit; whatever another step wrote there before is written
    over. Of a copy that is over by now, since its person has been forgotten, nothing comes any more.
    Raises NotFound."""
    export = tx.get(Export, command.export_id)
    if not export.awaits(command.step):
        return
    complete = not command.content or export.parts < PARTS_MAX
    if command.content and complete:
        _keep(ExportPart(part_id(export.id, export.parts), command.content), tx)
        export = export.with_part(command.after or "")
    else:
        export = export.without_part(command.after or "")
    if complete and command.after is not None:
        _told(EventType.EXPORT_CONTINUED, export, tx)
    else:
        _told(EventType.EXPORT_READY, export.ready(complete=complete, at=tx.now), tx)


def wake_export(identifier: str, tx: Transaction) -> None:
    """Its time is over."""
    export = tx.find(Export, identifier)
    if export is not None and export.ends_at is not None and tx.now >= export.ends_at:
        _told(EventType.EXPORT_EXPIRED, export.expired(), tx)


def empty_parts(identifier: str, step: int, tx: Transaction) -> None:
    """The last of the parts that are kept, if that is the step that is next. Raises NotFound."""
    export = tx.get(Export, identifier)
    if export.status != ExportStatus.EXPIRED or export.steps != step or not export.kept:
        return
    emptied = export.emptied()
    for number in range(emptied.kept, emptied.kept + PARTS_PER_COMMIT):
        part = tx.find(ExportPart, part_id(export.id, number)) if number < export.kept else None
        if part is not None:
            tx.save(replace(part, content=""))
    _told(EventType.EXPORT_CONTINUED, emptied, tx)


def _keep(part: ExportPart, tx: Transaction) -> None:
    tx.find(ExportPart, part.id)
    tx.save(part)


def _told(happened: EventType, export: Export, tx: Transaction) -> None:
    tx.save(export)
    tx.publish(happened, about=(export.id, export.worker_id), step=export.steps)
