"""`python -m sandbox serve` and `python -m sandbox demo`."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from sandbox.cloud import CloudDidNotStart, DeploymentError
from sandbox.demo import Check, DayRefused, load_market_day, play_market_day
from sandbox.demo.__main__ import DAY, REPORT

STOP_SECONDS_MAX = 4.5

OK, FAILED, REFUSED = 0, 1, 2


def main(arguments: list[str]) -> int:
    """Runs a command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="sandbox")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="the whole system, staying up in the foreground")
    serving.add_argument("--port", type=_port, default=8000)
    serving.add_argument("--data", type=Path, default=None, help="folder that keeps the state")
    playing = commands.add_parser("demo", help="a market day, played over HTTP and judged")
    playing.add_argument("--input", type=Path, default=DAY, help="somebody's own day")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "demo":
            return demo(chosen.input)
        return serve(chosen.port, chosen.data)
    except (CloudDidNotStart, DeploymentError) as error:
        print(f"cannot start: {error}", file=sys.stderr)
        return FAILED


def serve(port: int, data: Path | None) -> int:
    """Stays up until SIGTERM or Ctrl-C."""
    from sandbox.system import System

    asked_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: asked_to_stop.set())
    try:
        with System(port=port, state=data) as system:
            print(f"ready {system.base_url}", flush=True)
            asked_to_stop.wait()
            _give_up_after(STOP_SECONDS_MAX)
    except OSError as error:
        print(f"cannot serve on port {port}: {error.strerror or error}", file=sys.stderr)
        return FAILED
    return OK


def demo(file: Path) -> int:
    """Plays the day in `file`; a file that does not fit is refused before anything starts."""
    from rich.console import Console

    try:
        day = load_market_day(file)
    except (DayRefused, OSError) as refused:
        print(f"{file}: {refused}", file=sys.stderr)
        return REFUSED
    from marketplace import runtime as runtimes
    from marketplace.ledger.audit import LAWS
    from marketplace.storage.audit import audit
    from sandbox.process import SystemProcess

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(FAILED))
    with SystemProcess() as started:

        def laws() -> list[Check]:
            breaches = audit(runtimes.connect(started.settings).store)
            broken = {number: [breach for breach in breaches if breach.law == number] for number in LAWS}
            return [
                Check(f"in the tables alone: {LAWS[number]}", held=not found, detail=str(found or ""))
                for number, found in broken.items()
            ]

        held = play_market_day(started.base_url, day, report=REPORT, console=Console(), extra_checks=laws)
    return OK if held else FAILED


def _give_up_after(seconds: float) -> None:
    """Stopping has a limit; the local cloud ends with us however we end."""
    timer = threading.Timer(seconds, os._exit, args=(FAILED,))
    timer.daemon = True
    timer.start()


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65_535:
        raise ValueError(text)
    return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
