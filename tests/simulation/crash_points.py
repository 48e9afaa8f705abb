"""Kills each flow at each of its touches, and money's flows at all pairs, and holds the laws afterwards.

A touch that changes something has two points: before it, and after its effect; a read has one. After a kill
the caller asks again under the same key, the queue delivers again, the timer is still due, and everything
settles. The same is done with every other fault at every touch that knows it. What follows after kills or
faults that leave the very same world behind is played once.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from random import Random

from tests.simulation.faults import FAIR, FAULTS
from tests.simulation.flows import FLOWS, Ended, taken
from tests.simulation.laws import at_rest
from tests.simulation.likeness import Met
from tests.simulation.openings import opening
from tests.simulation.scheduler import OPENINGS
from tests.simulation.settling import calm, come_to_rest, settle
from tests.simulation.steps import Flow
from tests.simulation.world import World, at_work, one_after_the_other

PROMPT_SECONDS = 2 * 3_600
"""After one fault a payout is on its way within this time."""
KEPT = ("held_new_account", "needs_approval")
"""Unless it has a reason to wait."""


@dataclass(frozen=True)
class Points:
    """How many points a flow has, how many were killed, and how many pairs and other faults were tried."""

    flow: str
    points: int
    killed: int
    pairs: int
    faults: int


def prepare(level: int = 1) -> None:
    """Makes every opening, and what each flow needs in place: they are kept, and must not be made by a
    product that has been changed."""
    for name in OPENINGS:
        for encoded in (False, True) if level == 1 else (True,):
            opening(name, encoded=encoded, level=level)
    broken_flows()


@cache
def broken_flows() -> dict[str, str]:
    """Flows that cannot be told even while nothing goes wrong, and why: they show nothing of a planted
    bug."""
    broken = {}
    for flow in FLOWS:
        try:
            points_of(flow)
        except Exception as defect:  # noqa: BLE001  of whatever kind, the flow is to be named
            broken[flow.name] = repr(defect)
    return broken


def points_of(flow: Flow, level: int = 1) -> int:
    """How many points this flow has when nothing goes wrong."""
    world = _begun(flow, level)
    with at_work(world):
        _told(world, flow)
    return world.outside.touches


def kills_of(flow: Flow, *, pairs: bool = True, level: int = 1) -> Iterator[frozenset[int]]:
    """Every point, and for money every two of them; a second kill may hit what the first one's retry does."""
    points = range(1, points_of(flow, level) + 1)
    yield from (frozenset({point}) for point in points)
    if flow.money and pairs:
        yield from (frozenset(pair) for pair in combinations(points, 2))


def faults_of(flow: Flow, level: int = 1) -> Iterator[tuple[int, str]]:
    """Every touch with every fault that is no kill."""
    world = _begun(flow, level)
    world.outside.recorded = {}
    with at_work(world):
        _told(world, flow)
    for number, touch in world.outside.recorded.items():
        yield from (
            (number, fault) for fault in dict.fromkeys(FAULTS[touch]) if not fault.startswith("killed")
        )


def faulty(flow: Flow, number: int, fault: str, met: Met, level: int = 1) -> None:
    """The flow with that fault, and whatever follows; one fault holds no payout up for long."""
    world = _begun(flow, level)
    with at_work(world):
        world.outside.forced = {number: fault}
        with suppress(Ended):
            _told(world, flow)
        world.outside.forced = {}
        if met.again(world):
            return
        settle(world, horizon_seconds=PROMPT_SECONDS)
        for payout in world.heads("pay"):
            waits = payout.status in ("pending", "unknown") and payout.reason not in KEPT
            assert not waits, f"law 11: {payout.id} waits for more than hours"
        _come_to_rest(world)


def killed(flow: Flow, at: frozenset[int], met: Met, level: int = 1) -> None:
    """The flow, killed at these points, and whatever follows. Raises AssertionError when a law breaks."""
    world = _begun(flow, level)
    with at_work(world):
        world.outside.kill_at = at
        _told(world, flow)
        if not met.again(world):
            _come_to_rest(world)


def explored(flow: Flow, *, pairs: bool = True, others: bool = True, level: int = 1) -> Points:
    """All kills of a flow, and all `others`: faults that are no kill. Raises AssertionError that names the
    points."""
    with one_after_the_other():
        return _explored(flow, pairs=pairs, others=others, level=level)


def _explored(flow: Flow, *, pairs: bool, others: bool, level: int) -> Points:
    kills, faults, met, faulted = Counter[int](), 0, Met(), Met()
    for at in kills_of(flow, pairs=pairs, level=level):
        try:
            killed(flow, at, met, level)
        except AssertionError as breach:
            raise AssertionError(f"{flow.name}, killed at {sorted(at)}: {breach}") from breach
        kills[len(at)] += 1
    for number, fault in faults_of(flow, level) if others else ():
        try:
            faulty(flow, number, fault, faulted, level)
        except AssertionError as breach:
            raise AssertionError(f"{flow.name}, {fault} at {number}: {breach}") from breach
        faults += 1
    return Points(flow.name, points_of(flow, level), kills[1], kills[2], faults)


def _come_to_rest(world: World) -> None:
    calm(world)
    come_to_rest(world)
    at_rest.check(world)


def _told(world: World, flow: Flow) -> None:
    for number, step in enumerate(flow.steps):
        taken(world, step, number)


def _begun(flow: Flow, level: int) -> World:
    begun = _before(flow.name, level)
    world = begun.copy(Random(0))
    world.outside.weather = FAIR
    return world


@cache
def _before(name: str, level: int) -> World:
    """The opening, with what the flow needs in place."""
    flow = next(one for one in FLOWS if one.name == name)
    world = opening(flow.opening, encoded=level > 1, level=level).copy(Random(0))
    with at_work(world):
        for number, step in enumerate(flow.before):
            taken(world, step, -1 - number)
    assert not world.unanswered, f"{name} cannot begin: {world.unanswered}"
    return world
