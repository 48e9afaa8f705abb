"""A worker as one task's requirements see one: only what the task asks for is read."""

from marketplace.compliance.checks import held_qualifications, passed_checks
from marketplace.compliance.naming import Find
from marketplace.people.standing import Standing, standing_id, unrated
from marketplace.people.workers import Worker
from marketplace.work.eligibility import Candidate
from marketplace.work.task import Task


def candidate_for(task: Task, worker: Worker, at: int, find: Find) -> Candidate:
    """The candidate at `at`, epoch seconds."""
    wanted = task.requirements
    return Candidate(
        worker_id=worker.id,
        country=worker.country,
        score=(find(Standing, standing_id(worker.id)) or unrated(worker.id)).score,
        qualifications=held_qualifications(worker.id, wanted.qualifications, task.client_id, at, find),
        checks=passed_checks(worker.id, wanted.checks or (), at, find),
    )
