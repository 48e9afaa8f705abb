"""The same steps, drawn by Hypothesis, which makes what fails as small as it can."""

from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.simulation import deeds, turns
from tests.simulation.faults import WEATHERS, Weather
from tests.simulation.laws import at_rest
from tests.simulation.openings import opening
from tests.simulation.scheduler import take_step
from tests.simulation.settling import calm, come_to_rest
from tests.simulation.turns import Turn
from tests.simulation.world import World, at_work

CHANCES = st.randoms(use_true_random=False)


class Market(RuleBasedStateMachine):
    """A world; each rule is one kind of step."""

    world: World | None = None

    @initialize(
        chance=CHANCES,
        name=st.sampled_from(("people", "trading", "payday")),
        weather=st.sampled_from(WEATHERS),
        focus=st.sampled_from(tuple(deeds.FOCI)),
    )
    def begin(self, chance: Random, name: str, weather: Weather, focus: str) -> None:
        self.world = world = opening(name).copy(chance)
        world.outside.weather, world.focus = weather, focus
        world.outside.interleave = lambda: take_step(world)

    def _take(self, turn: Turn, chance: Random) -> None:
        world = self.world
        assert world is not None
        world.chance = world.outside.chance = chance
        with at_work(world):
            turn(world)

    @rule(chance=CHANCES)
    def somebody_calls(self, chance: Random) -> None:
        self._take(turns.somebody_calls, chance)

    @rule(chance=CHANCES)
    def somebody_calls_again(self, chance: Random) -> None:
        self._take(turns.somebody_calls_again, chance)

    @rule(chance=CHANCES)
    def a_message_arrives(self, chance: Random) -> None:
        self._take(turns.a_message_arrives, chance)

    @rule(chance=CHANCES)
    def the_stream_is_relayed(self, chance: Random) -> None:
        self._take(turns.the_stream_is_relayed, chance)

    @rule(chance=CHANCES)
    def a_timer_fires(self, chance: Random) -> None:
        self._take(turns.a_timer_fires, chance)

    @rule(chance=CHANCES)
    def stripe_tells(self, chance: Random) -> None:
        self._take(turns.stripe_tells, chance)

    @rule(chance=CHANCES)
    def the_outside_world_acts(self, chance: Random) -> None:
        self._take(turns.the_outside_world_acts, chance)

    @rule(chance=CHANCES)
    def time_passes(self, chance: Random) -> None:
        self._take(turns.time_passes, chance)

    @rule(chance=CHANCES)
    def what_lagged_arrives(self, chance: Random) -> None:
        self._take(turns.what_lagged_arrives, chance)

    def teardown(self) -> None:
        if self.world is not None:
            with at_work(self.world):
                calm(self.world)
                come_to_rest(self.world)
                at_rest.check(self.world)


def _run(examples: int) -> None:
    limits = settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Market, settings=limits)


def test_hypothesis_finds_no_market_that_breaks_a_law() -> None:
    _run(60)


@pytest.mark.deep
def test_hypothesis_finds_none_in_many_more() -> None:
    _run(2_000)
