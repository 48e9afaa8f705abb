"""Whether the simulation notices each planted bug, and after how many seeds."""

from dataclasses import dataclass

from tests.simulation import crash_points
from tests.simulation.flows import FLOWS
from tests.simulation.mutants import Mutant, at_stripe, money, work
from tests.simulation.scheduler import play

ALL: tuple[Mutant, ...] = (*money.MUTANTS, *at_stripe.MUTANTS, *work.MUTANTS)
SEEDS_MAX = 1_500
SEEDS_BEFORE_FLOWS = 60
"""After so many seeds the scripted flows are tried with every fault, and then further seeds."""


@dataclass(frozen=True)
class Kill:
    """`seeds` is how many stories it took, None where a scripted flow told first; `breach` names the law."""

    mutant: str
    seeds: int | None
    breach: str


def hunted(mutant: Mutant, seeds_max: int = SEEDS_MAX) -> Kill | None:
    """How it was noticed; None if it was not."""
    with mutant.planted():
        for seed in range(SEEDS_BEFORE_FLOWS):
            story = play(seed)
            if story.breach:
                return Kill(mutant.name, seed + 1, story.breach)
        breach = _in_flows()
        if breach:
            return Kill(mutant.name, None, breach)
        for seed in range(SEEDS_BEFORE_FLOWS, seeds_max):
            story = play(seed)
            if story.breach:
                return Kill(mutant.name, seed + 1, story.breach)
    return None


def _in_flows() -> str:
    for flow in FLOWS:
        try:
            crash_points.explored(flow, pairs=False)
        except AssertionError as breach:
            return str(breach)
    return ""
