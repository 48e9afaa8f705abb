"""Prepares people's copies of their data, and forgets people, unless something still binds us to them.

    message ──the next step?──> a bounded piece of work ──> where it stands, and the next message
                 └──no──> nothing

A piece that was begun and not written down is done again: whatever it wrote already, it writes the same.
"""

from collections.abc import Callable
from functools import partial

from chalicelib.work.ties import look, what_binds
from marketplace.people import copying, forgetting
from marketplace.people.copying import AddPart
from marketplace.people.privacy import Erasure, ErasureStatus, Export, ExportStatus
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.shared.existing import existing
from marketplace.shared.running import consequence, run
from marketplace.shared.transaction import Transaction

ACTOR = "privacy"
_OF_EXPORTS = (EventType.EXPORT_REQUESTED, EventType.EXPORT_CONTINUED, EventType.EXPORT_EXPIRED)
_OF_ERASURES = (EventType.ERASURE_REQUESTED, EventType.ERASURE_CONTINUED, EventType.ERASURE_BEGUN)


def work(event: Event, runtime: Runtime) -> None:
    """One step. Raises what the tables raise: then it is worked on again."""
    if event.type in _OF_EXPORTS:
        _export(event, runtime)
    if event.type in _OF_ERASURES:
        _erase(event, runtime)


def _export(event: Event, runtime: Runtime) -> None:
    export = existing(runtime.store, Export, event.about[0])
    if export.steps != _step(event):
        return
    if export.status == ExportStatus.PREPARING:
        _add_part(event, export, runtime)
    if export.status == ExportStatus.EXPIRED and export.kept:
        _run(event, runtime, "step", partial(copying.empty_parts, export.id, export.steps))


def _add_part(event: Event, export: Export, runtime: Runtime) -> None:
    from chalicelib.work.copying import part_after
    from chalicelib.work.whose_copy import legs_of

    part = part_after(runtime, export.worker_id, legs_of(export.worker_id), export.after)
    command = AddPart(export.id, export.steps, part.content, part.after)
    _run(event, runtime, "step", partial(copying.add_part, command))


def _erase(event: Event, runtime: Runtime) -> None:
    erasure = existing(runtime.store, Erasure, event.about[0])
    if erasure.steps != _step(event):
        return
    if erasure.status == ErasureStatus.ASKED:
        _look(event, erasure, runtime)
    if erasure.status == ErasureStatus.ERASING:
        _forget(event, erasure, runtime)


def _look(event: Event, erasure: Erasure, runtime: Runtime) -> None:
    """Whether anything binds: once while the doors are open, and once more when they have been shut for a
    while. The newest is looked at again at the end, so that most of what came meanwhile is told at once."""
    subject_id, step = erasure.subject_id, erasure.steps
    looked = look(runtime, subject_id, erasure.after)
    if looked.after is not None:
        _run(event, runtime, "step", partial(forgetting.look_further, subject_id, step, looked.after))
        return
    reasons = tuple(dict.fromkeys((*what_binds(runtime, subject_id), *looked.reasons)))
    _run(event, runtime, "step", partial(forgetting.decide_erasure, subject_id, step, reasons))


def _forget(event: Event, erasure: Erasure, runtime: Runtime) -> None:
    """Where it stands is written last: whatever was forgotten by then may be forgotten again."""
    from chalicelib.work.forgotten import forget

    done = forget(runtime, erasure.subject_id, erasure.after, partial(_run, event, runtime))
    further = partial(
        forgetting.forget_further, erasure.subject_id, erasure.steps, done.after, done.forgotten
    )
    _run(event, runtime, "step", further)


def _step(event: Event) -> int:
    """Which one it asks for."""
    return int(event.details.get("step", 0))


def _run(event: Event, runtime: Runtime, step: str, work: Callable[[Transaction], object]) -> None:
    name = f"{event.id}:{step}"
    run(runtime.store, consequence(event, name, actor=ACTOR, at=runtime.clock.now()), work)
