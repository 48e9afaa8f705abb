"""What goes wrong, where the product touches the outside: drawn from the seed, or set at exact touches."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

DEPTH_MAX = 2
"""How many steps may wait for another one."""

READ = "read"
COMMIT = "commit"
SEND = "send"
ASK = "ask"

FAULTS: dict[str, tuple[str, ...]] = {
    READ: ("throttled", "killed before"),
    COMMIT: ("killed before", "killed after", "conflict", "throttled", "silent", "lost", "late"),
    SEND: (
        *("killed before", "killed after", "down", "lost", "late", "in use"),
        *("rate limited", "error", "broken", "refused"),
    ),
    ASK: ("killed before", "down", "rate limited", "error"),
}
"""By the kind of touch: a strong read and a commit of the store, a call that makes something at Stripe and
one that reads there.

    killed      the process dies before, or after, the touch
    throttled   a refusal that says nothing was done
    conflict    a transaction that met another one, and was cancelled
    silent      nothing was done, and no answer comes
    lost        it is done, and no answer comes
    late        no answer comes, and it is done later
    down        no connection
    in use      the first call with this key still runs
    error       a 500 before any effect, saved under the key
    broken      a 500 after the effect, saved as well
    refused     a definite no, saved as well
"""


LIKELIER = {READ: 0.5, COMMIT: 2.0, SEND: 4.0, ASK: 2.0}
"""Touches are not equally many: there are twenty reads for each send."""


class Killed(BaseException):
    """The process dies here: nothing of the product may catch it."""


class Throttled(Exception):
    """The tables would not answer a read."""


@dataclass(frozen=True)
class Weather:
    """Chances for each touch; `webhooks_lost` and the like for each message."""

    faults: float = 0.0
    interleaving: float = 0.0
    stale: float = 0.0
    duplicates: float = 0.0
    webhooks_lost: float = 0.0
    skew_seconds: int = 0


FAIR = Weather()
WEATHERS = (
    Weather(interleaving=0.05, duplicates=0.1),
    Weather(faults=0.03, interleaving=0.08, stale=0.1, duplicates=0.2, skew_seconds=1),
    Weather(faults=0.08, interleaving=0.15, stale=0.2, duplicates=0.3, webhooks_lost=0.1, skew_seconds=2),
    Weather(faults=0.2, interleaving=0.05, stale=0.3, duplicates=0.3, webhooks_lost=0.3, skew_seconds=5),
)


@dataclass
class Outside:
    """Every touch passes here. `kill_at` are the numbers of the touches that end the process, `forced` the
    faults of others; `recorded` takes the kind of each touch. `over` is whether nothing will go wrong any
    more."""

    chance: Random
    weather: Weather = FAIR
    kill_at: frozenset[int] = frozenset()
    forced: dict[int, str] = field(default_factory=dict)
    recorded: dict[int, str] | None = None
    interleave: Callable[[], None] = lambda: None
    touches: int = 0
    depth: int = 0
    over: bool = False
    injected: Counter[str] = field(default_factory=Counter)

    def fault(self, touch: str) -> str:
        """What shall go wrong with this touch; empty for nothing. Raises Killed."""
        self.touches += 1
        if self.kill_at or self.forced or self.recorded is not None:
            self._look_at_script(touch)
            if self.touches in self.forced:
                return self._forced(touch)
        weather = self.weather
        if weather.interleaving and self.depth < DEPTH_MAX and self.chance.random() < weather.interleaving:
            self._let_another_step_run()
        if not weather.faults or self.chance.random() >= weather.faults * LIKELIER[touch]:
            return ""
        return self._injected(touch, self.chance.choice(FAULTS[touch]))

    def done(self, fault: str) -> None:
        """After an effect. Raises Killed."""
        self.touches += 1
        self._die_if_chosen()
        if fault == "killed after":
            raise Killed
        weather = self.weather
        if weather.interleaving and self.depth < DEPTH_MAX and self.chance.random() < weather.interleaving:
            self._let_another_step_run()

    def note(self, kind: str) -> None:
        """Counts a fault that is not at a touch."""
        self.injected[kind] += 1

    def _forced(self, touch: str) -> str:
        """The fault that was asked for, where the touch knows it: another one may stand here by now."""
        fault = self.forced[self.touches]
        return self._injected(touch, fault) if fault in FAULTS[touch] else ""

    def _injected(self, touch: str, fault: str) -> str:
        self.injected[f"{touch}: {fault}"] += 1
        if fault == "killed before":
            raise Killed
        return fault

    def _look_at_script(self, touch: str) -> None:
        """What a flow has asked for, or wants to know; stories have no script."""
        self._die_if_chosen()
        if self.recorded is not None:
            self.recorded[self.touches] = touch

    def _die_if_chosen(self) -> None:
        if self.touches in self.kill_at:
            self.injected["killed at a chosen point"] += 1
            raise Killed

    def _let_another_step_run(self) -> None:
        self.injected["interleaved"] += 1
        self.depth += 1
        try:
            self.interleave()
        finally:
            self.depth -= 1
