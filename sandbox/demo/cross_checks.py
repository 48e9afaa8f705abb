"""What the shape of a market day cannot say: its parts must know each other and its money must add up."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from sandbox.demo.positions import Path
from sandbox.demo.script import (
    HEARTBEATS_MAX,
    SESSIONS_MAX,
    SILENCE_SECONDS,
    BidPlan,
    ContractPlan,
    MarketDay,
    MilestoneContractPlan,
    MilestonePay,
    MinuteContractPlan,
    MinutePay,
    TaskPlan,
)
from sandbox.demo.terms import Deal, billable_seconds, contract_terms, minutes_gross

Misfit = tuple[Path, str]
"""Where the file does not fit, and why."""


def misfits(day: MarketDay) -> Iterator[Misfit]:
    """Every misfit in the order of the checks; a later check relies on the earlier ones finding nothing."""
    for check in CHECKS_IN_ORDER:
        found = list(check(day))
        yield from found
        if found:
            return


def _repeats(section: str, member: str, names: Iterable[object]) -> Iterator[Misfit]:
    seen: set[object] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield (section, index, member), f"{name!r} appears more than once"
        seen.add(name)


def _names(day: MarketDay) -> Iterator[Misfit]:
    yield from _repeats("companies", "key", (company.key for company in day.companies))
    yield from _repeats("workers", "key", (worker.key for worker in day.workers))
    yield from _repeats("tasks", "key", (task.key for task in day.tasks))
    yield from _repeats("bids", "worker", (f"{bid.worker} on {bid.task}" for bid in day.bids))
    contracts = (f"{contract.worker} on {contract.task}" for contract in day.contracts)
    yield from _repeats("contracts", "worker", contracts)
    companies = {company.key for company in day.companies}
    for index, task in enumerate(day.tasks):
        if task.company not in companies:
            yield ("tasks", index, "company"), f"no company is called {task.company!r}"
        if isinstance(task.pay, MinutePay) and task.pay.minimum_seconds % task.pay.increment_seconds:
            yield ("tasks", index, "pay", "minimum_seconds"), "the minimum must be whole increments"


def _bids(day: MarketDay) -> Iterator[Misfit]:
    tasks = {task.key: task for task in day.tasks}
    workers = {worker.key: worker for worker in day.workers}
    for index, bid in enumerate(day.bids):
        at: Path = ("bids", index)
        if bid.task not in tasks:
            yield (*at, "task"), f"no task is called {bid.task!r}"
        elif bid.worker not in workers:
            yield (*at, "worker"), f"no worker is called {bid.worker!r}"
        elif tasks[bid.task].pay.currency != workers[bid.worker].currency:
            wanted, owned = tasks[bid.task].pay.currency, workers[bid.worker].currency
            yield (*at, "worker"), f"the task pays {wanted}, {bid.worker!r} has an account in {owned}"
        else:
            yield from _price(at, bid, tasks[bid.task])


def _price(at: Path, bid: BidPlan, task: TaskPlan) -> Iterator[Misfit]:
    if isinstance(task.pay, MilestonePay):
        yield from _milestone_price(at, bid, task.pay.currency)
        return
    if bid.rate is None or bid.price is not None or bid.milestones:
        yield at, "a bid on a per-minute task has a rate, and no price or milestones"
    elif bid.rate.currency != task.pay.currency:
        yield (*at, "rate", "currency"), f"the task pays {task.pay.currency}, not {bid.rate.currency}"


def _milestone_price(at: Path, bid: BidPlan, currency: str) -> Iterator[Misfit]:
    if bid.price is None or bid.rate is not None or not bid.milestones:
        yield at, "a bid on a milestone task has a price and milestones, and no rate"
        return
    if bid.price.currency != currency:
        yield (*at, "price", "currency"), f"the task pays {currency}, not {bid.price.currency}"
    for index, milestone in enumerate(bid.milestones):
        if milestone.amount.currency != currency:
            where = (*at, "milestones", index, "amount", "currency")
            yield where, f"the task pays {currency}, not {milestone.amount.currency}"
    total = sum(milestone.amount.amount for milestone in bid.milestones)
    if total != bid.price.amount:
        yield (*at, "milestones"), f"the milestones add up to {total}, the price is {bid.price.amount}"


def _contracts(day: MarketDay) -> Iterator[Misfit]:
    tasks = {task.key: task for task in day.tasks}
    bids = {(bid.task, bid.worker): bid for bid in day.bids}
    for index, contract in enumerate(day.contracts):
        at: Path = ("contracts", index)
        bid = bids.get((contract.task, contract.worker))
        if bid is None:
            yield (*at, "worker"), f"{contract.worker!r} has no bid on {contract.task!r}"
        elif bid.outcome in {"declined", "withdrawn"}:
            yield (*at, "worker"), f"the bid of {contract.worker!r} on {contract.task!r} is {bid.outcome}"
        elif contract.model != tasks[contract.task].pay.model:
            yield (*at, "model"), f"the task's model is {tasks[contract.task].pay.model}"
        else:
            yield from _funding(at, contract, bid, tasks[contract.task])


def _funding(at: Path, contract: ContractPlan, bid: BidPlan, task: TaskPlan) -> Iterator[Misfit]:
    if isinstance(contract, MinuteContractPlan):
        if contract.funding.currency != task.pay.currency:
            yield (*at, "funding"), f"the task pays {task.pay.currency}, not {contract.funding.currency}"
    elif len(contract.deliveries) != len(bid.milestones):
        given, wanted = len(contract.deliveries), len(bid.milestones)
        yield (*at, "deliveries"), f"{given} deliveries for {wanted} milestones"


def _sessions(day: MarketDay) -> Iterator[Misfit]:
    contracts = {(contract.task, contract.worker): contract for contract in day.contracts}
    for number, shift in enumerate(day.shifts):
        workers: set[str] = set()
        for index, session in enumerate(shift.sessions):
            at: Path = ("shifts", number, "sessions", index)
            contract = contracts.get((session.task, session.worker))
            if contract is None:
                yield (*at, "worker"), f"{session.worker!r} has no contract on {session.task!r}"
            elif isinstance(contract, MilestoneContractPlan):
                yield (*at, "task"), f"{session.task!r} is paid by milestones, not by the minute"
            elif session.worker in workers:
                yield (*at, "worker"), f"{session.worker!r} already has a session in this shift"
            elif session.heartbeats > len(shift.rounds):
                yield (*at, "heartbeats"), f"more heartbeats than the shift's {len(shift.rounds)} rounds"
            workers.add(session.worker)


def _session_counts(day: MarketDay) -> Iterator[Misfit]:
    if len(day.sessions) > SESSIONS_MAX:
        yield ("shifts",), f"{len(day.sessions)} sessions; at most {SESSIONS_MAX}"
    heartbeats = sum(session.heartbeats for _, session in day.sessions)
    if heartbeats > HEARTBEATS_MAX:
        yield ("shifts",), f"{heartbeats} heartbeats; at most {HEARTBEATS_MAX}"


def _seats(day: MarketDay) -> Iterator[Misfit]:
    awarded = Counter(contract.task for contract in day.contracts)
    for index, task in enumerate(day.tasks):
        if awarded[task.key] > task.seats:
            yield ("tasks", index, "seats"), f"{awarded[task.key]} contracts for {task.seats} seats"


def _minutes_fit(day: MarketDay) -> Iterator[Misfit]:
    """Cap and funding must outlast the sessions and one silence, else a session would end too early."""
    tasks = {task.key: task for task in day.tasks}
    bids = {(bid.task, bid.worker): bid for bid in day.bids}
    for index, contract in enumerate(day.contracts):
        if isinstance(contract, MilestoneContractPlan):
            continue
        task, bid = tasks[contract.task], bids[contract.task, contract.worker]
        assert isinstance(task.pay, MinutePay)
        assert bid.rate is not None
        terms = contract_terms(day, contract, task, bid)
        spare = billable_seconds(SILENCE_SECONDS + 1, task.pay)
        seconds, cap = sum(terms.seconds) + spare, task.pay.cap_seconds
        if seconds > cap:
            yield ("contracts", index), f"the sessions need {seconds} s, the cap is {cap} s"
        amount = terms.gross + minutes_gross(spare, bid.rate)
        if amount > terms.funded:
            yield ("contracts", index, "funding"), f"the sessions need {amount}, {terms.funded} is set aside"


def _wallets_suffice(day: MarketDay) -> Iterator[Misfit]:
    tasks = {task.key: task for task in day.tasks}
    bids: dict[Deal, BidPlan] = {(bid.task, bid.worker): bid for bid in day.bids}
    needed: Counter[tuple[str, str]] = Counter()
    for contract in day.contracts:
        task = tasks[contract.task]
        terms = contract_terms(day, contract, task, bids[contract.task, contract.worker])
        needed[task.company, task.pay.currency] += terms.funded
    for index, company in enumerate(day.companies):
        given: Counter[str] = Counter()
        for top_up in company.top_ups:
            given[top_up.currency] += top_up.amount
        for (key, currency), amount in needed.items():
            if key == company.key and amount > given[currency]:
                where: Path = ("companies", index, "top_ups")
                yield where, f"the contracts need {amount} {currency}, the top-ups are {given[currency]}"


CHECKS_IN_ORDER: tuple[Callable[[MarketDay], Iterator[Misfit]], ...] = (
    _names,
    _bids,
    _contracts,
    _sessions,
    _session_counts,
    _seats,
    _minutes_fit,
    _wallets_suffice,
)
