"""What clients and workers do with invitations, and whom a task admits."""

from typing import Any

from marketplace.access.suspension import Find, require_let_in
from marketplace.bidding.invitation import Invitation, InvitationStatus, invitation_id
from marketplace.people.pool import pool_of
from marketplace.people.pool_member import Alumnus, PoolMember, alumnus_id, belongs, pool_member_id
from marketplace.people.pool_members import check_workers, is_in_pool
from marketplace.shared.errors import Fault, IllegalTransition, InvalidRequest, NotFound
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction
from marketplace.work.eligibility import Candidate
from marketplace.work.task import INVITED, Task, TaskStatus
from marketplace.work.use_cases import own_task

WORKERS_AT_ONCE_MAX = 25
"""What is asked at once is one commit."""


@dataclass(frozen=True)
class InviteWorkers:
    """`positions` are fresh ids, one for each worker."""

    task_id: str
    client_id: str
    worker_ids: tuple[str, ...]
    positions: tuple[str, ...]


@dataclass(frozen=True)
class StepInvitation:
    """The worker declines, or the client withdraws: the calling side is set."""

    invitation_id: str
    step: str
    client_id: str | None = None
    worker_id: str | None = None


_STEP_EVENTS = {"decline": EventType.INVITATION_DECLINED, "withdraw": EventType.INVITATION_WITHDRAWN}


def invite_workers(command: InviteWorkers, tx: Transaction) -> list[Invitation]:
    """The invitations of these workers, in their order; whoever was asked before is not asked again, unless
    that was withdrawn. Raises NotFound, IllegalTransition, InvalidRequest for a worker who is not there or
    not in the task's pool, NotEligible for one who is suspended."""
    task = own_task(command.task_id, command.client_id, tx)
    if task.status not in (TaskStatus.OPEN, TaskStatus.FILLED):
        raise IllegalTransition(f"nobody is invited to a task that is {task.status}")
    check_workers(command.worker_ids, tx)
    _check_pool(task, command.worker_ids, tx)
    every, fresh = list[Invitation](), list[Invitation]()
    for worker_id, position in zip(command.worker_ids, command.positions, strict=True):
        identifier = invitation_id(task.id, worker_id)
        found = tx.find(Invitation, identifier)
        asked = found or Invitation(identifier, task.id, task.client_id, worker_id, position, tx.now)
        if asked.status == InvitationStatus.WITHDRAWN:
            asked = asked.stepped("invite")
        every.append(asked)
        fresh.extend([asked] if asked != found else [])
    if fresh:
        require_let_in((row.worker_id for row in fresh), tx.find)
        tx.save(*fresh)
        tx.publish(EventType.TASK_INVITED, about=(task.id, *(row.worker_id for row in fresh)))
    return every


def step_invitation(command: StepInvitation, tx: Transaction) -> Invitation:
    """Raises NotFound, also when it is not the caller's; IllegalTransition."""
    found = tx.get(Invitation, command.invitation_id)
    if command.client_id not in (None, found.client_id) or command.worker_id not in (None, found.worker_id):
        raise NotFound
    stepped = found.stepped(command.step)
    tx.save(stepped)
    tx.publish(_STEP_EVENTS[command.step], about=(found.id, found.task_id, found.worker_id))
    return stepped


def what_admits(task: Task, worker_id: str) -> dict[str, type[Any]]:
    """The ids and kinds of what lets this worker see the task; nothing for a public one."""
    if task.visibility == INVITED:
        return {invitation_id(task.id, worker_id): Invitation}
    pool_id = pool_of(task.visibility)
    if pool_id is None:
        return {}
    return {pool_member_id(pool_id, worker_id): PoolMember, alumnus_id(task.client_id, worker_id): Alumnus}


def admitted(candidate: Candidate, task: Task, find: Find) -> Candidate:
    """The candidate with what they have been let into, as far as this task asks for it."""
    if task.visibility == INVITED:
        asked = find(Invitation, invitation_id(task.id, candidate.worker_id))
        let_in = asked is not None and asked.is_pending
        return replace(candidate, invited_to=frozenset({task.id})) if let_in else candidate
    pool_id = pool_of(task.visibility)
    if pool_id is None:
        return candidate
    member = find(PoolMember, pool_member_id(pool_id, candidate.worker_id))
    alumnus = find(Alumnus, alumnus_id(task.client_id, candidate.worker_id))
    let_in = belongs(pool_id, task.client_id, member, alumnus)
    return replace(candidate, pools=frozenset({pool_id})) if let_in else candidate


def _check_pool(task: Task, worker_ids: tuple[str, ...], tx: Transaction) -> None:
    pool_id = pool_of(task.visibility)
    if pool_id is None:
        return
    strangers = [
        Fault(f"/worker_ids/{number}", "does not belong to the task's pool")
        for number, worker_id in enumerate(worker_ids)
        if not is_in_pool(pool_id, task.client_id, worker_id, tx)
    ]
    if strangers:
        raise InvalidRequest(strangers)
