"""`python -m sandbox.stripe`: a local Stripe on its own, in real time.

--port N --state FILE --spec FILE --webhook URL=SECRET --connect-webhook URL=SECRET
"""

import argparse
import signal
import sys
import threading
from pathlib import Path

from sandbox.stripe.alone import Diary, Judge, PassingTime, controls_of
from sandbox.stripe.clock import AdvancingClock
from sandbox.stripe.control_door import ControlDoor
from sandbox.stripe.server import StripeServer, serve
from sandbox.stripe.simulator import StripeSimulator

TICK_SECONDS = 0.1
PORT_MAX = 65_535


def main() -> int:
    """Serves until SIGTERM or Ctrl-C, and saves the state; 1 if it cannot, or strayed from --spec."""
    arguments = _arguments()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        judge = None if arguments.spec is None else Judge(arguments.spec)
        simulator, server, passing = _started(arguments, judge)
        diary = Diary(simulator)
    except (OSError, ValueError, ImportError) as refused:
        print(f"cannot start: {_told(refused)}", file=sys.stderr)
        return 1
    print(f"ready {server.base_url}", flush=True)
    while not stopping.wait(TICK_SECONDS):
        passing.tick()
        diary.tick()
        if judge is not None:
            judge.tell()
    server.close()
    saved = diary.close()
    return 0 if (judge is None or judge.sum_up()) and saved else 1


def _told(refused: Exception) -> str:
    """In one line, with the file first if it is about one."""
    if isinstance(refused, OSError) and refused.filename is not None:
        return f"{refused.filename}: {refused.strerror}"
    return " ".join(str(refused).split())


def _started(
    arguments: argparse.Namespace, judge: Judge | None
) -> tuple[StripeSimulator, StripeServer, PassingTime]:
    state: Path | None = arguments.state
    clock = AdvancingClock(None if state is None else state.with_name(f"{state.name}.clock"))
    inspector = None if judge is None else judge.proof
    simulator = StripeSimulator(clock=clock, state_file=state, inspector=inspector)
    for hooks, connect in ((arguments.webhook, False), (arguments.connect_webhook, True)):
        for url, secret in hooks:
            simulator.register_webhook(url, secret, connect=connect, name=url)
    passing = PassingTime(simulator, clock)
    door = ControlDoor(controls_of(simulator, clock, passing))
    return simulator, serve(simulator, arguments.port, door=door), passing


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox.stripe", description="A local Stripe.")
    parser.add_argument("--port", type=_port, default=0, help="port on 127.0.0.1 (default: any free one)")
    parser.add_argument("--state", type=Path, help="file to continue from and to save to")
    parser.add_argument("--spec", type=Path, help="Stripe's OpenAPI document, to hold every answer to")
    for name, whose in (("--webhook", "the platform's"), ("--connect-webhook", "connected accounts'")):
        parser.add_argument(
            name,
            type=_hook,
            action="append",
            default=[],
            metavar="URL=SECRET",
            help=f"tell it {whose} events",
        )
    return parser.parse_args()


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) <= PORT_MAX):
        message = f"{text!r} is no port"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _hook(text: str) -> tuple[str, str]:
    url, _, secret = text.rpartition("=")
    if not url.startswith(("http://", "https://")) or not secret:
        message = f"{text!r} is no URL=SECRET"
        raise argparse.ArgumentTypeError(message)
    return url, secret


if __name__ == "__main__":
    sys.exit(main())
