"""A world is met again only if nothing about it differs."""

from collections.abc import Callable
from random import Random

import pytest

from tests.simulation.deeds import ask
from tests.simulation.likeness import Met
from tests.simulation.openings import opening
from tests.simulation.world import World, at_work

Change = Callable[[World], object]

CHANGES: dict[str, Change] = {
    "a call": lambda world: world.call(
        ask("update_worker", world.store.of_kind["wrk"][0], {"headline": "?"})
    ),
    "a promise": lambda world: world.promises.clear(),
    "time": lambda world: world.wait(1),
    "an id": lambda world: setattr(world, "numbered", world.numbered + 1),
    "chances": lambda world: world.chance.random(),
    "a message": lambda world: world.poison(),
    "a balance": lambda world: world.store.kept.update(dict.fromkeys(world.store.kept, 1)),
    "a head": lambda world: world.store.heads.popitem(),
    "a clock": lambda world: world.store.due.popitem(),
    "what was read of an index": lambda world: world.store.due_before.update(one=1),
    "an event": lambda world: world.store.events.popitem(),
    "what arrived": lambda world: world.store.arrived.pop(),
    "money at Stripe": lambda world: world.stripe.balance.update(USD=1),
    "an account at Stripe": lambda world: world.stripe.accounts.popitem(),
    "a key at Stripe": lambda world: world.stripe.keys.saved.popitem(),
    "what Stripe's lists show": lambda world: setattr(world.stripe, "lists_lag", 1),
    "what laws remember": lambda world: world.laws.minutes.floors.update(one=1),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_world_is_met_again_unless_anything_differs(change: Change) -> None:
    met, begun = Met(), opening("payday")
    assert not met.again(begun.copy(Random(0)))
    world = begun.copy(Random(0))
    assert met.again(world)
    with at_work(world):
        change(world)
    assert not met.again(world)
