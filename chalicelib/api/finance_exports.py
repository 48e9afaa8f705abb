"""Files for finance: the journal, payouts, fees, earnings and exceptions of a span."""

from collections.abc import Callable
from io import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO, Literal, cast

from pydantic import Field

from chalicelib.http import FINANCE, SEE_OTHER, Call, NoBody, Reply, Routes
from chalicelib.types import Instant, Model
from marketplace.exports import rows
from marketplace.exports.table import Table, write_csv, write_xlsx
from marketplace.runtime import Runtime
from marketplace.shared.errors import InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.running import run
from marketplace.storage import exporting
from marketplace.storage.exporting import Allowance
from marketplace.storage.statements import Period

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

routes = Routes()

BYTES_DIRECT_MAX = 4_000_000
"""A Lambda answers at most 6 MB, and a workbook travels as base64, a third longer. What is larger is fetched
from the file store."""
READING_SECONDS_MAX = 15.0
"""The gateway waits 29 s, and the file has to be written and sent away as well."""

_TABLES: dict[str, Callable[[Runtime, Period, Allowance], Table]] = {
    "journal": lambda _, *span: rows.journal(exporting.journals(*span)),
    "payouts": lambda runtime, *span: rows.payouts(exporting.payouts(runtime.reads, *span)),
    "fees": lambda _, *span: rows.fees(exporting.journals(*span)),
    "earnings": lambda _, *span: rows.earnings(exporting.journals(*span)),
    "exceptions": lambda runtime, *span: rows.exceptions(exporting.breaks(runtime.reads, *span)),
}
_WRITERS = {"csv": (CSV, write_csv), "xlsx": (XLSX, write_xlsx)}


class ExportQuery(Model):
    """What happened from `from` on and before `to`, business time."""

    first: Annotated[Instant, Field(alias="from")]
    end: Annotated[Instant, Field(alias="to")]
    format: Literal["csv", "xlsx"] = "csv"


@routes.add(
    "GET",
    "/v1/finance/exports/{export}",
    who=FINANCE,
    query=ExportQuery,
    answer=NoBody,
    media=(CSV, XLSX),
    moved=True,
    heavy=True,
)
def export_finance(call: Call[Any]) -> Reply:
    """A file of `journal`, `payouts`, `fees`, `earnings` or `exceptions`; who took it is kept. A large one is
    fetched from the address that the answer leads to, which is good for five minutes."""
    name, query = call.path["export"], call.query
    if name not in _TABLES:
        raise NotFound
    if query.first >= query.end:
        raise InvalidRequest.at("/to", "must be after from")
    content_type, write = _WRITERS[query.format]
    period, allowance = Period(max(0, query.first), query.end), Allowance(READING_SECONDS_MAX)
    with SpooledTemporaryFile(max_size=BYTES_DIRECT_MAX) as file:
        spooled = cast("BinaryIO", file)
        write(_TABLES[name](call.runtime, period, allowance), spooled)
        reply = _handed_over(call, spooled, f"{name}.{query.format}", content_type)
    _note(call, f"export:{name}")
    return reply


def _handed_over(call: Call[Any], file: BinaryIO, filename: str, content_type: str) -> Reply:
    """The file itself, or where it is to be fetched."""
    if file.seek(0, SEEK_END) > BYTES_DIRECT_MAX:
        place = f"{call.runtime.new_id('file')}/{filename}"
        address = call.runtime.objects.offer(place, file, filename=filename, content_type=content_type)
        return Reply(text="", status=SEE_OTHER, headers={"Location": address})
    file.seek(0)
    told = {"Content-Type": content_type, "Content-Disposition": f'attachment; filename="{filename}"'}
    content = file.read()
    if content_type == CSV:
        return Reply(text=content.decode(), headers=told)
    return Reply(file=content, headers=told)


def _note(call: Call[Any], about: str) -> None:
    """An audit event; without it no file leaves."""
    query = call.query
    span = {"from": query.first, "to": query.end, "format": query.format}
    run(
        call.runtime.store,
        call.cause,
        lambda tx: tx.publish(EventType.FINANCE_EXPORTED, about=(about,), span=span),
    )
