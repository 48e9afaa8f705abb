"""Rate limits, for those who want them: buckets that fill in real time, whatever the simulator's clock says.

Each operation (`GET /v1/payouts/{payout}`) is an endpoint of its own, and counts globally, too.
Source: https://docs.stripe.com/rate-limits
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.stripe.control_fields import InvalidControl
from sandbox.stripe.errors import rate_limited

LIVE_PER_SECOND = 100
PER_ENDPOINT = 25
"""Stripe's figures, in requests a second: an account's in live mode, and an endpoint's."""

RATE_MAX = 1_000_000

GLOBAL_RATE = "global-rate"
ENDPOINT_RATE = "endpoint-rate"


@dataclass
class _Bucket:
    """A second's worth of requests at most; `filled_at` is seconds of the timer."""

    per_second: float
    left: float
    filled_at: float

    def take(self, now: float) -> bool:
        """Whether one more request fits."""
        self.left = min(self.left + (now - self.filled_at) * self.per_second, max(self.per_second, 1.0))
        self.filled_at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class RateLimits:
    """Off until set. May be called from any thread."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        """`timer` gives real seconds."""
        self._timer = timer
        self._lock = threading.Lock()
        self.set(per_second=None, per_endpoint=None)

    def set(self, *, per_second: float | None, per_endpoint: float | None) -> None:
        """Requests a second over all and for each endpoint; None is no limit.

        Raises InvalidControl unless it is above 0 and at most a million. All buckets are full again.
        """
        faults = [
            (name, f"must be above 0 and at most {RATE_MAX} requests a second")
            for name, limit in (("per_second", per_second), ("per_endpoint", per_endpoint))
            if limit is not None and not 0 < limit <= RATE_MAX
        ]
        if faults:
            raise InvalidControl(faults)
        with self._lock:
            self.per_second, self.per_endpoint = per_second, per_endpoint
            self._buckets: dict[str, _Bucket] = {}

    def spend(self, operation: str) -> None:
        """Counts one request to an operation; raises StripeError (429) when there are too many."""
        with self._lock:
            if not self._fits("", self.per_second):
                raise rate_limited(GLOBAL_RATE)
            if not self._fits(operation, self.per_endpoint):
                raise rate_limited(ENDPOINT_RATE)

    def _fits(self, name: str, per_second: float | None) -> bool:
        if per_second is None:
            return True
        now = self._timer()
        full = _Bucket(per_second, max(per_second, 1.0), now)
        return self._buckets.setdefault(name, full).take(now)
