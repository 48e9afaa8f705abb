"""Flows of work that is paid by the piece."""

from typing import Any

from tests.simulation.calls import Ask
from tests.simulation.deeds import ask, money
from tests.simulation.deeds.clients import AGREEMENT, FIELD
from tests.simulation.steps import (
    Flow,
    Step,
    first,
    later,
    meanwhile,
    newest,
    of_client,
    of_minutes,
    of_worker,
    tried,
    work_off,
)
from tests.simulation.world import World

DAY_SECONDS = 86_400


def hand_in(worker: int = 0, label: str = "cat") -> Step:
    """The answer to an item, on that worker's contract."""

    def step(world: World) -> Ask:
        identifier = world.store.of_kind["wrk"][worker]
        paid = [one for one in world.heads("con") if one.pay.unit and one.worker_id == identifier]
        body = {"payload": {"label": label}, "external_id": "one"}
        return ask("submit_result", identifier, body, contract_id=paid[-1].id)

    return step


def _posted(review: dict[str, Any]) -> tuple[Step, ...]:
    pay = {"model": "per_result", "unit": money(1_000, "USD"), "quantity": 3, "review": review}
    body = {"title": "Label", "description": "Do it.", "category": "data", "pay": pay, "seats": 3}
    return first("cli", "post_task", body), of_client("publish_task", "task", "draft")


def _hired(worker: int) -> tuple[Step, ...]:
    """This worker's contract on the newest task, with money for one result."""

    def bid(world: World) -> Ask:
        body = {"price": money(1_000, "USD"), "message": "I can."}
        return ask("submit_bid", world.store.of_kind["wrk"][worker], body, task_id=newest(world, "task").id)

    return (
        bid,
        of_client("award", "bid", "submitted"),
        of_worker("accept_offer", "con", "offered"),
        of_client("fund_contract", "con", "active", body={"amount": money(1_000, "USD")}),
    )


def withdrawn(world: World) -> Ask:
    """All that the first worker has goes to the bank."""
    return ask("create_payout", world.store.of_kind["wrk"][0])


KNOWN = {"items": [{"external_id": "one", "expected": "cat"}]}
GOLD = (*_posted({"policy": "gold", **FIELD}), *_hired(0))
KNOW = of_client("register_gold_items", "task", body=KNOWN)
AGREED = (*_posted(AGREEMENT), *_hired(0), *_hired(1), *_hired(2))
ACCEPT = of_client("accept_result", "res", "submitted")
ACCEPT_AGAIN = of_client("accept_result", "res", "accepted")
REJECT = of_client("reject_result", "res", "submitted", body={"reason": "no"})
REVERSE = of_client("reverse_result", "res", "accepted", body={"reason": "wrong"})


def _on_pieces(operation: str) -> Step:
    def step(world: World) -> Ask:
        paid = next(one for one in world.heads("con") if one.pay.unit)
        by = paid.worker_id if operation == "cancel_contract" else paid.client_id
        return ask(operation, by, contract_id=paid.id)

    return step


RESULTS = (
    Flow("hand in and accept", (hand_in(), ACCEPT), money=True),
    Flow("accept a result twice", (tried(ACCEPT_AGAIN),), (hand_in(), ACCEPT)),
    Flow("reject a result", (REJECT,), (hand_in(),), money=True),
    Flow("silence accepts a result", (later(8 * DAY_SECONDS),), (hand_in(),), money=True),
    Flow("reverse a result", (REVERSE,), (hand_in(), ACCEPT), money=True),
    Flow(
        "reverse a result whose pay is withdrawn, and recover what is owed",
        (REVERSE, hand_in(1), ACCEPT),
        (hand_in(), ACCEPT, withdrawn, work_off, *_posted({"policy": "manual"}), *_hired(1)),
        money=True,
    ),
    Flow(
        "a worker is paid as a result is taken back",
        (meanwhile(REVERSE, of_minutes("pay_bonus", {"amount": money(500, "USD"), "reason": "thanks"})),),
        (hand_in(), ACCEPT, withdrawn),
    ),
    Flow(
        "reverse a result after the contract's end",
        (REVERSE,),
        (hand_in(), ACCEPT, _on_pieces("complete_contract")),
        money=True,
    ),
    Flow(
        "a worker gives up what waits",
        (_on_pieces("cancel_contract"), work_off),
        (hand_in(),),
        money=True,
    ),
    Flow("a known answer pays", (KNOW, hand_in()), GOLD, money=True),
    Flow("a known answer turns down", (hand_in(label="dog"),), (*GOLD, KNOW), money=True),
    Flow(
        "two who agree are paid, the third is not",
        (hand_in(2, label="dog"), work_off, hand_in(0), work_off, hand_in(1), work_off),
        AGREED,
    ),
    Flow("reverse a result too late", (later(31 * DAY_SECONDS), tried(REVERSE)), (hand_in(), ACCEPT)),
)
