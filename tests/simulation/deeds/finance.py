"""What finance decides about payouts, and what workers have paid out by themselves."""

from typing import Any

from tests.simulation.calls import FINANCE, Ask
from tests.simulation.deeds import ask, deed, in_status, money, one_of
from tests.simulation.world import World

INTERVALS = ("daily", "daily", "weekly", "monthly", "manual")


@deed("approve_payout", 3)
def approve(world: World) -> Ask | None:
    payout = one_of(world, "pay", lambda row: row.reason == "needs_approval")
    return payout and ask("approve_payout", world.chance.choice(FINANCE), payout_id=payout.id)


@deed("cancel_payout", 1)
def cancel(world: World) -> Ask | None:
    payout = one_of(world, "pay", in_status("pending", "unknown"))
    return payout and ask("cancel_payout", world.chance.choice(FINANCE), payout_id=payout.id)


@deed("reverse_payout", 2)
def reverse(world: World) -> Ask | None:
    payout = one_of(world, "pay", lambda row: row.status == "failed" and row.at_stripe)
    if payout is None:
        return None
    body: dict[str, Any] = {"reason": "the bank is closed"}
    if world.chance.random() < 0.5:
        part = world.chance.choice((1, max(1, payout.at_stripe // 2), payout.at_stripe + 1))
        body["amount"] = money(part, payout.amount.currency)
    return ask("reverse_payout", world.chance.choice(FINANCE), body, payout_id=payout.id)


@deed("set_payout_schedule", 1)
def schedule(world: World) -> Ask:
    body: dict[str, Any] = {"interval": world.chance.choice(INTERVALS)}
    if world.chance.random() < 0.3:
        body["minimum"] = money(world.chance.choice((100, 5_000)), "USD")
    return ask("set_payout_schedule", world.chance.choice(world.store.of_kind["wrk"]), body)
