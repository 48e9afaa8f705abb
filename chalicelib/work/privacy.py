"""Prepares people's copies of their data, and forgets people, unless something still binds us to them."""

from functools import partial
from itertools import islice
from typing import Any

from chalicelib.work.ties import what_binds
from chalicelib.work.withdrawn import withdraw_tasks
from marketplace.notifications.endpoint import Register, register_id
from marketplace.notifications.use_cases import OwnEndpoint, delete_endpoint
from marketplace.people import forgetting
from marketplace.people.privacy import (
    PART_CHARS_MAX,
    PARTS_MAX,
    Erasure,
    ErasureStatus,
    Export,
    ExportStatus,
    erasure_id,
)
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.existing import existing
from marketplace.shared.ids import prefix_of
from marketplace.shared.running import consequence, run

ACTOR = "privacy"
ROWS_PER_PART = 500
WORKER_PREFIX = "wrk"


def work(event: Event, runtime: Runtime) -> None:
    """Raises what the tables raise: then it is worked on again."""
    if event.type == EventType.EXPORT_REQUESTED:
        _export(event, runtime)
    if event.type == EventType.ERASURE_REQUESTED:
        _erase(event, runtime)


def _erase(event: Event, runtime: Runtime) -> None:
    """What else there is last: only whoever has been erased loses it, however often and late this is told."""
    subject_id = event.about[1]
    reasons = what_binds(runtime, subject_id)
    _run(event, runtime, "ended", partial(forgetting.finish_erasure, subject_id, reasons))
    ended = runtime.store.read(Erasure, erasure_id(subject_id))
    if ended is None or ended[0].status != ErasureStatus.ERASED:
        return
    if prefix_of(subject_id) == WORKER_PREFIX:
        _forget(event, runtime, subject_id)
    else:
        _send_nothing_more(event, runtime, subject_id)
        withdraw_tasks(runtime, subject_id, partial(_run, event, runtime))


def _forget(event: Event, runtime: Runtime, worker_id: str) -> None:
    from chalicelib.work.forgotten import forget

    forget(runtime, worker_id, partial(_run, event, runtime))


def _send_nothing_more(event: Event, runtime: Runtime, client_id: str) -> None:
    """Nobody is there to whom a client's systems could tell anything."""
    found = runtime.store.read(Register, register_id(client_id))
    for endpoint_id in found[0].endpoints if found else ():
        gone = OwnEndpoint(endpoint_id, client_id)
        _run(event, runtime, endpoint_id, partial(delete_endpoint, gone))


def _export(event: Event, runtime: Runtime) -> None:
    from chalicelib.work import copies

    export_id, worker_id = event.about[:2]
    status = existing(runtime.store, Export, export_id).status
    finish = partial(forgetting.finish_export, export_id)
    if status == ExportStatus.EXPIRED:
        _run(event, runtime, "ready", partial(finish, PARTS_MAX, complete=False))
    if status != ExportStatus.PREPARING:
        return
    parts = copies.parts(runtime, worker_id, characters=PART_CHARS_MAX, rows_max=ROWS_PER_PART)
    count = 0
    for number, content in enumerate(islice(parts, PARTS_MAX)):
        _run(event, runtime, f"part {number}", partial(forgetting.keep_part, export_id, number, content))
        count = number + 1
    complete = next(parts, None) is None
    _run(event, runtime, "ready", partial(finish, count, complete=complete))


def _run(event: Event, runtime: Runtime, step: str, work: Any) -> None:
    name = f"{event.id}:{step}"
    run(runtime.store, consequence(event, name, actor=ACTOR, at=runtime.clock.now()), work)
