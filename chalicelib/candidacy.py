"""The calling worker as tasks' requirements see it; what few tasks ask for is read when one does."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeVar

from chalicelib.api.workers import own_worker_id
from chalicelib.http import Call
from chalicelib.reading_ahead import Path
from marketplace.access.principals import Role
from marketplace.access.suspension import Find
from marketplace.bidding.invitations import admitted
from marketplace.compliance.checks import Check, passed_checks
from marketplace.compliance.holding import Holding
from marketplace.people.standing import Standing, standing_id, unrated
from marketplace.people.workers import Worker
from marketplace.shared.errors import NotFound
from marketplace.storage.ahead import NOTHING, Along
from marketplace.storage.keys import WORKER_HOLDINGS
from marketplace.work.eligibility import Candidate
from marketplace.work.task import Task

Kind = TypeVar("Kind")


def candidate_ahead(role: Role, caller_id: str, _path: Path) -> Along:
    """What a look at a worker begins with."""
    return Along((caller_id, standing_id(caller_id))) if role == Role.WORKER else NOTHING


class Candidacy:
    """One call's look at one worker, good for any number of tasks. Raises NotFound before there is a
    profile."""

    def __init__(self, call: Call[Any]) -> None:
        self._runtime, self._now = call.runtime, call.now
        self.worker_id = own_worker_id(call)
        rated = standing_id(self.worker_id)
        found = call.runtime.reads.of_kinds({self.worker_id: Worker, rated: Standing})
        if self.worker_id not in found:
            raise NotFound
        self.worker: Worker = found[self.worker_id]
        self._score = found.get(rated, unrated(self.worker_id)).score_at(self._now)

    def candidate(self, task: Task, find: Find | None = None) -> Candidate:
        """The worker, with what this task asks for; `find` knows what lets it see the task, where that was
        read already."""
        wanted = task.requirements
        candidate = Candidate(
            worker_id=self.worker_id,
            country=self.worker.country,
            score=self._score,
            qualifications=self._held_for(task.client_id) if wanted.qualifications else frozenset(),
            checks=self._passed if wanted.checks else frozenset(),
        )
        return admitted(candidate, task, find or self._find)

    def _held_for(self, client_id: str) -> frozenset[str]:
        """By id, and by name as this client's tasks mean it."""
        ours = [row for row in self._held if row.client_id in (None, client_id)]
        return frozenset(name for row in ours for name in (row.qualification_id, row.name) if name)

    @cached_property
    def _held(self) -> list[Holding]:
        holdings: Iterable[Any] = self._runtime.reads.every(WORKER_HOLDINGS, self.worker_id)
        return [row for row in holdings if row.holds(self._now)]

    @cached_property
    def _passed(self) -> frozenset[str]:
        return passed_checks(self.worker_id, list(Check), self._now, self._find)

    def _find(self, kind: type[Kind], identifier: str) -> Kind | None:
        found = self._runtime.store.read(kind, identifier)
        return None if found is None else found[0]
