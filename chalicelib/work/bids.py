"""What follows for bids when their task takes no more of them.

    closed    they expire at once
    filled    they expire once every offer has been answered or has lapsed, unless a seat came free by then

A message does so for a bounded number of bids; what is left is told of by another event. Each bid is a commit
of its own, so however often and in whatever order events arrive, each has its effect once.
"""

from functools import partial
from itertools import islice

from marketplace.bidding.bid import Bid
from marketplace.bidding.use_cases import let_go
from marketplace.contracts.contract import OFFER_SECONDS
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import prefix_of
from marketplace.shared.running import consequence, run
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import TASK_BIDS
from marketplace.work.task import Task, TaskStatus

BIDS_PER_MESSAGE = 100
FILLED_GRACE_SECONDS = OFFER_SECONDS + 86_400
"""By then the last offer is no offer any more."""

_TRIGGERS = (EventType.TASK_CLOSED, EventType.BID_AWARDED, EventType.TASK_BIDS_LEFT)


def work(event: Event, runtime: Runtime) -> None:
    """Raises to be tried again; events that mean nothing to bids are left alone."""
    if event.type not in _TRIGGERS:
        return
    task_id = next(name for name in event.about if prefix_of(name) == "task")
    found = runtime.store.read(Task, task_id)
    if found is None or found[0].status not in (TaskStatus.FILLED, TaskStatus.CLOSED):
        return
    until = event.at + FILLED_GRACE_SECONDS
    every = runtime.reads.every(TASK_BIDS, task_id)
    hanging = (bid for bid in every if _hangs(bid, found[0], until))
    bids = list(islice(hanging, BIDS_PER_MESSAGE + 1))
    for bid in bids[:BIDS_PER_MESSAGE]:
        _commit(event, runtime, f"{event.id}:{bid.id}", partial(let_go, bid.id, until))
    if len(bids) > BIDS_PER_MESSAGE:
        _commit(event, runtime, f"{event.id}:bids left", partial(_tell, task_id))


def _hangs(bid: Bid, task: Task, until: int) -> bool:
    """Whether nothing ends it yet."""
    return bid.is_live and (task.status == TaskStatus.CLOSED or bid.expires_after(until))


def _tell(task_id: str, tx: Transaction) -> None:
    tx.publish(EventType.TASK_BIDS_LEFT, about=(task_id,))


def _commit(event: Event, runtime: Runtime, name: str, work: partial[None]) -> None:
    run(runtime.store, consequence(event, name, actor="bids", at=event.at), work)
