"""The members of pools: how workers come in, and go."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.api.invitations import WorkerId
from chalicelib.api.pools import Belonging, PoolCode, own
from chalicelib.api.referrals import Code
from chalicelib.api.workers import own_worker_id, worker_of
from chalicelib.http import CLIENT, WORKER, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Instant, Line, Model
from marketplace.people import pool_members
from marketplace.people.pool import Pool, PoolKind
from marketplace.people.pool_member import (
    Alumnus,
    Engagement,
    PoolMember,
    PoolMemberStatus,
    PoolReasonCode,
    pool_member_id,
)
from marketplace.people.pool_members import WORKERS_AT_ONCE_MAX, AddMembers, AnswerPool, EnterPool, StepMember
from marketplace.shared.errors import NotFound
from marketplace.shared.records import replace
from marketplace.storage.keys import CLIENT_ALUMNI, POOL_MEMBERS

routes = Routes()


class NewMembers(Model):
    """Workers to add or, where the pool's kind says so, to invite."""

    worker_ids: Annotated[list[WorkerId], Field(min_length=1, max_length=WORKERS_AT_ONCE_MAX)]
    engagement: Annotated[Literal["staff", "gig"] | None, Given] = None


class Application(Model):
    """What a worker says when it joins or applies."""

    note: Annotated[Line | None, Given] = None


class JoinByCode(Model):
    """The pool's code."""

    code: Code


class ReasonGiven(Model):
    """What the worker is told. Without a `reason_code`, a removal is for `other`, and who is declined was
    `not_selected`."""

    reason: Line
    reason_code: Annotated[PoolCode | None, Given] = None


class MemberQuery(PageQuery):
    """Members by their status."""

    status: Belonging = "member"


class PoolMemberView(Model):
    """A worker in a pool; `reason` and `reason_code` say why one was declined or removed: who was can
    appeal."""

    id: str
    object: Literal["pool_member"] = "pool_member"
    pool_id: str
    worker_id: str
    status: Belonging
    engagement: Literal["staff", "gig"] | None
    note: str | None
    reason: str | None
    reason_code: PoolCode | None
    created_at: Instant


class PoolMembersView(Model):
    """Those who were named, without what was noted of them."""

    data: list[PoolMemberView]


def pool_member_view(row: PoolMember) -> PoolMemberView:
    """A membership for an answer."""
    return PoolMemberView(
        id=row.id,
        pool_id=row.pool_id,
        worker_id=row.worker_id,
        status=row.status.value,
        engagement=row.engagement.value if row.engagement else None,
        note=row.note,
        reason=row.reason,
        reason_code=row.reason_code.value if row.reason_code else None,
        created_at=row.created_at,
    )


@routes.add(
    "POST",
    "/v1/pools/{pool_id}/members",
    who=CLIENT,
    scope="work",
    body=NewMembers,
    answer=PoolMembersView,
    status=201,
)
def add_pool_members(call: Call[NewMembers]) -> Reply:
    """Adds workers, or invites them; whoever is there already stays as they are."""
    workers = tuple(dict.fromkeys(call.body.worker_ids))
    positions = tuple(call.runtime.new_id("pmb") for _ in workers)
    engagement = Engagement(call.body.engagement) if call.body.engagement else None
    command = AddMembers(own(call), workers, positions, engagement)
    return call.commit(
        lambda tx: pool_members.add_members(command, tx),
        lambda rows: PoolMembersView(
            data=[pool_member_view(replace(row, note=None, reason=None)) for row in rows]
        ),
    )


@routes.add(
    "GET",
    "/v1/pools/{pool_id}/members",
    who=CLIENT,
    query=MemberQuery,
    answer=Page,
    row=PoolMemberView,
)
def list_pool_members(call: Call[Any]) -> Reply:
    """A pool's members, or those who have applied, are invited, or are gone."""
    found = call.runtime.store.read(Pool, call.id("pool_id", "pool"))
    if found is None or found[0].client_id != call.principal.id:
        raise NotFound
    pool, status = found[0], call.query.status
    if pool.kind == PoolKind.ALUMNI and status == PoolMemberStatus.MEMBER:
        return _alumni(call, pool)
    return call.page(POOL_MEMBERS, f"{pool.id}#{status}", pool_member_view)


@routes.add(
    "POST",
    "/v1/pools/{pool_id}/members/{worker_id}/approve",
    who=CLIENT,
    scope="work",
    answer=PoolMemberView,
)
def approve_pool_member(call: Call[NoBody]) -> Reply:
    """Takes in who has applied."""
    return _step(call, "approve")


