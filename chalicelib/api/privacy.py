"""A person's copy of their data, and being forgotten."""

import json
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.api.workers import own_identity_id, own_worker_id
from chalicelib.http import CLIENT, OPERATOR, WORKER, Call, NoBody, Reply, Routes
from chalicelib.types import Instant, Model
from chalicelib.work.ties import what_binds
from marketplace.access.clients import Client
from marketplace.people import copying, forgetting
from marketplace.people.forgetting import RequestErasure
from marketplace.people.privacy import (
    PARTS_MAX,
    Erasure,
    Export,
    ExportPart,
    ExportStatus,
    erasure_id,
    export_id,
    part_id,
)
from marketplace.people.workers import Worker
from marketplace.shared.errors import NotFound

routes = Routes()


class ExportView(Model):
    """The copy that was asked for last: once it is `ready`, `parts` of it can be fetched until `expires_at`;
    while it is `preparing`, `parts_prepared` are done."""

    id: str
    object: Literal["export"] = "export"
    status: Literal["preparing", "ready", "expired"]
    parts: int
    parts_prepared: int
    complete: bool
    created_at: Instant
    expires_at: Instant | None


class PartQuery(Model):
    """Which part, from 0."""

    part: Annotated[int, Field(ge=0, lt=PARTS_MAX)] = 0


class ExportContent(Model):
    """Objects as the API shows them to whose copy it is."""

    data: list[dict[str, Any]]


class ErasureView(Model):
    """A wish to be forgotten. It is refused while money or contracts bind us: `reasons` name them. Where
    nothing does, the doors are shut and it is all looked at again, not before `looks_again_at`; they are open
    again should it be refused then. `objects_forgotten` counts what has been worked off since `erasing`."""

    id: str
    object: Literal["erasure"] = "erasure"
    subject_id: str
    status: Literal["asked", "erasing", "erased", "refused"]
    reasons: list[str]
    looks_again_at: Instant | None
    objects_forgotten: int
    created_at: Instant
    ended_at: Instant | None


def _export_view(export: Export) -> ExportView:
    ready = export.status == ExportStatus.READY
    return ExportView(
        id=export.id,
        status=export.status.value,
        parts=export.parts if ready else 0,
        parts_prepared=export.parts,
        complete=export.complete,
        created_at=export.asked_at,
        expires_at=export.ends_at,
    )


def _erasure_view(erasure: Erasure) -> ErasureView:
    return ErasureView(
        id=erasure.id,
        subject_id=erasure.subject_id,
        status=erasure.status.value,
        reasons=list(erasure.reasons),
        looks_again_at=erasure.due_at,
        objects_forgotten=erasure.forgotten,
        created_at=erasure.asked_at,
        ended_at=erasure.ended_at,
    )


@routes.add(
    "POST",
    "/v1/workers/me/export",
    who=WORKER,
    answer=ExportView,
    status=201,
    open_to_suspended=True,
    heavy=True,
)
def request_export(call: Call[NoBody]) -> Reply:
    """Asks for a copy of everything that is kept of the calling worker."""
    worker_id = own_worker_id(call)
    return call.commit(lambda tx: copying.request_export(worker_id, Worker, tx), _export_view)


@routes.add("GET", "/v1/workers/me/export", who=WORKER, answer=ExportView, open_to_suspended=True)
def get_export(call: Call[Any]) -> Reply:
    """The copy that was asked for last."""
    return Reply(_export_view(_export(call, own_worker_id(call))))


@routes.add(
    "GET",
    "/v1/workers/me/export/content",
    who=WORKER,
    query=PartQuery,
    answer=ExportContent,
    open_to_suspended=True,
    heavy=True,
)
def get_export_content(call: Call[Any]) -> Reply:
    """One part of the copy."""
    return _content(call, own_worker_id(call))


@routes.add(
    "POST",
    "/v1/clients/me/export",
    who=CLIENT,
    scope="money",
    answer=ExportView,
    status=201,
    open_to_suspended=True,
    heavy=True,
)
def request_client_export(call: Call[NoBody]) -> Reply:
    """Asks for a copy of everything that is kept of the calling client."""
    client_id = call.principal.id
    return call.commit(lambda tx: copying.request_export(client_id, Client, tx), _export_view)


@routes.add("GET", "/v1/clients/me/export", who=CLIENT, answer=ExportView, open_to_suspended=True)
def get_client_export(call: Call[Any]) -> Reply:
    """The copy that was asked for last."""
    return Reply(_export_view(_export(call, call.principal.id)))


@routes.add(
    "GET",
    "/v1/clients/me/export/content",
    who=CLIENT,
    scope="money",
    query=PartQuery,
    answer=ExportContent,
    open_to_suspended=True,
    heavy=True,
)
def get_client_export_content(call: Call[Any]) -> Reply:
    """One part of the copy."""
    return _content(call, call.principal.id)


@routes.add(
    "POST",
    "/v1/workers/me/erasure",
    who=WORKER,
    answer=ErasureView,
    status=201,
    open_to_suspended=True,
    heavy=True,
)
def request_worker_erasure(call: Call[NoBody]) -> Reply:
    """Asks that the calling worker be forgotten. The doors are shut before it is known for certain whether
    that can be; if it can, for good."""
    return _request(call, own_worker_id(call), Worker, own_identity_id(call))


@routes.add("GET", "/v1/workers/me/erasure", who=WORKER, answer=ErasureView, open_to_suspended=True)
def get_worker_erasure(call: Call[Any]) -> Reply:
    """How far that is."""
    return _erasure(call, own_worker_id(call))


@routes.add(
    "POST", "/v1/clients/{client_id}/erasure", who=OPERATOR, answer=ErasureView, status=201, heavy=True
)
def request_client_erasure(call: Call[NoBody]) -> Reply:
    """Has a client's personal data forgotten, and shuts its doors."""
    return _request(call, call.id("client_id", "cli"), Client)


@routes.add("GET", "/v1/clients/{client_id}/erasure", who=OPERATOR, answer=ErasureView)
def get_client_erasure(call: Call[Any]) -> Reply:
    """How far that is."""
    return _erasure(call, call.id("client_id", "cli"))


def _request(call: Call[Any], subject_id: str, kind: type[Any], identity_id: str | None = None) -> Reply:
    reasons = what_binds(call.runtime, subject_id)
    command = RequestErasure(subject_id, kind, call.principal.actor, reasons, identity_id)
    return call.commit(lambda tx: forgetting.request_erasure(command, tx), _erasure_view)


def _content(call: Call[Any], owner_id: str) -> Reply:
    export = _export(call, owner_id)
    if export.status != ExportStatus.READY or call.query.part >= export.parts:
        raise NotFound
    part = call.get(ExportPart, part_id(export.id, call.query.part))
    if not part.content:
        raise NotFound
    return Reply(ExportContent(data=json.loads(part.content)))


def _export(call: Call[Any], owner_id: str) -> Export:
    found = call.runtime.store.read(Export, export_id(owner_id))
    if found is None:
        raise NotFound
    return found[0]


def _erasure(call: Call[Any], subject_id: str) -> Reply:
    return Reply(_erasure_view(call.get(Erasure, erasure_id(subject_id))))
