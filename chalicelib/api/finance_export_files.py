"""Files for finance that take longer than a call: asked for, written by a queue, and fetched."""

import time
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.http import FINANCE, SEE_OTHER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.exports import use_cases
from marketplace.exports.file import PREFIX, Export, ExportFile, FileStatus
from marketplace.exports.use_cases import RequestFile
from marketplace.shared.errors import IllegalTransition, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.running import run
from marketplace.storage.keys import ALL, EXPORT_FILES

PATH = "/v1/finance/export-files"
CSV = "text/csv; charset=utf-8"

routes = Routes()


class NewExportFile(Model):
    """What happened from `from` on and before `to`, business time."""

    export: Literal["journal", "payouts", "fees", "earnings"]
    first: Annotated[Instant, Field(alias="from")]
    end: Annotated[Instant, Field(alias="to")]


class ExportFileView(Model):
    """A file of CSV and what has become of it: `rows` so far, and until when it can be fetched."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: str
    object: Literal["export_file"] = "export_file"
    status: Literal["preparing", "ready", "expired", "failed"]
    export: Literal["journal", "payouts", "fees", "earnings"]
    first: Annotated[Instant, Field(alias="from")]
    end: Annotated[Instant, Field(alias="to")]
    rows: int
    failure: str | None
    expires_at: Instant | None
    created_at: Instant


@routes.add(
    "POST", PATH, who=FINANCE, body=NewExportFile, answer=ExportFileView, status=201, key_required=True
)
def request_export_file(call: Call[NewExportFile]) -> Reply:
    """Asks for a file of any size; it holds what was written before it was asked for, and is ready within
    minutes."""
    body = call.body
    command = RequestFile(
        call.runtime.new_id(PREFIX), Export(body.export), max(0, body.first), body.end, int(time.time()) + 1
    )
    return call.commit(lambda tx: use_cases.request_file(command, tx), export_file_view)


@routes.add("GET", PATH, who=FINANCE, query=PageQuery, answer=Page, row=ExportFileView)
def list_export_files(call: Call[Any]) -> Reply:
    """All that were asked for, newest first."""
    return call.page(EXPORT_FILES, ALL, export_file_view)


@routes.add("GET", f"{PATH}/{{export_file_id}}", who=FINANCE, answer=ExportFileView)
def get_export_file(call: Call[Any]) -> Reply:
    """Whether it is ready."""
    return Reply(export_file_view(_file(call)))


@routes.add("GET", f"{PATH}/{{export_file_id}}/content", who=FINANCE, answer=NoBody, media=(CSV,), moved=True)
def fetch_export_file(call: Call[Any]) -> Reply:
    """Leads to the file, by an address that is good for five minutes; who took it is kept. 409 unless it is
    ready."""
    file = _file(call)
    if file.status != FileStatus.READY:
        raise IllegalTransition(f"the file is {file.status}" + (f": {file.failure}" if file.failure else ""))
    address = call.runtime.objects.offered(file.name, filename=file.filename, content_type=CSV)
    _note(call, file)
    return Reply(text="", status=SEE_OTHER, headers={"Location": address})


def export_file_view(file: ExportFile) -> ExportFileView:
    """A file for an answer."""
    fields: dict[str, Any] = {"from": file.first, "to": file.end}
    return ExportFileView(
        id=file.id,
        status=file.status.value,
        export=file.export.value,
        rows=file.rows,
        failure=file.failure,
        expires_at=file.expires_at,
        created_at=file.asked_at,
        **fields,
    )


def _file(call: Call[Any]) -> ExportFile:
    found = call.runtime.store.read(ExportFile, call.id("export_file_id", PREFIX))
    if found is None:
        raise NotFound
    return found[0]


def _note(call: Call[Any], file: ExportFile) -> None:
    """An audit event; without it no file leaves."""
    span = {"from": file.first, "to": file.end, "format": "csv"}
    about = (f"export:{file.export}", file.id)
    run(
        call.runtime.store,
        call.cause,
        lambda tx: tx.publish(EventType.FINANCE_EXPORTED, about=about, span=span),
    )
