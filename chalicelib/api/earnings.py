"""What a worker has earned, from the running session to the bank."""

from collections import Counter, defaultdict
from collections.abc import Mapping
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
from marketplace.payouts.payout import Payout
from marketplace.shared.accounts import WITHDRAWN, worker_owner
from marketplace.shared.records import dataclass
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
    balances = call.runtime.store.balances(worker_owner(worker_id))
    figures = _Figures(call, worker_id)
    figures.add(_named(call, worker_id, balances))
    for currency, names in balances.items():
        figures.of[currency].update(names)
    return Reply(
        EarningsView(balances=[_row(currency, figures.of[currency]) for currency in sorted(figures.of)])
    )


@dataclass(frozen=True)
class _Named:
    """The ids of what may bring the worker money; `running` is the session that the worker is clocked in to,
    and `running_on` its contract, as far as it is known. An agency's sessions all stand in its list."""

    contracts: list[str]
    sessions: list[str]
    payouts: list[str]
    running: str | None
    running_on: str | None


def _named(call: Call[Any], worker_id: str, balances: Mapping[str, Mapping[str, int]]) -> _Named:
    """By the worker's clock, balances and lists. Nothing is looked for that cannot be there: sessions of who
    never clocked in, payouts of who never withdrew, work of agencies that never paid."""
    reads = call.runtime.reads
    found = call.runtime.store.read(WorkerClock, clock_id(worker_id))
    clock = found[0] if found else WorkerClock(clock_id(worker_id), worker_id)
    told = {name for figures in balances.values() for name, amount in figures.items() if amount}
    agencies = reads.every(WORKER_AGENCIES, worker_id) if AGENCY_CONTRACTS in told else ()
    payees = [worker_id, *(membership.agency_id for membership in agencies)]
    clocked = payees if clock.last_session else payees[1:]
    return _Named(
        contracts=[one for payee in payees for one in reads.ids(CONTRACTS_IN_REVIEW, payee)],
        sessions=[one for payee in clocked for one in reads.ids(UNPAID_SESSIONS, payee)],
        payouts=list(reads.ids(WORKER_MONEY_AWAY, worker_id)) if WITHDRAWN in told else [],
        running=clock.running_session,
        running_on=clock.running_on,
    )


class _Figures:
    """`of` is currency to figure to minor units. What is not paid yet is told as if it were paid next."""

    def __init__(self, call: Call[Any], worker_id: str) -> None:
        self._call = call
        self._worker_id = worker_id
        self.of: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, named: _Named) -> None:
        """What is being earned, was handed in, or is on its way. What payouts still hold is on its way; the
        rest of what was withdrawn is at the bank. The figure is read before them: one that is asked for in
        between shows as too little paid, and not as too much."""
        found = self._read(named)
        for contract in _of(found, named.contracts):
            self._add_milestones(contract)
        for session in _sessions(found, named):
            self._add_session(session, found[session.contract_id])
        for payout in _of(found, named.payouts):
            self.of[payout.amount.currency]["in_transit"] += payout.in_transit + payout.at_stripe

    def _read(self, named: _Named) -> dict[str, Any]:
        """All of it that is there, and the sessions' contracts, by id."""
        reads, on = self._call.runtime.reads, named.running_on
        found = reads.of_kinds(
            dict.fromkeys([*named.contracts, *([on] if on else ())], Contract)
            | dict.fromkeys([*named.sessions, *([named.running] if named.running else ())], Session)
            | dict.fromkeys(named.payouts, Payout)
        )
        whose = {session.contract_id for session in _sessions(found, named)}
        return found | reads.by_id(Contract, sorted(whose - found.keys()))

    def _add_milestones(self, contract: Contract) -> None:
        for row in contract.milestones:
            if row.status == MilestoneStatus.SUBMITTED:
                parts = pay_between(contract, 0, row.amount, billed=self._billed(contract))
                self._add("in_review", contract, parts)

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


def _sessions(found: Mapping[str, Any], named: _Named) -> list[Session]:
    """Those in the lists, and the worker's own that runs, which is in none."""
    running: Session | None = found.get(named.running or "")
    own = [running] if running is not None and running.agency_id is None else []
    return list({session.id: session for session in [*_of(found, named.sessions), *own]}.values())


def _of(found: Mapping[str, Any], identifiers: list[str]) -> list[Any]:
    """Those that are there."""
    return [found[one] for one in identifiers if one in found]


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
