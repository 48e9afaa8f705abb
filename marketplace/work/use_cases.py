"""What a client does with its tasks."""

from dataclasses import field
from typing import Any

from marketplace.compliance.agreements import check_agreements
from marketplace.compliance.qualifications import check_qualifications
from marketplace.people.pool import pool_of
from marketplace.people.pools import check_pool
from marketplace.shared.errors import IllegalTransition, InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.work.task import Task, TaskStatus


@dataclass(frozen=True)
class ChangeTask:
    """`changes` are fields of a draft; of an open task, only those in `OPEN_TASK_FIELDS`."""

    task_id: str
    client_id: str
    changes: dict[str, Any] = field(default_factory=dict)


OPEN_TASK_FIELDS = frozenset({"title", "description", "bidding_closes_at"})
"""What may change under the eyes of those who have already bid."""


@dataclass(frozen=True)
class OwnTask:
    """A task of the calling client."""

    task_id: str
    client_id: str


def own_task(task_id: str, client_id: str, tx: Transaction) -> Task:
    """Raises NotFound, also when the task is another client's."""
    task = tx.get(Task, task_id)
    if task.client_id != client_id:
        raise NotFound
    return task


def post_task(task: Task, tx: Transaction) -> Task:
    """A draft. Raises InvalidRequest when bidding would already be closed, or the review cannot work."""
    if task.bidding_closed(tx.now):
        raise InvalidRequest.at("/bidding_closes_at", "must be in the future")
    task.check_review()
    task.check_outcomes()
    _check_pool(task, tx)
    _check_requirements(task, tx)
    tx.save(task)
    tx.publish(EventType.TASK_DRAFTED, about=(task.id, task.client_id))
    return task


def change_task(command: ChangeTask, tx: Transaction) -> Task:
    """Raises NotFound, IllegalTransition, InvalidRequest as `post_task` does."""
    task = own_task(command.task_id, command.client_id, tx)
    fixed = set(command.changes) - OPEN_TASK_FIELDS if task.status == TaskStatus.OPEN else set()
    if fixed or task.status not in (TaskStatus.DRAFT, TaskStatus.OPEN):
        raise IllegalTransition(f"cannot change {', '.join(sorted(fixed)) or 'a task'} while {task.status}")
    changed = replace(task, **command.changes)
    if "seats" in command.changes:
        changed = replace(changed, seats_left=changed.seats)
    changed.check_review()
    changed.check_outcomes()
    if changed.visibility != task.visibility:
        _check_pool(changed, tx)
    if "requirements" in command.changes:
        _check_requirements(changed, tx)
    if changed.bidding_closes_at != task.bidding_closes_at and changed.bidding_closed(tx.now):
        raise InvalidRequest.at("/bidding_closes_at", "must be in the future")
    tx.save(changed)
    tx.publish(EventType.TASK_UPDATED, about=(task.id, task.client_id))
    return changed


def publish_task(command: OwnTask, tx: Transaction) -> Task:
    """Raises NotFound, IllegalTransition."""
    task = own_task(command.task_id, command.client_id, tx).published(tx.now)
    tx.save(task)
    tx.publish(EventType.TASK_OPENED, about=(task.id, task.client_id))
    return task


def close_task(command: OwnTask, tx: Transaction) -> Task:
    """Raises NotFound, IllegalTransition."""
    task = own_task(command.task_id, command.client_id, tx).closed()
    tx.save(task)
    tx.publish(EventType.TASK_CLOSED, about=(task.id, task.client_id))
    return task


def withdraw_task(task_id: str, tx: Transaction) -> Task:
    """Its client is forgotten: nobody will award it. A closed one stays as it is. Raises NotFound."""
    task = tx.get(Task, task_id)
    if task.status == TaskStatus.CLOSED:
        return task
    withdrawn = task.withdrawn()
    tx.save(withdrawn)
    tx.publish(EventType.TASK_CLOSED, about=(task.id, task.client_id))
    return withdrawn


def _check_pool(task: Task, tx: Transaction) -> None:
    pool_id = pool_of(task.visibility)
    if pool_id is not None:
        check_pool(pool_id, task.client_id, tx)


def _check_requirements(task: Task, tx: Transaction) -> None:
    """Raises InvalidRequest for what is not there, or another client's."""
    wanted, where = task.requirements, "/requirements"
    check_agreements(wanted.agreements, task.client_id, f"{where}/agreements", tx, trainings=False)
    check_agreements(wanted.trainings or (), task.client_id, f"{where}/trainings", tx, trainings=True)
    check_qualifications(wanted.qualifications, task.client_id, f"{where}/qualifications", tx)
