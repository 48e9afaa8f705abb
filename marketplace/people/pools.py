"""What clients do with their pools. Who is in them has a file of its own."""

from marketplace.people.pool import Pool, PoolCode, PoolKind, alumni_pool_id, code_id
from marketplace.shared.errors import AlreadyExists, InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction

_BY_CODE = (PoolKind.CUSTOMERS, PoolKind.STAFF_AND_GIG)


@dataclass(frozen=True)
class CreatePool:
    """`code` is there for the kinds that one comes into by code. An alumni pool's id follows from its client;
    `pool_id` is what the others get."""

    pool_id: str
    client_id: str
    name: str
    description: str
    kind: PoolKind
    code: str


@dataclass(frozen=True)
class OwnPool:
    """A pool of the calling client."""

    pool_id: str
    client_id: str


def own_pool(which: OwnPool, tx: Transaction) -> Pool:
    """Raises NotFound, also when the pool is another client's."""
    pool = tx.get(Pool, which.pool_id)
    if pool.client_id != which.client_id:
        raise NotFound
    return pool


def create_pool(command: CreatePool, tx: Transaction) -> Pool:
    """Raises AlreadyExists for a second alumni pool."""
    alumni = command.kind == PoolKind.ALUMNI
    identifier = alumni_pool_id(command.client_id) if alumni else command.pool_id
    if alumni and tx.find(Pool, identifier) is not None:
        raise AlreadyExists(f"your alumni pool is {identifier}")
    pool = Pool(
        id=identifier,
        client_id=command.client_id,
        name=command.name,
        kind=command.kind,
        created_at=tx.now,
        description=command.description,
    )
    if command.kind in _BY_CODE:
        pool = pool.with_code(command.code)
        tx.save(PoolCode(code_id(command.code), pool.id))
    tx.save(pool)
    tx.publish(EventType.POOL_CREATED, about=(pool.id, pool.client_id))
    return pool


def change_pool(which: OwnPool, changes: dict[str, object], tx: Transaction) -> Pool:
    """Another name, description or status. Raises NotFound."""
    changed = replace(own_pool(which, tx), **changes)  # type: ignore[arg-type]  # the door knows the fields
    tx.save(changed)
    tx.publish(EventType.POOL_UPDATED, about=(changed.id, changed.client_id))
    return changed


def renew_code(which: OwnPool, code: str, tx: Transaction) -> Pool:
    """Raises NotFound, IllegalTransition where nobody comes in by code."""
    changed = own_pool(which, tx).with_code(code)
    tx.save(changed, PoolCode(code_id(code), changed.id))
    tx.publish(EventType.POOL_UPDATED, about=(changed.id, changed.client_id))
    return changed


def pool_by_code(code: str, tx: Transaction) -> Pool:
    """Raises NotFound, also for a code that was renewed since."""
    named = tx.get(PoolCode, code_id(code))
    pool = tx.get(Pool, named.pool_id)
    if pool.code is None or code_id(pool.code) != named.id:
        raise NotFound
    return pool


def check_pool(pool_id: str, client_id: str, tx: Transaction) -> None:
    """Raises InvalidRequest at the task's visibility when that is no pool of this client."""
    pool = tx.find(Pool, pool_id)
    if pool is None or pool.client_id != client_id:
        raise InvalidRequest.at("/visibility", "there is no such pool of yours")
