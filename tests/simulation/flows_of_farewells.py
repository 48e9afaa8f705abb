"""Flows of who asks to be forgotten while work or money is on its way to them: a call that began while the
doors were open, and takes effect when they are shut."""

from tests.simulation.calls import Ask
from tests.simulation.deeds import ask, money
from tests.simulation.flows_of_bids import ACCEPT, AWARD, PUBLISH, bid_of
from tests.simulation.flows_of_standing import (
    FORGET,
    FORGET_CLIENT,
    OFF,
    STILL,
    TASK,
    by_newcomer,
    forgotten,
    newcomer,
)
from tests.simulation.steps import Flow, Step, card_pays, first, meanwhile, newest, of_client
from tests.simulation.world import World

BID = (first("cli", "post_task", TASK), PUBLISH, bid_of(-1))
COMPLETE = of_client("complete_contract", "con", "active")
DONE = (*BID, AWARD, ACCEPT, COMPLETE)
BONUS = of_client("pay_bonus", "con", body={"amount": money(333, "USD"), "reason": "thanks"})
TOP_UP = by_newcomer("create_top_up", {"amount": money(5_000, "USD")})


def takes_all(world: World) -> Ask:
    """The worker of the youngest contract withdraws."""
    return ask("create_payout", newest(world, "con").worker_id)


ASKED: tuple[Step, ...] = (FORGET, *OFF)

FAREWELLS = (
    Flow(
        "a worker is to be forgotten as a bonus for what was done long ago is on its way",
        (meanwhile(BONUS, *ASKED), *STILL),
        DONE,
        opening="people",
    ),
    Flow(
        "a worker is to be forgotten as an award is on its way",
        (meanwhile(AWARD, *ASKED), *OFF, *STILL, forgotten),
        BID,
        opening="people",
    ),
    Flow(
        "a client is to be forgotten as a top-up is on its way",
        (meanwhile(TOP_UP, FORGET_CLIENT, *OFF), *STILL, card_pays, *OFF),
        (newcomer,),
        opening="people",
    ),
)
