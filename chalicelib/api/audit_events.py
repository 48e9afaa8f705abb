"""What operators and finance did, and whose personal data they read."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.http import OPERATOR, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.shared.errors import InvalidRequest
from marketplace.storage import privileged
from marketplace.storage.privileged import AuditEvent

NAME_MAX = 300

routes = Routes()


class AuditQuery(PageQuery):
    """`actor` is who did it, as in an earlier answer; `subject` what it was done to; at most one of them."""

    actor: Annotated[str | None, Field(min_length=1, max_length=NAME_MAX)] = None
    subject: Annotated[str | None, Field(min_length=1, max_length=NAME_MAX)] = None


class ExportTaken(Model):
    """What a file of finance's covers: from `from` on and before `to`."""

    model_config = ConfigDict(serialize_by_alias=True)

    first: Annotated[Instant, Field(alias="from")]
    end: Annotated[Instant, Field(alias="to")]
    format: str


class AuditEventView(Model):
    """One privileged act. `type` is `personal_data.read` where data was shown, else what happened;
    `export` is told of `finance.exported`, whose subject names the file."""

    id: str
    object: Literal["audit_event"] = "audit_event"
    type: str
    actor: str
    operation: str
    subjects: list[str]
    request_id: str
    export: ExportTaken | None
    created_at: Instant


@routes.add(
    "GET", "/v1/audit-events", who=OPERATOR, query=AuditQuery, answer=Page, row=AuditEventView, heavy=True
)
def list_audit_events(call: Call[Any]) -> Reply:
    """What staff did, newest first: all of it, by who did it, or by what it was done to."""
    query = call.query
    if query.actor is not None and query.subject is not None:
        raise InvalidRequest.at("/subject", "give an actor or a subject, not both")
    about = query.actor or query.subject
    return call.page_of(
        f"audit_events#{about or ''}",
        lambda limit, before: privileged.page(about, limit=limit, before=before),
        _view,
    )


def _view(event: AuditEvent) -> AuditEventView:
    return AuditEventView(
        id=event.id,
        type=event.type,
        actor=event.actor,
        operation=event.call,
        subjects=list(event.about),
        request_id=event.request_id,
        export=ExportTaken.model_validate(event.export) if event.export else None,
        created_at=event.at,
    )
