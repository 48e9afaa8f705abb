"""What was simulated, in figures: seeds, faults, crash points, planted bugs."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from statistics import median

from tests.simulation import crash_points
from tests.simulation.flows import FLOWS
from tests.simulation.mutants import hunt
from tests.simulation.scheduler import play
from tests.simulation.shrink import shrunk
from tests.simulation.story import Story
from tests.simulation.world import one_after_the_other

LEVELS = (1, 2)
PIECE = {1: 100, 2: 10}
TOLD_SECONDS = 10
"""Between two words of how far it is."""
Print = Callable[[str], None]


def stories(seeds: Iterable[int], level: int = 1) -> list[Story]:
    """Each seed's, one after the other."""
    with one_after_the_other():
        return [play(seed, level=level) for seed in seeds]


def told(first: int, count: int, show: Print, level: int = 1) -> bool:
    """Plays that many seeds on all cores and shows the figures; whether every law held."""
    cores, begun = os.cpu_count() or 1, time.perf_counter()
    size, end = PIECE[level], first + count
    pieces = [range(at, min(at + size, end)) for at in range(first, end, size)]
    played: list[Story] = []
    next_word = begun + TOLD_SECONDS
    with ProcessPoolExecutor(cores) as pool:
        for piece in pool.map(partial(stories, level=level), pieces):
            played += piece
            if time.perf_counter() > next_word:
                show(f"          {len(played)} of {count} seeds played")
                next_word = time.perf_counter() + TOLD_SECONDS
    seconds = time.perf_counter() - begun
    broken = [story for story in played if story.breach]
    steps, commits = sum(one.steps for one in played), sum(one.commits for one in played)
    whole = f"{count} seeds from {first}, {steps} steps, {commits} events"
    show(f"level {level}   {whole}, {len(broken)} broke a law")
    show(f"speed     {count / seconds:.0f} seeds, {steps / seconds:.0f} steps a second on {cores} cores")
    injected: Counter[str] = sum((one.injected for one in played), Counter())
    show(f"faults    {injected.total()}")
    for kind, times in sorted(injected.items()):
        show(f"  {times:8} {kind}")
    for story in broken:
        show(f"BROKEN    seed {story.seed}, needs steps {shrunk(story.seed, level)}: {story.breach}")
        show(f"          make simulate LEVEL={level} SEED={story.seed}")
    return not broken


def points(show: Print, level: int = 1) -> bool:
    """Explores every flow and shows how many points that were; whether every law held. At the second level
    the flows that move money are killed at every request; the rest of it is what `make test-deep` does."""
    sums, broken = Counter[str](), 0
    flows = [number for number, flow in enumerate(FLOWS) if flow.money or level == 1]
    show(f"points    level {level}: killed of enumerated, pairs, other faults")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(partial(explored, level, others=level == 1), flows):
            if isinstance(found, str):
                show(f"BROKEN    {found}")
                broken += 1
                continue
            sums.update(points=found.points, killed=found.killed, pairs=found.pairs, faults=found.faults)
            show(f"  {found.killed:3} of {found.points:3} {found.pairs:5} {found.faults:4} {found.flow}")
    told = f"{sums['killed']} of {sums['points']} points killed, and {sums['pairs']} pairs"
    show(f"          {len(flows)} flows: {told}; {sums['faults']} other faults")
    return not broken


def explored(level: int, number: int, *, others: bool) -> crash_points.Points | str:
    """The flow of that number with all its kills and, if wanted, other faults; or what broke."""
    try:
        return crash_points.explored(FLOWS[number], pairs=level == 1, others=others, level=level)
    except AssertionError as breach:
        return str(breach)


def mutants(show: Print) -> bool:
    """Hunts every planted bug and shows what it took; whether none lives."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        kills = dict(zip(hunt.ALL, pool.map(hunted, range(len(hunt.ALL))), strict=True))
    for level in LEVELS:
        ours = {mutant.name: kill for mutant, kill in kills.items() if mutant.level == level}
        found = [kill for kill in ours.values() if kill is not None]
        seeds = [kill.seeds for kill in found if kill.seeds is not None]
        told = f"{len(seeds)} in stories, after a median of {median(seeds or [0]):.0f} seeds"
        in_flows = len(found) - len(seeds)
        show(f"mutants   level {level}: {len(found)} of {len(ours)} killed: {told}, {in_flows} in flows")
        for name, kill in ours.items():
            if kill is None:
                show(f"  LIVES    {name}")
            else:
                where = "flows" if kill.seeds is None else str(kill.seeds)
                show(f"  {where:>8} {name}: {kill.breach.splitlines()[0][:70]}")
    return None not in kills.values()


def hunted(number: int) -> hunt.Kill | None:
    """How the planted bug of that number was noticed."""
    return hunt.hunted(hunt.ALL[number])


def remember(show: Print) -> bool:
    """Writes down where each planted bug is noticed, for `make test`; whether none lives."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        kills = dict(zip(hunt.ALL, pool.map(noticed, range(len(hunt.ALL))), strict=True))
    hunt.remember(kill for kill in kills.values() if kill is not None)
    for mutant, kill in kills.items():
        if kill is None:
            show(f"  LIVES    {mutant.name}")
    show(f"{len(hunt.ALL)} planted bugs, where they were noticed is in {hunt.NOTICED.name}")
    return None not in kills.values()


def noticed(number: int) -> hunt.Kill | None:
    """How the planted bug of that number was noticed, where it was last time if it still is."""
    return hunt.noticed(hunt.ALL[number])
