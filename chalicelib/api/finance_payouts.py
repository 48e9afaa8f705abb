"""Payouts that need somebody's eye: those that wait, are unknown or have failed."""

from typing import Any

from chalicelib.api.payouts import PayoutView, payout_view
from chalicelib.http import FINANCE, Call, NoBody, Page, Reply, Routes
from chalicelib.pages import PageQuery
from marketplace.payouts import use_cases
from marketplace.payouts.payout import Payout
from marketplace.storage.keys import ALL, STUCK_PAYOUTS

routes = Routes()


class FinancePayoutView(PayoutView):
    """A payout, and whose it is."""

    worker_id: str


def finance_payout_view(payout: Payout) -> FinancePayoutView:
    """A payout as finance sees it."""
    return FinancePayoutView(**dict(payout_view(payout)), worker_id=payout.worker_id)


@routes.add("GET", "/v1/finance/payouts", who=FINANCE, query=PageQuery, answer=Page, row=FinancePayoutView)
def list_stuck_payouts(call: Call[Any]) -> Reply:
    """Payouts that wait for something, whose outcome is unknown, or that have failed."""
    return call.page(STUCK_PAYOUTS, ALL, finance_payout_view)


@routes.add(
    "POST",
    "/v1/finance/payouts/{payout_id}/retry",
    who=FINANCE,
    answer=FinancePayoutView,
    key_required=True,
)
def retry_payout(call: Call[NoBody]) -> Reply:
    """Sends to the bank once more what had failed there."""
    payout_id = call.id("payout_id", "pay")
    return call.commit(lambda tx: use_cases.retry_payout(payout_id, tx), finance_payout_view)
