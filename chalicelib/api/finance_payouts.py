"""Payouts that need somebody's eye: those that wait, are unknown or have failed."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal

from chalicelib.api.payouts import PayoutFailureView, PayoutView, failure_view, payout_view
from chalicelib.api.workers import own_identity_id
from chalicelib.http import FINANCE, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Instant, Line, Model, Money, Sum
from marketplace.payouts import oversight, reversing
from marketplace.payouts.oversight import ApprovePayout, CancelPayout, RetryPayout
from marketplace.payouts.payout import Payout
from marketplace.payouts.reversing import ReversePayout
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import ALL, STUCK_PAYOUTS

routes = Routes()


class ApprovalView(Model):
    """`by` is the person, as the audit log names who acts."""

    by: str
    at: Instant


class NewReversal(Model):
    """Without an amount: all of the payout that is at Stripe."""

    amount: Annotated[Money | None, Given] = None
    reason: Line


class ReversalUnderWayView(Model):
    """What is being fetched back, or was to be: `refused` says why nothing came of it."""

    amount: Sum | None
    status: Literal["needs_approval", "pending", "unknown", "refused"]
    refused: PayoutFailureView | None


class FinancePayoutView(PayoutView):
    """A payout, whose it is, and who has approved it; `approvals_needed` is 0 below the threshold.
    `at_stripe` is what of it waits in the worker's account there, or is on its way from there."""

    worker_id: str
    approvals_needed: int
    approvals: list[ApprovalView]
    at_stripe: Sum
    reversal: ReversalUnderWayView | None


def finance_payout_view(payout: Payout, now: int) -> FinancePayoutView:
    """A payout as finance sees it."""
    clearance = payout.clearance
    return FinancePayoutView(
        **dict(payout_view(payout, now)),
        worker_id=payout.worker_id,
        approvals_needed=clearance.approvals_needed,
        approvals=[ApprovalView(by=approval.by, at=approval.at) for approval in clearance.approvals],
        at_stripe=Sum(amount=payout.at_stripe, currency=payout.amount.currency),
        reversal=_reversal_view(payout),
    )


def _reversal_view(payout: Payout) -> ReversalUnderWayView | None:
    found, leg = payout.reversals, payout.reversal
    if found is None or (leg is None and found.refusal is None):
        return None
    status: Literal["needs_approval", "pending", "unknown", "refused"] = "refused"
    if leg is not None:
        status = "needs_approval" if leg.parked else "pending" if leg.lost_at is None else "unknown"
    amount = Sum(amount=found.asked, currency=payout.amount.currency) if found.asked else None
    return ReversalUnderWayView(amount=amount, status=status, refused=failure_view(found.refusal))


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
    command = RetryPayout(call.id("payout_id", "pay"), own_identity_id(call))
    return _committed(call, partial(oversight.retry_payout, command))


@routes.add(
    "POST",
    "/v1/finance/payouts/{payout_id}/approve",
    who=FINANCE,
    answer=FinancePayoutView,
    key_required=True,
)
def approve_payout(call: Call[NoBody]) -> Reply:
    """Approves a large payout; it goes on when two different people have done so."""
    command = ApprovePayout(call.id("payout_id", "pay"), own_identity_id(call))
    return _committed(call, partial(oversight.approve_payout, command))


@routes.add(
    "POST",
    "/v1/finance/payouts/{payout_id}/cancel",
    who=FINANCE,
    answer=FinancePayoutView,
    key_required=True,
)
def cancel_payout(call: Call[NoBody]) -> Reply:
    """Gives the money back while nothing of it can have been sent; or leaves at Stripe what was to be fetched
    back, while that waits for an approval."""
    command = CancelPayout(call.id("payout_id", "pay"), own_identity_id(call))
    return _committed(call, partial(oversight.cancel_payout, command))


@routes.add(
    "POST",
    "/v1/finance/payouts/{payout_id}/reverse",
    who=FINANCE,
    body=NewReversal,
    answer=FinancePayoutView,
    key_required=True,
)
def reverse_payout(call: Call[NewReversal]) -> Reply:
    """Fetches back from Stripe what failed at the bank: it settles what the worker owes, the rest is
    available again. A large one once somebody else approves it too."""
    amount = call.body.amount.to_domain() if call.body.amount else None
    command = ReversePayout(call.id("payout_id", "pay"), own_identity_id(call), amount, call.body.reason)
    return _committed(call, partial(reversing.reverse_payout, command))


def _committed(call: Call[Any], work: Callable[[Transaction], Payout]) -> Reply:
    return call.commit(work, partial(finance_payout_view, now=call.now))
