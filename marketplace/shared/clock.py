"""The product's clock: business time in whole epoch seconds."""

import time
from typing import Protocol


class Clock(Protocol):
    """Where `now` comes from; the sandbox and the tests move it, production does not."""

    def now(self) -> int:
        """Epoch seconds, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Epoch seconds, UTC."""
        return int(time.time())
