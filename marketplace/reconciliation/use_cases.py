"""What finance does: starts a reconciliation and explains what it leaves; and how a run is written down."""

from collections.abc import Sequence

from marketplace.reconciliation.breaks import Break
from marketplace.reconciliation.judging import Closing
from marketplace.reconciliation.run import Reconciliation, RunStatus, Sighting, sighting_of
from marketplace.shared.errors import InvalidRequest
from marketplace.shared.events import EventType
from marketplace.shared.records import dataclass
from marketplace.shared.transaction import Transaction


@dataclass(frozen=True)
class StartReconciliation:
    """The window is [window_start, window_end), epoch seconds of business time."""

    reconciliation_id: str
    window_start: int
    window_end: int


@dataclass(frozen=True)
class ResolveBreak:
    """Why nothing more needs to be done."""

    break_id: str
    reason: str | None


def start_reconciliation(command: StartReconciliation, tx: Transaction) -> Reconciliation:
    """The work goes to a queue. Raises InvalidRequest for a window without length."""
    if command.window_start >= command.window_end:
        raise InvalidRequest.at("/to", "must be after from")
    run = Reconciliation(
        id=command.reconciliation_id,
        window_start=command.window_start,
        window_end=command.window_end,
        created_at=tx.now,
    )
    tx.save(run)
    tx.publish(EventType.RECONCILIATION_STARTED, about=(run.id,))
    return run


def keep_breaks(breaks: Sequence[Break], reconciliation_id: str, tx: Transaction) -> list[str]:
    """Writes those that are not there yet, each once whoever finds it, and that this run has found them; the
    ids of those that had closed themselves, and are to be reopened."""
    closed: list[str] = []
    for found in breaks:
        kept, sighting = tx.find(Break, found.id), sighting_of(found.id, reconciliation_id)
        if kept is None:
            tx.save(found, sighting)
            continue
        if kept.has_closed_itself:
            closed.append(kept.id)
        elif kept.resolved_at is None and kept.found_again(found) != kept:
            tx.save(kept.found_again(found))
        if tx.find(Sighting, sighting.id) is None:
            tx.save(sighting)
    return closed


def reopen_break(break_id: str, reconciliation_id: str, tx: Transaction) -> None:
    """A run has found what had closed itself. Nothing where that is not so any more. Raises NotFound."""
    kept = tx.get(Break, break_id)
    if kept.has_closed_itself:
        tx.save(kept.reopened())
        tx.publish(EventType.BREAK_REOPENED, about=_about(kept, reconciliation_id))


def close_break(closing: Closing, reconciliation_id: str, tx: Transaction) -> None:
    """A run has seen its lines elsewhere. Nothing where it was resolved, or booked to suspense, meanwhile.
    Raises NotFound."""
    kept = tx.get(Break, closing.break_id)
    if kept.resolved_at is None and kept.suspense is None:
        tx.save(kept.closed(run=reconciliation_id, reason=closing.reason, at=tx.now))
        tx.publish(EventType.BREAK_RESOLVED, about=_about(kept, reconciliation_id), reason=closing.reason)


def finish_reconciliation(
    reconciliation_id: str, counts: dict[str, int], began_ms: int, tx: Transaction
) -> Reconciliation:
    """The counts stand; a run that has finished keeps its first. Raises NotFound."""
    run = tx.get(Reconciliation, reconciliation_id)
    if run.status == RunStatus.FINISHED:
        return run
    finished = run.finished(counts, tx.now, began_ms)
    tx.save(finished)
    tx.publish(EventType.RECONCILIATION_FINISHED, about=(run.id,), counts=counts)
    return finished


def resolve_break(command: ResolveBreak, tx: Transaction) -> Break:
    """Raises NotFound, IllegalTransition when somebody has resolved it."""
    found = tx.get(Break, command.break_id)
    resolved = found.resolved(by=tx.cause.actor, reason=command.reason, at=tx.now)
    tx.save(resolved)
    tx.publish(EventType.BREAK_RESOLVED, about=(resolved.id, resolved.reconciliation_id))
    return resolved


def _about(found: Break, reconciliation_id: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((found.id, found.reconciliation_id, reconciliation_id)))
