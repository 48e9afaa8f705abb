"""A worker's clock: one for each worker, so that one session at most runs, whatever races."""

from marketplace.shared.errors import SessionAlreadyRunning
from marketplace.shared.ids import derived_id
from marketplace.shared.records import dataclass, replace


@dataclass(frozen=True)
class WorkerClock:
    """`last_session` is the worker's newest session, which is `running` or was; `last_contract` is whose it
    is, unknown of sessions that began before clocks kept it."""

    id: str
    worker_id: str
    last_session: str | None = None
    running: bool = False
    last_contract: str | None = None

    @property
    def running_session(self) -> str | None:
        """The id of the session that runs."""
        return self.last_session if self.running else None

    @property
    def running_on(self) -> str | None:
        """The id of the contract that the running session is of, as far as it is known."""
        return self.last_contract if self.running else None

    def clocked_in(self, session_id: str, *, contract_id: str) -> "WorkerClock":
        """Raises SessionAlreadyRunning."""
        if self.running and self.last_session is not None:
            raise SessionAlreadyRunning(self.last_session)
        return replace(self, last_session=session_id, running=True, last_contract=contract_id)

    def clocked_out(self) -> "WorkerClock":
        """Free for the next session."""
        return replace(self, running=False)


def clock_id(worker_id: str) -> str:
    """The id of this worker's clock."""
    return derived_id("clk", worker_id)
