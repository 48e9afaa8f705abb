"""Keeps what is known of workers who are looked for: their tracks, and the lists in which they are found.

What an event only points at is read as it is now; what only the event knows (who cancelled) is kept. So
however often and in whatever order events arrive, it comes to the same.
"""

from marketplace.contracts.contract import Contract
from marketplace.disputes.dispute import Dispute
from marketplace.matching.track import Track, entry_of, was_left, was_lost
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.existing import existing
from marketplace.shared.ids import prefix_of
from marketplace.storage.tracks import forget, tell
from marketplace.storage.worker_index import keep_up
from marketplace.work.task import Task

DAY_SECONDS = 86_400


_OF_WORKERS = (
    EventType.WORKER_CREATED,
    EventType.WORKER_UPDATED,
    EventType.WORKER_DEACTIVATED,
    EventType.WORKER_REINSTATED,
    EventType.ERASURE_SHUT,
    EventType.ERASURE_REFUSED,
    EventType.ERASURE_BEGUN,
    EventType.PERSON_ERASED,
)
"""What may change the lists that a worker stands in."""
_ENDINGS = (EventType.CONTRACT_COMPLETED, EventType.CONTRACT_CANCELLED, EventType.DISPUTE_DECIDED)
"""What may make somebody a newcomer no more."""
_SIGNS_OF_LIFE = (EventType.WORKER_UPDATED, EventType.BID_SUBMITTED)


def keep(event: Event, runtime: Runtime) -> None:
    """Raises TrackContended, ListsContended, StoreSilent: then the event comes again."""
    worker_id = _about(event, "wrk")
    if event.type in (*_ENDINGS, EventType.CONTRACT_ACTIVE):
        worker_id = _tell_contract(event, runtime)
    if event.type in _SIGNS_OF_LIFE and worker_id:
        tell(worker_id, lambda track: _seen(track, event.at))
    if event.type in (*_OF_WORKERS, *_ENDINGS) and worker_id:
        keep_up(runtime.store, worker_id)
    if event.type in (EventType.ERASURE_BEGUN, EventType.PERSON_ERASED) and worker_id:
        forget(worker_id)


def _tell_contract(event: Event, runtime: Runtime) -> str:
    """Whose contract it is."""
    contract_id = _about(event, "con")
    contract = existing(runtime.store, Contract, contract_id)
    found = runtime.store.read(Task, contract.task_id)
    decided = event.type == EventType.DISPUTE_DECIDED
    lost = decided and was_lost(existing(runtime.store, Dispute, _about(event, "dis")))
    cancelled = event.type == EventType.CONTRACT_CANCELLED
    left = cancelled and was_left(contract, event.actor)
    entry = entry_of(contract, found[0].pay if found else None, left=left, lost=lost)
    if entry is not None:
        tell(contract.worker_id, lambda track: _seen(track.told(entry), entry.at))
    return contract.worker_id


def _seen(track: Track, at: int) -> Track:
    """By whole days, so that most of what a worker does writes nothing."""
    return track.seen(at - at % DAY_SECONDS)


def _about(event: Event, prefix: str) -> str:
    """The id of that prefix, empty where it is about nothing like that."""
    return next((name for name in event.about if prefix_of(name) == prefix), "")
