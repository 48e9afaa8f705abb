"""A worker's clock: one for each worker, so that one session at most runs, whatever races."""

from dataclasses import dataclass

from marketplace.shared.errors import SessionAlreadyRunning
from marketplace.shared.ids import derived_id
from marketplace.shared.records import replace


@dataclass(frozen=True)
class WorkerClock:
    """`last_session` is the worker's newest session, which is `running` or was."""

    id: str
    worker_id: str
    last_session: str | None = None
    running: bool = False

    @property
    def running_session(self) -> str | None:
        """The id of the session that runs."""
        return self.last_session if self.running else None

    def clocked_in(self, session_id: str) -> "WorkerClock":
        """Raises SessionAlreadyRunning."""
        if self.running and self.last_session is not None:
            raise SessionAlreadyRunning(self.last_session)
        return replace(self, last_session=session_id, running=True)

    def clocked_out(self) -> "WorkerClock":
        """Free for the next session."""
        return replace(self, running=False)


def clock_id(worker_id: str) -> str:
    """The id of this worker's clock."""
    return derived_id("clk", worker_id)
