"""Flows of bids that nobody sees as their task ends: they look for themselves."""

from typing import Any

from tests.simulation.calls import OPERATORS, Ask
from tests.simulation.deeds import ask
from tests.simulation.deeds.clients import rate
from tests.simulation.steps import (
    Flow,
    Step,
    first,
    meanwhile,
    newest,
    of_client,
    of_worker,
    work_off,
    work_off_twice,
)
from tests.simulation.world import World

TASK = {
    "title": "Work",
    "description": "Do it.",
    "category": "cx",
    "pay": {"model": "per_minute", "rate": rate("100", "USD")},
}
POST = first("cli", "post_task", TASK)
PUBLISH = of_client("publish_task", "task", "draft")
CLOSE = of_client("close_task", "task", "open")
AWARD = of_client("award", "bid", "submitted")
ACCEPT = of_worker("accept_offer", "con", "offered")


def bid_of(number: int) -> Step:
    """That worker's bid on the youngest open task."""

    def step(world: World) -> Ask:
        body = {"price": rate("90", "USD"), "message": "I can."}
        worker = world.store.of_kind["wrk"][number]
        return ask("submit_bid", worker, body, task_id=newest(world, "task", "open").id)

    return step


def suspends(operation: str, body: Any) -> Step:
    """An operator's word about the worker of the youngest bid."""
    return lambda world: ask(operation, OPERATORS[0], body, worker_id=newest(world, "bid").worker_id)


def blocks_no_seat(world: World) -> None:
    """Whatever died, nobody who is kept out holds an offer."""
    if world.queues.waiting or world.store.stream:
        return
    shut = {row.subject_id for row in world.heads("spn") if row.stands}
    held = [con.id for con in world.heads("con") if con.status == "offered" and con.worker_id in shut]
    assert not held, f"law 11: {held} are offers to {shut}"


SHUT = suspends("deactivate_worker", {"reason_code": "conduct", "reason": "Looked into."})
LET_IN = suspends("reinstate_worker", {"reason": "A mistake of ours."})

BIDS = (
    Flow(
        "an offer's worker is kept out, and awarded again later",
        (SHUT, work_off_twice, blocks_no_seat, LET_IN, AWARD, ACCEPT),
        (POST, PUBLISH, bid_of(1), AWARD),
    ),
    Flow(
        "a worker is kept out as their bid is awarded",
        (meanwhile(AWARD, SHUT, work_off), work_off, blocks_no_seat),
        (POST, PUBLISH, bid_of(1)),
    ),
    Flow("a bid is made as its task closes", (meanwhile(bid_of(0), CLOSE, work_off),), (POST, PUBLISH)),
    Flow(
        "a bid is made as its task is filled",
        (meanwhile(bid_of(0), AWARD, ACCEPT, work_off),),
        (POST, PUBLISH, bid_of(1)),
    ),
)
