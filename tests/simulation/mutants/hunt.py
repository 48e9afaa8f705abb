"""Whether the simulation notices each planted bug, and after how many seeds."""

from dataclasses import dataclass

from tests.simulation import crash_points
from tests.simulation.flows import FLOWS, Ended
from tests.simulation.mutants import (
    Mutant,
    at_stripe,
    disputes,
    minutes,
    money,
    payees,
    payouts,
    policies,
    returns,
    storage,
    work,
)
from tests.simulation.scheduler import play
from tests.simulation.story import DEFECT

ALL: tuple[Mutant, ...] = (
    *money.MUTANTS,
    *at_stripe.MUTANTS,
    *work.MUTANTS,
    *minutes.MUTANTS,
    *policies.MUTANTS,
    *returns.MUTANTS,
    *payouts.MUTANTS,
    *storage.MUTANTS,
    *disputes.MUTANTS,
    *payees.MUTANTS,
)
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
        breach = _in_flows(mutant.shown_by) if mutant.shown_by else ""
        if breach:
            return Kill(mutant.name, None, breach)
        found = _in_stories(mutant, range(SEEDS_BEFORE_FLOWS))
        if found is not None:
            return found
        breach = _in_flows() if mutant.level == 1 else ""
        if breach:
            return Kill(mutant.name, None, breach)
        return _in_stories(mutant, range(SEEDS_BEFORE_FLOWS, seeds_max))


def _in_stories(mutant: Mutant, seeds: range) -> Kill | None:
    """A law must break: that the product falls over counts for nothing."""
    for seed in seeds:
        breach = play(seed, level=mutant.level).breach
        if breach and not breach.startswith(DEFECT):
            return Kill(mutant.name, seed + 1, breach)
    return None


def _in_flows(name: str = "") -> str:
    for flow in FLOWS:
        if name not in ("", flow.name):
            continue
        try:
            crash_points.explored(flow, pairs=False)
        except Ended:  # a refusal is no law; what follows it is not told
            continue
        except AssertionError as breach:
            return str(breach)
    return ""
