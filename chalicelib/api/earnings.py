"""What a worker has earned, from the running session to the bank."""

from collections import Counter, defaultdict
from typing import Any

from chalicelib.api.workers import own_worker_id
from chalicelib.http import WORKER, Call, Reply, Routes
from chalicelib.types import Model
from marketplace.contracts.contract import Contract
from marketplace.contracts.milestone import MilestoneStatus
from marketplace.contracts.paying import pay_between
from marketplace.metering.pay import accruing_net, in_review_net
from marketplace.metering.session import Session
from marketplace.metering.worker_clock import WorkerClock, clock_id
from marketplace.shared.accounts import WITHDRAWN, worker_owner
from marketplace.storage.keys import CONTRACTS_IN_REVIEW, SESSIONS_IN_REVIEW, WORKER_MONEY_AWAY

routes = Routes()

Figures = defaultdict[str, Counter[str]]
"""Currency to figure to minor units."""


class EarningsRow(Model):
    """Minor units of `currency`, net of the fee: `accruing` in the running session, `in_review` with clients,
    `available` to withdraw, `in_transit` withdrawn and not at the bank yet, `paid` at the bank, `owed` by
    the worker."""

    currency: str
    accruing: int
    in_review: int
    available: int
    in_transit: int
    paid: int
    owed: int


class EarningsView(Model):
    """One row for each currency."""

    balances: list[EarningsRow]


@routes.add("GET", "/v1/workers/me/earnings", who=WORKER, answer=EarningsView)
def get_earnings(call: Call[Any]) -> Reply:
    """What the worker has earned, in each currency, net of the fee."""
    worker_id = own_worker_id(call)
    figures: Figures = defaultdict(Counter)
    _add_accruing(call, worker_id, figures)
    _add_in_review(call, worker_id, figures)
    for currency, names in call.runtime.store.balances(worker_owner(worker_id)).items():
        figures[currency].update(names)
    _add_withdrawn(call, worker_id, figures)
    return Reply(EarningsView(balances=[_row(currency, figures[currency]) for currency in sorted(figures)]))


def _row(currency: str, figures: Counter[str]) -> EarningsRow:
    return EarningsRow(
        currency=currency,
        accruing=figures["accruing"],
        in_review=figures["in_review"],
        available=figures["available"],
        in_transit=figures["in_transit"],
        paid=max(0, figures[WITHDRAWN] - figures["in_transit"]),
        owed=figures["owed"],
    )


def _add_withdrawn(call: Call[Any], worker_id: str, figures: Figures) -> None:
    """What payouts still hold is on its way; the rest of what was withdrawn is at the bank. The figure is
    read before them: one that is asked for in between shows as too little paid, and not as too much."""
    for payout in call.runtime.reads.every(WORKER_MONEY_AWAY, worker_id):
        figures[payout.amount.currency]["in_transit"] += payout.in_transit + payout.at_stripe


def _add_accruing(call: Call[Any], worker_id: str, figures: Figures) -> None:
    store = call.runtime.store
    clock = store.read(WorkerClock, clock_id(worker_id))
    session_id = clock[0].running_session if clock else None
    session = store.read(Session, session_id) if session_id else None
    contract = store.read(Contract, session[0].contract_id) if session else None
    if session and contract:
        figures[contract[0].currency]["accruing"] += accruing_net(session[0], contract[0], call.now)


def _add_in_review(call: Call[Any], worker_id: str, figures: Figures) -> None:
    reads = call.runtime.reads
    for contract in reads.every(CONTRACTS_IN_REVIEW, worker_id):
        for row in contract.milestones:
            if row.status == MilestoneStatus.SUBMITTED:
                figures[contract.currency]["in_review"] += pay_between(contract, 0, row.amount).net
    sessions = list(reads.every(SESSIONS_IN_REVIEW, worker_id))
    contracts = reads.by_id(Contract, sorted({session.contract_id for session in sessions}))
    for session in sessions:
        contract = contracts[session.contract_id]
        figures[contract.currency]["in_review"] += in_review_net(session, contract)
