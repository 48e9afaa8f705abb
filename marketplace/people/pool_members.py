"""How workers come into pools, and leave them."""

from collections.abc import Sequence

from marketplace.people.pool import Pool, PoolKind, Way
from marketplace.people.pool_member import (
    Alumnus,
    Engagement,
    PoolMember,
    PoolMemberStatus,
    PoolReasonCode,
    alumnus_id,
    belongs,
    coming,
    pool_member_id,
    taken_out,
)
from marketplace.people.pools import OwnPool, own_pool, pool_by_code
from marketplace.people.workers import Worker
from marketplace.shared.errors import AlreadyExists, Fault, IllegalTransition, InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction

WORKERS_AT_ONCE_MAX = 25
"""What is added at once is one commit."""


@dataclass(frozen=True)
class AddMembers:
    """The client adds workers or, where the kind says so, invites them; `positions` are fresh ids, one for
    each."""

    pool: OwnPool
    worker_ids: tuple[str, ...]
    positions: tuple[str, ...]
    engagement: Engagement | None = None


@dataclass(frozen=True)
class StepMember:
    """The client approves, declines or removes; `position` is a fresh id."""

    pool: OwnPool
    worker_id: str
    step: str
    position: str
    reason: str | None = None
    code: PoolReasonCode | None = None


@dataclass(frozen=True)
class EnterPool:
    """A worker joins or applies, or brings the pool's `code`; `position` is a fresh id."""

    worker_id: str
    position: str
    pool_id: str = ""
    code: str = ""
    note: str | None = None


@dataclass(frozen=True)
class AnswerPool:
    """A worker accepts an invitation, or leaves."""

    pool_id: str
    worker_id: str
    step: str
    position: str


EVENTS = {
    PoolMemberStatus.APPLIED: EventType.POOL_MEMBER_APPLIED,
    PoolMemberStatus.INVITED: EventType.POOL_MEMBER_INVITED,
    PoolMemberStatus.MEMBER: EventType.POOL_MEMBER_JOINED,
    PoolMemberStatus.DECLINED: EventType.POOL_MEMBER_DECLINED,
    PoolMemberStatus.REMOVED: EventType.POOL_MEMBER_REMOVED,
    PoolMemberStatus.LEFT: EventType.POOL_MEMBER_LEFT,
}

_BY_THEMSELVES = {
    PoolKind.PUBLIC: Way.JOIN,
    PoolKind.CURATED: Way.APPLY,
    PoolKind.STAFF_AND_GIG: Way.APPLY,
}


def add_members(command: AddMembers, tx: Transaction) -> list[PoolMember]:
    """Whoever is in the pool already stays as they are, so adding twice is adding once. Raises NotFound,
    InvalidRequest for a worker who is not there, IllegalTransition."""
    pool = own_pool(command.pool, tx)
    way = Way.INVITE if pool.kind == PoolKind.INVITED else Way.ADD
    pool.check_way(way)
    check_workers(command.worker_ids, tx)
    kept, added = list[PoolMember](), list[PoolMember]()
    for worker_id, position in zip(command.worker_ids, command.positions, strict=True):
        before = tx.find(PoolMember, pool_member_id(pool.id, worker_id))
        comer = replace(_comer(pool, worker_id, position, tx.now), engagement=command.engagement)
        if before is None and pool.kind == PoolKind.ALUMNI and _alumnus(pool, worker_id, tx):
            continue
        try:
            added.append(coming(pool, before, way, comer))
        except AlreadyExists:
            kept.extend([before] if before else [])
    if added:
        tx.save(*added)
        tx.publish(EventType.POOL_MEMBERS_ADDED, about=(pool.id, *(row.worker_id for row in added)))
    return [*added, *kept]


