"""One task with five bids, from the posting to the bank line, step by step over HTTP, each step measured.

Nothing works in the background: after a call, everything that it led to is done and measured on its own.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from marketplace.storage import account_sums, commit, sealing
from marketplace.storage.marks import CALENDAR
from marketplace.storage.meter import Meter, Request
from marketplace.storage.models import HeadItem
from marketplace.storage.tariff import Spent
from sandbox.system import System
from tests.people import Caller, World
from tests.stripe_proof import proof

BIDS = 5
PRICE = 20_000
STOP_SECONDS_MAX = 5.0

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Step:
    """What a call cost, and what was done behind it: relayed, projected, worked off queues and timers. Part
    of that are `commits`, of use cases that followed; all else carries what was committed to where it is
    read."""

    name: str
    call: Spent
    behind: Spent
    commits: Spent


@dataclass
class Story:
    """A name may stand in `steps` several times, as the five bids do; `meter` counts the requests."""

    world: World
    meter: Meter
    steps: list[Step] = field(default_factory=list)

    def step(self, name: str, act: Callable[[], Answer]) -> Answer:
        """Does it, then everything that it leads to, and keeps what both cost."""
        start = len(self.meter.requests)
        answer = act()
        called = len(self.meter.requests)
        self.world.settle()
        call, behind = self.meter.requests[start:called], self.meter.requests[called:]
        self.steps.append(Step(name, _sum(call), _sum(behind), _sum(filter(_is_commit, behind))))
        return answer

    def passing(self, name: str, act: Callable[[], object]) -> None:
        """Something that happens by itself, or at Stripe: all of it is done behind our doors."""
        start = len(self.meter.requests)
        act()
        self.world.settle()
        behind = self.meter.requests[start:]
        self.steps.append(Step(name, Spent(), _sum(behind), _sum(filter(_is_commit, behind))))


@contextmanager
def quiet_system() -> Iterator[tuple[System, World]]:
    """A system in which nothing happens by itself, no time passes, no account is summed up, this month's data
    key is known, and calls come long after each other: nobody looks twice for an event that a head let go."""
    account_sums.EVERY, commit.DROPS_SETTLE_MS = sys.maxsize, 0
    with System(inspector=proof(), nightly=False) as system:
        system.clock.freeze()
        system.time.stop(STOP_SECONDS_MAX)
        sealing.sealed("", "")
        with World(system) as world:
            yield system, world


def tell(system: System, world: World) -> Story:
    """Plays and measures the whole story."""
    with Meter(system.runtime.store.connection.client) as meter:
        story = Story(world, meter)
        _play(story)
    return story


def _play(story: Story) -> None:
    world = story.world
    operator = world.person("operator")
    body = {"name": "Acme Support", "country": "US", "email": "ops@acme.example"}
    made = story.step("create a client", lambda: operator.post("/v1/clients", body))
    client = Caller(world.http, made["api_key"], made["id"])
    workers = [_worker(story) for _ in range(BIDS)]
    _top_up(story, client)
    task = _task(story, client, {"model": "milestone", "budget": _usd(PRICE)})
    bids = [_bid(story, worker, task, _usd(PRICE)) for worker in workers]
    contract = _awarded(story, client, workers[0], bids[0])
    _milestone(story, client, workers[0], contract)
    payout = story.step("request a payout", lambda: workers[0].post("/v1/payouts", {}))
    story.passing("the payout reaches the bank", lambda: world.advance(days=3))
    assert workers[0].get(f"/v1/payouts/{payout['id']}")["status"] == "paid"
    _minutes(story, client, workers[1])
    _end(story, client, workers[0], contract)
    _reads(story, client, workers[0], contract, payout)


def _worker(story: Story) -> Caller:
    worker = story.world.person("worker")
    profile = {"name": "Ada", "country": "US", "languages": ["en"], "skills": [], "headline": "Chat agent"}
    worker.id = story.step("create a worker", lambda: worker.post("/v1/workers", profile))["id"]
    opened = story.step("open a payout account", lambda: worker.post("/v1/workers/me/payout-account"))
    story.world.sandbox(f"stripe/accounts/{opened['stripe_account']}/verify")
    story.world.settle()
    return worker


def _top_up(story: Story, client: Caller) -> None:
    """The card's money is available three days later."""
    top_up = story.step(
        "ask for a top-up", lambda: client.post("/v1/wallet/top-ups", {"amount": _usd(90_000)})
    )
    story.passing("the top-up is paid", lambda: story.world.sandbox(f"stripe/pay/{top_up['payment_intent']}"))
    story.world.advance(days=3)


def _task(story: Story, client: Caller, pay: dict[str, Any]) -> Any:
    body = {"title": "Chat support", "description": "Evening shift", "category": "chat", "pay": pay}
    task = story.step("post a task", lambda: client.post("/v1/tasks", body))
    return story.step("publish it", lambda: client.post(f"/v1/tasks/{task['id']}/publish"))


