"""Runs a reconciliation: reads both sides, and writes down what did not match and what does by now."""

from functools import partial

from chalicelib.work.entering import enter_open_breaks
from marketplace.reconciliation.breaks import Break
from marketplace.reconciliation.days import DAY_SECONDS
from marketplace.reconciliation.judging import Judgement, beside, judge
from marketplace.reconciliation.matching import Line, counts, match
from marketplace.reconciliation.run import Reconciliation, RunStatus
from marketplace.reconciliation.sides import Window, stripe_lines
from marketplace.reconciliation.suspense import is_in_suspense
from marketplace.reconciliation.use_cases import (
    close_break,
    finish_reconciliation,
    keep_breaks,
    reopen_break,
)
from marketplace.runtime import Runtime
from marketplace.shared.events import Cause, Event
from marketplace.shared.existing import existing
from marketplace.shared.ids import derived_id
from marketplace.shared.months import month_of, months_until
from marketplace.shared.running import run
from marketplace.storage.keys import FAR_PAIRS_FROM, FAR_PAIRS_TO, OPEN_BREAKS
from marketplace.storage.stripe_account import ledger_lines
from marketplace.storage.written_journals import real_ms

BREAKS_PER_COMMIT = 25
OPEN_MONTHS = 12
"""Open breaks of so many months, the latest ones, may close themselves."""
OPEN_MAX = 1_000
"""So many of a month."""


def reconcile(event: Event, runtime: Runtime) -> None:
    """Matches both sides of the window, keeps what did not match, closes what was open and does by now, and
    writes the counts down. A message that comes again finds the run finished. Raises ProviderUnavailable."""
    asked = existing(runtime.store, Reconciliation, event.about[0])
    if asked.status == RunStatus.RUNNING:
        began_ms = real_ms()
        window = Window(asked.window_start, asked.window_end)
        still_open = open_breaks(runtime)
        theirs = runtime.stripe.books.balance_transactions(window.read_from, window.read_to)
        stripe = [line for transaction in theirs for line in stripe_lines(transaction, window)]
        ours, further = ledger_lines(window), beside(window, [*still_open, *_far_pairs(window, runtime)])
        findings = match(_standing(ours, runtime), stripe, _standing(further, runtime))
        _keep(judge(findings, still_open, asked, event.at), event, runtime)
        cause, found = _cause(event, runtime, "finished"), counts(findings)
        run(runtime.store, cause, lambda tx: finish_reconciliation(asked.id, found, began_ms, tx))
    enter_open_breaks(runtime)


def open_breaks(runtime: Runtime, months: int = OPEN_MONTHS) -> list[Break]:
    """Those dated in this month or in one of those before it, as many as that."""
    named = months_until(month_of(runtime.clock.now()), months)
    pages = [runtime.reads.page(OPEN_BREAKS, month, limit=OPEN_MAX)[0] for month in named]
    return [found for page in pages for found in page if found.open_in is not None]


def _far_pairs(window: Window, runtime: Runtime) -> list[Break]:
    """Pairs of which one line lies in the months of the window, and the other beyond what is read."""
    months = {month_of(at) for at in range(window.start, window.end, DAY_SECONDS)}
    named = sorted({*months, month_of(window.end)})[-OPEN_MONTHS:]
    listed = ((items, month) for items in (FAR_PAIRS_FROM, FAR_PAIRS_TO) for month in named)
    return [one for items, month in listed for one in runtime.reads.page(items, month, limit=OPEN_MAX)[0]]


def _standing(lines: list[Line], runtime: Runtime) -> list[Line]:
    """Without what was taken back out of suspense, however long after."""
    return [line for line in lines if line.part is not None or is_in_suspense(line.document, runtime.store)]


def _keep(judgement: Judgement, event: Event, runtime: Runtime) -> None:
    run_id = event.about[0]
    for start in range(0, len(judgement.found), BREAKS_PER_COMMIT):
        some = judgement.found[start : start + BREAKS_PER_COMMIT]
        cause = _cause(event, runtime, f"breaks {start}")
        for closed in run(runtime.store, cause, partial(keep_breaks, some, run_id)).result or ():
            cause = _cause(event, runtime, f"reopened {closed}")
            run(runtime.store, cause, partial(reopen_break, closed, run_id))
    for closing in judgement.closings:
        cause = _cause(event, runtime, f"closed {closing.break_id}")
        run(runtime.store, cause, partial(close_break, closing, run_id))


def _cause(event: Event, runtime: Runtime, step: str) -> Cause:
    """Each step derives from the event that asked for the run, so it is taken once."""
    return Cause(
        event_id=derived_id("evt", event.id, step),
        actor="reconciliation",
        request_id=event.request_id,
        at=runtime.clock.now(),
        caused_by=event.id,
    )
