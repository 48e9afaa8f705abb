"""Settling, and moving the clock so that everything happens at its own instant and in order.

    advance: settle ─> the earliest thing due, of our timers, the local Stripe's and what is done every day
             ─> move there, run it, settle ─> ... ─> move to the target

A background thread does the same in real time while nobody advances.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chalicelib.log import logger
from chalicelib.schedules import fire_all, fire_once
from marketplace.runtime import Runtime
from marketplace.storage.ledger import seal
from sandbox.calendar import Calendar
from sandbox.clock import MovableClock
from sandbox.pump import Pump
from sandbox.stripe import StripeSimulator

SETTLE_SECONDS_MAX = 30.0
IDLE_SECONDS = 0.5
PAUSE_SECONDS = 0.02
"""Between two looks at what is under way or will come again."""
TIMER_SECONDS = 1.0
SEAL_SECONDS = 300.0
NIGHTLY_RUNS_MAX = 160
"""In one advance, so that a jump of years is answered: a month of nights. What is left out is done once, when
the jump is over."""
SAVE_SECONDS = 1.0
"""How much of its life the local Stripe may forget in a crash."""


class PassingTime:
    """One lock: either time is moved by a caller, or the background thread looks after things."""

    def __init__(
        self,
        runtime: Runtime,
        clock: MovableClock,
        pump: Pump,
        stripe: StripeSimulator,
        calendar: Calendar,
    ) -> None:
        self._runtime = runtime
        self.calendar = calendar
        self._clock = clock
        self._pump = pump
        self._stripe = stripe
        self._nightly_runs_left = 0
        self._lock = threading.RLock()
        self._stirred = threading.Event()
        self._stopping = threading.Event()
        work: dict[str, tuple[Callable[[], None], float]] = {
            "pump": (self._turn, 0.0),
            "timers": (self._fire, TIMER_SECONDS),
            "seals": (self._seal, SEAL_SECONDS),
            "saves": (self._stripe.save, SAVE_SECONDS),
        }
        self._threads = [
            threading.Thread(target=self._repeat, args=how, name=name, daemon=True)
            for name, how in work.items()
        ]

    def start(self) -> None:
        """Starts the pollers and the timers."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds_max: float) -> None:
        """Ends the background work; what is under way is finished."""
        self._stopping.set()
        self._stirred.set()
        for thread in self._threads:
            thread.join(seconds_max)

    def stir(self) -> None:
        """Something may have been written: the pump looks at once."""
        self._stirred.set()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Meanwhile nothing works in the background."""
        with self._lock:
            yield

    def settle(self) -> dict[str, int]:
        """Drains the stream and all queues; what is left after the limit, by queue."""
        with self._lock:
            return self._pump.drain(SETTLE_SECONDS_MAX)

    def advance(self, seconds: int) -> int:
        """Moves the clock by `seconds`, running all that comes due on the way; gives the new now."""
        with self._lock:
            was_frozen = self._clock.frozen
            self._clock.freeze()
            target, self._nightly_runs_left = self._clock.now() + seconds, NIGHTLY_RUNS_MAX
            while (instant := self._run_now()) is not None and instant <= target:
                self._clock.move_to(instant)
            self._clock.move_to(target)
            if self.calendar.run_due():
                self._pump.drain(SETTLE_SECONDS_MAX)
            if not was_frozen:
                self._clock.resume()
            return self._clock.now()

    def _run_now(self) -> int | None:
        """All that is due at this instant and what follows from it; the next instant at which more is."""
        if self._nightly_runs_left > 0:
            self._nightly_runs_left -= self.calendar.run_due()
        self._pump.drain(SETTLE_SECONDS_MAX)
        while (firing := fire_once(self._runtime)).fired or firing.put_off:
            self._pump.drain(SETTLE_SECONDS_MAX)
        now = self._clock.now()
        night = self.calendar.next_due() if self._nightly_runs_left > 0 else None
        instants = (firing.next_due, self._stripe.next_due(), night)
        return min((instant for instant in instants if instant is not None and instant > now), default=None)

    def _turn(self) -> None:
        self._stirred.clear()
        with self._lock:
            moved = self._pump.turn()
            waiting = {} if moved else self._pump.waiting()
        if not moved:
            self._stirred.wait(PAUSE_SECONDS if waiting else IDLE_SECONDS)

    def _fire(self) -> None:
        with self._lock:
            fired = fire_all(self._runtime).fired
            done = self.calendar.run_due()
        if fired or done:
            self.stir()

    def _seal(self) -> None:
        seal(int(time.time()))

    def _repeat(self, work: Callable[[], None], pause_seconds: float) -> None:
        while not self._stopping.wait(pause_seconds):
            try:
                work()
            except Exception:  # noqa: BLE001  what AWS runs for us does not end because one run of it failed
                if not self._stopping.is_set():
                    logger.exception("background work failed")
                    self._stopping.wait(IDLE_SECONDS)
