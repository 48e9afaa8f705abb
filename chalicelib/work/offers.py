"""Takes back offers to workers who were suspended: at once, and also one that was made at that very moment.

Whichever of the suspension and the award was written last has an event that finds both. An index that lags
may keep an offer from being found: its worker cannot take it, and it lapses.
"""

from collections.abc import Iterator
from functools import partial
from itertools import takewhile

from marketplace.access.suspension import Suspension, suspension_id
from marketplace.contracts.contract import OFFER_SECONDS
from marketplace.contracts.offers import is_offer, take_offer_back
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import prefix_of
from marketplace.shared.running import consequence, run
from marketplace.storage.keys import WORKER_CONTRACTS


def work(event: Event, runtime: Runtime) -> None:
    """Raises to be tried again; events that mean nothing to offers are left alone."""
    if event.type not in (EventType.WORKER_DEACTIVATED, EventType.BID_AWARDED):
        return
    worker_id = next(name for name in event.about if prefix_of(name) == "wrk")
    found = runtime.store.read(Suspension, suspension_id(worker_id))
    if found is None or not found[0].stands:
        return
    for contract_id in _offers(event, worker_id, runtime):
        cause = consequence(event, f"{contract_id}:taken back", actor="offers", at=event.at)
        run(runtime.store, cause, partial(take_offer_back, contract_id))


def _offers(event: Event, worker_id: str, runtime: Runtime) -> Iterator[str]:
    if event.type == EventType.BID_AWARDED:
        return iter([name for name in event.about if prefix_of(name) == "con"])
    every = runtime.reads.every(WORKER_CONTRACTS, worker_id)
    recent = takewhile(lambda row: row.created_at > event.at - OFFER_SECONDS, every)
    return (row.id for row in recent if is_offer(row))
