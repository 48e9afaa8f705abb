"""Chargebacks as finance sees them, and debts that nobody will pay."""

from functools import partial
from typing import Any

from chalicelib.api.chargebacks import ChargebackView, chargeback_view
from chalicelib.http import FINANCE, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Line, Model
from marketplace.funding.chargeback import PREFIX, Chargeback
from marketplace.funding.receivables import WriteOff, write_off
from marketplace.storage.keys import ALL, CHARGEBACKS

routes = Routes()


class NewWriteOff(Model):
    """Why the client will not pay."""

    reason: Line


class FinanceChargebackView(ChargebackView):
    """A chargeback, and whose it is."""

    client_id: str


def finance_chargeback_view(chargeback: Chargeback) -> FinanceChargebackView:
    """A chargeback as finance sees it."""
    return FinanceChargebackView(**dict(chargeback_view(chargeback)), client_id=chargeback.client_id)


@routes.add(
    "GET", "/v1/finance/chargebacks", who=FINANCE, query=PageQuery, answer=Page, row=FinanceChargebackView
)
def list_all_chargebacks(call: Call[Any]) -> Reply:
    """All clients' chargebacks."""
    return call.page(CHARGEBACKS, ALL, finance_chargeback_view)


@routes.add(
    "POST",
    "/v1/finance/chargebacks/{chargeback_id}/write-off",
    who=FINANCE,
    body=NewWriteOff,
    answer=FinanceChargebackView,
    key_required=True,
)
def write_off_chargeback(call: Call[NewWriteOff]) -> Reply:
    """Takes what is still owed of a lost chargeback as a loss, for a reason; the log keeps who said so."""
    command = WriteOff(call.id("chargeback_id", PREFIX), call.body.reason)
    return call.commit(partial(write_off, command), finance_chargeback_view)
