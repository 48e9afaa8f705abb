"""A reconciliation run: a window of time, compared once."""

from dataclasses import field
from enum import StrEnum

from marketplace.reconciliation.matching import Outcome, counts
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.ids import UNIQUE_PART_LENGTH
from marketplace.shared.records import dataclass, replace

BREAKS_MAX = 1_000
"""So many breaks of one run are kept; all of them are counted."""


class RunStatus(StrEnum):
    """From the call to the counts."""

    RUNNING = "running"
    FINISHED = "finished"


@dataclass(frozen=True)
class Reconciliation:
    """The window is [window_start, window_end), epoch seconds of business time; `counts` is by
    outcome, zero until it has finished. Whoever worked on it began to read at `began_ms`, epoch milliseconds
    of the machine: what was written before, it has seen. Runs of before that was kept do not say."""

    id: str
    window_start: int
    window_end: int
    created_at: int
    status: RunStatus = RunStatus.RUNNING
    counts: dict[str, int] = field(default_factory=lambda: counts(()))
    finished_at: int | None = None
    began_ms: int | None = None

    @property
    def compared(self) -> tuple[int, int] | None:
        """What of its window was over when it began, [start, end): what came to light there is kept, for
        somebody to explain. None while it runs, and where it found more than is kept."""
        broken = sum(self.counts.values()) - self.counts[Outcome.MATCHED] - self.counts[Outcome.TIMING]
        if self.status != RunStatus.FINISHED or broken > BREAKS_MAX:
            return None
        return self.window_start, min(self.window_end, self.created_at)

    def finished(self, found: dict[str, int], at: int, began_ms: int | None = None) -> "Reconciliation":
        """Raises IllegalTransition when it has finished before."""
        if self.status != RunStatus.RUNNING:
            raise IllegalTransition("this reconciliation has finished")
        return replace(self, status=RunStatus.FINISHED, counts=found, finished_at=at, began_ms=began_ms)


@dataclass(frozen=True)
class Sighting:
    """That a run found a break: one that several runs find is one, and stands in the list of each."""

    id: str
    reconciliation_id: str


def sighting_of(break_id: str, reconciliation_id: str) -> Sighting:
    """It is named for both, so that a list of sightings names the breaks."""
    run, found = (identifier.rpartition("_")[2] for identifier in (reconciliation_id, break_id))
    return Sighting(f"sgt_{run}{found}", reconciliation_id)


def sighted(sighting_id: str) -> str:
    """The break that it is of."""
    return f"brk_{sighting_id[-UNIQUE_PART_LENGTH:]}"
