"""Keeps the lists in which workers find tasks and clients find workers, and makes alumni of workers who have
completed a contract.

What a list shows is the task as it is now, whichever event made somebody look; so however often and in
whatever order events arrive, the lists come to the same.
"""

from collections.abc import Iterable

from chalicelib.work import tracks
from marketplace.contracts.contract import Contract
from marketplace.people.pool_member import Alumnus, alumnus_id
from marketplace.people.pool_members import become_alumnus
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.existing import existing
from marketplace.shared.ids import prefix_of
from marketplace.shared.running import consequence, run
from marketplace.storage.feed_index import keep_up


def together(events: Iterable[Event], runtime: Runtime) -> None:
    """Looks once at each task of a batch, and at the workers. Raises ListsContended, TrackContended,
    StoreSilent: then the batch comes again."""
    looked_at = tuple(events)
    of_tasks = (event for event in looked_at if event.type != EventType.BID_SUBMITTED)
    told = (name for event in of_tasks for name in event.about if prefix_of(name) == "task")
    for task_id in dict.fromkeys(told):
        keep_up(runtime.store, task_id)
    for event in looked_at:
        tracks.keep(event, runtime)


def work(event: Event, runtime: Runtime) -> None:
    """Raises to be tried again."""
    if event.type != EventType.CONTRACT_COMPLETED:
        return
    contract_id = next(name for name in event.about if prefix_of(name) == "con")
    contract = existing(runtime.store, Contract, contract_id)
    identifier = alumnus_id(contract.client_id, contract.worker_id)
    alumnus = Alumnus(identifier, contract.client_id, contract.worker_id, contract.id, event.at)
    cause = consequence(event, f"alumnus:{identifier}", actor="matching", at=event.at)
    run(runtime.store, cause, lambda tx: become_alumnus(alumnus, tx))
