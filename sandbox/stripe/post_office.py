"""Events on their way to endpoints: sent when due, tried again if need be, misdelivered on demand.

Source: https://docs.stripe.com/webhooks (retries go on for three days; an endpoint that is disabled or gone
when a retry is due gets no more of them)
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from sandbox.stripe import postman
from sandbox.stripe.agenda import Due
from sandbox.stripe.misdelivery import Misdelivery
from sandbox.stripe.notify import DELIVER
from sandbox.stripe.postman import Letter
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import State

DELIVER_LATE = "deliver_late"
"""Whatever befalls this one has befallen it."""
DELIVER_AGAIN = "deliver_again"
"""The second copy of what was delivered: nobody waits for it, and nobody tries it again."""


Carry = Callable[[str, Callable[[], None]], None]
"""Makes a delivery to the endpoint of that id, now or later, here or in a thread."""


def at_once(_endpoint_id: str, deliver: Callable[[], None]) -> None:
    """The delivery is over before anything else happens."""
    deliver()


class PostOffice:
    """Empties the queue that `notify` fills. `misdelivery` applies to what leaves from then on."""

    def __init__(self, state: State, lock: AbstractContextManager[Any], now: Callable[[], int]) -> None:
        self._state = state
        self._lock = lock
        self._now = now
        self.misdelivery: Misdelivery | None = None

    def take(self, by: int) -> Due | None:
        """The next one due, if it is to leave now. Called under the lock, with something due."""
        due = self._state.post.take(by=by)
        if due is None or self._befell(due):
            return None
        self._state.in_flight[due.sequence] = due
        return due

    def deliver(self, due: Due) -> None:
        """One try at what was taken, with the endpoint as it is by now.

        Holds no lock while the letter is on its way: its reader may ask this Stripe something first.
        """
        with self._lock:
            letter = self._letter(due, self._now())
            if letter is None:
                del self._state.in_flight[due.sequence]
                return
        arrived = False
        try:
            arrived = postman.delivered(letter)
        finally:
            with self._lock:
                del self._state.in_flight[due.sequence]
                self._settle(due, arrived=arrived)

    def _befell(self, due: Due) -> bool:
        """Whether something else than its delivery happened to it; a second copy is queued here, too."""
        if self.misdelivery is None or due.action != DELIVER or due.attempt > 0:
            return False
        event_type = self._event(due)["type"]
        fate = self.misdelivery.fate(event_id=due.subject, event_type=event_type, endpoint_id=due.account)
        if fate.dropped:
            return True
        if fate.again_after is not None:
            self._queue(replace(due, at=due.at + fate.late_by + fate.again_after, action=DELIVER_AGAIN))
        if fate.late_by:
            self._queue(replace(due, at=due.at + fate.late_by, action=DELIVER_LATE))
        return fate.late_by > 0

    def _queue(self, due: Due) -> None:
        self._state.post.add(replace(due, sequence=self._state.next_sequence()))

    def _letter(self, due: Due, now: int) -> Letter | None:
        """What goes to the endpoint, or None when the endpoint is gone or hears nothing any more."""
        found, kept = self._state.find(due.account), self._state.endpoints.get(due.account)
        event = self._event(due)
        if found is None or kept is None:
            if due.action != DELIVER_AGAIN:
                event["pending_webhooks"] -= 1
            return None
        if found[1]["status"] != "enabled":
            return None
        return postman.letter(event, found[1]["url"], kept.secret, now)

    def _event(self, due: Due) -> Obj:
        return self._state.shelf(*self._state.homes[due.subject])[due.subject]

    def _settle(self, due: Due, *, arrived: bool) -> None:
        if due.action == DELIVER_AGAIN:
            return
        event = self._event(due)
        if arrived:
            event["pending_webhooks"] -= 1
            return
        attempt = due.attempt + 1
        again = postman.retry_at(created=event["created"], now=self._now(), attempt=attempt)
        if again is not None:
            self._queue(replace(due, at=again, attempt=attempt))
