"""A worker's withdrawals."""

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, Literal

from chalicelib.api.workers import own_worker_id
from chalicelib.http import WORKER, Call, Page, Reply, Routes
from chalicelib.pages import PageQuery
from chalicelib.reading_ahead import Path
from chalicelib.types import Given, Instant, Model, Money, Sum
from marketplace.access.principals import Role
from marketplace.payouts import use_cases
from marketplace.payouts.instant import Method
from marketplace.payouts.payout import Payout
from marketplace.payouts.states import Failure
from marketplace.payouts.use_cases import RequestPayout
from marketplace.people.payout_account import payout_account_id
from marketplace.shared.accounts import worker_owner
from marketplace.shared.errors import NotFound
from marketplace.storage.ahead import Along
from marketplace.storage.keys import WORKER_PAYOUTS

routes = Routes()


class NewPayout(Model):
    """Without an amount: everything that is available, if it is in one currency. `instant` is at the bank
    within minutes, where the payout account's `instant_currencies` say so, and costs a fee; what cannot go
    instantly after all goes the standard way, without one."""

    amount: Annotated[Money | None, Given] = None
    method: Literal["standard", "instant"] = "standard"


class PayoutFailureView(Model):
    """At `transfer` the money is available again; at `bank` it waits at Stripe."""

    stage: Literal["transfer", "bank"]
    code: str
    message: str


class DeductionView(Model):
    """What of the withdrawn money did not go to the bank: `owed` settles what the worker owed, `instant_fee`
    is what an instant payout costs. Both are undone with a payout that is cancelled, or refused at
    `transfer`."""

    reason: Literal["owed", "instant_fee"]
    amount: Sum


class ReversalView(Model):
    """Money that failed at the bank and came back from Stripe: `settled` of it went to what the worker owed,
    the rest is available again."""

    transfer_reversal: str
    amount: Sum
    settled: Sum
    at: Instant


class PayoutView(Model):
    """A withdrawal: `amount` goes to the bank, less what `reversals` took, and with `deductions` it is what
    was withdrawn. `reason` says why one waits; `paid` is at the bank. `method` is how it goes, and
    `instant_refused` why it does not go instantly as it was asked to."""

    id: str
    object: Literal["payout"] = "payout"
    status: Literal["pending", "sent", "paid", "failed", "unknown", "cancelled"]
    reason: (
        Literal[
            "awaiting_funds",
            "account_not_verified",
            "held_new_account",
            "needs_approval",
            "bank_failed",
            "being_reversed",
        ]
        | None
    )
    amount: Sum
    method: Literal["standard", "instant"]
    instant_refused: PayoutFailureView | None
    deductions: list[DeductionView]
    reversals: list[ReversalView]
    stripe_transfers: list[str]
    stripe_payout: str | None
    failure: PayoutFailureView | None
    requested_at: Instant
    expected_at: Instant
    paid_at: Instant | None
    created_at: Instant


def payout_view(payout: Payout, now: int) -> PayoutView:
    """A payout for an answer that is given at `now`."""
    return PayoutView(
        id=payout.id,
        status=payout.status.value,
        reason=payout.reason.value if payout.reason else None,
        amount=Sum.of(payout.amount),
        method="instant" if payout.goes_instantly else "standard",
        instant_refused=failure_view(payout.instant.refusal if payout.instant else None),
        deductions=list(_deductions(payout)),
        reversals=list(_reversals(payout)),
        stripe_transfers=[payout.transfer.stripe_id] if payout.transfer.stripe_id else [],
        stripe_payout=payout.bank.stripe_id,
        failure=failure_view(payout.failure),
        requested_at=payout.requested_at,
        expected_at=payout.expected(now),
        paid_at=payout.paid_at,
        created_at=payout.requested_at,
    )


def failure_view(failure: Failure | None) -> PayoutFailureView | None:
    """Where and why it failed."""
    if failure is None:
        return None
    return PayoutFailureView(stage=failure.stage.value, code=failure.code, message=failure.message)


def _deductions(payout: Payout) -> Iterator[DeductionView]:
    currency = payout.amount.currency
    if payout.recovered:
        yield DeductionView(reason="owed", amount=Sum(amount=payout.recovered, currency=currency))
    if payout.instant and payout.goes_instantly and payout.instant.fee:
        yield DeductionView(reason="instant_fee", amount=Sum(amount=payout.instant.fee, currency=currency))


def _reversals(payout: Payout) -> Iterator[ReversalView]:
    currency = payout.amount.currency
    for reversal in payout.reversals.done if payout.reversals else ():
        yield ReversalView(
            transfer_reversal=reversal.id,
            amount=Sum(amount=reversal.amount, currency=currency),
            settled=Sum(amount=reversal.settled or 0, currency=currency),
            at=reversal.at,
        )


def _payee_ahead(_role: Role, worker_id: str, _path: Path) -> Along:
    return Along((payout_account_id(worker_id),), (worker_owner(worker_id),))


@routes.add(
    "POST",
    "/v1/payouts",
    who=WORKER,
    body=NewPayout,
    answer=PayoutView,
    key_required=True,
    status=201,
    open_to_suspended=True,
    along=_payee_ahead,
)
def create_payout(call: Call[NewPayout]) -> Reply:
    """Withdraws earned money to the worker's bank account, less what settles a debt."""
    amount = call.body.amount.to_domain() if call.body.amount else None
    rules = call.runtime.settings.payout_rules
    method = Method(call.body.method)
    command = RequestPayout(call.runtime.new_id("pay"), own_worker_id(call), amount, rules, method)
    return call.commit(lambda tx: use_cases.request_payout(command, tx), partial(payout_view, now=call.now))


@routes.add(
    "GET", "/v1/payouts", who=WORKER, query=PageQuery, answer=Page, row=PayoutView, open_to_suspended=True
)
def list_payouts(call: Call[Any]) -> Reply:
    """The worker's payouts."""
    return call.page(WORKER_PAYOUTS, own_worker_id(call), partial(payout_view, now=call.now))


@routes.add("GET", "/v1/payouts/{payout_id}", who=WORKER, answer=PayoutView, open_to_suspended=True)
def get_payout(call: Call[Any]) -> Reply:
    """One payout of the worker's."""
    payout = call.get(Payout, call.id("payout_id", "pay"))
    if payout.worker_id != own_worker_id(call):
        raise NotFound
    return Reply(payout_view(payout, call.now))
