"""What a worker has earned, from the running session to the bank."""

from collections import Counter, defaultdict
from typing import Any

from chalicelib.api.workers import own_worker_id
from chalicelib.http import WORKER, Call, Reply, Routes
from chalicelib.reading_ahead import Path
from chalicelib.types import Model
from marketplace.access.principals import Role
from marketplace.contracts.billing import Billing, billing_id
from marketplace.contracts.contract import Contract
from marketplace.contracts.milestone import MilestoneStatus
from marketplace.contracts.offers import AGENCY_CONTRACTS
from marketplace.contracts.paying import Pay, pay_between
from marketplace.metering import pay
from marketplace.metering.session import Session
from marketplace.metering.worker_clock import WorkerClock, clock_id
from marketplace.shared.accounts import WITHDRAWN, worker_owner
from marketplace.storage.ahead import Along
from marketplace.storage.keys import (
    CONTRACTS_IN_REVIEW,
    UNPAID_SESSIONS,
    WORKER_AGENCIES,
    WORKER_MONEY_AWAY,
)

routes = Routes()


class EarningsRow(Model):
    """Minor units of `currency`, net of the fee: `accruing` in the running session, `in_review` with clients,
    `available` to withdraw, `in_transit` withdrawn and not at the bank yet, `paid` at the bank, `owed` by
    the worker. Of an agency's work it is the worker's own part, whoever of the members does it."""

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


def _figures_ahead(_role: Role, worker_id: str, _path: Path) -> Along:
    return Along((clock_id(worker_id),), (worker_owner(worker_id),))


@routes.add(
    "GET",
    "/v1/workers/me/earnings",
    who=WORKER,
    answer=EarningsView,
    open_to_suspended=True,
    along=_figures_ahead,
)
def get_earnings(call: Call[Any]) -> Reply:
    """What the worker has earned, in each currency, net of the fee."""
    worker_id = own_worker_id(call)
    figures = _Figures(call, worker_id)
    balances = call.runtime.store.balances(worker_owner(worker_id))
    figures.add_own_session()
    figures.add_unpaid(worker_id)
    if any(names.get(AGENCY_CONTRACTS) for names in balances.values()):
        for membership in call.runtime.reads.every(WORKER_AGENCIES, worker_id):
            figures.add_unpaid(membership.agency_id)
    for currency, names in balances.items():
        figures.of[currency].update(names)
    figures.add_away()
    return Reply(
        EarningsView(balances=[_row(currency, figures.of[currency]) for currency in sorted(figures.of)])
    )


class _Figures:
    """`of` is currency to figure to minor units. What is not paid yet is told as if it were paid next."""

    def __init__(self, call: Call[Any], worker_id: str) -> None:
        self._call = call
        self._worker_id = worker_id
        self.of: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add_own_session(self) -> None:
        """The one that the worker is clocked in to; an agency's stands in the agency's list."""
        store = self._call.runtime.store
        clock = store.read(WorkerClock, clock_id(self._worker_id))
        session_id = clock[0].running_session if clock else None
        session = store.read(Session, session_id) if session_id else None
        contract = store.read(Contract, session[0].contract_id) if session else None
        if session and contract and session[0].agency_id is None:
            self._add_session(session[0], contract[0])

    def add_unpaid(self, payee_id: str) -> None:
        """What was handed in for a worker or an agency, and an agency's running sessions."""
        reads = self._call.runtime.reads
        for contract in reads.every(CONTRACTS_IN_REVIEW, payee_id):
            for row in contract.milestones:
                if row.status == MilestoneStatus.SUBMITTED:
                    parts = pay_between(contract, 0, row.amount, billed=self._billed(contract))
                    self._add("in_review", contract, parts)
        sessions = list(reads.every(UNPAID_SESSIONS, payee_id))
        contracts = reads.by_id(Contract, sorted({session.contract_id for session in sessions}))
        for session in sessions:
            self._add_session(session, contracts[session.contract_id])

    def add_away(self) -> None:
        """What payouts still hold is on its way; the rest of what was withdrawn is at the bank. The figure is
        read before them: one that is asked for in between shows as too little paid, and not as too much."""
        for payout in self._call.runtime.reads.every(WORKER_MONEY_AWAY, self._worker_id):
            self.of[payout.amount.currency]["in_transit"] += payout.in_transit + payout.at_stripe

    def _add_session(self, session: Session, contract: Contract) -> None:
        billed = self._billed(contract)
        self._add("accruing", contract, pay.accruing(session, contract, self._call.now, billed=billed))
        self._add("in_review", contract, pay.in_review(session, contract, billed=billed))

    def _add(self, figure: str, contract: Contract, parts: Pay) -> None:
        self.of[contract.currency][figure] += parts.part_of(self._worker_id)

    def _billed(self, contract: Contract) -> int:
        if not contract.worker_fee.tiers:
            return 0
        found = self._call.runtime.store.read(Billing, billing_id(contract))
        return found[0].billed if found else 0


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
