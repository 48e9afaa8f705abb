"""What keeps a payout from being sent although its money is set aside: a hold, and missing approvals.

asked for ──> needs approval ──two different people──> held until ──time──> clear
         └──────────────────────────────────────────────^            ^
         └────────────────────────────────────────────────────────────┘
"""

from marketplace.shared.errors import AlreadyApproved
from marketplace.shared.records import dataclass, replace

APPROVALS_NEEDED = 2
APPROVAL_SECONDS = 86_400
"""How long it takes, as a rule, until so many people have looked at it."""


@dataclass(frozen=True)
class Approval:
    """`by` is the person, as events name who acts; `at` is epoch seconds."""

    by: str
    at: int


@dataclass(frozen=True)
class Clearance:
    """`held_until` is epoch seconds; by itself it keeps nothing."""

    held_until: int | None = None
    approvals_needed: int = 0
    approvals: tuple[Approval, ...] = ()

    @property
    def lacks_approval(self) -> bool:
        """Whether somebody has still to approve."""
        return len(self.approvals) < self.approvals_needed

    def holds(self, at: int) -> bool:
        """Whether its hold lasts beyond `at`."""
        return self.held_until is not None and at < self.held_until

    def is_given(self, at: int) -> bool:
        """Whether nothing keeps it from being sent."""
        return not self.lacks_approval and not self.holds(at)

    def opens_at(self, at: int) -> int:
        """From when on it may be sent, as far as anybody can tell at `at`."""
        approved_at = at + APPROVAL_SECONDS if self.lacks_approval else at
        return max(approved_at, self.held_until or at)

    def approved(self, by: str, at: int) -> "Clearance":
        """One person more approves. Raises AlreadyApproved for somebody who has done so."""
        if any(approval.by == by for approval in self.approvals):
            raise AlreadyApproved("you have approved it already; somebody else has to")
        return replace(self, approvals=(*self.approvals, Approval(by, at)))

    def asked_anew(self, by: str, at: int) -> "Clearance":
        """It is to be sent once more: who wants that counts as the first of those who approve."""
        if not self.approvals_needed:
            return self
        return replace(self, approvals=(Approval(by, at),))


UNHINDERED = Clearance()