def _bid(story: Story, worker: Caller, task: Any, price: Any) -> Any:
    body = {"price": price, "message": "I would like to do this."}
    return story.step("bid", lambda: worker.post(f"/v1/tasks/{task['id']}/bids", body))


def _awarded(story: Story, client: Caller, worker: Caller, bid: Any) -> Any:
    offer = story.step("award", lambda: client.post(f"/v1/bids/{bid['id']}/award"))
    return story.step("accept", lambda: worker.post(f"/v1/contracts/{offer['id']}/accept", {}))


def _milestone(story: Story, client: Caller, worker: Caller, contract: Any) -> None:
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    story.step("fund the milestone", lambda: client.post(f"{path}/fund"))
    story.step("submit", lambda: worker.post(f"{path}/submit", {"note": "Done."}))
    story.step("approve", lambda: client.post(f"{path}/approve"))


def _minutes(story: Story, client: Caller, worker: Caller) -> None:
    """A session of two minutes, on a task of its own; the steps before it have been shown."""
    rate = {"amount_decimal": "50", "currency": "USD", "per": "minute"}
    unshown = Story(story.world, story.meter)
    task = _task(unshown, client, {"model": "per_minute", "rate": rate, "cap_seconds": 36_000})
    contract = _awarded(unshown, client, worker, _bid(unshown, worker, task, rate))
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": _usd(10_000)})
    story.world.settle()
    session = story.step("clock in", lambda: worker.post(f"/v1/contracts/{contract['id']}/sessions"))
    path = f"/v1/sessions/{session['id']}"
    for sequence in range(2):
        story.world.advance(seconds=60)
        beat = {"sequence": sequence, "at": story.world.http.get("/sandbox/clock").json()["now"]}
        story.step("heartbeat", lambda beat=beat: worker.call("POST", f"{path}/heartbeat", beat))  # type: ignore[misc]
    story.step("clock out", lambda: worker.post(f"{path}/stop"))
    story.step("approve a session", lambda: client.post(f"{path}/approve"))
    _quarrel(story, client, worker, f"/v1/contracts/{contract['id']}")


def _quarrel(story: Story, client: Caller, worker: Caller, contract: str) -> None:
    """The client takes the worker's word for a further minute."""
    session = worker.post(f"{contract}/sessions")
    story.world.advance(seconds=60)
    worker.post(f"/v1/sessions/{session['id']}/stop")
    story.world.settle()
    body = {"subject_id": session["id"], "claim": "I was there.", "requested": _usd(50)}
    dispute = story.step("open a dispute", lambda: worker.post(f"{contract}/disputes", body))
    story.step("take an offer", lambda: client.post(f"/v1/disputes/{dispute['id']}/accept"))


def _end(story: Story, client: Caller, worker: Caller, contract: Any) -> None:
    path = f"/v1/contracts/{contract['id']}"
    bonus = {"amount": _usd(500), "reason": "Thank you."}
    story.step("pay a bonus", lambda: client.post(f"{path}/bonus", bonus))
    story.step("complete a contract", lambda: client.post(f"{path}/complete"))
    story.step("rate the worker", lambda: client.post(f"{path}/ratings", {"overall": 5}))
    story.step("rate the client", lambda: worker.post(f"{path}/ratings", {"overall": 5}))


def _reads(story: Story, client: Caller, worker: Caller, contract: Any, payout: Any) -> None:
    finance = story.world.person("finance")
    reads = (
        ("a wallet", client, "/v1/wallet"),
        ("a wallet's statement", client, "/v1/wallet/entries"),
        ("a contract", client, f"/v1/contracts/{contract['id']}"),
        ("the feed of open tasks", worker, "/v1/tasks"),
        ("earnings", worker, "/v1/workers/me/earnings"),
        ("the trace of a payout", finance, f"/v1/finance/trace/{payout['id']}"),
    )
    for name, caller, path in reads:
        story.step(f"read {name}", lambda caller=caller, path=path: caller.get(path))  # type: ignore[misc]


def _usd(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD"}


def _is_commit(request: Request) -> bool:
    """Whether it changes a head: carrying an event on, or keeping a webhook, does not."""
    return HeadItem.Meta.table_name in request.tables and request.spent.write_units > 0


def _sum(requests: Iterable[Request]) -> Spent:
    return sum((request.spent for request in requests if not _in_turns(request)), Spent())


def _in_turns(request: Request) -> bool:
    """What is asked once in a while, whatever anybody does: looking for timers, marking a bucket."""
    key = str(request.asked.get("Item", {}).get("about", {}).get("S", ""))
    return request.index == "due" or key.partition("#")[0] == CALENDAR
