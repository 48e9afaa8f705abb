"""`python -m sandbox serve` and `python -m sandbox demo`.

What takes long to import is imported once the signals are ours and the arguments make sense.
"""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

STOP_SECONDS_MAX = 4.5

OK, FAILED, REFUSED = 0, 1, 2


def main(arguments: list[str]) -> int:
    """Runs a command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="sandbox")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="the whole system, staying up in the foreground")
    serving.add_argument("--port", type=_port, default=8000)
    serving.add_argument("--data", type=Path, default=None, help="folder that keeps the state")
    serving.add_argument("--spec", type=Path, default=None, help="Stripe's OpenAPI document, to be held to")
    playing = commands.add_parser("demo", help="a market day, played over HTTP and judged")
    playing.add_argument("--input", type=Path, default=None, help="somebody's own day")
    chosen = parser.parse_args(arguments)
    if chosen.command == "demo":
        return demo(chosen.input)
    return serve(chosen.port, chosen.data, chosen.spec)


def serve(port: int, data: Path | None, spec: Path | None) -> int:
    """Stays up until SIGTERM or Ctrl-C; fails in the end if the local Stripe strayed from a `spec`."""
    asked_to_stop = _end_of_a_pipe_for_signals()
    from sandbox.cloud import CloudDidNotStart, DeploymentError
    from sandbox.stripe.alone import Judge
    from sandbox.system import System

    try:
        judge = None if spec is None else Judge(spec)
    except (OSError, ValueError) as error:
        return _refused(f"cannot start: {error}")
    try:
        if data is not None:
            data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return _refused(f"cannot keep the state in {data}: {error.strerror or error}")
    try:
        with System(port=port, state=data, inspector=None if judge is None else judge.proof) as system:
            print(f"ready {system.base_url}", flush=True)
            os.read(asked_to_stop, 1)
            _give_up_after(STOP_SECONDS_MAX)
    except OSError as error:
        return _refused(f"cannot serve on port {port}: {error.strerror or error}")
    except (CloudDidNotStart, DeploymentError) as error:
        return _refused(f"cannot start: {error}")
    return OK if judge is None or judge.sum_up() else FAILED


def demo(file: Path | None) -> int:
    """Plays the day in `file`; a file that does not fit is refused before anything starts."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(FAILED))
    from rich.console import Console

    from sandbox.demo import DayRefused, load_market_day, play_market_day
    from sandbox.demo.__main__ import DAY, REPORT

    try:
        day = load_market_day(file or DAY)
    except (DayRefused, OSError) as error:
        print(f"{file}: {error}", file=sys.stderr)
        return REFUSED
    from sandbox.cloud import CloudDidNotStart
    from sandbox.laws import checks_of
    from sandbox.process import SystemProcess

    try:
        with SystemProcess() as started:
            held = play_market_day(
                started.base_url,
                day,
                report=REPORT,
                console=Console(),
                extra_checks=lambda: checks_of(started.settings),
            )
    except CloudDidNotStart as error:
        return _refused(f"cannot start: {error}")
    return OK if held else FAILED


def _end_of_a_pipe_for_signals() -> int:
    """What can be read once we are asked to stop. The signal itself writes it: a lock that a handler of ours
    releases is waited for in vain when the signal comes just before the wait, since only the waiting thread
    runs handlers."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return reading


def _refused(why: str) -> int:
    print(why, file=sys.stderr)
    return FAILED


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
