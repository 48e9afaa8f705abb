"""What the terms of a market day come to, computed from the script alone.

The demo's own arithmetic, independent of the product: the end of the day is judged against these figures.
All amounts are minor units of the contract's currency.
"""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from sandbox.demo.script import (
    PLATFORM_FEE_BASIS_POINTS,
    BidPlan,
    ContractPlan,
    MarketDay,
    MilestoneContractPlan,
    MinutePay,
    Rate,
    TaskPlan,
)

BASIS_POINTS = 10_000
Deal = tuple[str, str]
"""Task and worker, by the script's keys: names a bid, and its contract if it has one."""
Purse = tuple[str, str]
"""A company's or worker's key, and a currency."""


def half_up(value: Fraction) -> int:
    """The nearest integer; the half goes up."""
    return floor(value + Fraction(1, 2))


def fee_of(gross: int) -> int:
    """The platform's part of `gross`; the worker gets the rest."""
    return half_up(Fraction(gross * PLATFORM_FEE_BASIS_POINTS, BASIS_POINTS))


def billable_seconds(proven: int, pay: MinutePay) -> int:
    """Proven seconds, rounded up to whole increments, at least the minimum."""
    increments = -(-proven // pay.increment_seconds)
    return max(increments * pay.increment_seconds, pay.minimum_seconds)


def seconds_billed(day: MarketDay, deal: Deal, pay: MinutePay) -> tuple[int, ...]:
    """Billable seconds of the deal's sessions: what rounding up has billed is not billed to the next one."""
    found: list[int] = []
    now = billed_until = 0
    for shift in day.shifts:
        now += shift.after_seconds
        for session in shift.sessions:
            if (session.task, session.worker) == deal:
                billed = max(billed_until - now, 0)
                proven = max(shift.proven_seconds(session) - billed, 0)
                increments = -(-proven // pay.increment_seconds) * pay.increment_seconds
                seconds = increments if billed else billable_seconds(proven, pay)
                billed_until = max(billed_until, now + billed + seconds)
                found.append(seconds)
        now += shift.lasts_seconds
    return tuple(found)


def minutes_gross(seconds: int, rate: Rate) -> int:
    """Pay for billable `seconds`, rounded once, half up."""
    return half_up(Fraction(rate.minor_units) * seconds / 60)


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What one contract moves: `payments` are the gross of each milestone or session, in their order."""

    deal: Deal
    company: str
    worker: str
    currency: str
    funded: int
    payments: tuple[int, ...]
    seconds: tuple[int, ...] = ()

    @property
    def sessions(self) -> tuple[tuple[int, int], ...]:
        """Billable seconds and gross of each session, in the order worked; none on a milestone contract."""
        return tuple(zip(self.seconds, self.payments, strict=True)) if self.seconds else ()

    @property
    def gross(self) -> int:
        return sum(self.payments)

    @property
    def fee(self) -> int:
        """Rounded per payment, as each is paid by itself."""
        return sum(fee_of(payment) for payment in self.payments)

    @property
    def net(self) -> int:
        return self.gross - self.fee

    @property
    def returned(self) -> int:
        return self.funded - self.gross


@dataclass(frozen=True, slots=True)
class WalletTerms:
    topped_up: int = 0
    funded: int = 0
    returned: int = 0

    @property
    def available(self) -> int:
        return self.topped_up - self.funded + self.returned


@dataclass(frozen=True, slots=True)
class WorkerTerms:
    gross: int = 0
    fee: int = 0

    @property
    def net(self) -> int:
        return self.gross - self.fee


@dataclass(frozen=True, slots=True)
class DayTerms:
    contracts: dict[Deal, ContractTerms]
    wallets: dict[Purse, WalletTerms]
    workers: dict[Purse, WorkerTerms]
    fees: dict[str, int]


def contract_terms(day: MarketDay, contract: ContractPlan, task: TaskPlan, bid: BidPlan) -> ContractTerms:
    """The terms of `contract`: milestones as bid, or the seconds that its sessions prove."""
    deal = (contract.task, contract.worker)
    if isinstance(contract, MilestoneContractPlan):
        payments = tuple(milestone.amount.amount for milestone in bid.milestones)
        return ContractTerms(deal, task.company, contract.worker, task.pay.currency, sum(payments), payments)
    assert isinstance(task.pay, MinutePay)
    assert bid.rate is not None
    seconds = seconds_billed(day, deal, task.pay)
    payments = tuple(minutes_gross(each, bid.rate) for each in seconds)
    return ContractTerms(
        deal, task.company, contract.worker, task.pay.currency, contract.funding.amount, payments, seconds
    )


def day_terms(day: MarketDay) -> DayTerms:
    """Everything the day should come to. The day must have passed its cross checks."""
    tasks = {task.key: task for task in day.tasks}
    bids = {(bid.task, bid.worker): bid for bid in day.bids}
    contracts = [
        contract_terms(day, contract, tasks[contract.task], bids[contract.task, contract.worker])
        for contract in day.contracts
    ]
    fees: defaultdict[str, int] = defaultdict(int)
    for terms in contracts:
        fees[terms.currency] += terms.fee
    return DayTerms(
        contracts={terms.deal: terms for terms in contracts},
        wallets=_wallets(day, contracts),
        workers=_workers(contracts),
        fees=dict(fees),
    )


def _wallets(day: MarketDay, contracts: list[ContractTerms]) -> dict[Purse, WalletTerms]:
    wallets: defaultdict[Purse, WalletTerms] = defaultdict(WalletTerms)
    for company in day.companies:
        for top_up in company.top_ups:
            purse = (company.key, top_up.currency)
            wallets[purse] = WalletTerms(wallets[purse].topped_up + top_up.amount)
    for terms in contracts:
        purse = (terms.company, terms.currency)
        before = wallets[purse]
        wallets[purse] = WalletTerms(
            before.topped_up, before.funded + terms.funded, before.returned + terms.returned
        )
    return dict(wallets)


def _workers(contracts: list[ContractTerms]) -> dict[Purse, WorkerTerms]:
    workers: defaultdict[Purse, WorkerTerms] = defaultdict(WorkerTerms)
    for terms in contracts:
        purse = (terms.worker, terms.currency)
        before = workers[purse]
        workers[purse] = WorkerTerms(before.gross + terms.gross, before.fee + terms.fee)
    return dict(workers)
