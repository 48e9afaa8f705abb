"""How fast bad days are played: `python -m benchmarks.simulation` prints seeds and steps a CPU second.

CPU seconds of one process, so that it tells the same while others load the machine; `--level 2` is the same
product over PynamoDB and botocore.
"""

import argparse
import time

from tests.simulation.report import LEVELS, stories

WARM_UP, PIECE, PIECES = 50, 50, 12


def main() -> None:
    """Prints the figures of the best and of all pieces."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.simulation")
    options.add_argument("--pieces", type=int, default=PIECES, help=f"how many times {PIECE} seeds")
    options.add_argument("--level", type=int, choices=LEVELS, default=1, help="2: over the wire")
    given = options.parse_args()
    stories(range(WARM_UP), given.level)
    took, steps, faults = [], 0, 0
    for piece in range(given.pieces):
        begun = time.process_time()
        played = stories(range(piece * PIECE, (piece + 1) * PIECE), given.level)
        took.append(time.process_time() - begun)
        steps += sum(one.steps for one in played)
        faults += sum(one.injected.total() for one in played)
    seeds, seconds = given.pieces * PIECE, sum(took)
    print(f"{seeds} seeds, {steps} steps, {faults} faults in {seconds:.1f} CPU seconds")
    print(f"{seeds / seconds:.0f} seeds, {steps / seconds:.0f} steps a second and core")
    print(f"{PIECE / min(took):.0f} seeds a second in the best piece")


if __name__ == "__main__":
    main()
