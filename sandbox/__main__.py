"""`python -m sandbox serve` and `python -m sandbox demo`."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

STOP_SECONDS_MAX = 4.5

CANNOT_START = 1


def main(arguments: list[str]) -> int:
    """Runs a command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="sandbox")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="the whole system, staying up in the foreground")
    serving.add_argument("--port", type=_port, default=8000)
    serving.add_argument("--data", type=Path, default=None, help="folder that keeps the state")
    chosen = parser.parse_args(arguments)
    return serve(chosen.port, chosen.data)


def serve(port: int, data: Path | None) -> int:
    """Stays up until SIGTERM or Ctrl-C."""
    from sandbox.cloud import CloudDidNotStart, DeploymentError
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
        return CANNOT_START
    except (CloudDidNotStart, DeploymentError) as error:
        print(f"cannot start: {error}", file=sys.stderr)
        return CANNOT_START
    return 0


def _give_up_after(seconds: float) -> None:
    """Stopping has a limit; the local cloud ends with us however we end."""
    timer = threading.Timer(seconds, os._exit, args=(CANNOT_START,))
    timer.daemon = True
    timer.start()


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65_535:
        raise ValueError(text)
    return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
