"""Kills each flow at each of its touches, and money's flows at all pairs, and holds the laws afterwards.

A touch that changes something has two points: before it, and after its effect; a read has one. After a kill
the caller asks again under the same key, the queue delivers again, the timer is still due, and everything
settles.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from random import Random

from tests.simulation.faults import FAIR
from tests.simulation.flows import FLOWS, Flow, taken
from tests.simulation.laws import at_rest
from tests.simulation.openings import opening
from tests.simulation.settling import calm, settle
from tests.simulation.world import World, at_work


@dataclass(frozen=True)
class Points:
    """How many points a flow has, and how many kills were tried."""

    flow: str
    points: int
    singles: int
    pairs: int


def points_of(flow: Flow) -> int:
    """How many points this flow has when nothing goes wrong."""
    world = _begun(flow)
    with at_work(world):
        _told(world, flow)
    return world.outside.touches


def kills_of(flow: Flow) -> Iterator[frozenset[int]]:
    """Every point, and for money every two of them; a second kill may hit what the first one's retry does."""
    points = range(1, points_of(flow) + 1)
    yield from (frozenset({point}) for point in points)
    if flow.money:
        yield from (frozenset(pair) for pair in combinations(points, 2))


def killed(flow: Flow, at: frozenset[int]) -> None:
    """The flow, killed at these points, and whatever follows. Raises AssertionError when a law breaks."""
    world = _begun(flow)
    with at_work(world):
        world.outside.kill_at = at
        _told(world, flow)
        calm(world)
        settle(world)
        at_rest.check(world)


def explored(flow: Flow) -> Points:
    """All kills of a flow. Raises AssertionError that names the points."""
    singles = pairs = 0
    for at in kills_of(flow):
        try:
            killed(flow, at)
        except AssertionError as breach:
            raise AssertionError(f"{flow.name}, killed at {sorted(at)}: {breach}") from breach
        singles, pairs = singles + (len(at) == 1), pairs + (len(at) == 2)
    return Points(flow.name, singles, singles, pairs)


def all_explored() -> list[Points]:
    """Every flow."""
    return [explored(flow) for flow in FLOWS]


def _told(world: World, flow: Flow) -> None:
    for number, step in enumerate(flow.steps):
        taken(world, step, number)


def _begun(flow: Flow) -> World:
    begun = _before(flow.name)
    world = begun.copy(Random(0))
    world.outside.weather = FAIR
    return world


@cache
def _before(name: str) -> World:
    """The opening, with what the flow needs in place."""
    flow = next(one for one in FLOWS if one.name == name)
    world = opening("trading").copy(Random(0))
    with at_work(world):
        for number, step in enumerate(flow.before):
            taken(world, step, -1 - number)
    assert not world.unanswered, f"{name} cannot begin: {world.unanswered}"
    return world
