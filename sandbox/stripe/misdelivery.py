"""Webhooks on bad days: twice, late, in another order, never.

What befalls an event on its way to an endpoint depends on `seed` and the two ids alone: it can be repeated.
Source: https://docs.stripe.com/webhooks (duplicate events, event ordering, retries)
"""

import random
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sandbox.stripe.control_fields import InvalidControl
from sandbox.stripe.event_types import EVENT_TYPES

DELAY_SECONDS_MAX = 3 * 24 * 3600
DELAY_SECONDS = 3600
REORDERED_SECONDS_MAX = 10
"""A reordered event waits so long at most: whatever is sent meanwhile overtakes it."""
DUPLICATED_AFTER_SECONDS_MAX = 10
TYPES_MAX = 100


@dataclass(frozen=True)
class Fate:
    """What befalls one event on its way to one endpoint; seconds of the simulator's clock."""

    dropped: bool = False
    late_by: int = 0
    again_after: int | None = None


@dataclass(frozen=True)
class Misdelivery:
    """How often each thing goes wrong, from 0 (never) to 1 (always), for events of `types` (`*`: any part).

    duplicate: delivered, and again up to 10 s later. reorder: 1 to 10 s late, so that others overtake it.
    delay: late by `delay_seconds`. drop: never sent, nor tried again. Raises InvalidControl outside these
    bounds, and for types that match no event.
    """

    duplicate: float = 0.0
    reorder: float = 0.0
    delay: float = 0.0
    delay_seconds: int = DELAY_SECONDS
    drop: float = 0.0
    seed: int = 0
    types: tuple[str, ...] = ("*",)

    def __post_init__(self) -> None:
        faults = [
            (name, "must be from 0 to 1")
            for name in ("duplicate", "reorder", "delay", "drop")
            if not 0 <= getattr(self, name) <= 1
        ]
        if not 1 <= self.delay_seconds <= DELAY_SECONDS_MAX:
            faults.append(("delay_seconds", f"must be from 1 to {DELAY_SECONDS_MAX}"))
        if not 1 <= len(self.types) <= TYPES_MAX:
            faults.append(("types", f"must have 1 to {TYPES_MAX} entries"))
        else:
            faults += [
                ("types", f"no event is {pattern}")
                for pattern in self.types
                if not any(fnmatchcase(event_type, pattern) for event_type in EVENT_TYPES)
            ]
        if faults:
            raise InvalidControl(faults)

    def fate(self, *, event_id: str, event_type: str, endpoint_id: str) -> Fate:
        """What befalls this event on its way to this endpoint."""
        if not any(fnmatchcase(event_type, pattern) for pattern in self.types):
            return Fate()
        dice = random.Random(f"{self.seed}:{event_id}:{endpoint_id}")  # noqa: S311  repeatable, no secret
        dropped, delayed, reordered, doubled = (
            dice.random() < chance for chance in (self.drop, self.delay, self.reorder, self.duplicate)
        )
        late_by = self.delay_seconds * delayed + dice.randint(1, REORDERED_SECONDS_MAX) * reordered
        again_after = dice.randint(1, DUPLICATED_AFTER_SECONDS_MAX) if doubled else None
        return Fate(dropped=dropped, late_by=late_by, again_after=again_after)
