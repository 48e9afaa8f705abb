"""`python -m cli COMMAND`: what an operator asks of a deployment, named by the environment's settings."""

import argparse
import sys
from collections.abc import Callable, Sequence

from cli.audit import report_audit
from marketplace.runtime import Runtime, connect
from marketplace.settings import Settings

Command = Callable[[Runtime], int]

COMMANDS: dict[str, tuple[Command, str]] = {
    "audit": (report_audit, "check the ledger's laws against the tables; exit code 1 when one is broken"),
}


def main(arguments: Sequence[str]) -> int:
    """The exit code. Raises pydantic.ValidationError when a setting is missing."""
    parser = argparse.ArgumentParser(prog="python -m cli")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, summary) in COMMANDS.items():
        commands.add_parser(name, help=summary, description=summary)
    chosen = parser.parse_args(arguments)
    command, _ = COMMANDS[chosen.command]
    return command(connect(Settings.from_environment()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
