"""How many calls somebody may make: a bucket that fills at a steady rate, kept as the instant when it is
full.

    due ──take──> due + 1/rate        while that is at most a whole bucket ahead of now
        └──────── now, once it has passed: the bucket is full

(The generic cell rate algorithm, ITU-T I.371: one number, and nothing to fill in the background.)
"""

import math

from marketplace.shared.records import dataclass

MS = 1_000


@dataclass(frozen=True)
class Limit:
    """`name` is what answers call it."""

    name: str
    per_second: float
    burst: int

    @property
    def interval_ms(self) -> float:
        """Between two calls at the steady rate."""
        return MS / self.per_second

    @property
    def window_seconds(self) -> int:
        """In which an empty bucket fills."""
        return math.ceil(self.burst / self.per_second)


@dataclass(frozen=True)
class Taken:
    """What became of one call: `wait_ms` is 0 when it is let in; `left` are the calls that may follow at
    once, `full_in_ms` when there is a whole bucket again."""

    limit: Limit
    wait_ms: float
    left: int
    full_in_ms: float


def taken(limit: Limit, due_ms: float, now_ms: float) -> tuple[Taken, float]:
    """One call at `now_ms` of a bucket that is full at `due_ms`, and when it is full afterwards."""
    after = max(due_ms, now_ms) + limit.interval_ms
    ahead = after - now_ms - limit.burst * limit.interval_ms
    if ahead > 0:
        return Taken(limit, ahead, 0, due_ms - now_ms), due_ms
    return Taken(limit, 0.0, int(-ahead // limit.interval_ms), after - now_ms), after


DEFAULT = Limit("default", per_second=100, burst=200)
HEAVY = Limit("heavy", per_second=10, burst=20)
"""For calls that read much: exports, traces, trial balances."""
ANONYMOUS = Limit("anonymous", per_second=20, burst=40)
"""For an address that shows nothing, or nothing good."""
MESSAGES = Limit("messages", per_second=1 / 60, burst=500)
"""Of one side, on one contract: 500 at once, and one a minute."""
FILES = Limit("files", per_second=1 / 600, burst=100)
"""Of one side, announced on one contract: 100 at once, and one in ten minutes."""
