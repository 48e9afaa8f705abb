"""What workers do about their profile."""

from marketplace.people.workers import Identity, Skill, Worker, without_repeats
from marketplace.shared.errors import AlreadyExists
from marketplace.shared.events import EventType
from marketplace.shared.private import new_salt
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class CreateWorker:
    """`identity_id` derives from the caller's token."""

    worker_id: str
    identity_id: str
    name: str
    country: str
    languages: tuple[str, ...]
    skills: tuple[Skill, ...]
    headline: str


@dataclass(frozen=True)
class UpdateWorker:
    """What is None stays as it is."""

    worker_id: str
    name: str | None = None
    country: str | None = None
    languages: tuple[str, ...] | None = None
    skills: tuple[Skill, ...] | None = None
    headline: str | None = None


def create_worker(command: CreateWorker, tx: Transaction) -> Worker:
    """Raises AlreadyExists when this person has a profile."""
    if tx.find(Identity, command.identity_id) is not None:
        raise AlreadyExists("this person already has a worker profile")
    worker = Worker(
        id=command.worker_id,
        name=command.name,
        country=command.country,
        languages=command.languages,
        skills=without_repeats(command.skills),
        headline=command.headline,
        created_at=tx.now,
        salt=new_salt(),
    )
    tx.save(worker, Identity(command.identity_id, worker.id))
    tx.publish(EventType.WORKER_CREATED, about=(worker.id,))
    return worker


def update_worker(command: UpdateWorker, tx: Transaction) -> Worker:
    """Raises NotFound."""
    worker = tx.get(Worker, command.worker_id)
    changed = {name: value for name, value in vars(command).items() if value is not None}
    changed.pop("worker_id")
    if "skills" in changed:
        changed["skills"] = without_repeats(changed["skills"])
    updated = replace(worker, **changed, salt=worker.salt or new_salt())
    tx.save(updated)
    tx.publish(EventType.WORKER_UPDATED, about=(worker.id,))
    return updated
