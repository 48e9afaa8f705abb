"""Files for finance: the journal, payouts, fees, earnings and exceptions of a span."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.http import FINANCE, Call, NoBody, Reply, Routes
from chalicelib.types import Instant, Model
from marketplace.exports import rows
from marketplace.exports.table import Table, as_csv, as_xlsx
from marketplace.runtime import Runtime
from marketplace.shared.errors import InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.running import run
from marketplace.storage import exporting
from marketplace.storage.statements import Period

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

routes = Routes()

_TABLES: dict[str, Callable[[Runtime, Period], Table]] = {
    "journal": lambda _, period: rows.journal(exporting.journals(period)),
    "payouts": lambda runtime, period: rows.payouts(exporting.payouts(runtime.reads, period)),
    "fees": lambda _, period: rows.fees(exporting.journals(period)),
    "earnings": lambda _, period: rows.earnings(exporting.journals(period)),
    "exceptions": lambda runtime, period: rows.exceptions(exporting.breaks(runtime.reads, period)),
}
_WRITERS = {"csv": (CSV, as_csv), "xlsx": (XLSX, as_xlsx)}


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
    heavy=True,
)
def export_finance(call: Call[Any]) -> Reply:
    """A file of `journal`, `payouts`, `fees`, `earnings` or `exceptions`; who took it is kept."""
    name, query = call.path["export"], call.query
    if name not in _TABLES:
        raise NotFound
    if query.first >= query.end:
        raise InvalidRequest.at("/to", "must be after from")
    content_type, write = _WRITERS[query.format]
    content = write(_TABLES[name](call.runtime, Period(max(0, query.first), query.end)))
    _note(call, f"export:{name}")
    file = f'attachment; filename="{name}.{query.format}"'
    told = {"Content-Type": content_type, "Content-Disposition": file}
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
