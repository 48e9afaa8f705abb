"""Reconciliation runs, and the exceptions that they leave to be explained."""

from functools import partial
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.http import FINANCE, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Instant, Line, Model, Sum
from marketplace.reconciliation import use_cases
from marketplace.reconciliation.breaks import Break
from marketplace.reconciliation.run import Reconciliation, RunStatus, sighted
from marketplace.reconciliation.use_cases import ResolveBreak, StartReconciliation
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import ALL, RECONCILIATION_BREAKS, RECONCILIATION_SIGHTINGS, RECONCILIATIONS
from marketplace.storage.reads import Reads

PATH = "/v1/finance/reconciliations"

routes = Routes()

_BY_ALIAS = ConfigDict(serialize_by_alias=True)


class NewReconciliation(Model):
    """What happened from `from` on and before `to`, business time."""

    window_start: Annotated[Instant, Field(alias="from")]
    window_end: Annotated[Instant, Field(alias="to")]


class Counts(Model):
    """Each line inside the window counts once; a pair counts as one."""

    matched: int
    timing: int
    amount_mismatch: int
    missing_in_ledger: int
    missing_in_stripe: int
    duplicate: int


class ReconciliationView(Model):
    """A run; its counts are zero until it has finished."""

    model_config = _BY_ALIAS

    id: str
    object: Literal["reconciliation"] = "reconciliation"
    status: Literal["running", "finished"]
    window_start: Annotated[Instant, Field(alias="from")]
    window_end: Annotated[Instant, Field(alias="to")]
    counts: Counts
    finished_at: Instant | None
    created_at: Instant


class ExceptionView(Model):
    """What did not match: a journal's id, a balance transaction's, or both; `owner` has to act on it, and
    `suspense` is the journal that holds it in suspense. `reconciliation_id` found it first; where a later one
    saw both sides, it is resolved by `reconciliation`, and `resolved_in` names that one."""

    model_config = _BY_ALIAS

    id: str
    object: Literal["exception"] = "exception"
    reconciliation_id: str
    outcome: Annotated[
        Literal["timing", "amount_mismatch", "missing_in_ledger", "missing_in_stripe", "duplicate"],
        Field(alias="class"),
    ]
    ledger: str | None
    stripe: str | None
    amount: Sum
    age_seconds: int
    owner: str
    reason: str
    status: Literal["open", "resolved"]
    suspense: str | None
    resolution: str | None
    resolved_by: str | None
    resolved_in: str | None
    resolved_at: Instant | None
    created_at: Instant


class Resolution(Model):
    """Why nothing more needs to be done."""

    reason: Annotated[Line | None, Given] = None


@routes.add(
    "POST",
    PATH,
    who=FINANCE,
    body=NewReconciliation,
    answer=ReconciliationView,
    status=201,
    key_required=True,
)
def start_reconciliation(call: Call[NewReconciliation]) -> Reply:
    """Matches the ledger against Stripe's balance transactions, in the background."""
    command = StartReconciliation(call.runtime.new_id("rec"), call.body.window_start, call.body.window_end)
    return call.commit(lambda tx: use_cases.start_reconciliation(command, tx), reconciliation_view)


@routes.add("GET", PATH, who=FINANCE, query=PageQuery, answer=Page, row=ReconciliationView)
def list_reconciliations(call: Call[Any]) -> Reply:
    """All runs, newest first."""
    return call.page(RECONCILIATIONS, ALL, reconciliation_view)


@routes.add("GET", f"{PATH}/{{reconciliation_id}}", who=FINANCE, answer=ReconciliationView)
def get_reconciliation(call: Call[Any]) -> Reply:
    """One run."""
    return Reply(reconciliation_view(_run(call)))


@routes.add(
    "GET",
    f"{PATH}/{{reconciliation_id}}/exceptions",
    who=FINANCE,
    query=PageQuery,
    answer=Page,
    row=ExceptionView,
)
def list_exceptions(call: Call[Any]) -> Reply:
    """What a run could not match."""
    run = _run(call)

    def view(found: Break) -> ExceptionView:
        return exception_view(found, call.now)

    if run.began_ms is None and run.status == RunStatus.FINISHED:  # of before a break could be of several
        return call.page(RECONCILIATION_BREAKS, run.id, view)
    listed = f"{RECONCILIATION_SIGHTINGS.name}#{run.id}"
    return call.page_of(listed, partial(_sighted, call.runtime.reads, run.id), view)


@routes.add(
    "POST",
    "/v1/finance/exceptions/{exception_id}/resolve",
    who=FINANCE,
    body=Resolution,
    answer=ExceptionView,
)
def resolve_exception(call: Call[Resolution]) -> Reply:
    """Explains an exception; it stays listed, as resolved."""
    command = ResolveBreak(call.id("exception_id", "brk"), call.body.reason)
    return call.commit(
        lambda tx: use_cases.resolve_break(command, tx), lambda found: exception_view(found, call.now)
    )


def reconciliation_view(run: Reconciliation) -> ReconciliationView:
    """A run for an answer."""
    fields: dict[str, Any] = {"from": run.window_start, "to": run.window_end}
    return ReconciliationView(
        id=run.id,
        status=run.status.value,
        counts=Counts(**run.counts),
        finished_at=run.finished_at,
        created_at=run.created_at,
        **fields,
    )


def exception_view(found: Break, now: int) -> ExceptionView:
    """A break for an answer."""
    fields: dict[str, Any] = {"class": found.outcome.value}
    return ExceptionView(
        id=found.id,
        reconciliation_id=found.reconciliation_id,
        ledger=found.ledger,
        stripe=found.stripe,
        amount=Sum.of(found.amount),
        age_seconds=max(0, now - found.happened_at),
        owner=found.owner,
        reason=found.reason,
        status="open" if found.resolved_at is None else "resolved",
        suspense=found.suspense,
        resolution=found.resolution,
        resolved_by=found.resolved_by,
        resolved_in=found.resolved_in,
        resolved_at=found.resolved_at,
        created_at=found.created_at,
        **fields,
    )


def _sighted(
    reads: Reads, reconciliation_id: str, limit: int, before: str | None
) -> tuple[list[Break], str | None]:
    """A page of the breaks that a run found, as they stand now."""
    found = reads.places(RECONCILIATION_SIGHTINGS, reconciliation_id, limit=limit + 1, before=before)
    named = [sighted(identifier) for _, identifier in found[:limit]]
    breaks = reads.by_id(Break, named)
    more = len(found) > limit
    return [breaks[one] for one in named if one in breaks], found[limit - 1][0] if more else None


def _run(call: Call[Any]) -> Reconciliation:
    found = call.runtime.store.read(Reconciliation, call.id("reconciliation_id", "rec"))
    if found is None:
        raise NotFound
    return found[0]
