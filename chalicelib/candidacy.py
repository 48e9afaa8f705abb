"""The calling worker as tasks' requirements see it; what few tasks ask for is read when one does."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, TypeVar

from chalicelib.api.workers import own_worker_id
from chalicelib.http import Call
from marketplace.compliance.checks import Check, passed_checks
from marketplace.people.standing import Standing, standing_id, unrated
from marketplace.people.workers import Worker
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import WORKER_HOLDINGS
from marketplace.work.eligibility import Candidate
from marketplace.work.task import Task

Kind = TypeVar("Kind")


class Candidacy:
    """One call's look at one worker, good for any number of tasks. Raises NotFound before there is a
    profile."""

    def __init__(self, call: Call[Any]) -> None:
        self._runtime, self._now = call.runtime, call.now
        self._worker_id = own_worker_id(call)
        worker = self._find(Worker, self._worker_id)
        if worker is None:
            raise NotFound
        standing = self._find(Standing, standing_id(worker.id)) or unrated(worker.id)
        self._country, self._score = worker.country, standing.score

    def candidate(self, task: Task) -> Candidate:
        """The worker, with what this task asks for."""
        wanted = task.requirements
        return Candidate(
            worker_id=self._worker_id,
            country=self._country,
            score=self._score,
            qualifications=self._held if wanted.qualifications else frozenset(),
            checks=self._passed if wanted.checks else frozenset(),
        )

    @cached_property
    def _held(self) -> frozenset[str]:
        holdings: Iterable[Any] = self._runtime.reads.every(WORKER_HOLDINGS, self._worker_id)
        return frozenset(row.qualification_id for row in holdings if row.holds(self._now))

    @cached_property
    def _passed(self) -> frozenset[str]:
        return passed_checks(self._worker_id, list(Check), self._now, self._find)

    def _find(self, kind: type[Kind], identifier: str) -> Kind | None:
        found = self._runtime.store.read(kind, identifier)
        return None if found is None else found[0]
