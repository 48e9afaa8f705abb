"""Flows of people who are kept out, who ask for a copy of what is kept of them, and who are forgotten."""

from functools import partial
from typing import Any

from marketplace.access.use_cases import CreateClient, create_client
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.private import ERASED
from marketplace.shared.running import run
from tests.simulation.calls import OPERATORS, Ask
from tests.simulation.deeds import ask
from tests.simulation.steps import Flow, Step, later, work_off, work_off_twice
from tests.simulation.world import World

DAY_SECONDS = 86_400
WHY = {"reason_code": "requested", "reason": "They asked for it."}
LIFT = {"reason": "They came back."}


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
EXPORT, FORGET = by_worker("request_export"), by_worker("request_worker_erasure")
OFF = (work_off, work_off)

STANDINGS = (
    Flow("a client is kept out, and let in again", (SUSPEND, REINSTATE), opening="people"),
    Flow("a worker is kept out, and let in again", (SHUT, OPEN), opening="people"),
    Flow("a worker's copy is prepared", (EXPORT, work_off_twice, in_state("exp", "ready")), opening="people"),
    Flow("a copy's time is over", (later(40 * DAY_SECONDS),), (EXPORT, *OFF), opening="people"),
    Flow("a worker is forgotten", (FORGET, work_off_twice, forgotten), (EXPORT, *OFF), opening="people"),
    Flow(
        "a client is forgotten",
        (by_operator("request_client_erasure", "cli"), work_off_twice, forgotten),
        (newcomer,),
        opening="people",
    ),
)
