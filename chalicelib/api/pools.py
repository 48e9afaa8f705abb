"""Pools: workers whom a client gives work that others do not see. Their members have a file of their own."""

from typing import Annotated, Any, Literal

from chalicelib.api.referrals import fresh_code
from chalicelib.api.workers import own_worker_id
from chalicelib.http import BOTH_SIDES, CLIENT, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Instant, Line, Model, Prose
from marketplace.access.principals import Role
from marketplace.people import pools
from marketplace.people.pool import Pool, PoolKind, PoolStatus, alumni_pool_id
from marketplace.people.pool_member import (
    Alumnus,
    PoolMember,
    PoolMemberStatus,
    alumnus_id,
    belongs,
    pool_member_id,
)
from marketplace.people.pools import CreatePool, OwnPool
from marketplace.shared.errors import InvalidRequest, NotFound
from marketplace.storage.keys import ALL, CLIENT_POOLS, SHOWN_POOLS, WORKER_ALUMNI, WORKER_POOLS

routes = Routes()

Kind = Literal["public", "curated", "invited", "private", "customers", "staff_and_gig", "alumni"]
Belonging = Literal["applied", "invited", "member", "declined", "removed", "left"]
PoolCode = Literal["not_selected", "quality", "conduct", "inactive", "not_needed", "other"]


class NewPool(Model):
    """The kind says how workers come in, and never changes."""

    name: Line
    description: Prose = ""
    kind: Kind


class PoolChanges(Model):
    """What is left out stays as it is; a closed pool takes nobody in."""

    name: Annotated[Line | None, Given] = None
    description: Annotated[Prose | None, Given] = None
    status: Annotated[Literal["open", "closed"] | None, Given] = None


class PoolQuery(PageQuery):
    """For a worker: pools by how it belongs to them, or those that are `shown` to everybody."""

    belonging: Literal["applied", "invited", "member", "declined", "removed", "alumni", "shown"] | None = None


class PoolView(Model):
    """A pool. `visibility` is what a task for it says; `code` is its client's to see, `belonging` the
    calling worker's, with `membership_id`, and why where one was declined or removed."""

    id: str
    object: Literal["pool"] = "pool"
    client_id: str
    name: str
    description: str
    kind: Kind
    status: Literal["open", "closed"]
    visibility: str
    code: str | None
    belonging: Belonging | None
    membership_id: str | None
    reason: str | None
    reason_code: PoolCode | None
    created_at: Instant


@routes.add("POST", "/v1/pools", who=CLIENT, scope="work", body=NewPool, answer=PoolView, status=201)
def create_pool(call: Call[NewPool]) -> Reply:
    """Makes a pool; a client has at most one of alumni."""
    body, pool_id = call.body, call.runtime.new_id("pool")
    command = CreatePool(
        pool_id, call.principal.id, body.name, body.description, PoolKind(body.kind), fresh_code(call)
    )
    return call.commit(lambda tx: pools.create_pool(command, tx), own_pool_view)


@routes.add("GET", "/v1/pools", who=BOTH_SIDES, query=PoolQuery, answer=Page, row=PoolView)
def list_pools(call: Call[Any]) -> Reply:
    """A client's own pools; for a worker, those that it belongs to."""
    asked = call.query.belonging
    if call.principal.role == Role.CLIENT:
        if asked is not None:
            raise InvalidRequest.at("/belonging", "is a worker's to ask")
        return call.page(CLIENT_POOLS, call.principal.id, own_pool_view)
    worker_id = own_worker_id(call)
    if asked == "shown":
        return call.page(SHOWN_POOLS, ALL, lambda pool: pool_view(pool, None))
    if asked == "alumni":
        return _alumni_pools(call, worker_id)
    reads = call.runtime.reads

    def read(limit: int, before: str | None) -> tuple[list[tuple[Pool, PoolMember]], str | None]:
        key = f"{worker_id}#{asked or 'member'}"
        rows, position = reads.page(WORKER_POOLS, key, limit=limit, before=before)
        found = reads.by_id(Pool, [row.pool_id for row in rows])
        return [(found[row.pool_id], row) for row in rows], position

    return call.page_of(f"pools#{worker_id}#{asked}", read, lambda row: pool_view(*row))


