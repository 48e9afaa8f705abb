"""The day in figures: the rows that the tables show and the report keeps. Amounts are minor units."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sandbox.demo.answers import TrialBalance
from sandbox.demo.cast import Cast
from sandbox.demo.checks import Outcome
from sandbox.demo.script import MarketDay
from sandbox.demo.terms import WorkerTerms

OWNED_ACCOUNT = re.compile(r"^(client|worker|contract):[^:]+:")


@dataclass(frozen=True, slots=True)
class WorkerRow:
    name: str
    country: str
    currency: str
    earned: int
    fee: int
    received: int


@dataclass(frozen=True, slots=True)
class ClientRow:
    name: str
    currency: str
    topped_up: int
    funded: int
    returned: int
    available: int


@dataclass(frozen=True, slots=True)
class FeeRow:
    currency: str
    fees: int


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """`balance` is debits less credits of all accounts of one kind, as `worker:*:available`."""

    currency: str
    accounts: str
    balance: int


@dataclass(frozen=True, slots=True)
class TraceRow:
    kind: str
    id: str
    at: datetime
    detail: object


@dataclass(frozen=True, slots=True)
class Summary:
    workers: list[WorkerRow]
    clients: list[ClientRow]
    fees: list[FeeRow]
    trial_balance: list[BalanceRow]
    reconciliation: dict[str, int]
    trace: list[TraceRow]


def summarise(outcome: Outcome) -> Summary:
    trace = outcome.evidence.trace
    return Summary(
        workers=list(_workers(outcome)),
        clients=list(_clients(outcome)),
        fees=[FeeRow(currency, fees) for currency, fees in sorted(outcome.terms.fees.items())],
        trial_balance=_balances(outcome.evidence.balance),
        reconciliation=outcome.evidence.reconciliation.counts,
        trace=[TraceRow(link.kind, link.id, link.at, link.detail) for link in trace.chain] if trace else [],
    )


def counts(day: MarketDay, cast: Cast, http_calls: int) -> dict[str, int]:
    """How much of everything the day had, as far as it was played."""
    return {
        "companies": len(cast.companies),
        "workers": len(cast.workers),
        "currencies": len(day.currencies),
        "tasks": len(cast.tasks),
        "bids": len(cast.bids),
        "contracts": len(cast.contracts),
        "sessions": len(cast.sessions),
        "heartbeats": sum(session.plan.heartbeats for session in cast.sessions),
        "http_calls": http_calls,
    }


def _workers(outcome: Outcome) -> Iterator[WorkerRow]:
    for key, worker in outcome.cast.workers.items():
        plan, balances = worker.plan, outcome.evidence.earnings[key].balances
        received = sum(balance.paid for balance in balances if balance.currency == plan.currency)
        terms = outcome.terms.workers.get((key, plan.currency), WorkerTerms())
        yield WorkerRow(plan.name, plan.country, plan.currency, terms.gross, terms.fee, received)


def _clients(outcome: Outcome) -> Iterator[ClientRow]:
    for (key, currency), terms in outcome.terms.wallets.items():
        balances = outcome.evidence.wallets[key].balances
        available = sum(balance.available for balance in balances if balance.currency == currency)
        name = outcome.cast.companies[key].plan.name
        yield ClientRow(name, currency, terms.topped_up, terms.funded, terms.returned, available)


def _balances(trial_balance: TrialBalance) -> list[BalanceRow]:
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for currency in trial_balance.currencies:
        for account in currency.accounts:
            sums[currency.currency, OWNED_ACCOUNT.sub(r"\1:*:", account.id)] += account.balance
    return [BalanceRow(currency, accounts, balance) for (currency, accounts), balance in sorted(sums.items())]