def step_member(command: StepMember, tx: Transaction) -> PoolMember:
    """Raises NotFound, IllegalTransition."""
    before = tx.find(PoolMember, pool_member_id(command.pool.pool_id, command.worker_id))
    pool = own_pool(command.pool, tx)
    if command.step == "remove":
        if before is None and not _alumnus(pool, command.worker_id, tx):
            raise NotFound
        comer = _comer(pool, command.worker_id, command.position, tx.now)
        out = taken_out(pool, before, comer, command.reason or "", command.code)
        return _changed(out, command.position, tx)
    if before is None:
        raise NotFound
    stepped = before.stepped(command.step, reason=command.reason, code=command.code)
    return _changed(stepped, command.position, tx)


def enter_pool(command: EnterPool, tx: Transaction) -> PoolMember:
    """Raises NotFound where there is no such pool to be found, AlreadyExists, IllegalTransition."""
    pool_id = pool_by_code(command.code, tx).id if command.code else command.pool_id
    before = tx.find(PoolMember, pool_member_id(pool_id, command.worker_id))
    pool = tx.get(Pool, pool_id)
    if not (command.code or pool.is_shown or before):
        raise NotFound
    way = Way.CODE if command.code else _BY_THEMSELVES.get(pool.kind)
    if way is None:
        raise IllegalTransition(f"nobody comes into a pool of kind {pool.kind} by themselves")
    comer = replace(_comer(pool, command.worker_id, command.position, tx.now), note=command.note)
    if pool.kind == PoolKind.STAFF_AND_GIG:
        comer = replace(comer, engagement=Engagement.GIG)
    return _changed(coming(pool, before, way, comer), command.position, tx)


def answer_pool(command: AnswerPool, tx: Transaction) -> PoolMember:
    """Raises NotFound, IllegalTransition."""
    member = tx.get(PoolMember, pool_member_id(command.pool_id, command.worker_id))
    return _changed(member.stepped(command.step), command.position, tx)


def become_alumnus(alumnus: Alumnus, tx: Transaction) -> None:
    """A first completed contract makes an alumnus; no event of its own, it follows from the contract's."""
    if tx.find(Alumnus, alumnus.id) is None:
        tx.save(alumnus)


def check_workers(worker_ids: Sequence[str], tx: Transaction) -> None:
    """Raises InvalidRequest that names each that is not there."""
    missing = [number for number, each in enumerate(worker_ids) if tx.find(Worker, each) is None]
    if missing:
        raise InvalidRequest(
            [Fault(f"/worker_ids/{number}", "there is no such worker") for number in missing]
        )


def is_in_pool(pool_id: str, client_id: str, worker_id: str, tx: Transaction) -> bool:
    """Whether this worker sees the tasks for that pool."""
    member = tx.find(PoolMember, pool_member_id(pool_id, worker_id))
    return belongs(pool_id, client_id, member, tx.find(Alumnus, alumnus_id(client_id, worker_id)))


def forget_member(identifier: str, tx: Transaction) -> None:
    """The worker is forgotten: what both sides wrote goes. Raises NotFound."""
    tx.forget(replace(tx.get(PoolMember, identifier), note=None, reason=None))


def _alumnus(pool: Pool, worker_id: str, tx: Transaction) -> bool:
    if pool.kind != PoolKind.ALUMNI:
        return False
    return tx.find(Alumnus, alumnus_id(pool.client_id, worker_id)) is not None


def _comer(pool: Pool, worker_id: str, position: str, at: int) -> PoolMember:
    return PoolMember(
        id=pool_member_id(pool.id, worker_id),
        pool_id=pool.id,
        client_id=pool.client_id,
        worker_id=worker_id,
        position=position,
        status=PoolMemberStatus.MEMBER,
        created_at=at,
    )


def _changed(member: PoolMember, position: str, tx: Transaction) -> PoolMember:
    moved = replace(member, position=position)
    tx.save(moved)
    tx.publish(EVENTS[moved.status], about=(moved.pool_id, moved.worker_id))
    return moved
