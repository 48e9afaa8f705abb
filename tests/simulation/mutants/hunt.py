"""Whether the simulation notices each planted bug, and after how many seeds.

`hunted` begins at seed 0, whatever was found before. `noticed` looks first where `noticed.json` says that the
bug told last: a seed or a flow. Where the product has changed so much that this tells no more, it hunts.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tests.simulation import crash_points
from tests.simulation.flows import FLOWS
from tests.simulation.mutants import (
    Mutant,
    at_stripe,
    disputes,
    farewells,
    late_lines,
    minutes,
    money,
    onboarding,
    payees,
    payouts,
    periods,
    policies,
    returns,
    storage,
    visitors,
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
    *onboarding.MUTANTS,
    *farewells.MUTANTS,
    *visitors.MUTANTS,
    *periods.MUTANTS,
    *late_lines.MUTANTS,
)
NOTICED = Path(__file__).with_name("noticed.json")
OVER_THE_WIRE = Path(__file__).with_name("noticed_over_the_wire.json")
"""Bugs that are hunted at the first level, and were noticed at the second as well."""
SEEDS_MAX = 1_500
SEEDS_BEFORE_FLOWS = 60
"""After so many seeds the scripted flows are tried with every fault, and then further seeds."""

Place = dict[str, int | str]
"""`{"seed": 7}` or `{"flow": "fund"}`."""


@dataclass(frozen=True)
class Kill:
    """`seeds` is how many stories it took, None where a scripted `flow` told first; `breach` names the
    law."""

    mutant: str
    seeds: int | None
    breach: str
    flow: str = ""

    @property
    def place(self) -> Place:
        """Where to look first the next time."""
        return {"flow": self.flow} if self.seeds is None else {"seed": self.seeds - 1}


def noticed(mutant: Mutant) -> Kill | None:
    """How it was noticed, where it was last time if it still is; None if it was not."""
    return _at(mutant, _remembered(NOTICED).get(mutant.name, {})) or hunted(mutant)


def over_the_wire() -> dict[str, Place]:
    """Where bugs of the first level were noticed at the second."""
    return _remembered(OVER_THE_WIRE)


def noticed_over_the_wire(name: str) -> Kill | None:
    """How that bug of the first level was noticed at the second, looked for as `noticed` does."""
    mutant = replace(next(one for one in ALL if one.name == name), level=2)
    return _at(mutant, over_the_wire()[name]) or hunted(mutant)


def _at(mutant: Mutant, place: Place) -> Kill | None:
    with mutant.planted():
        if "seed" in place:
            return _in_stories(mutant, (int(place["seed"]),))
        return _in_flows(mutant, str(place["flow"])) if "flow" in place else None


def hunted(mutant: Mutant, seeds_max: int = SEEDS_MAX) -> Kill | None:
    """How it was noticed; None if it was not."""
    with mutant.planted():
        return (
            (_in_flows(mutant, mutant.shown_by) if mutant.shown_by else None)
            or _in_stories(mutant, range(SEEDS_BEFORE_FLOWS))
            or (_in_flows(mutant) if mutant.level == 1 else None)
            or _in_stories(mutant, range(SEEDS_BEFORE_FLOWS, seeds_max))
        )


def remember(kills: Iterable[Kill]) -> None:
    """Writes down where each was noticed."""
    places = {kill.mutant: kill.place for kill in kills}
    rows = [f"  {json.dumps(name)}: {json.dumps(places[name])}" for name in sorted(places)]
    NOTICED.write_text("{\n" + ",\n".join(rows) + "\n}\n")
    _remembered.cache_clear()


@cache
def _remembered(file: Path) -> dict[str, Place]:
    places: dict[str, Place] = json.loads(file.read_text()) if file.exists() else {}
    return places


def _in_stories(mutant: Mutant, seeds: Iterable[int]) -> Kill | None:
    """A law must break: that the product falls over counts for nothing."""
    for seed in seeds:
        breach = play(seed, level=mutant.level).breach
        if breach and not breach.startswith(DEFECT):
            return Kill(mutant.name, seed + 1, breach)
    return None


def _in_flows(mutant: Mutant, name: str = "") -> Kill | None:
    for flow in FLOWS:
        if name not in ("", flow.name) or flow.name in crash_points.broken_flows():
            continue
        try:
            crash_points.explored(flow, pairs=False, level=mutant.level)
        except AssertionError as breach:
            return Kill(mutant.name, None, str(breach), flow.name)
        except Exception:  # noqa: BLE001  a refusal or a defect is no law; what follows it is not told
            continue
    return None
