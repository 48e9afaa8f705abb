"""Trying again what others were in the way of: so often, and after waits that grow.

Each wait is a random part of a span that doubles up to a limit, so that those who met do not meet again.
"""

import random
import time
from collections.abc import Callable, Iterator

from marketplace.shared.records import dataclass


@dataclass(frozen=True)
class Patience:
    """How often something is tried, and the first and the longest span of which a part is waited, seconds."""

    attempts_max: int
    first_seconds: float
    longest_seconds: float

    def attempts(self, pause: Callable[[float], None] = time.sleep) -> Iterator[int]:
        """The number of each attempt, from 0; the waits are between them. Whoever gets to the end has tried
        in vain as often as may be."""
        for attempt in range(self.attempts_max):
            if attempt:
                span = min(self.longest_seconds, self.first_seconds * 2 ** (attempt - 1))
                pause(random.uniform(0, span))  # noqa: S311  spreads retries, guards nothing
            yield attempt
