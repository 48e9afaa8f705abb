"""Months of the books: which are closed, by whom, and what they came to."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.http import FINANCE, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Instant, Line, Model
from chalicelib.work.entering import enter_open_breaks
from marketplace.closing import use_cases
from marketplace.closing.coverage import Days
from marketplace.closing.period import Forced, Period, period_id
from marketplace.closing.use_cases import COUNTED_MAX, ClosePeriod, Findings, missing_in
from marketplace.runtime import Runtime
from marketplace.shared.books import BOOKS_ID, Books
from marketplace.shared.errors import IllegalTransition, NotFound
from marketplace.shared.months import is_month, month_end, month_start
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import ALL, PERIODS

PATH = "/v1/finance/periods"

routes = Routes()


class PeriodTotals(Model):
    """One currency at the period's end, minor units: `debits` and `credits` of all journals up to it (equal),
    and how much of that was `posted` in what was closed with it."""

    currency: str
    debits: int
    credits: int
    posted: int


class DaysView(Model):
    """Whole days (UTC), from the first instant `from` on and before `to`."""

    model_config = ConfigDict(serialize_by_alias=True)

    start: Annotated[Instant, Field(alias="from")]
    end: Annotated[Instant, Field(alias="to")]


class ForcedView(Model):
    """Why a period was closed although something stood in the way, and what: days that no reconciliation
    had compared, and so many exceptions that were open."""

    reason: str
    unreconciled: list[DaysView]
    open_exceptions: int


class Closing(Model):
    """`force_reason` closes it whatever stands in the way of that but time and order; it is kept, with the
    caller's name."""

    force_reason: Annotated[Line | None, Given] = None


class PeriodView(Model):
    """A month (UTC), from `starts_at` on and before `ends_at`. `totals` and `fingerprint` (which stands for
    the whole trial balance at its end) are written down a quarter of an hour after it was closed. One that
    was closed as a part of a later period names it, `closed_with`. `unreconciled` are the days of an open
    one, and of those left out before it, that no reconciliation which began after they were over has
    compared."""

    id: str
    object: Literal["period"] = "period"
    status: Literal["open", "closed"]
    starts_at: Instant
    ends_at: Instant
    closed_at: Instant | None
    closed_by: str | None
    closed_with: str | None
    totals: list[PeriodTotals] | None
    fingerprint: str | None
    open_exceptions: Annotated[int, Field(description=f"Dated in it; {COUNTED_MAX} stands for more as well.")]
    unreconciled: list[DaysView]
    forced: ForcedView | None
    created_at: Instant


@routes.add("GET", PATH, who=FINANCE, query=PageQuery, answer=Page, row=PeriodView)
def list_periods(call: Call[Any]) -> Reply:
    """The periods that were closed, the latest month first."""
    return call.page(PERIODS, ALL, period_view)


@routes.add("GET", f"{PATH}/{{period}}", who=FINANCE, answer=PeriodView)
def get_period(call: Call[Any]) -> Reply:
    """A month that has begun, `yyyy-mm`, closed or open."""
    month, runtime = _month(call), call.runtime
    if month_start(month) > call.now:
        raise NotFound
    found = runtime.store.read(Period, period_id(month))
    books = runtime.store.read(Books, BOOKS_ID)
    period = found[0] if found else _closed_with(month, books, runtime)
    findings = _findings(runtime, thorough=False)
    still = len(findings.open_breaks(month, limit=COUNTED_MAX))
    missing = () if period else missing_in(month, books[0] if books else Books(), findings)
    return Reply(_view(month, period, still, missing))


@routes.add(
    "POST",
    f"{PATH}/{{period}}/close",
    who=FINANCE,
    body=Closing,
    answer=PeriodView,
    key_required=True,
    heavy=True,
)
def close_period(call: Call[Closing]) -> Reply:
    """Closes a month, `yyyy-mm`, that ended an hour ago or earlier: from then on nothing posts into it. Each
    of its days must have been reconciled since it was over, and what was found explained."""
    month, runtime = _month(call), call.runtime
    entered = enter_open_breaks(runtime)
    command, findings = ClosePeriod(month, call.body.force_reason), _findings(runtime, thorough=True)
    work = partial(_closed, entered, partial(use_cases.close_period, command, findings))
    return call.commit(work, period_view)


def period_view(period: Period) -> PeriodView:
    """A closed period for an answer."""
    return _view(period.month, period, 0)


def _closed(entered: bool, close: Callable[[Transaction], Period], tx: Transaction) -> Period:  # noqa: FBT001
    """Raises IllegalTransition while it is not known which exceptions are open."""
    if not entered:
        raise IllegalTransition("exceptions of earlier reconciliations are still being listed: try again")
    return close(tx)


def _view(
    month: str, period: Period | None, open_exceptions: int, missing: Sequence[Days] = ()
) -> PeriodView:
    own = period if period and period.month == month else None
    return PeriodView(
        id=month,
        status="closed" if period else "open",
        starts_at=month_start(month),
        ends_at=month_end(month),
        closed_at=period.closed_at if period else None,
        closed_by=period.closed_by if period else None,
        closed_with=period.month if period and own is None else None,
        totals=_totals(own) if own else None,
        fingerprint=own.fingerprint if own else None,
        open_exceptions=open_exceptions,
        unreconciled=[_days(one) for one in missing],
        forced=_forced(own.forced) if own and own.forced else None,
        created_at=month_start(month),
    )


def _forced(forced: Forced) -> ForcedView:
    return ForcedView(
        reason=forced.reason,
        unreconciled=[_days(one) for one in forced.missing],
        open_exceptions=forced.exceptions,
    )


def _days(days: Days) -> DaysView:
    return DaysView(**{"from": days.start, "to": days.end})


def _totals(period: Period) -> list[PeriodTotals] | None:
    if period.sums is None:
        return None
    return [
        PeriodTotals(currency=one.currency, debits=one.debits, credits=one.debits, posted=one.posted)
        for one in period.sums
    ]


def _closed_with(month: str, books: tuple[Books, int] | None, runtime: Runtime) -> Period | None:
    """The period that a month without one of its own was closed with, if it is closed."""
    if books is None or books[0].closed_until < month_end(month):
        return None
    later = (period for period in runtime.reads.every(PERIODS, ALL) if period.month > month)
    return min(later, key=lambda period: period.month, default=None)


def _findings(runtime: Runtime, *, thorough: bool) -> Findings:
    from marketplace.storage.period_findings import PeriodFindings  # few functions add the ledger up

    return PeriodFindings(runtime.reads, runtime.store, thorough=thorough)


def _month(call: Call[Any]) -> str:
    """Raises NotFound where the path names none."""
    month = call.path["period"]
    if not is_month(month):
        raise NotFound
    return month
