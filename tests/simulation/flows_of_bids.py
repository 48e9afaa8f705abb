"""Flows of bids that nobody sees as their task ends: they look for themselves."""

from tests.simulation.calls import Ask
from tests.simulation.deeds import ask
from tests.simulation.deeds.clients import rate
from tests.simulation.steps import Flow, Step, first, meanwhile, newest, of_client, of_worker, work_off
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


BIDS = (
    Flow("a bid is made as its task closes", (meanwhile(bid_of(0), CLOSE, work_off),), (POST, PUBLISH)),
    Flow(
        "a bid is made as its task is filled",
        (meanwhile(bid_of(0), AWARD, ACCEPT, work_off),),
        (POST, PUBLISH, bid_of(1)),
    ),
)
