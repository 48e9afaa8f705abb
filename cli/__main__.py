"""`python -m cli COMMAND`: what an operator asks of a deployment, named by the environment's settings.

`python -m cli --sandbox http://127.0.0.1:8000 COMMAND` asks it of what `make serve` runs.
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from cli.audit import report_audit
from cli.carry import carry_riders
from cli.compare import report_compared
from cli.relay import instant, send_again
from cli.told import Untold, runtime_of
from cli.watch import report_unmoved
from marketplace.runtime import Runtime

Command = Callable[[Runtime, argparse.Namespace], int]

COMMANDS: dict[str, tuple[Command, str]] = {
    "audit": (
        lambda runtime, given: report_audit(runtime, at_stripe=given.stripe),
        "check the ledger's laws against the tables; exit code 1 when one is broken, 2 when nothing is there",
    ),
    "watch": (
        lambda runtime, _: report_unmoved(runtime),
        "find overdue payouts and earnings that a schedule left lying; exit code 1 when there are any",
    ),
    "compare": (
        lambda runtime, _: report_compared(runtime),
        "have days that are over, or that something late came into, compared with Stripe, as every hour",
    ),
    "carry": (
        lambda runtime, given: carry_riders(runtime, given.heads),
        "hand on the events that ride on these heads because their stream failed; without ids, on all heads",
    ),
    "relay": (
        lambda runtime, given: send_again(runtime, since=given.since, until=given.until),
        "send the events of a span of real time to their queues once more; consumers take repeats",
    ),
}


def main(arguments: Sequence[str]) -> int:
    """The exit code; 2 where it is not known what to look at."""
    parser = argparse.ArgumentParser(prog="python -m cli")
    parser.add_argument("--sandbox", metavar="URL", help="what `make serve` runs: http://127.0.0.1:8000")
    commands = parser.add_subparsers(dest="command", required=True)
    parsers = {
        name: commands.add_parser(name, help=summary, description=summary)
        for name, (_, summary) in COMMANDS.items()
    }
    for name, meant in (("from", "since"), ("to", "until")):
        parsers["relay"].add_argument(
            f"--{name}", f"--{meant}", dest=meant, type=instant, required=True, help="2026-11-22T03:04:05Z"
        )
    parsers["audit"].add_argument("--stripe", action="store_true", help="compare with Stripe as well (law 6)")
    parsers["carry"].add_argument("heads", nargs="*", metavar="HEAD_ID", help="bid_01k...")
    chosen = parser.parse_args(arguments)
    command, _ = COMMANDS[chosen.command]
    try:
        runtime = runtime_of(chosen.sandbox)
    except Untold as error:
        parser.error(str(error))
    return command(runtime, chosen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
