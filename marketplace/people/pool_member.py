"""A worker and a pool.

    nobody ──apply──> applied ──approve──> member ──leave──> left
                         ├──decline──> declined  └─remove──> removed
                         └──leave────> left
    nobody ──invite──> invited ──accept──> member
                          ├──leave───> left
                          └──remove──> removed
    nobody ──join, code, add──> member
    removed ──an appeal is granted──> what it was: member, or invited

Who has left or was declined may come again; who was removed comes back only by being added or invited. An
alumnus is a member of an alumni pool without any of this, and its removal is all that is kept.
"""

from enum import StrEnum

from marketplace.people.pool import Pool, PoolKind, Way, alumni_pool_id
from marketplace.shared.errors import AlreadyExists, IllegalTransition
from marketplace.shared.ids import derived_id, derived_within
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after


class PoolMemberStatus(StrEnum):
    """Only a member sees the pool's tasks."""

    APPLIED = "applied"
    INVITED = "invited"
    MEMBER = "member"
    DECLINED = "declined"
    REMOVED = "removed"
    LEFT = "left"


TRANSITIONS = {
    (PoolMemberStatus.APPLIED, "approve"): PoolMemberStatus.MEMBER,
    (PoolMemberStatus.APPLIED, "decline"): PoolMemberStatus.DECLINED,
    (PoolMemberStatus.APPLIED, "leave"): PoolMemberStatus.LEFT,
    (PoolMemberStatus.INVITED, "accept"): PoolMemberStatus.MEMBER,
    (PoolMemberStatus.INVITED, "leave"): PoolMemberStatus.LEFT,
    (PoolMemberStatus.INVITED, "remove"): PoolMemberStatus.REMOVED,
    (PoolMemberStatus.MEMBER, "leave"): PoolMemberStatus.LEFT,
    (PoolMemberStatus.MEMBER, "remove"): PoolMemberStatus.REMOVED,
}


class PoolReasonCode(StrEnum):
    """Why a worker was not taken in, or was taken out."""

    NOT_SELECTED = "not_selected"
    QUALITY = "quality"
    CONDUCT = "conduct"
    INACTIVE = "inactive"
    NOT_NEEDED = "not_needed"
    OTHER = "other"


_COMES_AS = {
    Way.JOIN: PoolMemberStatus.MEMBER,
    Way.CODE: PoolMemberStatus.MEMBER,
    Way.ADD: PoolMemberStatus.MEMBER,
    Way.APPLY: PoolMemberStatus.APPLIED,
    Way.INVITE: PoolMemberStatus.INVITED,
}


class Engagement(StrEnum):
    """Whether the client employs the worker."""

    STAFF = "staff"
    GIG = "gig"


@dataclass(frozen=True)
class PoolMember:
    """`position` orders lists by when the present status began; `reason` is what the worker is told of a
    decline or a removal, `given_code` the same as a code; `was` is what a removed one was, none for a
    member."""

    id: str
    pool_id: str
    client_id: str
    worker_id: str
    position: str
    status: PoolMemberStatus
    created_at: int
    engagement: Engagement | None = None
    note: Private[str | None] = None
    reason: Private[str | None] = None
    given_code: PoolReasonCode | None = None
    was: PoolMemberStatus | None = None

    @property
    def reason_code(self) -> PoolReasonCode | None:
        """Why it was declined or removed; of what was before there were codes, that nobody gave one."""
        shut = self.status in (PoolMemberStatus.DECLINED, PoolMemberStatus.REMOVED)
        return (self.given_code or PoolReasonCode.OTHER) if shut else None

    @property
    def is_member(self) -> bool:
        """Whether the worker sees the pool's tasks."""
        return self.status == PoolMemberStatus.MEMBER

    def stepped(
        self, step: str, *, reason: str | None = None, code: PoolReasonCode | None = None
    ) -> "PoolMember":
        """After approve, accept, decline, remove or leave. Raises IllegalTransition."""
        status = after(TRANSITIONS, self.status, step)
        invited = step == "remove" and self.status == PoolMemberStatus.INVITED
        was = PoolMemberStatus.INVITED if invited else None
        return replace(self, status=status, reason=reason, given_code=code, was=was)

    def taken_back(self, position: str) -> "PoolMember":
        """After a granted appeal against a removal. Raises IllegalTransition."""
        if self.status != PoolMemberStatus.REMOVED:
            raise IllegalTransition(f"the worker is {self.status}")
        status = self.was or PoolMemberStatus.MEMBER
        return replace(self, status=status, position=position, reason=None, given_code=None, was=None)


@dataclass(frozen=True)
class Alumnus:
    """That a worker has completed a contract of a client's; it never ends."""

    id: str
    client_id: str
    worker_id: str
    position: str
    since: int


def coming(pool: Pool, before: PoolMember | None, way: Way, comer: PoolMember) -> PoolMember:
    """`comer` in the place of what was before, with the status that `way` leads to. Raises
    IllegalTransition, AlreadyExists."""
    pool.check_way(way)
    by_client = way in (Way.ADD, Way.INVITE)
    status = _COMES_AS[way]
    if before is not None:
        waits = before.status in (PoolMemberStatus.APPLIED, PoolMemberStatus.INVITED)
        if before.is_member or before.status == status or (waits and not by_client and way != Way.CODE):
            raise AlreadyExists(f"already {before.status} in this pool")
        if before.status == PoolMemberStatus.REMOVED and not by_client:
            raise IllegalTransition("the client has taken you out of this pool")
    elif pool.kind == PoolKind.ALUMNI:
        raise IllegalTransition("alumni belong to it by having completed a contract")
    return replace(comer, status=status)


def taken_out(
    pool: Pool, before: PoolMember | None, of: PoolMember, reason: str, code: PoolReasonCode | None
) -> PoolMember:
    """Removed from the pool by its client; `of` is who that is where nothing was kept of them. Raises
    IllegalTransition."""
    if before is not None:
        return before.stepped("remove", reason=reason, code=code)
    if pool.kind != PoolKind.ALUMNI:
        raise IllegalTransition("this worker is not in the pool")
    return replace(of, status=PoolMemberStatus.REMOVED, reason=reason, given_code=code)


def belongs(pool_id: str, client_id: str, member: PoolMember | None, alumnus: Alumnus | None) -> bool:
    """Whether the worker of these sees the tasks for that pool of that client."""
    if pool_id == alumni_pool_id(client_id):
        return alumnus is not None and (member is None or member.is_member)
    return member is not None and member.is_member


def pool_member_id(pool_id: str, worker_id: str) -> str:
    """One for each pool and worker."""
    return derived_within("pmb", pool_id, worker_id)


def alumnus_id(client_id: str, worker_id: str) -> str:
    """One for each client and worker."""
    return derived_id("alm", client_id, worker_id)
