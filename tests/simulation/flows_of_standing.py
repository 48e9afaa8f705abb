"""Flows of people who are kept out, who ask for a copy of what is kept of them, and who are forgotten."""

from functools import partial
from typing import Any

from marketplace.access.use_cases import CreateClient, create_client
from marketplace.people.privacy import STILL_SECONDS
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.private import ERASED
from marketplace.shared.running import run
from tests.simulation.calls import OPERATORS, Ask
from tests.simulation.deeds import ask, money
from tests.simulation.steps import Flow, Step, later, newest, work_off, work_off_twice
from tests.simulation.world import World

DAY_SECONDS = 86_400
WHY = {"reason_code": "requested", "reason": "They asked for it."}
LIFT = {"reason": "They came back."}
PAY = {"model": "milestone", "budget": money(500, "USD")}
TASK = {"title": "Work", "description": "Do it.", "category": "cx", "pay": PAY}


def by_operator(operation: str, prefix: str, body: Any = None) -> Step:
    """About the youngest client or worker, who has neither money nor work."""

    def step(world: World) -> Ask:
        path = {"cli": "client_id", "wrk": "worker_id"}[prefix]
        return ask(operation, OPERATORS[0], body, **{path: world.store.of_kind[prefix][-1]})

    return step


def by_worker(operation: str) -> Step:
    return lambda world: ask(operation, world.store.of_kind["wrk"][-1])


def newcomer(world: World) -> None:
    """A client who has done nothing yet."""
    names = (new_id("cli"), new_id("key"), "Newcomer", "US", "new@example.com")
    cause = Cause(new_id("evt"), "operator", new_id("req"), world.clock.now())
    run(world.store, cause, partial(create_client, CreateClient(*names, live=False)))


def by_newcomer(operation: str, body: Any = None) -> Step:
    """The newcomer's call, about its newest task where there is one."""

    def step(world: World) -> Ask:
        client_id = world.store.of_kind["cli"][-1]
        tasks = [row.id for row in world.heads("task") if row.client_id == client_id]
        path = {"task_id": tasks[-1]} if tasks else {}
        return ask(operation, client_id, body, **path)

    return step


def bids(world: World) -> Ask:
    """The first worker, on the newest task."""
    body = {"price": money(500, "USD"), "message": "I."}
    return ask("submit_bid", world.store.of_kind["wrk"][0], body, task_id=newest(world, "task").id)


def withdrawn(world: World) -> None:
    """Who is forgotten offers nothing, and whoever has bid is told why that came to nothing."""
    gone = {row.subject_id for row in world.heads("ers") if row.status == "erased"}
    for task in world.heads("task"):
        assert task.client_id not in gone or task.status == "closed", f"standing: {task.id} is {task.status}"
    for bid in world.heads("bid"):
        if bid.client_id in gone:
            why = bid.declined and bid.declined.code
            assert (bid.status, why) == ("expired", "client_left"), (
                f"standing: {bid.id} is {bid.status}, {why}"
            )


def in_state(prefix: str, status: str) -> Step:
    """Whatever died, it has come to this."""

    def step(world: World) -> None:
        if not world.queues.waiting and not world.store.stream:
            assert [row.status for row in world.heads(prefix)] == [status], f"law 11: no {prefix} is {status}"

    return step


def forgotten(world: World) -> None:
    """Who was erased is known no more."""
    for erasure in world.heads("ers"):
        if erasure.status == "erased":
            person = world.head(erasure.subject_id)
            known = person.name != ERASED if person.id.startswith("wrk_") else bool(person.email)
            assert not known, f"law 8: {person.id} is kept"


SUSPEND, REINSTATE = by_operator("suspend_client", "cli", WHY), by_operator("reinstate_client", "cli", LIFT)
SHUT, OPEN = by_operator("deactivate_worker", "wrk", WHY), by_operator("reinstate_worker", "wrk", LIFT)
FORGET_CLIENT = by_operator("request_client_erasure", "cli")
EXPORT, FORGET = by_worker("request_export"), by_worker("request_worker_erasure")
OFF = (work_off, work_off)
STILL = (later(STILL_SECONDS), work_off_twice, work_off_twice, work_off_twice)
"""The doors are shut, and in the end it is looked at again."""

STANDINGS = (
    Flow("a client is kept out, and let in again", (SUSPEND, REINSTATE), opening="people"),
    Flow("a worker is kept out, and let in again", (SHUT, OPEN), opening="people"),
    Flow("a worker's copy is prepared", (EXPORT, work_off_twice, in_state("exp", "ready")), opening="people"),
    Flow(
        "a client's copy is prepared",
        (by_newcomer("request_client_export"), work_off_twice, in_state("exp", "ready")),
        (newcomer, by_newcomer("post_task", TASK)),
        opening="people",
    ),
    Flow("a copy's time is over", (later(40 * DAY_SECONDS),), (EXPORT, *OFF), opening="people"),
    Flow(
        "a worker is forgotten",
        (FORGET, work_off_twice, *STILL, forgotten),
        (EXPORT, *OFF),
        opening="people",
    ),
    Flow(
        "a client is forgotten",
        (FORGET_CLIENT, work_off_twice, *STILL, forgotten, withdrawn),
        (
            newcomer,
            by_newcomer("post_task", TASK),
            by_newcomer("publish_task"),
            bids,
            by_newcomer("post_task", TASK),
        ),
        opening="people",
    ),
)
