"""Projects every event into statements and histories, runs the reconciliations that were asked for, and does
what follows for results, bids, offers, for clients' debts and for contested contracts."""

from collections.abc import Iterable

from chalicelib.work import bids, offers, privacy, receivables, results
from chalicelib.work.announce import announce
from chalicelib.work.reconciling import reconcile
from marketplace.runtime import Runtime
from marketplace.shared.events import Event, EventType
from marketplace.storage import holdings
from marketplace.storage.account_sums import keep_up
from marketplace.storage.trail import project


def together(events: Iterable[Event], runtime: Runtime) -> None:
    """Projects a whole batch at once. Raises ProjectionThrottled: then the batch comes again."""
    projected = tuple(events)
    project(runtime.store.connection, projected)
    keep_up(projected, runtime.clock.now())
    holdings.count(runtime.store, projected)
    announce(projected, runtime)


def work(event: Event, runtime: Runtime) -> None:
    """Raises whatever the tables or Stripe raise: then the event is worked on again."""
    if event.type == EventType.RECONCILIATION_STARTED:
        reconcile(event, runtime)
    results.work(event, runtime)
    receivables.work(event, runtime)
    bids.work(event, runtime)
    offers.work(event, runtime)
    privacy.work(event, runtime)
    if event.type == EventType.EXPORT_FILE_PREPARING:
        from chalicelib.work import export_files  # tables and the file store: few messages need them

        export_files.work(event, runtime)
