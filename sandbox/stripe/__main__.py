"""`python -m sandbox.stripe --port N [--state FILE]`: a local Stripe on its own, in real time."""

import argparse
import signal
import sys
import threading
import time
from pathlib import Path

from sandbox.stripe import StripeSimulator, serve

TICK_SECONDS = 0.1


class RealClock:
    """The machine's time."""

    def now(self) -> int:
        """Epoch seconds."""
        return int(time.time())


def main() -> int:
    """Serves until SIGTERM or Ctrl-C, then saves the state; 1 when it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.stripe", description="A local Stripe.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any free one)")
    parser.add_argument("--state", type=Path, help="file to continue from and to save to at the end")
    arguments = parser.parse_args()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        simulator = StripeSimulator(clock=RealClock(), state_file=arguments.state)
        server = serve(simulator, arguments.port)
    except (OSError, ValueError) as refused:
        print(f"cannot start: {refused}", file=sys.stderr)
        return 1
    print(f"ready {server.base_url}", flush=True)
    while not stopping.wait(TICK_SECONDS):
        simulator.run_due()
    server.close()
    simulator.save()
    return 0


if __name__ == "__main__":
    sys.exit(main())
