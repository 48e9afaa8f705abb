"""One wallet, one hold, one payout, one task's seats, and sixteen who want them at the same instant: sixteen
threads of one process, and four threads in each of four processes. Whoever asks gets a definite answer, as
many succeed as can, and the laws hold."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest

from chalicelib.work.payouts import work
from cli.audit import audit
from marketplace.contracts.contract import Contract
from marketplace.payouts.payout import Payout
from marketplace.shared.events import EventType
from marketplace.storage.keys import WORKER_MONEY_AWAY
from marketplace.work.task import Task
from sandbox.system import System
from tests.bench import Bench, Person
from tests.doors import Answer, Knock, knock
from tests.hammering import Hands, at_once
from tests.people import usd

# The processes start once, so whoever needs them shares a worker.
pytestmark = pytest.mark.xdist_group("hammering")

THREADS = 16
PROCESSES = 4
WALLET = 10_000
"""Cents."""
DAY_SECONDS = 86_400

Strike = Callable[[Sequence[Knock]], list[Answer]]


@pytest.fixture(scope="module")
def bench(system: System) -> Iterator[Bench]:
    """When all of it is over, the laws hold."""
    with Bench(system) as bench:
        yield bench
        bench.carry()
        assert audit(bench.runtime).breaches == []


@pytest.fixture(scope="module")
def hands(bench: Bench) -> Iterator[Hands]:
    with Hands(bench.runtime, processes=PROCESSES, threads=THREADS // PROCESSES) as started:
        yield started


@pytest.fixture(params=("sixteen threads", "four processes"))
def strike(request: pytest.FixtureRequest) -> Strike:
    if request.param == "sixteen threads":
        return partial(at_once, knock, threads=THREADS)
    started: Hands = request.getfixturevalue("hands")
    return started.knock


@pytest.fixture
def client(bench: Bench) -> Person:
    client = bench.client()
    bench.card_paid(client, WALLET)()
    return client


@pytest.fixture
def worker(bench: Bench) -> Person:
    return bench.verified_worker()


def calls(by: Person, path: str, body: Any = None, *, times: int = 1, key: str = "") -> list[Knock]:
    """The same call so often, each time with a key of its own, or always with `key`."""
    return [by.call(path, body, key=key) for _ in range(times)]


def outcomes(answers: Sequence[Answer]) -> dict[str, int]:
    """How often what was answered: `ok`, or a refusal's code."""
    assert {answer.status for answer in answers} <= {200, 201, 409}, answers
    return dict(Counter(answer.code or "ok" for answer in answers))


def earned(bench: Bench, client: Person, worker: Person) -> None:
    """All that the client has is the worker's, less the fee; and it is at Stripe."""
    contract = bench.by_minutes(client, worker)
    client.post(f"contracts/{contract}/bonus", {"amount": usd(WALLET), "reason": "thanks"})
    bench.pass_time(3 * DAY_SECONDS)


def money_of(bench: Bench, worker: Person) -> tuple[int, int, int]:
    """What is available, what was withdrawn, and what the payouts' own heads have in transit."""
    figures = bench.balances(f"worker:{worker.id}")
    away = bench.runtime.reads.every(WORKER_MONEY_AWAY, worker.id)
    return figures["available"], figures["withdrawn"], sum(payout.in_transit for payout in away)


def test_one_wallet_pays_for_as_many_as_it_can(
    bench: Bench, client: Person, worker: Person, strike: Strike
) -> None:
    contracts = [bench.by_minutes(client, worker) for _ in range(4)]
    fundings = [
        one
        for contract in contracts
        for one in calls(client, f"contracts/{contract}/fund", {"amount": usd(1_000)}, times=6)
    ]
    assert outcomes(strike(fundings)) == {"ok": 10, "insufficient_funds": 14}
    held = sum(bench.read(Contract, contract).held for contract in contracts)
    assert (bench.balances(f"client:{client.id}")["wallet"], held) == (0, WALLET)


def test_one_hold_takes_all_that_is_put_into_it(
    bench: Bench, client: Person, worker: Person, strike: Strike
) -> None:
    contract = bench.by_minutes(client, worker)
    fundings = calls(client, f"contracts/{contract}/fund", {"amount": usd(100)}, times=2 * THREADS)
    assert outcomes(strike(fundings)) == {"ok": 2 * THREADS}
    assert bench.read(Contract, contract).held == 2 * THREADS * 100


