"""Invitations to bid on a task."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.api.workers import own_worker_id
from chalicelib.http import CLIENT, WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import UNIQUE_PART, Instant, Model
from marketplace.bidding import invitations
from marketplace.bidding.invitation import Invitation
from marketplace.bidding.invitations import WORKERS_AT_ONCE_MAX, InviteWorkers, StepInvitation
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import TASK_INVITATIONS, WORKER_INVITATIONS
from marketplace.work.task import Task

routes = Routes()

WorkerId = Annotated[str, StringConstraints(pattern=rf"^wrk_{UNIQUE_PART}$")]


class NewInvitations(Model):
    """Whom to ask; whoever was asked before is not asked again."""

    worker_ids: Annotated[list[WorkerId], Field(min_length=1, max_length=WORKERS_AT_ONCE_MAX)]


class InvitationView(Model):
    """An invitation. It stays `pending` when the worker bids."""

    id: str
    object: Literal["invitation"] = "invitation"
    task_id: str
    client_id: str
    worker_id: str
    status: Literal["pending", "declined", "withdrawn"]
    created_at: Instant


class InvitationsView(Model):
    """The invitations of those who were named, in that order."""

    data: list[InvitationView]


def invitation_view(row: Invitation) -> InvitationView:
    """An invitation for an answer."""
    return InvitationView(
        id=row.id,
        task_id=row.task_id,
        client_id=row.client_id,
        worker_id=row.worker_id,
        status=row.status.value,
        created_at=row.created_at,
    )


def _views(rows: list[Invitation]) -> InvitationsView:
    return InvitationsView(data=[invitation_view(row) for row in rows])


@routes.add(
    "POST",
    "/v1/tasks/{task_id}/invitations",
    who=CLIENT,
    scope="work",
    body=NewInvitations,
    answer=InvitationsView,
    status=201,
)
def invite_workers(call: Call[NewInvitations]) -> Reply:
    """Asks workers to bid on an open task."""
    workers = tuple(dict.fromkeys(call.body.worker_ids))
    positions = tuple(call.runtime.new_id("inv") for _ in workers)
    command = InviteWorkers(call.id("task_id", "task"), call.principal.id, workers, positions)
    return call.commit(lambda tx: invitations.invite_workers(command, tx), _views)


@routes.add(
    "GET",
    "/v1/tasks/{task_id}/invitations",
    who=CLIENT,
    query=PageQuery,
    answer=Page,
    row=InvitationView,
)
def list_task_invitations(call: Call[Any]) -> Reply:
    """Whom a client has asked to bid on its task."""
    task_id = call.id("task_id", "task")
    found = call.runtime.store.read(Task, task_id)
    if found is None or found[0].client_id != call.principal.id:
        raise NotFound
    return call.page(TASK_INVITATIONS, task_id, invitation_view)


@routes.add("GET", "/v1/invitations", who=WORKER, query=PageQuery, answer=Page, row=InvitationView)
def list_invitations(call: Call[Any]) -> Reply:
    """The calling worker's invitations, by the age of their tasks."""
    return call.page(WORKER_INVITATIONS, own_worker_id(call), invitation_view)


@routes.add("POST", "/v1/invitations/{invitation_id}/decline", who=WORKER, answer=InvitationView)
def decline_invitation(call: Call[NoBody]) -> Reply:
    """Says no; a task that is for the invited only is hidden from then on."""
    identifier = call.id("invitation_id", "inv")
    return _step(call, StepInvitation(identifier, "decline", worker_id=own_worker_id(call)))


@routes.add(
    "POST", "/v1/invitations/{invitation_id}/withdraw", who=CLIENT, scope="work", answer=InvitationView
)
def withdraw_invitation(call: Call[NoBody]) -> Reply:
    """Takes an invitation back; a bid that was made stays."""
    identifier = call.id("invitation_id", "inv")
    return _step(call, StepInvitation(identifier, "withdraw", client_id=call.principal.id))


def _step(call: Call[NoBody], command: StepInvitation) -> Reply:
    return call.commit(lambda tx: invitations.step_invitation(command, tx), invitation_view)
