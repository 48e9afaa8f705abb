"""What happens to a file that is written piece by piece, one commit each."""

from marketplace.exports.file import TOO_SLOW, Export, ExportFile, FileStatus
from marketplace.shared.errors import InvalidRequest
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction

_TOLD = {
    FileStatus.PREPARING: EventType.EXPORT_FILE_PREPARING,
    FileStatus.READY: EventType.EXPORT_FILE_READY,
    FileStatus.EXPIRED: EventType.EXPORT_FILE_EXPIRED,
    FileStatus.FAILED: EventType.EXPORT_FILE_FAILED,
}


@dataclass(frozen=True)
class RequestFile:
    """What happened in [first, end); `written_until` is the machine's time. Epoch seconds."""

    file_id: str
    export: Export
    first: int
    end: int
    written_until: int


@dataclass(frozen=True)
class Piece:
    """What a step wrote: `size` in bytes, and where the next begins in the time index, None at its end."""

    size: int
    rows: int
    reached: int | None


def request_file(command: RequestFile, tx: Transaction) -> ExportFile:
    """A queue writes it. Raises InvalidRequest for a span without length."""
    if command.first >= command.end:
        raise InvalidRequest.at("/to", "must be after from")
    file = ExportFile(
        command.file_id,
        command.export,
        command.first,
        command.end,
        command.written_until,
        asked_by=tx.cause.actor,
        asked_at=tx.now,
    )
    return _saved(file, tx)


def keep_piece(seen: ExportFile, piece: Piece, tx: Transaction) -> None:
    """Nothing where the file is not as it was `seen` any more. The event makes the queue go on."""
    if tx.get(ExportFile, seen.id) == seen:
        _saved(seen.written(size=piece.size, rows=piece.rows, reached=piece.reached, at=tx.now), tx)


def finish_file(seen: ExportFile, tx: Transaction) -> None:
    """All pieces have been joined; nothing where it is not as it was `seen` any more."""
    if tx.get(ExportFile, seen.id) == seen:
        _saved(seen.ready(tx.now), tx)


def wake_file(identifier: str, tx: Transaction) -> None:
    """It has taken too long, or was there long enough."""
    file = tx.due(ExportFile, identifier)
    if file is not None:
        waited = file.status == FileStatus.PREPARING
        _saved(file.failed(TOO_SLOW, tx.now) if waited else file.expired(), tx)


def _saved(file: ExportFile, tx: Transaction) -> ExportFile:
    tx.save(file)
    tx.publish(_TOLD[file.status], about=(file.id,), step=file.step)
    return file
