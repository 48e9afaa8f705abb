"""A file for finance that takes longer to write than a call may take: written piece by piece.

    preparing ──a piece──> preparing ──...──> preparing, all read ──joined──> ready ──a day──> expired
        └── not ready within a day, or too large ──> failed

A step reads so many journals on from where the last one came to, so whoever repeats it writes the same piece
under the same name. A piece that is too small to be joined is open: the next step writes it again, longer,
under a name of its own.

    step      0     1     2     3     4
    written   0     1     1+2   3     3+4      names of pieces in the end: 0, 2, 4
"""

from enum import StrEnum

from marketplace.shared.records import dataclass, replace

PREFIX = "fex"
LIFE_SECONDS = 86_400
"""So long it may take, and so long it can be fetched: the file store keeps what we made for a day."""
PIECE_BYTES_MIN = 5 * 1024 * 1024
"""The file store joins pieces of at least so much; the last may be smaller. (S3: Multipart upload limits)"""
PIECES_MAX = 100
"""Joining them all takes one message's time."""
TOO_LARGE, TOO_SLOW = "it is too large: ask for less at a time", "it was not ready within a day"


class FileStatus(StrEnum):
    """Of a file."""

    PREPARING = "preparing"
    READY = "ready"
    EXPIRED = "expired"
    FAILED = "failed"


class Export(StrEnum):
    """What is in it. Exceptions are never so many."""

    JOURNAL = "journal"
    PAYOUTS = "payouts"
    FEES = "fees"
    EARNINGS = "earnings"


@dataclass(frozen=True)
class ExportFile:
    """What happened in [first, end), business time, and was written before `written_until`, machine's time;
    all epoch seconds. `step` is the next one, `reached` where it begins in the time index until all `is_read`
    and only joining is left; `pieces` are the steps that wrote those which are whole, `open_piece` the one
    that is to go on."""

    id: str
    export: Export
    first: int
    end: int
    written_until: int
    asked_by: str
    asked_at: int
    status: FileStatus = FileStatus.PREPARING
    step: int = 0
    reached: int = 0
    is_read: bool = False
    pieces: tuple[int, ...] = ()
    open_piece: int | None = None
    rows: int = 0
    ended_at: int | None = None
    failure: str | None = None

    @property
    def due_at(self) -> int | None:
        """When it has taken too long, or cannot be fetched any more."""
        if self.status == FileStatus.PREPARING:
            return self.asked_at + LIFE_SECONDS
        return self.expires_at

    @property
    def expires_at(self) -> int | None:
        """Until when it can be fetched; None unless it can."""
        ready = self.status == FileStatus.READY and self.ended_at is not None
        return self.ended_at + LIFE_SECONDS if ready and self.ended_at is not None else None

    def piece(self, step: int) -> str:
        """The name of what a step wrote."""
        return f"{self.id}/piece-{step:05d}.csv"

    @property
    def name(self) -> str:
        """Of the whole file."""
        return f"{self.id}/{self.filename}"

    @property
    def filename(self) -> str:
        """What it is saved as."""
        return f"{self.export}.csv"

    def written(self, *, size: int, rows: int, reached: int | None, at: int) -> "ExportFile":
        """The next step wrote a piece of `size` bytes, the open one before it included."""
        whole = reached is None or size >= PIECE_BYTES_MIN
        moved = replace(
            self,
            step=self.step + 1,
            reached=self.reached if reached is None else reached,
            is_read=reached is None,
            pieces=(*self.pieces, self.step) if whole else self.pieces,
            open_piece=None if whole else self.step,
            rows=self.rows + rows,
        )
        return moved if len(moved.pieces) <= PIECES_MAX else moved.failed(TOO_LARGE, at)

    def ready(self, at: int) -> "ExportFile":
        """It can be fetched."""
        return replace(self, status=FileStatus.READY, ended_at=at)

    def failed(self, why: str, at: int) -> "ExportFile":
        """Nobody goes on with it."""
        return replace(self, status=FileStatus.FAILED, ended_at=at, failure=why)

    def expired(self) -> "ExportFile":
        """Nobody can fetch it any more."""
        return replace(self, status=FileStatus.EXPIRED)
