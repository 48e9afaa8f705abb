"""An agency: workers who bid under one name and share what it earns.

    nobody ──invite──> invited ──accept──> member ──leave, remove──> nobody
                          └──decline, remove──> nobody
    member ──invite: another share is offered──> member ──accept, decline──> member

The lead is who made it, and has whatever share the others do not have: the shares always add up to the
whole. Nobody's share changes without their consent, except the lead's.
"""

from enum import StrEnum

from marketplace.shared.errors import AlreadyExists, IllegalTransition, InvalidRequest
from marketplace.shared.ids import derived_within
from marketplace.shared.money import BASIS_POINTS_WHOLE
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace

MEMBERS_MAX = 10
"""With the lead, and with those who are invited: what a release pays them fits into one journal."""


@dataclass(frozen=True)
class MemberShare:
    """A member's part of the net."""

    worker_id: str
    basis_points: int


@dataclass(frozen=True)
class Terms:
    """What a member has or is offered; who `may_bid` binds the agency."""

    basis_points: int
    may_bid: bool


@dataclass(frozen=True)
class Member:
    """`terms` is None while invited; `offered` waits for the worker's answer."""

    worker_id: str
    terms: Terms | None = None
    offered: Terms | None = None

    @property
    def most(self) -> int:
        """The larger of what the member has and may accept, basis points."""
        return max(terms.basis_points for terms in (self.terms, self.offered) if terms)


@dataclass(frozen=True)
class Agency:
    """`members` are the others, invited ones included, in the order of their invitations. `version` counts
    the changes of shares."""

    id: str
    name: Private[str]
    lead_id: str
    created_at: int
    members: tuple[Member, ...] = ()
    version: int = 1

    @property
    def shares(self) -> tuple[MemberShare, ...]:
        """Who gets how much, the lead first; nobody who gets nothing."""
        others = [MemberShare(m.worker_id, m.terms.basis_points) for m in self.members if m.terms]
        rest = BASIS_POINTS_WHOLE - sum(share.basis_points for share in others)
        return tuple(share for share in (MemberShare(self.lead_id, rest), *others) if share.basis_points)

    def member(self, worker_id: str) -> Member | None:
        """One of the others, invited ones included."""
        return next((member for member in self.members if member.worker_id == worker_id), None)

    def has(self, worker_id: str) -> bool:
        """Whether the worker belongs to it, or is asked to."""
        return worker_id == self.lead_id or self.member(worker_id) is not None

    def is_member(self, worker_id: str) -> bool:
        """Whether the worker is the lead, or has accepted."""
        found = self.member(worker_id)
        return worker_id == self.lead_id or (found is not None and found.terms is not None)

    def may_bid(self, worker_id: str) -> bool:
        """Whether the worker's bids bind the agency."""
        found = self.member(worker_id)
        return worker_id == self.lead_id or bool(found and found.terms and found.terms.may_bid)

    def inviting(self, worker_id: str, offered: Terms) -> "Agency":
        """Somebody is asked to join, or to have another share. Raises InvalidRequest, AlreadyExists."""
        if worker_id == self.lead_id:
            raise InvalidRequest.at("/worker_id", "the lead has what the others do not")
        before = self.member(worker_id) or Member(worker_id)
        if before.terms == offered:
            raise AlreadyExists("this member has that share already")
        asked = replace(before, offered=offered)
        others = tuple(member for member in self.members if member.worker_id != worker_id)
        if len(others) + 2 > MEMBERS_MAX:
            raise InvalidRequest.at("/worker_id", f"an agency has at most {MEMBERS_MAX} members")
        left = BASIS_POINTS_WHOLE - sum(member.most for member in others)
        if asked.most > left:
            raise InvalidRequest.at("/share_basis_points", f"only {left} are left to offer")
        return self._with(asked)

    def require_offered(self, worker_id: str, basis_points: int) -> None:
        """Raises IllegalTransition unless the worker is offered this share, and no other by now."""
        offered = self._asked(worker_id).offered
        if offered is None or offered.basis_points != basis_points:
            raise IllegalTransition("another share is offered to you by now")

    def joined(self, worker_id: str) -> "Agency":
        """The worker accepts what is offered. Raises IllegalTransition."""
        asked = self._asked(worker_id)
        return self._with(Member(worker_id, asked.offered), shares_change=True)

    def declined(self, worker_id: str) -> "Agency":
        """The worker does not want what is offered, and keeps what there was. Raises IllegalTransition."""
        asked = self._asked(worker_id)
        return self._without(worker_id) if asked.terms is None else self._with(replace(asked, offered=None))

    def left(self, worker_id: str) -> "Agency":
        """A member goes, and the lead has the share. Raises IllegalTransition."""
        if worker_id == self.lead_id:
            raise IllegalTransition("the lead cannot leave")
        if not self.is_member(worker_id):
            raise IllegalTransition("an invitation is accepted or declined")
        return self._without(worker_id)

    def removing(self, worker_id: str) -> "Agency":
        """A member or an invitation is taken out. Raises IllegalTransition."""
        if self.member(worker_id) is None:
            raise IllegalTransition("this worker is neither a member nor invited")
        return self._without(worker_id)

    def _asked(self, worker_id: str) -> Member:
        found = self.member(worker_id)
        if found is None or found.offered is None:
            raise IllegalTransition("nothing is offered to you")
        return found

    def _with(self, changed: Member, *, shares_change: bool = False) -> "Agency":
        known = self.member(changed.worker_id) is not None
        rows = tuple(changed if row.worker_id == changed.worker_id else row for row in self.members)
        return replace(
            self, members=rows if known else (*rows, changed), version=self.version + shares_change
        )

    def _without(self, worker_id: str) -> "Agency":
        rows = tuple(row for row in self.members if row.worker_id != worker_id)
        return replace(self, members=rows, version=self.version + self.is_member(worker_id))


class Belonging(StrEnum):
    """How a worker stands to an agency."""

    INVITED = "invited"
    MEMBER = "member"
    GONE = "gone"


@dataclass(frozen=True)
class Membership:
    """So that a worker finds the agencies; it stays when the worker goes, because contracts go on."""

    id: str
    agency_id: str
    worker_id: str
    belonging: Belonging


def membership_of(agency: Agency, worker_id: str) -> Membership:
    """As the agency has it."""
    belonging = Belonging.INVITED if agency.has(worker_id) else Belonging.GONE
    if agency.is_member(worker_id):
        belonging = Belonging.MEMBER
    return Membership(membership_id(agency.id, worker_id), agency.id, worker_id, belonging)


def membership_id(agency_id: str, worker_id: str) -> str:
    """One for each agency and worker."""
    return derived_within("mem", agency_id, worker_id)
