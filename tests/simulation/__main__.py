"""`python -m tests.simulation` simulates and reports; `--seed N` plays one story and prints its trace."""

import argparse
import sys

from tests.simulation import report
from tests.simulation.scheduler import play
from tests.simulation.shrink import shrunk

SEEDS = 2_000


def main() -> int:
    """The exit code: 1 when a law broke or a planted bug lives."""
    options = argparse.ArgumentParser(prog="make simulate")
    options.add_argument("--seed", type=int, help="play this one, step by step")
    options.add_argument("--seeds", type=int, default=SEEDS, help="how many to play")
    options.add_argument("--first", type=int, default=0, help="the first of them")
    given = options.parse_args()
    if given.seed is not None:
        return _one(given.seed)
    held = [report.told(given.first, given.seeds, print), report.points(print), report.mutants(print)]
    return 0 if all(held) else 1


def _one(seed: int) -> int:
    story = play(seed, print)
    if not story.breach:
        print("every law holds")
        return 0
    print(f"the steps that it takes: {', '.join(map(str, shrunk(seed)))}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
