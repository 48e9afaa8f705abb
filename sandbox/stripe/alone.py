"""The program that runs by itself: its clock, its webhooks, its proof."""

import sys
import threading
from pathlib import Path
from typing import Any

from sandbox.stripe.clock import AdvancingClock
from sandbox.stripe.control_fields import Members, between
from sandbox.stripe.controls import Control, StripeControls
from sandbox.stripe.simulator import StripeSimulator

ADVANCE_SECONDS_MAX = 3 * 366 * 86_400


class PassingTime:
    """Real time passes by `tick`; `advance` makes it pass faster, everything at its own instant."""

    def __init__(self, simulator: StripeSimulator, clock: AdvancingClock) -> None:
        self._simulator = simulator
        self._clock = clock
        self._lock = threading.Lock()

    def tick(self) -> None:
        """Does what has come due."""
        with self._lock:
            self._simulator.run_due()

    def advance(self, seconds: int) -> None:
        """Moves the clock, running all that comes due on the way."""
        with self._lock:
            target = self._clock.now() + seconds
            self._simulator.run_due()
            while (instant := self._simulator.next_due()) is not None and instant <= target:
                self._clock.move_to(instant)
                self._simulator.run_due()
            self._clock.move_to(target)


def controls_of(simulator: StripeSimulator, clock: AdvancingClock, passing: PassingTime) -> StripeControls:
    """The controls, and those of the clock: `GET /clock`, `POST /clock/advance {seconds}`."""
    controls = StripeControls(simulator)

    def now() -> dict[str, Any]:
        return {"now": clock.now()}

    def advance(seconds: int) -> dict[str, Any]:
        passing.advance(seconds)
        return now()

    controls.add("GET", "/clock", Control(now))
    controls.add(
        "POST", "/clock/advance", Control(advance, Members({"seconds": between(0, ADVANCE_SECONDS_MAX)}))
    )
    return controls


class Judge:
    """Prints what Stripe's document does not know of, as it happens, and the count at the end."""

    def __init__(self, document: Path) -> None:
        """Raises OSError or ValueError when there is no such document."""
        from sandbox.stripe.proof import Proof  # its validator is needed here only
        from sandbox.stripe.spec import Spec

        try:
            self.proof = Proof(Spec.read(document))
        except (KeyError, TypeError) as missing:
            message = f"{document} is no OpenAPI document"
            raise ValueError(message) from missing
        self._told = 0

    def tell(self) -> None:
        """What is new since the last time."""
        strays = self.proof.strays
        for stray in strays[self._told :]:
            print(f"not in Stripe's document: {stray}", file=sys.stderr, flush=True)
        self._told = len(strays)

    def sum_up(self) -> bool:
        """One line; whether everything was in the document."""
        self.tell()
        proof = self.proof
        print(
            f"held to Stripe's document: {proof.requests.total()} requests, {proof.answers.total()} objects, "
            f"{proof.events.total()} events; {proof.stray_count} strays",
            file=sys.stderr,
        )
        return proof.stray_count == 0
