"""What is due when: a persistent queue of named actions, earliest first, oldest first among equals."""

import heapq
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class Due:
    """One action at one instant (epoch seconds). `sequence` breaks ties and names the entry."""

    at: int
    sequence: int
    action: str
    account: str
    subject: str
    attempt: int = 0


class Agenda:
    """A heap of `Due`. Not locked: the simulator's state lock guards it."""

    def __init__(self, rows: list[dict[str, Any]] | None = None) -> None:
        self._heap = [Due(**row) for row in rows or []]
        heapq.heapify(self._heap)

    def add(self, due: Due) -> None:
        """Keeps `due` until it is taken."""
        heapq.heappush(self._heap, due)

    def next(self) -> Due | None:
        """The earliest entry, left where it is."""
        return self._heap[0] if self._heap else None

    def take(self, by: int) -> Due | None:
        """Removes and gives the earliest entry due at or before `by`."""
        if self._heap and self._heap[0].at <= by:
            return heapq.heappop(self._heap)
        return None

    def awaits(self, action: str, account: str, at: int) -> bool:
        """Whether that very thing is to happen then."""
        return any((due.at, due.action, due.account) == (at, action, account) for due in self._heap)

    def rows(self) -> list[dict[str, Any]]:
        """The entries as JSON-shaped rows, in order."""
        return [asdict(due) for due in sorted(self._heap)]
