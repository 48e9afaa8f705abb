"""Who shares the net of a contract that was bid for by an agency."""

from marketplace.people.agency import MemberShare
from marketplace.shared.money import allocate
from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class AgencyShares:
    """The agency's shares as they were when its offer was accepted; whatever becomes of the agency, this
    contract pays by them. `version` and `members` are None until then."""

    agency_id: str
    version: int | None = None
    members: tuple[MemberShare, ...] | None = None

    def split(self, net: int) -> list[tuple[str, int]]:
        """Each member's part, minor units, in the agency's order: the largest remainder gets the odd ones."""
        members = self.members or ()
        parts = allocate(net, [member.basis_points for member in members])
        return [(member.worker_id, part) for member, part in zip(members, parts, strict=True)]
