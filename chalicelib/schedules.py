"""Timers: fires what is due, and seals the ledger's totals.

Every clock of the product is a place in the `due` index: an aggregate whose time has come is found by a
query, and its capability's `wake` decides what that means. Waking is repeated until nothing is due, in
order for each aggregate; what it does is dated by when it was due, however late it fires.
"""

import time

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib.log import logger
from chalicelib.wakes import WAKES
from marketplace import runtime as runtimes
from marketplace.runtime import Runtime
from marketplace.shared.errors import DomainError
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id, prefix_of
from marketplace.shared.running import run
from marketplace.storage.timers import due_by

ROUNDS_MAX = 1_000
"""How often one firing looks again: an aggregate may come due several times in a long silence."""

blueprint = Blueprint(__name__)


@blueprint.schedule("rate(1 minute)", name="fire_due")
def fire_due(event: CloudWatchEvent) -> dict[str, int]:
    """Fires every timer that is due by now; answers with how many."""
    del event
    return {"fired": fire_all(runtimes.current())}


@blueprint.schedule("rate(5 minutes)", name="seal_ledger")
def seal_ledger(event: CloudWatchEvent) -> dict[str, int]:
    """Sums up the ledger's buckets that are over (machine's time); answers with how many."""
    from marketplace.storage.ledger import seal

    del event
    runtimes.current()
    return {"sealed": seal(int(time.time()))}


def fire_all(runtime: Runtime) -> int:
    """Wakes what is due until nothing is, earliest first; one that fails does not stop the others."""
    fired, failed = 0, set[str]()
    for _ in range(ROUNDS_MAX):
        due = [timer for timer in due_by(runtime.clock.now()) if timer[1] not in failed]
        if not due:
            return fired
        for due_at, identifier in due:
            try:
                wake(runtime, identifier, due_at)
                fired += 1
            except (DomainError, LookupError, ValueError):
                failed.add(identifier)
                logger.exception("a timer failed", about=identifier, due_at=due_at)
    return fired


def wake(runtime: Runtime, identifier: str, due_at: int) -> None:
    """Runs the wake of one aggregate as of `due_at`; its version keeps two firings from both taking
    effect, and the second finds nothing due."""
    cause = Cause(
        event_id=new_id("evt"),
        actor="timer",
        request_id=new_id("req"),
        at=due_at,
        repeatable=False,
    )
    run(runtime.store, cause, lambda tx: WAKES[prefix_of(identifier)](identifier, tx))