@routes.add("GET", "/v1/pools/{pool_id}", who=BOTH_SIDES, answer=PoolView)
def get_pool(call: Call[Any]) -> Reply:
    """One pool: the client's own, or one that the worker belongs to or is shown."""
    store = call.runtime.store
    found = store.read(Pool, call.id("pool_id", "pool"))
    if found is None:
        raise NotFound
    pool = found[0]
    if call.principal.role == Role.CLIENT:
        if pool.client_id != call.principal.id:
            raise NotFound
        return Reply(own_pool_view(pool))
    worker_id = own_worker_id(call)
    member = store.read(PoolMember, pool_member_id(pool.id, worker_id))
    alumnus = store.read(Alumnus, alumnus_id(pool.client_id, worker_id))
    belongs_to = belongs(pool.id, pool.client_id, member and member[0], alumnus and alumnus[0])
    if not (pool.is_shown or member or belongs_to):
        raise NotFound
    return Reply(pool_view(pool, member and member[0], alumnus=belongs_to and member is None))


@routes.add("PATCH", "/v1/pools/{pool_id}", who=CLIENT, scope="work", body=PoolChanges, answer=PoolView)
def change_pool(call: Call[PoolChanges]) -> Reply:
    """Changes a pool's texts, or closes it to newcomers."""
    changes = {name: getattr(call.body, name) for name in call.body.model_fields_set}
    if "status" in changes:
        changes["status"] = PoolStatus(changes["status"])
    return call.commit(lambda tx: pools.change_pool(own(call), changes, tx), own_pool_view)


@routes.add("POST", "/v1/pools/{pool_id}/code", who=CLIENT, scope="work", answer=PoolView)
def renew_pool_code(call: Call[NoBody]) -> Reply:
    """Gives the pool another code; the one before lets nobody in any more."""
    code = fresh_code(call)
    return call.commit(lambda tx: pools.renew_code(own(call), code, tx), own_pool_view)


def own(call: Call[Any]) -> OwnPool:
    """The path's pool, if it is the calling client's."""
    return OwnPool(call.id("pool_id", "pool"), call.principal.id)


def pool_view(pool: Pool, member: PoolMember | None, *, alumnus: bool = False) -> PoolView:
    """A pool for a worker's eyes."""
    status = member.status if member else PoolMemberStatus.MEMBER if alumnus else None
    return _view(pool, None, status.value if status else None, member)


def own_pool_view(pool: Pool) -> PoolView:
    """A pool for its client."""
    return _view(pool, pool.code, None, None)


def _view(pool: Pool, code: str | None, belonging: Belonging | None, member: PoolMember | None) -> PoolView:
    given = member.reason_code if member else None
    return PoolView(
        id=pool.id,
        client_id=pool.client_id,
        name=pool.name,
        description=pool.description,
        kind=pool.kind.value,
        status=pool.status.value,
        visibility=pool.visibility,
        code=code,
        belonging=belonging,
        membership_id=member.id if member else None,
        reason=member.reason if member else None,
        reason_code=given.value if given else None,
        created_at=pool.created_at,
    )


def _alumni_pools(call: Call[Any], worker_id: str) -> Reply:
    """Those of the clients that the worker has completed a contract of, unless it was taken out."""
    reads = call.runtime.reads

    def read(limit: int, before: str | None) -> tuple[list[Pool], str | None]:
        rows, position = reads.page(WORKER_ALUMNI, worker_id, limit=limit, before=before)
        ids = [alumni_pool_id(row.client_id) for row in rows]
        found = reads.by_id(Pool, ids)
        kept = reads.by_id(PoolMember, [pool_member_id(each, worker_id) for each in found])
        gone = {row.pool_id for row in kept.values() if not row.is_member}
        return [found[each] for each in ids if each in found and each not in gone], position

    return call.page_of(f"alumni_pools#{worker_id}", read, lambda pool: pool_view(pool, None, alumnus=True))
