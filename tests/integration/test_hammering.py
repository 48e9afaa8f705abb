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
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id
from tests.doors import Answer, Knock, knock
from tests.hammering import Hands, at_once
from tests.journey.test_payout_policies import earn, rules
from tests.people import Caller, World, usd

# The processes start once, so whoever needs them shares a worker.
pytestmark = pytest.mark.xdist_group("hammering")

THREADS = 16
PROCESSES = 4

Strike = Callable[[Sequence[Knock]], list[Answer]]


@pytest.fixture(scope="module")
def hands(system: Any) -> Iterator[Hands]:
    with Hands(system.runtime, processes=PROCESSES, threads=THREADS // PROCESSES) as started:
        yield started


@pytest.fixture(params=("sixteen threads", "four processes"))
def strike(request: pytest.FixtureRequest) -> Strike:
    if request.param == "sixteen threads":
        return partial(at_once, knock, threads=THREADS)
    started: Hands = request.getfixturevalue("hands")
    return started.knock


def asked(by: Caller, path: str, body: Any = None, *, times: int = 1, key: str = "") -> list[Knock]:
    """The same call so often, each time with a key of its own, or always with `key`."""
    return [Knock(path, by.token, key or f"{path} {n} {by.id}", body) for n in range(times)]


def outcomes(answers: Sequence[Answer]) -> dict[str, int]:
    """How often what was answered: `ok`, or a refusal's code."""
    assert {answer.status for answer in answers} <= {200, 201, 409}, answers
    return dict(Counter(answer.code or "ok" for answer in answers))


def lawful(world: World, *subjects: str) -> None:
    """Everything that follows has happened, and no law is broken for any of these."""
    world.settle()
    found = audit(world.system.runtime)
    assert [breach for breach in found if any(one in breach.subject for one in subjects)] == []


def balances(world: World, owner: str) -> dict[str, int]:
    return world.system.runtime.store.balances(owner).get("USD", {})


def test_one_wallet_pays_for_as_many_as_it_can(world: World, strike: Strike) -> None:
    client, worker = world.client(USD=10_000), world.worker()
    contracts = [world.minute_contract(client, worker)["id"] for _ in range(4)]
    fundings = [
        one
        for contract in contracts
        for one in asked(client, f"/v1/contracts/{contract}/fund", {"amount": usd(1_000)}, times=6)
    ]
    assert outcomes(strike(fundings)) == {"ok": 10, "insufficient_funds": 14}
    held = [client.get(f"/v1/contracts/{contract}")["held"] for contract in contracts]
    assert (balances(world, f"client:{client.id}")["wallet"], sum(held)) == (0, 10_000)
    lawful(world, client.id, *contracts)


def test_one_hold_takes_all_that_is_put_into_it(world: World, strike: Strike) -> None:
    client, worker = world.client(USD=10_000), world.worker()
    contract = world.minute_contract(client, worker)["id"]
    path = f"/v1/contracts/{contract}/fund"
    fundings = asked(client, path, {"amount": usd(100)}, times=32)
    assert outcomes(strike(fundings)) == {"ok": 32}
    assert client.get(f"/v1/contracts/{contract}")["held"] == 3_200
    lawful(world, client.id, contract)


def test_a_milestone_is_approved_or_sent_back_and_never_both(world: World, strike: Strike) -> None:
    client, worker = world.client(USD=10_000), world.worker()
    contract = world.milestone_contract(client, worker, *[1_000] * 6)
    rows = [f"/v1/contracts/{contract['id']}/milestones/{row['id']}" for row in contract["milestones"]]
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(6_000)})
    for row in rows:
        worker.post(f"{row}/submit", {"note": "done"})
    races = [
        one
        for row in rows
        for one in (
            *asked(client, f"{row}/approve", times=2),
            *asked(client, f"{row}/request-changes", {"reason": "no"}, times=2),
        )
    ]
    assert outcomes(strike(races)) == {"ok": 6, "illegal_transition": 18}
    found = client.get(f"/v1/contracts/{contract['id']}")
    approved = sum(row["status"] == "approved" for row in found["milestones"])
    assert (found["released"], found["held"]) == (approved * 1_000, (6 - approved) * 1_000)
    assert balances(world, f"worker:{worker.id}").get("available", 0) == approved * 900
    lawful(world, client.id, worker.id, contract["id"])


