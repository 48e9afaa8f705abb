"""What a seed once found, told as shortly as it can be."""

from dataclasses import replace
from random import Random

from tests.simulation.calls import Answered
from tests.simulation.deeds import ask, money
from tests.simulation.openings import opening
from tests.simulation.world import World, at_work

DAY = 86_400


def test_a_top_up_is_not_opened_twice_when_its_key_may_be_forgotten() -> None:
    """The first request lands ten minutes late, out of a look's sight; the same key is used a day later."""
    world = opening("people").copy(Random(0))
    client, known = world.store.of_kind["cli"][0], len(world.stripe.intents)
    call = replace(ask("create_top_up", client, {"amount": money(5_000, "USD")}), key="once")

    def again() -> Answered:
        return world.call(call)

    with at_work(world):
        world.outside.forced = {world.outside.touches + 3: "late"}
        world.stripe.skew = 300
        assert again().silence == "ProviderUnavailable"
        assert len(world.stripe.keys.under_way) == 1
        world.wait(DAY + 3_600)
        assert len(world.stripe.intents) == known + 1
        assert again().silence == "ProviderUnavailable"
        _fire(world)
        assert '"expired"' in again().text
        assert len(world.stripe.intents) == known + 1


def test_a_call_that_changed_nothing_does_nothing_later_under_its_key() -> None:
    """Somebody else changes the schedule between a call that found it as it wants it and its repetition."""
    world = opening("people").copy(Random(0))
    worker = world.store.of_kind["wrk"][0]

    def chosen(interval: str, key: str) -> Answered:
        return world.call(replace(ask("set_payout_schedule", worker, {"interval": interval}), key=key))

    with at_work(world):
        chosen("manual", "first")
        chosen("manual", "nothing new")
        chosen("weekly", "another")
        assert chosen("manual", "nothing new").replayed
        assert world.heads("psc")[0].interval == "weekly"


def _fire(world: World) -> None:
    for due_at, identifier in world.store.timers():
        if due_at <= world.clock.now():
            world.fire(due_at, identifier)
