"""Payouts that need somebody's eye: those that wait, are unknown or have failed."""

from collections.abc import Callable
from functools import partial
from typing import Any

from chalicelib.api.payouts import PayoutView, payout_view
from chalicelib.http import FINANCE, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Model
from marketplace.payouts import oversight, use_cases
from marketplace.payouts.oversight import ApprovePayout
from marketplace.payouts.payout import Payout
from marketplace.people.workers import identity_id
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import ALL, STUCK_PAYOUTS

routes = Routes()


class ApprovalView(Model):
    """`by` is the person, as the audit log names who acts."""

    by: str
    at: Instant


class FinancePayoutView(PayoutView):
    """A payout, whose it is, and who has approved it; `approvals_needed` is 0 below the threshold."""

    worker_id: str
    approvals_needed: int
    approvals: list[ApprovalView]


def finance_payout_view(payout: Payout, now: int) -> FinancePayoutView:
    """A payout as finance sees it."""
    clearance = payout.clearance
    return FinancePayoutView(
        **dict(payout_view(payout, now)),
        worker_id=payout.worker_id,
        approvals_needed=clearance.approvals_needed,
        approvals=[ApprovalView(by=approval.by, at=approval.at) for approval in clearance.approvals],
    )


@routes.add("GET", "/v1/finance/payouts", who=FINANCE, query=PageQuery, answer=Page, row=FinancePayoutView)
def list_stuck_payouts(call: Call[Any]) -> Reply:
    """Payouts that wait for something, whose outcome is unknown, or that have failed."""
    return call.page(STUCK_PAYOUTS, ALL, partial(finance_payout_view, now=call.now))


@routes.add(
    "POST",
    "/v1/finance/payouts/{payout_id}/retry",
    who=FINANCE,
    answer=FinancePayoutView,
    key_required=True,
)
def retry_payout(call: Call[NoBody]) -> Reply:
    """Sends to the bank once more what had failed there; a large one once somebody else approves it too."""
    payout_id = call.id("payout_id", "pay")
    return _committed(call, partial(use_cases.retry_payout, payout_id))


@routes.add(
    "POST",
    "/v1/finance/payouts/{payout_id}/approve",
    who=FINANCE,
    answer=FinancePayoutView,
    key_required=True,
)
def approve_payout(call: Call[NoBody]) -> Reply:
    """Approves a large payout; it goes on when two different people have done so."""
    person = identity_id(call.runtime.settings.identity_issuer, call.principal.subject)
    command = ApprovePayout(call.id("payout_id", "pay"), person)
    return _committed(call, partial(oversight.approve_payout, command))


@routes.add(
    "POST",
    "/v1/finance/payouts/{payout_id}/cancel",
    who=FINANCE,
    answer=FinancePayoutView,
    key_required=True,
)
def cancel_payout(call: Call[NoBody]) -> Reply:
    """Gives the money back while nothing of it can have been sent."""
    payout_id = call.id("payout_id", "pay")
    return _committed(call, partial(oversight.cancel_payout, payout_id))


def _committed(call: Call[NoBody], work: Callable[[Transaction], Payout]) -> Reply:
    return call.commit(work, partial(finance_payout_view, now=call.now))