def test_a_session_is_paid_once_whoever_approves_and_disputes_it(world: World, strike: Strike) -> None:
    client, worker = world.client(USD=10_000), world.worker()
    contract = world.minute_contract(client, worker)["id"]
    client.post(f"/v1/contracts/{contract}/fund", {"amount": usd(10_000)})
    session = worker.post(f"/v1/contracts/{contract}/sessions")["id"]
    world.advance(seconds=120)
    worker.post(f"/v1/sessions/{session}/stop")
    gross = client.get(f"/v1/sessions/{session}")["amount"]["amount"]
    races = [
        *asked(client, f"/v1/sessions/{session}/approve", times=8),
        *asked(client, f"/v1/sessions/{session}/dispute", {"reason": "no", "seconds": 0}, times=8),
    ]
    answers = strike(races)
    assert set(outcomes(answers)) == {"ok", "illegal_transition"}
    ended = client.get(f"/v1/sessions/{session}")
    paid = client.get(f"/v1/contracts/{contract}")["released"]
    assert (ended["status"], paid) in {("approved", gross), ("disputed", 0)}
    lawful(world, client.id, worker.id, contract, session)


def test_a_balance_is_withdrawn_once_and_a_key_is_one_payout(world: World, strike: Strike) -> None:
    client, worker = world.client(USD=10_000), world.worker(payouts=True)
    earn(client, worker, world, 10_000)
    body = {"amount": usd(1_000)}
    one_key = strike(asked(worker, "/v1/payouts", body, times=THREADS, key="always the same"))
    assert (outcomes(one_key), len({answer.text for answer in one_key})) == ({"ok": THREADS}, 1)
    assert sum(not answer.replayed for answer in one_key) == 1
    many = strike(asked(worker, "/v1/payouts", body, times=THREADS))
    assert outcomes(many) == {"ok": 8, "insufficient_funds": 8}
    figures = balances(world, f"worker:{worker.id}")
    assert (figures["available"], figures["in_transit"]) == (0, 9_000)
    lawful(world, client.id, worker.id)


def test_a_payout_is_cancelled_or_approved_and_never_both(world: World, strike: Strike) -> None:
    client, worker = world.client(USD=10_000), world.worker(payouts=True)
    earn(client, worker, world, 10_000)
    people = [world.person("finance") for _ in range(4)]
    with rules(world, approval_above=1_000):
        payout = worker.post("/v1/payouts", {})["id"]
    path = f"/v1/finance/payouts/{payout}"
    races = [
        one for step in ("approve", "cancel") for by in people for one in asked(by, f"{path}/{step}", times=2)
    ]
    answers = strike(races)
    assert set(outcomes(answers)) <= {"ok", "illegal_transition", "already_approved"}
    figures, status = balances(world, f"worker:{worker.id}"), worker.get(f"/v1/payouts/{payout}")["status"]
    left = {"cancelled": (9_000, 0), "pending": (0, 9_000)}[status]
    assert (figures["available"], figures["in_transit"]) == left
    lawful(world, client.id, worker.id)


def test_a_message_that_sixteen_take_at_once_is_one_transfer(world: World) -> None:
    client, worker = world.client(USD=10_000), world.worker(payouts=True)
    earn(client, worker, world, 10_000)
    world.advance(days=3)
    runtime = world.system.runtime
    with world.system.time._lock:  # the pump must not be first
        payout = worker.post("/v1/payouts", {})["id"]
        about = (payout, worker.id)
        due = Event(new_id("evt"), EventType.PAYOUT_DUE, runtime.clock.now(), "test", new_id("req"), about)
        at_once(partial(work, runtime=runtime), [due] * THREADS, threads=THREADS)
    world.settle()
    sent = worker.get(f"/v1/payouts/{payout}")
    assert (sent["status"], len(sent["stripe_transfers"])) == ("sent", 1)
    assert balances(world, f"worker:{worker.id}")["in_transit"] == 0
    lawful(world, client.id, worker.id)


def test_as_many_awards_succeed_as_there_are_seats(world: World, strike: Strike) -> None:
    client = world.client()
    task = world.task(client, {"model": "milestone", "budget": usd(100)}, seats=5)
    bids = [
        world.worker().post(f"/v1/tasks/{task['id']}/bids", {"price": usd(100)}, status=201)["id"]
        for _ in range(12)
    ]
    awards = [one for bid in bids for one in asked(client, f"/v1/bids/{bid}/award", times=2)]
    answers = strike(awards)
    assert outcomes(answers)["ok"] == 5
    assert client.get(f"/v1/tasks/{task['id']}")["seats_left"] == 0
    assert len({answer.body["bid_id"] for answer in answers if answer.status == 201}) == 5
    lawful(world, client.id, task["id"], *bids)
