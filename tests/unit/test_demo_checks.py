"""The demo's checks notice what is wrong: each is shown a day that went well but for one thing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from sandbox.demo.answers import (
    AccountBalance,
    Amount,
    Contract,
    CurrencyBalance,
    Earnings,
    EarningsBalance,
    Link,
    Payout,
    Rating,
    Reconciliation,
    Session,
    Task,
    Trace,
    TrialBalance,
    Wallet,
    WalletBalance,
)
from sandbox.demo.cast import Cast, Company, PostedTask, SignedContract, WorkedSession, Worker
from sandbox.demo.checks import Outcome, judge
from sandbox.demo.client import Sent
from sandbox.demo.evidence import Evidence
from sandbox.demo.loading import load_market_day
from sandbox.demo.script import MarketDay
from sandbox.demo.summary import counts, summarise
from sandbox.demo.terms import DayTerms, day_terms

DAY = load_market_day(Path(__file__).parents[2] / "sandbox" / "demo" / "market_day.json")
SENT = Sent("/v1/payouts", "token", "key", None, 201, b'{"id": "pay_1"}')
AT = datetime(2026, 11, 26, tzinfo=UTC)


def cast_of(day: MarketDay) -> Cast:
    cast = Cast()
    cast.companies = {plan.key: Company(plan, plan.key, "gm_test", ()) for plan in day.companies}
    cast.workers = {plan.key: Worker(plan, plan.key, "jwt") for plan in day.workers}
    cast.tasks = {plan.key: PostedTask(plan, plan.key, cast.companies[plan.company]) for plan in day.tasks}
    for plan in day.contracts:
        company, worker = cast.tasks[plan.task].company, cast.workers[plan.worker]
        name = f"{plan.task}/{plan.worker}"
        cast.contracts[plan.task, plan.worker] = SignedContract(
            plan, name, company, worker, (), 604_800, SENT
        )
    cast.sessions = [
        WorkedSession(plan, f"ses_{index}", cast.contracts[plan.task, plan.worker])
        for index, (_, plan) in enumerate(day.sessions)
    ]
    return cast


def contracts_of(terms: DayTerms) -> dict[tuple[str, str], Contract]:
    return {
        deal: Contract(
            id="/".join(deal),
            status="completed",
            currency=each.currency,
            funded=each.funded,
            released=each.gross,
            held=0,
            returned=each.returned,
            fee_basis_points=1_000,
            review_seconds=604_800,
        )
        for deal, each in terms.contracts.items()
    }


def sessions_of(cast: Cast, terms: DayTerms) -> list[Session]:
    ahead = {deal: iter(each.sessions) for deal, each in terms.contracts.items()}
    sessions = []
    for worked in cast.sessions:
        seconds, gross = next(ahead[worked.contract.deal])
        pay = Amount(amount=gross, currency=terms.contracts[worked.contract.deal].currency)
        sessions.append(
            Session(
                id=worked.id,
                status="approved",
                billable_seconds=seconds,
                amount=pay,
                end_reason=worked.plan.end,
            )
        )
    return sessions


def earnings_of(worker: Worker, terms: DayTerms) -> Earnings:
    return Earnings(
        balances=[
            EarningsBalance(
                currency=currency, accruing=0, in_review=0, available=0, in_transit=0, paid=each.net, owed=0
            )
            for (key, currency), each in terms.workers.items()
            if key == worker.plan.key
        ]
    )


def payouts_of(terms: DayTerms) -> dict[str, Payout]:
    return {
        key: Payout(id=f"pay_{key}", status="paid", amount=Amount(amount=each.net, currency=currency))
        for (key, currency), each in terms.workers.items()
    }


def wallets_of(terms: DayTerms) -> dict[str, Wallet]:
    wallets: dict[str, list[WalletBalance]] = {}
    for (key, currency), each in terms.wallets.items():
        balance = WalletBalance(currency=currency, available=each.available, held=0)
        wallets.setdefault(key, []).append(balance)
    return {key: Wallet(balances=balances) for key, balances in wallets.items()}


def rating_of(contract: SignedContract, stars: int) -> Rating:
    return Rating(id="rat_1", contract_id=contract.id, overall=stars, revealed=True)


def all_ratings(cast: Cast) -> tuple[dict[str, list[Rating]], dict[str, list[Rating]]]:
    """Ratings about workers, and about clients."""
    workers: dict[str, list[Rating]] = {key: [] for key in cast.workers}
    clients: dict[str, list[Rating]] = {key: [] for key in cast.companies}
    for contract in cast.contracts.values():
        plan = contract.plan
        if plan.rating_of_worker and plan.rating_of_client:
            workers[plan.worker].append(rating_of(contract, plan.rating_of_worker.overall))
            clients[contract.company.plan.key].append(rating_of(contract, plan.rating_of_client.overall))
    return workers, clients


def balance_of(terms: DayTerms) -> TrialBalance:
    return TrialBalance(
        currencies=[
            CurrencyBalance(
                currency=currency,
                debits=fees,
                credits=fees,
                accounts=[
                    AccountBalance(id="platform:stripe", balance=fees),
                    AccountBalance(id="platform:fees", balance=-fees),
                ],
            )
            for currency, fees in terms.fees.items()
        ]
    )


def good_day() -> Outcome:
    terms, cast = day_terms(DAY), cast_of(DAY)
    awarded = [task for task, _ in terms.contracts]
    workers, clients = all_ratings(cast)
    kinds = ("request", "event", "journal", "transfer", "bank_payout")
    evidence = Evidence(
        tasks={
            key: Task(
                id=key,
                seats=task.plan.seats,
                seats_left=(left := task.plan.seats - awarded.count(key)),
                status="open" if left else "filled",
            )
            for key, task in cast.tasks.items()
        },
        contracts=contracts_of(terms),
        sessions=sessions_of(cast, terms),
        wallets=wallets_of(terms),
        earnings={key: earnings_of(worker, terms) for key, worker in cast.workers.items()},
        payouts=payouts_of(terms),
        worker_ratings=workers,
        client_ratings=clients,
        balance_before=TrialBalance(currencies=[]),
        balance=balance_of(terms),
        reconciliation=Reconciliation(id="rec_1", status="finished", counts={"matched": 9, "timing": 0}),
        trace=Trace(id="pay_1", chain=[Link(kind=kind, id=kind, at=AT) for kind in kinds]),
        repeats=[(SENT, httpx.Response(201, content=SENT.content, headers={"Idempotent-Replayed": "true"}))],
        strangers_look=httpx.Response(404, request=httpx.Request("GET", "http://market/v1/contracts/con_1")),
    )
    return Outcome(terms, cast, evidence)


GOOD = good_day()
E = GOOD.evidence
FIRST = next(iter(E.contracts))
EARNER = FIRST[1]
LOOK = httpx.Request("GET", "http://market/v1/contracts/con_1")


def first_contract(**fields: object) -> Evidence:
    return replace(E, contracts={**E.contracts, FIRST: E.contracts[FIRST].model_copy(update=fields)})


def first_session(**fields: object) -> Evidence:
    return replace(E, sessions=[E.sessions[0].model_copy(update=fields), *E.sessions[1:]])


def first_balance(**fields: object) -> Evidence:
    first, *others = E.balance.currencies
    return replace(E, balance=TrialBalance(currencies=[first.model_copy(update=fields), *others]))


def repeated(content: bytes, headers: dict[str, str]) -> Evidence:
    return replace(E, repeats=[(SENT, httpx.Response(201, content=content, headers=headers))])


def counted(**kinds: int) -> Evidence:
    return replace(E, reconciliation=E.reconciliation.model_copy(update={"counts": kinds}))


def test_a_day_that_went_well_holds_every_check() -> None:
    assert [check.detail for check in judge(GOOD) if not check.held] == []


@pytest.mark.parametrize(
    ("spoilt", "check"),
    [
        (first_balance(debits=1), "the debits equal the credits"),
        (first_balance(accounts=[AccountBalance(id="platform:fees", balance=-1)]), "add up to zero"),
        (replace(E, balance=E.balance_before), "the platform's fees"),
        (replace(E, earnings={**E.earnings, EARNER: Earnings(balances=[])}), "earnings agree"),
        (replace(E, payouts={}), "every payout is paid"),
        (replace(E, wallets={key: Wallet(balances=[]) for key in E.wallets}), "every wallet"),
        (first_contract(released=1), "released and returned what its terms say"),
        (first_contract(held=1), "funded = released + returned + held"),
        (first_session(billable_seconds=0), "every session is paid"),
        (first_session(end_reason="hold"), "every session is paid"),
        (first_session(status="stopped"), "every session is paid"),
        (
            replace(E, tasks={key: t.model_copy(update={"seats_left": 9}) for key, t in E.tasks.items()}),
            "seats",
        ),
        (replace(E, worker_ratings={key: [] for key in E.worker_ratings}), "ratings show"),
        (counted(matched=9, timing=1), "ledger and Stripe match"),
        (counted(), "ledger and Stripe match"),
        (repeated(SENT.content + b" ", {"Idempotent-Replayed": "true"}), "byte for byte"),
        (repeated(SENT.content, {}), "byte for byte"),
        (replace(E, strangers_look=httpx.Response(200, request=LOOK)), "a stranger's look"),
        (replace(E, trace=Trace(id="pay_1", chain=[])), "a payout can be traced"),
    ],
)
def test_one_wrong_thing_breaks_its_check(spoilt: Evidence, check: str) -> None:
    broken = [each for each in judge(replace(GOOD, evidence=spoilt)) if not each.held]
    assert any(check in each.name for each in broken)
    assert all(each.detail for each in broken)


def test_the_summary_counts_the_whole_cast() -> None:
    summary = summarise(GOOD)
    assert len(summary.workers) == len(DAY.workers)
    assert sum(row.earned - row.fee - row.received for row in summary.workers) == 0
    assert counts(DAY, GOOD.cast, 7)["sessions"] == len(DAY.sessions)