@routes.add(
    "POST",
    "/v1/pools/{pool_id}/members/{worker_id}/decline",
    who=CLIENT,
    scope="work",
    body=ReasonGiven,
    answer=PoolMemberView,
)
def decline_pool_member(call: Call[ReasonGiven]) -> Reply:
    """Does not take in who has applied, and says why."""
    code = PoolReasonCode(call.body.reason_code or PoolReasonCode.NOT_SELECTED)
    return _step(call, "decline", call.body.reason, code)


@routes.add(
    "POST",
    "/v1/pools/{pool_id}/members/{worker_id}/remove",
    who=CLIENT,
    scope="work",
    body=ReasonGiven,
    answer=PoolMemberView,
)
def remove_pool_member(call: Call[ReasonGiven]) -> Reply:
    """Takes a member out, and says why; bids and contracts stay as they are."""
    code = PoolReasonCode(call.body.reason_code or PoolReasonCode.OTHER)
    return _step(call, "remove", call.body.reason, code)


@routes.add(
    "POST",
    "/v1/pools/{pool_id}/join",
    who=WORKER,
    body=Application,
    answer=PoolMemberView,
    status=201,
)
def join_pool(call: Call[Application]) -> Reply:
    """Joins a public pool, or applies where the client approves."""
    return _enter(call, pool_id=call.id("pool_id", "pool"), note=call.body.note)


@routes.add("POST", "/v1/pools/join", who=WORKER, body=JoinByCode, answer=PoolMemberView, status=201)
def join_pool_by_code(call: Call[JoinByCode]) -> Reply:
    """Joins the pool whose code this is."""
    return _enter(call, code=call.body.code)


@routes.add("POST", "/v1/pools/{pool_id}/accept", who=WORKER, answer=PoolMemberView)
def accept_pool(call: Call[NoBody]) -> Reply:
    """Accepts the invitation to a pool."""
    return _answer(call, "accept")


@routes.add("POST", "/v1/pools/{pool_id}/leave", who=WORKER, answer=PoolMemberView)
def leave_pool(call: Call[NoBody]) -> Reply:
    """Leaves a pool, takes an application back, or declines an invitation."""
    return _answer(call, "leave")


def _step(call: Call[Any], step: str, reason: str | None = None, code: PoolReasonCode | None = None) -> Reply:
    worker_id, position = call.id("worker_id", "wrk"), call.runtime.new_id("pmb")
    command = StepMember(own(call), worker_id, step, position, reason, code)
    return call.commit(lambda tx: pool_members.step_member(command, tx), pool_member_view, worker_of(call))


def _enter(call: Call[Any], *, pool_id: str = "", code: str = "", note: str | None = None) -> Reply:
    command = EnterPool(own_worker_id(call), call.runtime.new_id("pmb"), pool_id, code, note)
    return call.commit(lambda tx: pool_members.enter_pool(command, tx), pool_member_view, worker_of(call))


def _answer(call: Call[NoBody], step: str) -> Reply:
    pool_id, position = call.id("pool_id", "pool"), call.runtime.new_id("pmb")
    command = AnswerPool(pool_id, own_worker_id(call), step, position)
    return call.commit(lambda tx: pool_members.answer_pool(command, tx), pool_member_view)


def _alumni(call: Call[Any], pool: Pool) -> Reply:
    """Everybody who has completed a contract, but those who were removed."""
    reads = call.runtime.reads

    def read(limit: int, before: str | None) -> tuple[list[PoolMember], str | None]:
        rows, position = reads.page(CLIENT_ALUMNI, pool.client_id, limit=limit, before=before)
        ids = {row.worker_id: pool_member_id(pool.id, row.worker_id) for row in rows}
        kept = reads.by_id(PoolMember, list(ids.values()))
        shown = (kept.get(ids[row.worker_id]) or _as_member(pool, row) for row in rows)
        return [row for row in shown if row.is_member], position

    return call.page_of(f"alumni#{pool.id}", read, pool_member_view)


def _as_member(pool: Pool, alumnus: Alumnus) -> PoolMember:
    return PoolMember(
        id=pool_member_id(pool.id, alumnus.worker_id),
        pool_id=pool.id,
        client_id=pool.client_id,
        worker_id=alumnus.worker_id,
        position=alumnus.position,
        status=PoolMemberStatus.MEMBER,
        created_at=alumnus.since,
    )
