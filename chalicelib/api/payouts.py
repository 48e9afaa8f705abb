"""A worker's withdrawals."""

from typing import Annotated, Any, Literal

from chalicelib.api.workers import own_worker_id
from chalicelib.http import WORKER, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.types import Given, Instant, Model, Money, Sum
from marketplace.payouts import use_cases
from marketplace.payouts.payout import Payout
from marketplace.payouts.use_cases import RequestPayout
from marketplace.shared.errors import NotFound
from marketplace.storage.keys import WORKER_PAYOUTS

routes = Routes()


class NewPayout(Model):
    """Without an amount: everything that is available, if it is in one currency."""

    amount: Annotated[Money | None, Given] = None


class PayoutFailureView(Model):
    """At `transfer` the money is available again; at `bank` it waits at Stripe."""

    stage: Literal["transfer", "bank"]
    code: str
    message: str


class PayoutView(Model):
    """A withdrawal. `reason` says why one waits; `paid` is at the bank."""

    id: str
    object: Literal["payout"] = "payout"
    status: Literal["pending", "sent", "paid", "failed", "unknown", "cancelled"]
    reason: (
        Literal["awaiting_funds", "account_not_verified", "held_new_account", "needs_approval", "bank_failed"]
        | None
    )
    amount: Sum
    stripe_transfers: list[str]
    stripe_payout: str | None
    failure: PayoutFailureView | None
    requested_at: Instant
    expected_at: Instant
    paid_at: Instant | None
    created_at: Instant


def payout_view(payout: Payout) -> PayoutView:
    """A payout for an answer."""
    failure = payout.failure
    return PayoutView(
        id=payout.id,
        status=payout.status.value,
        reason=payout.reason.value if payout.reason else None,
        amount=Sum.of(payout.amount),
        stripe_transfers=[payout.transfer.stripe_id] if payout.transfer.stripe_id else [],
        stripe_payout=payout.bank.stripe_id,
        failure=PayoutFailureView(stage=failure.stage.value, code=failure.code, message=failure.message)
        if failure
        else None,
        requested_at=payout.requested_at,
        expected_at=payout.expected_at,
        paid_at=payout.paid_at,
        created_at=payout.requested_at,
    )


@routes.add(
    "POST", "/v1/payouts", who=WORKER, body=NewPayout, answer=PayoutView, key_required=True, status=201
)
def create_payout(call: Call[NewPayout]) -> Reply:
    """Withdraws earned money to the worker's bank account."""
    amount = call.body.amount.to_domain() if call.body.amount else None
    command = RequestPayout(call.runtime.new_id("pay"), own_worker_id(call), amount)
    return call.commit(lambda tx: use_cases.request_payout(command, tx), payout_view)


@routes.add("GET", "/v1/payouts", who=WORKER, query=PageQuery, answer=Page, row=PayoutView)
def list_payouts(call: Call[Any]) -> Reply:
    """The worker's payouts."""
    return call.page(WORKER_PAYOUTS, own_worker_id(call), payout_view)


@routes.add("GET", "/v1/payouts/{payout_id}", who=WORKER, answer=PayoutView)
def get_payout(call: Call[Any]) -> Reply:
    """One payout of the worker's."""
    found = call.runtime.store.read(Payout, call.id("payout_id", "pay"))
    if found is None or found[0].worker_id != own_worker_id(call):
        raise NotFound
    return Reply(payout_view(found[0]))
