"""Projects every event into statements and histories, runs the reconciliations that were asked for, and does
what follows for results, bids, offers, for clients' debts and for contested contracts."""

from collections.abc import Iterable
from functools import partial

from chalicelib.work import bids, offers, privacy, receivables, results
from chalicelib.work.announce import announce
from chalicelib.work.entering import enter_open_breaks
from marketplace.reconciliation.matching import Outcome, counts, match
from marketplace.reconciliation.run import BREAKS_MAX, Reconciliation, break_of
from marketplace.reconciliation.sides import Window, stripe_lines
from marketplace.reconciliation.use_cases import finish_reconciliation, keep_breaks
from marketplace.runtime import Runtime
from marketplace.shared.events import Cause, Event, EventType
from marketplace.shared.existing import existing
from marketplace.shared.ids import derived_id
from marketplace.shared.running import run
from marketplace.storage import holdings
from marketplace.storage.account_sums import keep_up
from marketplace.storage.stripe_account import ledger_lines
from marketplace.storage.trail import project

BREAKS_PER_COMMIT = 25


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


def reconcile(event: Event, runtime: Runtime) -> None:
    """Matches both sides of the window, keeps what did not match, and writes the counts down."""
    reconciliation_id = event.about[0]
    asked = existing(runtime.store, Reconciliation, reconciliation_id)
    window = Window(asked.window_start, asked.window_end)
    theirs = runtime.stripe.books.balance_transactions(window.read_from, window.read_to)
    stripe = [line for transaction in theirs for line in stripe_lines(transaction, window)]
    findings = match(ledger_lines(window), stripe)
    broken = [finding for finding in findings if finding.outcome != Outcome.MATCHED]
    kept = [break_of(finding, asked, event.at) for finding in broken[:BREAKS_MAX]]
    for start in range(0, len(kept), BREAKS_PER_COMMIT):
        some = partial(keep_breaks, kept[start : start + BREAKS_PER_COMMIT])
        run(runtime.store, _cause(event, runtime, f"breaks {start}"), some)
    finished = counts(findings)
    cause = _cause(event, runtime, "finished")
    run(runtime.store, cause, lambda tx: finish_reconciliation(reconciliation_id, finished, tx))
    enter_open_breaks(runtime)


def _cause(event: Event, runtime: Runtime, step: str) -> Cause:
    """Each step derives from the event that asked for the run, so it is taken once."""
    return Cause(
        event_id=derived_id("evt", event.id, step),
        actor="reconciliation",
        request_id=event.request_id,
        at=runtime.clock.now(),
        caused_by=event.id,
    )
