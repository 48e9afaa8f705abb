"""What was simulated, in figures: seeds, faults, crash points, planted bugs."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from statistics import median

from tests.simulation import crash_points
from tests.simulation.flows import FLOWS
from tests.simulation.mutants import hunt
from tests.simulation.scheduler import play
from tests.simulation.shrink import shrunk
from tests.simulation.story import Story

PIECE = 100
Print = Callable[[str], None]


def stories(seeds: Iterable[int]) -> list[Story]:
    """Each seed's, one after the other."""
    return [play(seed) for seed in seeds]


def told(first: int, count: int, show: Print) -> bool:
    """Plays that many seeds on all cores and shows the figures; whether every law held."""
    cores, begun = os.cpu_count() or 1, time.perf_counter()
    pieces = [range(at, min(at + PIECE, first + count)) for at in range(first, first + count, PIECE)]
    with ProcessPoolExecutor(cores) as pool:
        played = [story for piece in pool.map(stories, pieces) for story in piece]
    seconds = time.perf_counter() - begun
    broken = [story for story in played if story.breach]
    steps, commits = sum(one.steps for one in played), sum(one.commits for one in played)
    show(f"seeds     {count} from {first}, {steps} steps, {commits} events, {len(broken)} broke a law")
    show(f"speed     {count / seconds:.0f} seeds a second on {cores} cores")
    injected: Counter[str] = sum((one.injected for one in played), Counter())
    show(f"faults    {injected.total()}")
    for kind, times in sorted(injected.items()):
        show(f"  {times:8} {kind}")
    for story in broken:
        show(f"BROKEN    seed {story.seed}, needs steps {shrunk(story.seed)}: {story.breach}")
        show(f"          make simulate SEED={story.seed}")
    return not broken


def points(show: Print) -> bool:
    """Explores every flow and shows how many points that were; whether every law held."""
    sums, broken = Counter[str](), 0
    for flow in FLOWS:
        try:
            found = crash_points.explored(flow)
        except AssertionError as breach:
            show(f"BROKEN    {breach}")
            broken += 1
            continue
        sums.update(points=found.points, pairs=found.pairs, faults=found.faults)
    show(f"points    {len(FLOWS)} flows: all {sums['points']} points killed, and {sums['pairs']} pairs")
    show(f"          {sums['faults']} other faults, each at every touch that knows it")
    return not broken


def mutants(show: Print) -> bool:
    """Hunts every planted bug and shows what it took; whether none lives."""
    kills = {mutant.name: hunt.hunted(mutant) for mutant in hunt.ALL}
    found = [kill for kill in kills.values() if kill is not None]
    seeds = [kill.seeds for kill in found if kill.seeds is not None]
    show(f"mutants   {len(found)} of {len(kills)} killed, after a median of {median(seeds):.0f} seeds")
    for name, kill in kills.items():
        if kill is None:
            show(f"  LIVES    {name}")
        else:
            where = "flows" if kill.seeds is None else str(kill.seeds)
            show(f"  {where:>8} {name}: {kill.breach.splitlines()[0][:70]}")
    return len(found) == len(kills)
