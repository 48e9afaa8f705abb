"""Work paid by the piece: handed in, judged by its client or by known answers, and taken back."""

from typing import Any

from tests.simulation.calls import Ask
from tests.simulation.deeds import ask, deed, in_status, one_of
from tests.simulation.world import World

ITEMS = ("one", "two", "three")
ANSWERS = ("cat", "cat", "dog")


@deed("submit_result", 5)
def hand_in(world: World) -> Ask | None:
    contract = one_of(world, "con", lambda row: row.status == "active" and row.pay.model == "per_result")
    if contract is None:
        return None
    body: dict[str, Any] = {"payload": {"label": world.chance.choice(ANSWERS)}}
    if contract.pay.review or world.chance.random() < 0.5:
        body["external_id"] = world.chance.choice(ITEMS)
    return ask("submit_result", contract.worker_id, body, contract_id=contract.id)


@deed("accept_result", 4)
def accept(world: World) -> Ask | None:
    return _on(world, "accept_result", "submitted")


@deed("reject_result", 2)
def reject(world: World) -> Ask | None:
    return _on(world, "reject_result", "submitted", {"reason": "no"})


@deed("reverse_result", 3)
def take_back(world: World) -> Ask | None:
    return _on(world, "reverse_result", "accepted", {"reason": "wrong after all"})


@deed("register_gold_items", 1)
def know(world: World) -> Ask | None:
    task = one_of(world, "task", lambda row: row.pay.review and row.pay.review.policy == "gold")
    if task is None:
        return None
    body = {"items": [{"external_id": world.chance.choice(ITEMS), "expected": "cat"}]}
    return ask("register_gold_items", task.client_id, body, task_id=task.id)


def _on(world: World, operation: str, status: str, body: Any = None) -> Ask | None:
    result = one_of(world, "res", in_status(status))
    return result and ask(operation, result.client_id, body, result_id=result.id)
