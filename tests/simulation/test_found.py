"""What a seed once found, told as shortly as it can be."""

from dataclasses import replace
from random import Random

import pytest

from tests.simulation.calls import Answered, Ask
from tests.simulation.deeds import ask, money
from tests.simulation.faults import COMMIT, FAIR, Weather
from tests.simulation.flows_of_bids import CLOSE, POST, PUBLISH, bid_of
from tests.simulation.laws import at_rest
from tests.simulation.openings import opening
from tests.simulation.queues import POISON
from tests.simulation.settling import calm, come_to_rest
from tests.simulation.steps import Step, newest, work_off
from tests.simulation.turns import a_message_arrives
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


def test_a_top_up_that_is_paid_is_not_opened_again_when_its_key_may_be_forgotten() -> None:
    """Its payment was opened late, out of a look's sight, and paid; the same key is used a day later."""
    world = opening("people").copy(Random(0))
    client, known = world.store.of_kind["cli"][0], len(world.stripe.intents)
    call = replace(ask("create_top_up", client, {"amount": money(5_000, "USD")}), key="once")
    with at_work(world):
        world.outside.forced = {world.outside.touches + 3: "late"}
        world.stripe.skew = 600
        assert world.call(call).silence == "ProviderUnavailable"
        world.wait(3_600)
        world.stripe.pay(list(world.stripe.intents)[-1], fee=0)
        work_off(world)
        world.wait(DAY + 3_600)
        assert '"succeeded"' in world.call(call).text
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


def test_a_bid_that_commits_after_its_task_has_closed_looks_for_itself() -> None:
    """Its task is closed, and all its bids are let go, between the bid's look at the task and its commit."""
    world, touched = _a_task(), dict[int, str]()

    def close() -> None:
        if touched[world.outside.touches] == COMMIT:
            world.outside.weather = FAIR
            _do(world, CLOSE)
            work_off(world)

    with at_work(world):
        world.outside.recorded, world.outside.interleave = touched, close
        world.outside.weather = Weather(interleaving=1.0)
        assert _do(world, bid_of(0)).text
        _rest(world)
    assert newest(world, "bid").status == "expired"


def test_a_bid_that_arrives_after_its_task_has_closed_looks_for_itself() -> None:
    """Its commit lands late, its look for it comes to nothing, and whoever made it does not ask again."""
    world, touched = _a_task(), dict[int, str]()
    twin = world.copy(Random(0))
    twin.outside.recorded = touched
    with at_work(twin):
        _do(twin, bid_of(0))
    commit = next(number for number, touch in touched.items() if touch == COMMIT)
    with at_work(world):
        world.outside.forced = {commit: "late", commit + 1: "throttled"}
        assert _do(world, bid_of(0)).silence
        _do(world, CLOSE)
        work_off(world)
        _rest(world)
    assert newest(world, "bid").status == "expired"


def _a_task() -> World:
    world = opening("people").copy(Random(0))
    with at_work(world):
        _do(world, POST)
        _do(world, PUBLISH)
    return world.copy(Random(0))


def _do(world: World, step: Step) -> Answered:
    told = step(world)
    assert isinstance(told, Ask)
    return world.call(told)


def _rest(world: World) -> None:
    calm(world)
    come_to_rest(world)
    at_rest.check(world)


def _fire(world: World) -> None:
    for due_at, identifier in world.store.timers():
        if due_at <= world.clock.now():
            world.fire(due_at, identifier)


@pytest.mark.parametrize("seed", range(4))
def test_a_message_that_comes_twice_is_delivered_twice(seed: int) -> None:
    """The twin left the queue with the first that was delivered, alone or with others."""
    world = opening("people").copy(Random(seed))
    world.outside.weather = Weather(duplicates=1.0)
    with at_work(world):
        world.queues.waiting.clear()
        world.poison()
        assert a_message_arrives(world)
        assert [message.event_id for message in world.queues.waiting] == [POISON, POISON]
