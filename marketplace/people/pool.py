"""A pool: workers whom a client gives work that others do not see.

    kind            how one comes in
    public          whoever wants to, at once
    curated         applies, and the client approves
    invited         is invited, and accepts
    private         is added by the client
    customers       the brand's own customers: by the pool's code
    staff_and_gig   the client's own staff is added, gig workers apply or bring the code: one pool
    alumni          whoever has completed a contract of the client's; one such pool a client

A client may add to, and remove from, every kind; of alumni it can only remove, and take that back.
"""

from enum import StrEnum

from marketplace.shared.errors import IllegalTransition
from marketplace.shared.ids import derived_id
from marketplace.shared.records import dataclass, replace

POOL_VISIBILITY = "pool:"
"""Before the pool's id, in a task's visibility."""


class PoolKind(StrEnum):
    """Never changes: tasks are listed by it."""

    PUBLIC = "public"
    CURATED = "curated"
    INVITED = "invited"
    PRIVATE = "private"
    CUSTOMERS = "customers"
    STAFF_AND_GIG = "staff_and_gig"
    ALUMNI = "alumni"


class Way(StrEnum):
    """How a worker comes into a pool."""

    JOIN = "join"
    APPLY = "apply"
    CODE = "code"
    INVITE = "invite"
    ADD = "add"


WAYS: dict[PoolKind, frozenset[Way]] = {
    PoolKind.PUBLIC: frozenset({Way.JOIN, Way.ADD}),
    PoolKind.CURATED: frozenset({Way.APPLY, Way.ADD}),
    PoolKind.INVITED: frozenset({Way.INVITE}),
    PoolKind.PRIVATE: frozenset({Way.ADD}),
    PoolKind.CUSTOMERS: frozenset({Way.CODE, Way.ADD}),
    PoolKind.STAFF_AND_GIG: frozenset({Way.APPLY, Way.CODE, Way.ADD}),
    PoolKind.ALUMNI: frozenset({Way.ADD}),
}
"""Adding to an alumni pool takes a removal back, and does nothing else."""

SHOWN_TO_ALL = frozenset({PoolKind.PUBLIC, PoolKind.CURATED, PoolKind.STAFF_AND_GIG})
"""Kinds that a worker finds without belonging to them."""


class PoolStatus(StrEnum):
    """A closed pool takes nobody in; its members keep seeing its tasks."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Pool:
    """`code` is what lets in by code, where the kind knows one."""

    id: str
    client_id: str
    name: str
    kind: PoolKind
    created_at: int
    description: str = ""
    status: PoolStatus = PoolStatus.OPEN
    code: str | None = None

    @property
    def visibility(self) -> str:
        """Of a task that is for this pool."""
        return POOL_VISIBILITY + self.id

    @property
    def is_shown(self) -> bool:
        """Whether workers who do not belong to it find it."""
        return self.kind in SHOWN_TO_ALL and self.status == PoolStatus.OPEN

    def check_way(self, way: Way) -> None:
        """Raises IllegalTransition where one does not come in like that, or nobody does."""
        if way not in WAYS[self.kind]:
            raise IllegalTransition(f"nobody comes into a pool of kind {self.kind} by: {way}")
        if self.status == PoolStatus.CLOSED:
            raise IllegalTransition("the pool is closed")

    def with_code(self, code: str) -> "Pool":
        """The code that lets in from now on; the one before lets nobody in any more. Raises
        IllegalTransition."""
        self.check_way(Way.CODE)
        return replace(self, code=code)


@dataclass(frozen=True)
class PoolCode:
    """So that a pool is found by its code; it counts as long as it is the pool's own."""

    id: str
    pool_id: str


def code_id(code: str) -> str:
    """The id of the code's item; case and spaces around it do not matter."""
    return derived_id("pcd", code.strip().casefold())


def alumni_pool_id(client_id: str) -> str:
    """The id of the one alumni pool that a client may have: it follows from the client, so that nobody looks
    for it."""
    return derived_id("pool", client_id, PoolKind.ALUMNI)


def pool_of(visibility: str) -> str | None:
    """The id of the pool that a task of this visibility is for; None where it is for none."""
    return visibility.removeprefix(POOL_VISIBILITY) if visibility.startswith(POOL_VISIBILITY) else None
