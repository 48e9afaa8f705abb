"""A worker's withdrawals."""

from functools import partial
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


class DeductionView(Model):
    """What of the withdrawn money did not go to the bank: `owed` settles what the worker owed. It is undone
    with a payout that is cancelled, or refused at `transfer`."""

    reason: Literal["owed"]
    amount: Sum


class PayoutView(Model):
    """A withdrawal: `amount` goes to the bank, and with `deductions` it is what was withdrawn. `reason` says
    why one waits; `paid` is at the bank."""

    id: str
    object: Literal["payout"] = "payout"
    status: Literal["pending", "sent", "paid", "failed", "unknown", "cancelled"]
    reason: (
        Literal["awaiting_funds", "account_not_verified", "held_new_account", "needs_approval", "bank_failed"]
        | None
    )
    amount: Sum
    deductions: list[DeductionView]
    stripe_transfers: list[str]
    stripe_payout: str | None
    failure: PayoutFailureView | None
    requested_at: Instant
    expected_at: Instant
    paid_at: Instant | None
    created_at: Instant


def payout_view(payout: Payout, now: int) -> PayoutView:
    """A payout for an answer that is given at `now`."""
    failure = payout.failure
    recovered = Sum(amount=payout.recovered, currency=payout.amount.currency)
    return PayoutView(
        id=payout.id,
        status=payout.status.value,
        reason=payout.reason.value if payout.reason else None,
        amount=Sum.of(payout.amount),
        deductions=[DeductionView(reason="owed", amount=recovered)] if payout.recovered else [],
        stripe_transfers=[payout.transfer.stripe_id] if payout.transfer.stripe_id else [],
        stripe_payout=payout.bank.stripe_id,
        failure=PayoutFailureView(stage=failure.stage.value, code=failure.code, message=failure.message)
        if failure
        else None,
        requested_at=payout.requested_at,
        expected_at=payout.expected(now),
        paid_at=payout.paid_at,
        created_at=payout.requested_at,
    )


@routes.add(
    "POST", "/v1/payouts", who=WORKER, body=NewPayout, answer=PayoutView, key_required=True, status=201
)
def create_payout(call: Call[NewPayout]) -> Reply:
    """Withdraws earned money to the worker's bank account, less what settles a debt."""
    amount = call.body.amount.to_domain() if call.body.amount else None
    rules = call.runtime.settings.payout_rules
    command = RequestPayout(call.runtime.new_id("pay"), own_worker_id(call), amount, rules)
    return call.commit(lambda tx: use_cases.request_payout(command, tx), partial(payout_view, now=call.now))


@routes.add("GET", "/v1/payouts", who=WORKER, query=PageQuery, answer=Page, row=PayoutView)
def list_payouts(call: Call[Any]) -> Reply:
    """The worker's payouts."""
    return call.page(WORKER_PAYOUTS, own_worker_id(call), partial(payout_view, now=call.now))


@routes.add("GET", "/v1/payouts/{payout_id}", who=WORKER, answer=PayoutView)
def get_payout(call: Call[Any]) -> Reply:
    """One payout of the worker's."""
    found = call.runtime.store.read(Payout, call.id("payout_id", "pay"))
    if found is None or found[0].worker_id != own_worker_id(call):
        raise NotFound
    return Reply(payout_view(found[0], call.now))
