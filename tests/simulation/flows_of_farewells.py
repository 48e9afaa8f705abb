"""Flows of who asks to be forgotten while work or money is on its way to them: a call that began while the
doors were open, and takes effect when they are shut."""

from typing import Any

from tests.simulation.calls import Ask
from tests.simulation.deeds import ask, money
from tests.simulation.flows_of_bids import ACCEPT, AWARD, PUBLISH
from tests.simulation.flows_of_results import ACCEPT as ACCEPT_RESULT
from tests.simulation.flows_of_results import REVERSE
from tests.simulation.flows_of_standing import (
    FORGET,
    FORGET_CLIENT,
    OFF,
    SHUT,
    STILL,
    TASK,
    by_newcomer,
    forgotten,
    newcomer,
)
from tests.simulation.steps import (
    Flow,
    Step,
    bank_returns,
    card_pays,
    first,
    later,
    meanwhile,
    newest,
    of_client,
    of_worker,
    tried,
    work_off,
)
from tests.simulation.world import World

DAY_SECONDS = 86_400
CALL_SECONDS = 29
"""How long one lives."""
PIECES = {**TASK, "pay": {"model": "per_result", "unit": money(1_000, "USD"), "quantity": 3}}
FUND = of_client("fund_contract", "con", "active", body={"amount": money(1_000, "USD")})
HAND_IN = of_worker("submit_result", "con", "active", body={"payload": {"label": "cat"}})
COMPLETE = of_client("complete_contract", "con", "active")
BONUS = of_client("pay_bonus", "con", body={"amount": money(333, "USD"), "reason": "thanks"})
TOP_UP = by_newcomer("create_top_up", {"amount": money(5_000, "USD")})


def _posted(task: dict[str, Any]) -> tuple[Step, ...]:
    return first("cli", "post_task", task), PUBLISH


def bid_at(price: int, worker: int = -1) -> Step:
    """That worker's bid on the newest task."""

    def step(world: World) -> Ask:
        body = {"price": money(price, "USD"), "message": "I can."}
        identifier = world.store.of_kind["wrk"][worker]
        return ask("submit_bid", identifier, body, task_id=newest(world, "task").id)

    return step


def of_payee(operation: str) -> Step:
    """A call of the worker of the newest contract about nothing in particular."""
    return lambda world: ask(operation, newest(world, "con").worker_id)


def operator_has_shut(world: World) -> None:
    """Whoever an operator keeps out stays out, although they are not forgotten."""
    if not world.queues.waiting and not world.store.stream:
        assert [row.stands for row in world.heads("spn")] == [True], "law 8: an operator's word is undone"


BID = (*_posted(TASK), bid_at(500))
DONE = (*BID, AWARD, ACCEPT, COMPLETE)
PAID = (*_posted(PIECES), bid_at(1_000, 0), AWARD, ACCEPT, FUND, HAND_IN, ACCEPT_RESULT, COMPLETE)
AT_THE_BANK = (of_payee("create_payout"), *OFF, later(2 * DAY_SECONDS), *OFF, *OFF)
FORGET_PAYEE = of_payee("request_worker_erasure")
FAREWELL = (*STILL, work_off)

FAREWELLS = (
    Flow(
        "a worker is to be forgotten as a bonus for what was done long ago is on its way",
        (meanwhile(BONUS, FORGET, *OFF, later(CALL_SECONDS), *OFF), *FAREWELL),
        DONE,
        opening="people",
    ),
    Flow(
        "a worker is to be forgotten, and is suspended, as a bonus is on its way",
        (meanwhile(BONUS, FORGET, *OFF), SHUT, *FAREWELL, operator_has_shut),
        DONE,
        opening="people",
    ),
    Flow(
        "a bonus for who is forgotten by then",
        (tried(BONUS),),
        (*DONE, FORGET, *OFF, *FAREWELL),
        opening="people",
    ),
    Flow(
        "a worker is to be forgotten as an award is on its way",
        (meanwhile(AWARD, FORGET, *OFF), *OFF, *FAREWELL, forgotten),
        BID,
        opening="people",
    ),
    Flow(
        "a client is to be forgotten as a top-up is on its way",
        (meanwhile(TOP_UP, FORGET_CLIENT, *OFF), *FAREWELL, card_pays, *OFF),
        (newcomer,),
        opening="people",
    ),
    Flow(
        "a worker wants to be forgotten before the bank returns their pay",
        (tried(FORGET_PAYEE), *OFF, *FAREWELL, bank_returns, *OFF),
        (*_posted(TASK), bid_at(500, 0), AWARD, ACCEPT, COMPLETE, BONUS, *AT_THE_BANK),
        opening="people",
    ),
    Flow(
        "a worker wants to be forgotten before their pay is taken back",
        (tried(FORGET_PAYEE), *OFF, *FAREWELL, REVERSE),
        (*PAID, *AT_THE_BANK, later(11 * DAY_SECONDS), *OFF),
        opening="people",
    ),
    Flow(
        "a worker is forgotten when their pay cannot be taken back any more",
        (FORGET_PAYEE, *OFF, *FAREWELL, forgotten, tried(REVERSE)),
        (*PAID, *AT_THE_BANK, later(31 * DAY_SECONDS), *OFF),
        opening="people",
    ),
)
