"""Chargebacks as finance sees them, and debts that nobody will pay."""

from functools import partial
from typing import Any

from chalicelib.api.chargebacks import ChargebackView, chargeback_view
from chalicelib.http import FINANCE, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Line, Model
from marketplace.funding.chargeback import PREFIX, Chargeback
from marketplace.funding.receivables import WriteOff, write_off
from marketplace.storage.keys import ALL, CHARGEBACKS, CLIENT_CHARGEBACKS

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
    """Takes what is still owed of a lost chargeback as a loss, for a reason; the log keeps who said so. What
    other chargebacks of the client may still settle of its debt waits until they are decided."""
    identifier = call.id("chargeback_id", PREFIX)
    command = WriteOff(identifier, call.body.reason, _undecided_beside(identifier, call))
    return call.commit(partial(write_off, command), finance_chargeback_view)


def _undecided_beside(identifier: str, call: Call[NewWriteOff]) -> tuple[str, ...]:
    found = call.runtime.store.read(Chargeback, identifier)
    if found is None:
        return ()
    lost = found[0]
    others = call.runtime.reads.every(CLIENT_CHARGEBACKS, lost.client_id)
    return tuple(row.id for row in others if row.may_settle and row.amount.currency == lost.amount.currency)