def test_a_milestone_is_approved_or_sent_back_and_never_both(
    bench: Bench, client: Person, worker: Person, strike: Strike
) -> None:
    contract = bench.by_milestones(client, worker, *[1_000] * 6)
    client.post(f"contracts/{contract}/fund", {"amount": usd(6_000)})
    rows = [f"contracts/{contract}/milestones/{row.id}" for row in bench.read(Contract, contract).milestones]
    for row in rows:
        worker.post(f"{row}/submit", {"note": "done"})
    races = [
        one
        for row in rows
        for one in (
            *calls(client, f"{row}/approve", times=2),
            *calls(client, f"{row}/request-changes", {"reason": "no"}, times=2),
        )
    ]
    assert outcomes(strike(races)) == {"ok": 6, "illegal_transition": 18}
    found = bench.read(Contract, contract)
    approved = sum(row.status == "approved" for row in found.milestones)
    assert (found.released, found.held) == (approved * 1_000, (6 - approved) * 1_000)
    assert bench.balances(f"worker:{worker.id}").get("available", 0) == approved * 900


def test_a_session_is_paid_or_disputed_once(
    bench: Bench, client: Person, worker: Person, strike: Strike
) -> None:
    contract = bench.by_minutes(client, worker)
    client.post(f"contracts/{contract}/fund", {"amount": usd(WALLET)})
    session = worker.post(f"contracts/{contract}/sessions")["id"]
    bench.pass_time(120)
    worker.post(f"sessions/{session}/stop")
    gross = client.get(f"sessions/{session}")["amount"]["amount"]
    races = [
        *calls(client, f"sessions/{session}/approve", times=8),
        *calls(client, f"sessions/{session}/dispute", {"reason": "no", "seconds": 0}, times=8),
    ]
    assert set(outcomes(strike(races))) == {"ok", "illegal_transition"}
    status, paid = client.get(f"sessions/{session}")["status"], bench.read(Contract, contract).released
    assert (status, paid) in {("approved", gross), ("disputed", 0)}


def test_a_balance_is_withdrawn_once_and_a_key_is_one_payout(
    bench: Bench, client: Person, worker: Person, strike: Strike
) -> None:
    earned(bench, client, worker)
    body = {"amount": usd(1_000)}
    one_key = strike(calls(worker, "payouts", body, times=THREADS, key="always the same"))
    assert (outcomes(one_key), len({answer.text for answer in one_key})) == ({"ok": THREADS}, 1)
    assert sum(not answer.replayed for answer in one_key) == 1
    many = strike(calls(worker, "payouts", body, times=THREADS))
    assert outcomes(many) == {"ok": 8, "insufficient_funds": 8}
    assert money_of(bench, worker) == (0, 9_000, 9_000)


def test_a_payout_is_cancelled_or_approved_and_never_both(
    bench: Bench, client: Person, worker: Person, strike: Strike
) -> None:
    earned(bench, client, worker)
    people = [bench.person("finance") for _ in range(4)]
    with bench.settings(payout_approval_above=1_000):
        payout = worker.post("payouts", {})["id"]
    path = f"finance/payouts/{payout}"
    races = [one for step in ("approve", "cancel") for by in people for one in calls(by, f"{path}/{step}")]
    answers = strike(races * 2)
    assert set(outcomes(answers)) <= {"ok", "illegal_transition", "already_approved"}
    left = {"cancelled": (9_000, 0, 0), "pending": (0, 9_000, 9_000)}
    assert money_of(bench, worker) == left[bench.read(Payout, payout).status]


def test_a_message_that_sixteen_take_at_once_is_one_transfer(
    bench: Bench, client: Person, worker: Person
) -> None:
    earned(bench, client, worker)
    payout = worker.post("payouts", {})["id"]
    deliveries = [bench.message(EventType.PAYOUT_DUE, work, payout) for _ in range(THREADS)]
    at_once(lambda deliver: deliver(), deliveries, threads=THREADS)
    sent = worker.get(f"payouts/{payout}")
    assert (sent["status"], len(sent["stripe_transfers"])) == ("sent", 1)
    head = bench.read(Payout, payout)
    assert (head.in_transit, head.at_stripe) == (0, 9_000)


def test_as_many_awards_succeed_as_there_are_seats(bench: Bench, client: Person, strike: Strike) -> None:
    terms = {"title": "Work", "description": "Do it.", "category": "cx"}
    pay = {"model": "milestone", "budget": usd(100)}
    task = client.post("tasks", {**terms, "pay": pay, "seats": 5})["id"]
    client.post(f"tasks/{task}/publish")
    offer = {"price": usd(100), "message": "Hi"}
    bids = [bench.worker().post(f"tasks/{task}/bids", offer)["id"] for _ in range(12)]
    answers = strike([one for bid in bids for one in calls(client, f"bids/{bid}/award", times=2)])
    assert outcomes(answers)["ok"] == 5
    assert bench.read(Task, task).seats_left == 0
    assert len({answer.body["bid_id"] for answer in answers if answer.status == 201}) == 5
