"""Writes finance's large files, a piece a message; each commit leads to the next one."""

import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from marketplace.exports import rows
from marketplace.exports.file import Export, ExportFile, FileStatus
from marketplace.exports.table import Cell, Table, write_csv
from marketplace.exports.use_cases import Piece, finish_file, keep_piece
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.existing import existing
from marketplace.shared.running import consequence, run
from marketplace.shared.transaction import Transaction
from marketplace.storage import exporting
from marketplace.storage.exporting import Posted
from marketplace.storage.statements import Period

ACTOR = "export_files"
CSV = "text/csv; charset=utf-8"
JOURNALS_PER_PIECE = 15_000
"""Read and written within five seconds or so; a message has thirty."""
BUCKETS_PER_PIECE = 2_000
"""So many stretches of five minutes are looked into, should next to nothing of them lie in the span."""

_TABLES: dict[Export, Callable[[Runtime, Posted], Table]] = {
    Export.JOURNAL: lambda _, posted: rows.journal(posted),
    Export.FEES: lambda _, posted: rows.fees(posted),
    Export.EARNINGS: lambda _, posted: rows.earnings(posted),
    Export.PAYOUTS: lambda runtime, posted: rows.payouts(exporting.payouts_of(runtime.reads, posted)),
}


def work(event: Event, runtime: Runtime) -> None:
    """Raises what the tables or the file store raise: then the step is taken again."""
    if event.type != EventType.EXPORT_FILE_PREPARING:
        return
    file = existing(runtime.store, ExportFile, event.about[0])
    if file.status != FileStatus.PREPARING:
        return
    if file.is_read:
        names = [file.piece(step) for step in file.pieces]
        runtime.objects.join(names, file.name, content_type=CSV)
        _commit(event, runtime, f"{file.id}:joined", partial(finish_file, file))
    else:
        piece = _written(file, runtime)
        _commit(event, runtime, f"{file.id}:{file.step}", partial(keep_piece, file, piece))


def _written(file: ExportFile, runtime: Runtime) -> Piece:
    """The next piece is in the store when this returns."""
    stretch = exporting.stretch(
        Period(file.first, file.end),
        since=file.reached,
        until=file.written_until,
        journals_max=JOURNALS_PER_PIECE,
        buckets_max=BUCKETS_PER_PIECE,
    )
    counted = _Counted(_TABLES[file.export](runtime, stretch.posted))
    text = io.BytesIO()
    write_csv(counted.table, text)
    content = text.getvalue()
    if file.step:
        content = content.partition(b"\r\n")[2]  # the columns stand in the first piece
    if file.open_piece is not None:
        content = runtime.objects.piece(file.piece(file.open_piece)) + content
    runtime.objects.put_piece(file.piece(file.step), content)
    return Piece(len(content), counted.rows, stretch.reached)


class _Counted:
    """A table that knows how many rows it came to once it is written."""

    def __init__(self, table: Table) -> None:
        self.rows = 0
        self.table = Table(table.columns, self._each(table))

    def _each(self, table: Table) -> Iterator[Sequence[Cell]]:
        for row in table.rows:
            self.rows += 1
            yield row


def _commit(event: Event, runtime: Runtime, name: str, work: Callable[[Transaction], Any]) -> None:
    run(runtime.store, consequence(event, name, actor=ACTOR, at=runtime.clock.now()), work)
