"""`python -m tests.simulation` simulates and reports; `--seed N` plays one story and prints its trace."""

import argparse
import sys

from tests.simulation import report
from tests.simulation.scheduler import play
from tests.simulation.shrink import shrunk

SEEDS = {1: 2_000, 2: 200}


def main() -> int:
    """The exit code: 1 when a law broke or a planted bug lives."""
    options = argparse.ArgumentParser(prog="make simulate")
    options.add_argument("--seed", type=int, help="play this one, step by step")
    options.add_argument("--seeds", type=int, help="how many to play")
    options.add_argument("--first", type=int, default=0, help="the first of them")
    options.add_argument(
        "--level", type=int, choices=report.LEVELS, help="in memory (1) or over the wire (2)"
    )
    options.add_argument("--remember", action="store_true", help="write down where planted bugs are noticed")
    given = options.parse_args()
    if given.remember:
        return 0 if report.remember(print) else 1
    if given.seed is not None:
        return _one(given.seed, given.level or 1)
    levels = report.LEVELS if given.level is None else (given.level,)
    held = []
    for level in levels:
        held.append(report.told(given.first, given.seeds or SEEDS[level], print, level))
        held.append(report.points(print, level))
    held.append(report.mutants(print))
    return 0 if all(held) else 1


def _one(seed: int, level: int) -> int:
    story = play(seed, print, level=level)
    if not story.breach:
        print("every law holds")
        return 0
    print(f"the steps that it takes: {', '.join(map(str, shrunk(seed, level)))}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
