"""Months of the books: which are closed, by whom, and what they came to."""

from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.http import FINANCE, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.closing import use_cases
from marketplace.closing.period import Period, period_id
from marketplace.closing.use_cases import COUNTED_MAX, ClosePeriod, Findings
from marketplace.runtime import Runtime
from marketplace.shared.books import BOOKS_ID, Books
from marketplace.shared.errors import NotFound
from marketplace.shared.months import is_month, month_end, month_start
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


class PeriodView(Model):
    """A month (UTC), from `starts_at` on and before `ends_at`. `totals` and `fingerprint` (which stands for
    the whole trial balance at its end) are written down a quarter of an hour after it was closed. One that
    was closed as a part of a later period names it, `closed_with`."""

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
    period = found[0] if found else _closed_with(month, runtime)
    still = len(_findings(runtime).open_breaks(month, limit=COUNTED_MAX))
    return Reply(_view(month, period, still))


@routes.add("POST", f"{PATH}/{{period}}/close", who=FINANCE, answer=PeriodView, key_required=True, heavy=True)
def close_period(call: Call[Any]) -> Reply:
    """Closes a month, `yyyy-mm`, that ended an hour ago or earlier: from then on nothing posts into it."""
    work = partial(use_cases.close_period, ClosePeriod(_month(call)), _findings(call.runtime))
    return call.commit(work, period_view)


def period_view(period: Period) -> PeriodView:
    """A closed period for an answer."""
    return _view(period.month, period, 0)


def _view(month: str, period: Period | None, open_exceptions: int) -> PeriodView:
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
        created_at=month_start(month),
    )


def _totals(period: Period) -> list[PeriodTotals] | None:
    if period.sums is None:
        return None
    return [
        PeriodTotals(currency=one.currency, debits=one.debits, credits=one.debits, posted=one.posted)
        for one in period.sums
    ]


def _closed_with(month: str, runtime: Runtime) -> Period | None:
    """The period that a month without one of its own was closed with, if it is closed."""
    books = runtime.store.read(Books, BOOKS_ID)
    if books is None or books[0].closed_until < month_end(month):
        return None
    later = (period for period in runtime.reads.every(PERIODS, ALL) if period.month > month)
    return min(later, key=lambda period: period.month, default=None)


def _findings(runtime: Runtime) -> Findings:
    from marketplace.storage.period_findings import PeriodFindings  # few functions add the ledger up

    return PeriodFindings(runtime.reads)


def _month(call: Call[Any]) -> str:
    """Raises NotFound where the path names none."""
    month = call.path["period"]
    if not is_month(month):
        raise NotFound
    return month
