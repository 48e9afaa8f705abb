"""What finance does: starts a reconciliation and explains what it leaves; and how a run is written down."""

from collections.abc import Sequence

from marketplace.reconciliation.run import Break, Reconciliation, RunStatus
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


def keep_breaks(breaks: Sequence[Break], tx: Transaction) -> None:
    """Writes those that are not there yet: a run that is repeated finds its own."""
    tx.save(*(found for found in breaks if tx.find(Break, found.id) is None))


def finish_reconciliation(reconciliation_id: str, counts: dict[str, int], tx: Transaction) -> Reconciliation:
    """The counts stand; a run that has finished keeps its first. Raises NotFound."""
    run = tx.get(Reconciliation, reconciliation_id)
    if run.status == RunStatus.FINISHED:
        return run
    finished = run.finished(counts, tx.now)
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
