"""Who is kept out, by whom and why."""

from typing import Any, Literal

from chalicelib.api.workers import own_worker_id, worker_behind
from chalicelib.http import CLIENT, OPERATOR, WORKER, Call, PersonOf, Reply, Routes
from chalicelib.types import Instant, Line, Model
from marketplace.access import suspending
from marketplace.access.clients import Client
from marketplace.access.suspending import Reinstate, Suspend
from marketplace.access.suspension import ReasonCode, Suspension, suspension_id
from marketplace.people.workers import Worker
from marketplace.storage.personal_answers import Person

routes = Routes()

Code = Literal["fraud", "identity", "conduct", "quality", "payment", "legal", "requested", "other"]


class NewSuspension(Model):
    """Why; the person is told both."""

    reason_code: Code
    reason: Line


class Lifting(Model):
    """Why the person is let in again."""

    reason: Line


class SuspensionView(Model):
    """The last suspension of a client or a worker. A suspended person is refused with 403 `suspended`, and
    may still see and take out what is theirs."""

    id: str
    object: Literal["suspension"] = "suspension"
    subject_id: str
    status: Literal["suspended", "lifted"]
    reason_code: Code
    reason: str
    created_at: Instant
    lifted_at: Instant | None
    lifted_reason: str | None


def suspension_view(suspension: Suspension) -> SuspensionView:
    """As the person and operators see it; who decided is in the audit events."""
    return SuspensionView(
        id=suspension.id,
        subject_id=suspension.subject_id,
        status="suspended" if suspension.stands else "lifted",
        reason_code=suspension.reason_code.value,
        reason=suspension.reason,
        created_at=suspension.since,
        lifted_at=suspension.lifted_at,
        lifted_reason=suspension.lifted_reason,
    )


@routes.add(
    "POST", "/v1/clients/{client_id}/suspend", who=OPERATOR, body=NewSuspension, answer=SuspensionView
)
def suspend_client(call: Call[NewSuspension]) -> Reply:
    """Keeps a client out: its keys open nothing but what is its own to see and take out."""
    return _suspend(call, call.id("client_id", "cli"), Client)


@routes.add("POST", "/v1/clients/{client_id}/reinstate", who=OPERATOR, body=Lifting, answer=SuspensionView)
def reinstate_client(call: Call[Lifting]) -> Reply:
    """Lets a suspended client in again."""
    return _reinstate(call, call.id("client_id", "cli"), Client)


@routes.add(
    "GET", "/v1/clients/{client_id}/suspension", who=OPERATOR, answer=SuspensionView, shows_personal_data=True
)
def get_client_suspension(call: Call[Any]) -> Reply:
    """The last suspension of a client."""
    return _last(call, call.id("client_id", "cli"))


@routes.add("GET", "/v1/clients/me/suspension", who=CLIENT, answer=SuspensionView, open_to_suspended=True)
def get_own_client_suspension(call: Call[Any]) -> Reply:
    """The calling client's last suspension."""
    return _last(call, call.principal.id)


@routes.add(
    "POST", "/v1/workers/{worker_id}/deactivate", who=OPERATOR, body=NewSuspension, answer=SuspensionView
)
def deactivate_worker(call: Call[NewSuspension]) -> Reply:
    """Keeps a worker out of everything but what is their own to see and withdraw."""
    return _suspend(call, call.id("worker_id", "wrk"), Worker)


@routes.add("POST", "/v1/workers/{worker_id}/reinstate", who=OPERATOR, body=Lifting, answer=SuspensionView)
def reinstate_worker(call: Call[Lifting]) -> Reply:
    """Lets a deactivated worker in again."""
    return _reinstate(call, call.id("worker_id", "wrk"), Worker)


@routes.add(
    "GET", "/v1/workers/{worker_id}/suspension", who=OPERATOR, answer=SuspensionView, shows_personal_data=True
)
def get_worker_suspension(call: Call[Any]) -> Reply:
    """The last deactivation of a worker."""
    return _last(call, call.id("worker_id", "wrk"))


@routes.add("GET", "/v1/workers/me/suspension", who=WORKER, answer=SuspensionView, open_to_suspended=True)
def get_own_worker_suspension(call: Call[Any]) -> Reply:
    """The calling worker's last deactivation."""
    return _last(call, own_worker_id(call))


def _suspend(call: Call[NewSuspension], subject_id: str, kind: type[Any]) -> Reply:
    body = call.body
    command = Suspend(subject_id, kind, call.principal.actor, ReasonCode(body.reason_code), body.reason)
    return call.commit(
        lambda tx: suspending.suspend(command, tx), suspension_view, person=_person(call, kind)
    )


def _reinstate(call: Call[Lifting], subject_id: str, kind: type[Any]) -> Reply:
    command = Reinstate(subject_id, call.principal.actor, worker_behind(call), call.body.reason)
    return call.commit(
        lambda tx: suspending.reinstate(command, tx), suspension_view, person=_person(call, kind)
    )


def _person(call: Call[Any], kind: type[Any]) -> PersonOf:
    def person(suspension: Suspension) -> Person | None:
        found = call.runtime.store.read(kind, suspension.subject_id)
        return None if found is None else found[0]

    return person


def _last(call: Call[Any], subject_id: str) -> Reply:
    return Reply(suspension_view(call.get(Suspension, suspension_id(subject_id))))
