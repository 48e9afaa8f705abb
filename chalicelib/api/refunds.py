"""Refunds: unspent money goes back to the card that paid it."""

from functools import partial
from typing import Any, Literal

from chalicelib.http import CLIENT, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Instant, Line, Model, Money
from marketplace.funding import refunds
from marketplace.funding.refund import Refund
from marketplace.funding.refunds import RequestRefund
from marketplace.shared.errors import NotFound
from marketplace.shared.ids import is_id
from marketplace.storage.keys import CLIENT_REFUNDS

routes = Routes()


class NewRefund(Model):
    """How much of which top-up goes back to its card."""

    top_up_id: Line
    amount: Money


class RefundFailureView(Model):
    """Why the card does not get it."""

    code: str
    message: str


class RefundView(Model):
    """Money on its way back to a card. One that has succeeded may still come back: then it has failed, and
    the money is in the wallet again."""

    id: str
    object: Literal["refund"] = "refund"
    status: Literal["requested", "pending", "requires_action", "succeeded", "failed", "canceled"]
    top_up_id: str
    amount: Money
    stripe_refund: str | None
    failure: RefundFailureView | None
    settled_at: Instant | None
    created_at: Instant


def refund_view(refund: Refund) -> RefundView:
    """A refund for an answer."""
    failure = refund.failure
    return RefundView(
        id=refund.id,
        status=refund.status.value,
        top_up_id=refund.top_up_id,
        amount=Money.of(refund.amount),
        stripe_refund=refund.create.stripe_id,
        failure=RefundFailureView(code=failure.code, message=failure.message) if failure else None,
        settled_at=refund.settled_at,
        created_at=refund.created_at,
    )


@routes.add(
    "POST",
    "/v1/wallet/refunds",
    who=CLIENT,
    scope="money",
    body=NewRefund,
    answer=RefundView,
    key_required=True,
    status=201,
    open_to_suspended=True,
)
def create_refund(call: Call[NewRefund]) -> Reply:
    """Sends unspent money back to the card of a top-up, as far as that top-up goes."""
    top_up_id, amount = call.body.top_up_id, call.body.amount.to_domain()
    if not is_id(top_up_id, "top"):
        raise NotFound
    command = RequestRefund(call.runtime.new_id("ref"), call.principal.id, top_up_id, amount)
    return call.commit(partial(refunds.request_refund, command), refund_view)


@routes.add(
    "GET",
    "/v1/wallet/refunds",
    who=CLIENT,
    query=PageQuery,
    answer=Page,
    row=RefundView,
    open_to_suspended=True,
)
def list_refunds(call: Call[Any]) -> Reply:
    """The client's refunds."""
    return call.page(CLIENT_REFUNDS, call.principal.id, refund_view)


@routes.add("GET", "/v1/wallet/refunds/{refund_id}", who=CLIENT, answer=RefundView, open_to_suspended=True)
def get_refund(call: Call[Any]) -> Reply:
    """One refund of the client's."""
    refund = call.get(Refund, call.id("refund_id", "ref"))
    if refund.client_id != call.principal.id:
        raise NotFound
    return Reply(refund_view(refund))
