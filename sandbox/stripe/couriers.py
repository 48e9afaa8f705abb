"""Who carries webhooks when this Stripe runs by itself: an endpoint that hangs keeps no other waiting."""

import logging
import threading
from collections import deque
from collections.abc import Callable

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
"""When nothing was delivered for so long, whoever is being waited for is not any more."""


class Couriers:
    """A thread for each endpoint that something is to be brought to, in order, for as long as there is.

    The threads are daemons: what they have not delivered when the program ends is, in the saved state, still
    to be delivered.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Callable[[], None]]] = {}
        self._hanging: set[str] = set()
        self._guard = threading.Condition()

    def carry(self, endpoint_id: str, deliver: Callable[[], None]) -> None:
        """Makes this delivery after those that wait for the same endpoint; returns at once."""
        with self._guard:
            if endpoint_id in self._waiting:
                self._waiting[endpoint_id].append(deliver)
                return
            self._waiting[endpoint_id] = deque([deliver])
        threading.Thread(target=self._work, args=(endpoint_id,), name="courier", daemon=True).start()

    def rest(self) -> None:
        """Returns when everything is delivered, but for what waits for an endpoint that hangs."""
        with self._guard:
            while self._waiting.keys() - self._hanging:
                if not self._guard.wait(PATIENCE_SECONDS):
                    self._hanging |= self._waiting.keys()

    def _work(self, endpoint_id: str) -> None:
        while (deliver := self._next(endpoint_id)) is not None:
            try:
                deliver()
            except Exception:
                log.exception("a webhook to %s could not be sent", endpoint_id)

    def _next(self, endpoint_id: str) -> Callable[[], None] | None:
        with self._guard:
            self._guard.notify_all()
            if self._waiting[endpoint_id]:
                return self._waiting[endpoint_id].popleft()
            del self._waiting[endpoint_id]
            self._hanging.discard(endpoint_id)
            return None
