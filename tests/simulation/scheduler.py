"""One seed, one story: which step comes next, who takes it, and what goes wrong.

Each step draws from chances of its own, made of the seed and the step's number. So a story can be told
again with steps left out, and the others stay as they were: that is how a failing seed is shrunk.
"""

from bisect import bisect
from collections.abc import Callable, Collection
from itertools import accumulate
from random import Random

from tests.simulation import deeds
from tests.simulation.faults import WEATHERS, Outside
from tests.simulation.laws import at_rest
from tests.simulation.openings import opening
from tests.simulation.settling import calm, come_to_rest
from tests.simulation.story import DEFECT, Story
from tests.simulation.turns import (
    Turn,
    a_message_arrives,
    a_timer_fires,
    somebody_calls,
    somebody_calls_again,
    stripe_tells,
    the_outside_world_acts,
    the_stream_is_relayed,
    time_passes,
    what_lagged_arrives,
)
from tests.simulation.world import World, at_work

OPENINGS = ("trading", "trading", "payday", "payday", "people", "sharing")
STEPS = {1: (20, 35, 55), 2: (10, 20, 30)}
"""By level: how many steps a story may have."""
STEPS_MAX = 1 << 12
ENCODED = 0.01
"""How many stories go through the codec and the doors' rendering."""

STRIPES = ((0, 0), (0, 0), (-30, 0), (30, 300), (0, 500))
"""Stripe's clock less ours, and how long its lists take to show what was made; seconds."""

UNRULED: dict[str, int | None] = {"payout_hold_seconds": 0, "payout_approval_above": None}
RULES = (
    *(UNRULED,) * 3,
    {**UNRULED, "payout_hold_seconds": 3 * 86_400},
    {"payout_hold_seconds": 86_400, "payout_approval_above": 1_500},
    {**UNRULED, "payout_approval_above": 99, "payout_recovery_basis_points": 9_999},
)
"""What a payout waits for: nothing, mostly."""


def play(
    seed: int, say: Callable[[str], None] | None = None, without: Collection[int] = (), *, level: int = 1
) -> Story:
    """The story of `seed`, told line by line to `say`; the steps numbered in `without` are left out."""
    begun, world, steps = _begun(seed, level)
    world.say = say
    story = Story(seed, steps)
    tell = say or _nobody_listens
    tell(f"seed {seed}: about {world.focus}, {steps} steps, {world.outside.weather}")
    with at_work(world):
        try:
            for number in range(steps):
                if number not in without:
                    world.chance.seed(seed * STEPS_MAX + number)
                    tell(f"step {number} at {world.clock.at}")
                    take_step(world)
            world.chance.seed(seed * STEPS_MAX + STEPS_MAX - 1)
            tell("the faults stop")
            calm(world)
            come_to_rest(world)
            at_rest.check(world)
        except Exception as breach:  # noqa: BLE001  a broken law, or a defect that no law speaks of
            broken = isinstance(breach, AssertionError)
            story.breach = str(breach) if broken else f"{DEFECT}: {breach!r}"
            tell(f"BREACH {story.breach}")
    story.commits = len(world.store.events) - len(begun.store.events)
    story.injected = world.outside.injected
    world.outside.interleave = Outside.interleave  # which held the world itself
    return story


def _begun(seed: int, level: int) -> tuple[World, World, int]:
    """The opening, a copy of it in the story's weather, and how many steps there will be."""
    chance = Random(seed)
    name, encoded = chance.choice(OPENINGS), chance.random() < ENCODED
    begun = opening(name, encoded=encoded or level > 1, level=level)
    world = begun.copy(chance)
    world.outside.weather = chance.choice(WEATHERS)
    world.outside.interleave = lambda: take_step(world)
    world.stripe.skew, world.stripe.lists_lag = chance.choice(STRIPES)
    world.focus = chance.choice(tuple(deeds.FOCI))
    world.rule(**chance.choice(RULES))
    steps = chance.choice(STEPS[level])
    world.vary()
    return begun, world, steps


def _nobody_listens(_: str) -> None:
    """Most stories are only told when they end badly."""


def take_step(world: World) -> None:
    """Somebody does something; also called from within another step."""
    skew, weather = world.clock.skew, world.outside.weather
    if weather.skew_seconds:
        world.clock.skew = world.chance.randint(-weather.skew_seconds, weather.skew_seconds)
    weights = _OUTWARD if world.focus in ("money in", "money out", "money back") else _CUMULATED
    turn = _TURNS[bisect(weights, world.chance.random() * weights[-1])]
    if not turn(world):
        somebody_calls(world)
    world.clock.skew = skew


_WEIGHTS: dict[Turn, int] = {
    somebody_calls: 46,
    somebody_calls_again: 6,
    a_message_arrives: 14,
    the_stream_is_relayed: 8,
    a_timer_fires: 8,
    stripe_tells: 10,
    the_outside_world_acts: 6,
    time_passes: 7,
    what_lagged_arrives: 3,
}
_TURNS = tuple(_WEIGHTS)
_CUMULATED = tuple(accumulate(_WEIGHTS.values()))
_OUTWARD = tuple(accumulate(_WEIGHTS.values(), lambda above, weight: above + min(weight, 12)))
"""Where money comes or goes, more of it is the queues', the clocks' and Stripe's than people's."""
