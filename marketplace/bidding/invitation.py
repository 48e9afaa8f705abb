"""An invitation: a client asks a worker to bid on a task.

    nobody ──invite──> pending ──decline (worker)──> declined
                          │ ^
           withdraw (client)└──invite──┐
                          v            │
                       withdrawn ──────┘

Whoever has declined is not asked again. A task whose visibility is `invited` is seen by those whose
invitation is pending, and by nobody else.
"""

from enum import StrEnum

from marketplace.shared.ids import derived_within
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after


class InvitationStatus(StrEnum):
    """It stays pending when the worker bids: the bid tells the rest."""

    PENDING = "pending"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


TRANSITIONS = {
    (InvitationStatus.PENDING, "decline"): InvitationStatus.DECLINED,
    (InvitationStatus.PENDING, "withdraw"): InvitationStatus.WITHDRAWN,
    (InvitationStatus.WITHDRAWN, "invite"): InvitationStatus.PENDING,
}


@dataclass(frozen=True)
class Invitation:
    """Its id derives from task and worker; `position`, a fresh id, orders it among those of its task."""

    id: str
    task_id: str
    client_id: str
    worker_id: str
    position: str
    created_at: int
    status: InvitationStatus = InvitationStatus.PENDING

    @property
    def is_pending(self) -> bool:
        """Whether it lets the worker see the task."""
        return self.status == InvitationStatus.PENDING

    def stepped(self, step: str) -> "Invitation":
        """After decline, withdraw or invite. Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, step))


def invitation_id(task_id: str, worker_id: str) -> str:
    """One for each task and worker."""
    return derived_within("inv", task_id, worker_id)
