"""The program that runs by itself: its clock, its webhooks, its state on disk, its proof."""

import sys
import threading
import time
from pathlib import Path
from typing import Any

from sandbox.stripe.clock import AdvancingClock
from sandbox.stripe.control_fields import Members, between
from sandbox.stripe.controls import Control, StripeControls
from sandbox.stripe.couriers import Couriers
from sandbox.stripe.disk import file_read
from sandbox.stripe.simulator import StripeSimulator

ADVANCE_SECONDS_MAX = 3 * 366 * 86_400
SAVE_SECONDS = 1.0
"""How much of its latest past a program that is killed may forget."""


class PassingTime:
    """Real time passes by `tick`; `advance` makes it pass faster, everything at its own instant."""

    def __init__(self, simulator: StripeSimulator, clock: AdvancingClock) -> None:
        self._simulator = simulator
        self._clock = clock
        self._couriers = Couriers()
        self._lock = threading.Lock()

    def tick(self) -> None:
        """Does what has come due, and waits for no webhook; while the clock is being advanced, nothing."""
        if self._lock.acquire(blocking=False):
            try:
                self._simulator.run_due(self._couriers.carry)
            finally:
                self._lock.release()

    def advance(self, seconds: int) -> None:
        """Moves the clock, running all that comes due on the way, and saves the state.

        Webhooks are delivered on the way, too, but for those to an endpoint that hangs. The clock's file is
        always written first: a state is never ahead of its clock.
        """
        with self._lock:
            target = self._clock.now() + seconds
            self._run_due()
            while (instant := self._simulator.next_due()) is not None and instant <= target:
                self._clock.move_to(instant)
                self._run_due()
            self._clock.move_to(target)
            self._simulator.save_changes()

    def _run_due(self) -> None:
        """Everything due by now, and what follows from its deliveries."""
        self._couriers.rest()
        while self._simulator.run_due(self._couriers.carry):
            self._couriers.rest()


class Diary:
    """Saves the state once a second, if anything happened."""

    def __init__(self, simulator: StripeSimulator) -> None:
        """Saves at once, so that a place where nothing can be written is known. Raises OSError."""
        self._simulator = simulator
        self._written_at = time.monotonic()
        simulator.save()

    def tick(self) -> None:
        """Saves what happened, unless that was a moment ago. Says so when it cannot."""
        if time.monotonic() - self._written_at >= SAVE_SECONDS:
            self.close()

    def close(self) -> bool:
        """Saves what happened; whether it could."""
        self._written_at = time.monotonic()
        try:
            self._simulator.save_changes()
        except OSError as refused:
            print(f"cannot save: {refused}", file=sys.stderr, flush=True)
            return False
        return True


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

        with file_read(document, "an OpenAPI document"):
            self.proof = Proof(Spec.read(document))
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
