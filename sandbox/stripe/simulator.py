"""The simulator: one state, one clock, one lock; requests change it, and so does time."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from sandbox.stripe import postman
from sandbox.stripe.agenda import Due
from sandbox.stripe.api import Api, Request, Response
from sandbox.stripe.catalogue import ACTIONS, ROUTES
from sandbox.stripe.inspection import Inspector, NobodyLooks
from sandbox.stripe.objects import webhook_endpoints
from sandbox.stripe.outside import Outside
from sandbox.stripe.postman import Letter
from sandbox.stripe.router import Router
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM, Endpoint, State, read_state, write_state
from sandbox.stripe.step import Step


class Clock(Protocol):
    """Whatever tells the time."""

    def now(self) -> int:
        """Epoch seconds."""


class StripeSimulator(Outside):
    """A Stripe of one platform. All methods may be called from any thread.

    State changes that have come due happen before any request is answered, each with its own instant as its
    time, so what the API shows never depends on how often `run_due` is called. Webhooks leave only there.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        state_file: Path | None = None,
        seed: str = "local",
        inspector: Inspector | None = None,
    ) -> None:
        """Continues from `state_file` when it exists. `seed` makes ids and secrets repeatable.

        Raises OSError or ValueError when the file is there but cannot be read as a state.
        """
        self._clock = clock
        self._state_file = state_file
        stored = state_file is not None and state_file.exists()
        self._state = read_state(state_file) if state_file is not None and stored else State(seed=seed)
        self._lock = threading.RLock()
        inspector = inspector or NobodyLooks()
        self._state.witness = inspector.event
        self._api = Api(
            self._state, Router(ROUTES), lock=self._lock, now=self._caught_up, inspector=inspector
        )

    def answer(self, request: Request) -> Response:
        """Answers one API request; never raises."""
        return self._api.answer(request)

    def save(self) -> None:
        """Writes the state to its file, whole or not at all; without a file it does nothing."""
        if self._state_file is not None:
            with self._lock:
                write_state(self._state, self._state_file)

    def register_webhook(
        self,
        url: str,
        secret: str,
        *,
        connect: bool,
        enabled_events: Sequence[str] = ("*",),
        name: str | None = None,
    ) -> str:
        """Tells `url` of the platform's events, or with `connect` of its connected accounts'; gives its id.

        Registering the same `name` again (one per kind unless given) moves the endpoint to the new address
        and secret, and what is still undelivered goes there.
        """
        name = name or ("connect" if connect else "platform")
        with self._lock:
            step = Step(self._state, PLATFORM, self._caught_up())
            for endpoint_id, known in self._state.endpoints.items():
                if known.name == name and known.connect == connect:
                    known.secret = secret
                    endpoint = step.shelf("webhook_endpoint")[endpoint_id]
                    endpoint |= {"url": url, "enabled_events": list(enabled_events)}
                    return endpoint_id
            params = {"url": url, "enabled_events": list(enabled_events)}
            endpoint = webhook_endpoints.add(step, params, Endpoint(secret, connect, name))
            return str(endpoint["id"])

    def next_due(self) -> int | None:
        """The earliest instant (epoch seconds) at which a change or delivery is due; None when nothing is."""
        with self._lock:
            first = self._first_due()
            return None if first is None else first.at

    def run_due(self) -> int:
        """Does everything due by now, in order, deliveries included; gives how many things that were."""
        done = 0
        while self._run_one():
            done += 1
        return done

    def _caught_up(self) -> int:
        """Lets every state change due by now happen, and gives now."""
        now = self._clock.now()
        while (due := self._state.agenda.take(by=now)) is not None:
            self._happen(due)
        return now

    def _happen(self, due: Due) -> None:
        ACTIONS[due.action](Step(self._state, due.account, due.at), due.subject)

    def _first_due(self) -> Due | None:
        heads = (self._state.agenda.next(), self._state.post.next())
        return min((due for due in heads if due is not None), default=None)

    def _run_one(self) -> bool:
        with self._lock:
            now = self._clock.now()
            due = self._first_due()
            if due is None or due.at > now:
                return False
            if due is self._state.agenda.next():
                self._state.agenda.take(by=now)
                self._happen(due)
                return True
            self._state.post.take(by=now)
            letter = self._letter(due, now)
            if letter is None:
                return True
            self._state.in_flight[due.sequence] = due
        self._deliver(due, letter)
        return True

    def _letter(self, due: Due, now: int) -> Letter | None:
        """What goes to the endpoint, or None when the endpoint is gone."""
        found, kept = self._state.find(due.account), self._state.endpoints.get(due.account)
        event = self._event(due)
        if found is None or kept is None:
            event["pending_webhooks"] -= 1
            return None
        return postman.letter(event, found[1]["url"], kept.secret, now)

    def _event(self, due: Due) -> Obj:
        return self._state.shelf(*self._state.homes[due.subject])[due.subject]

    def _deliver(self, due: Due, letter: Letter) -> None:
        """Holds no lock while the letter is on its way: its reader may ask this Stripe something first."""
        arrived = False
        try:
            arrived = postman.delivered(letter)
        finally:
            with self._lock:
                del self._state.in_flight[due.sequence]
                if arrived:
                    self._event(due)["pending_webhooks"] -= 1
                else:
                    self._retry(due)

    def _retry(self, due: Due) -> None:
        attempt = due.attempt + 1
        again = postman.retry_at(created=self._event(due)["created"], now=self._clock.now(), attempt=attempt)
        if again is not None:
            sequence = self._state.next_sequence()
            self._state.post.add(replace(due, at=again, sequence=sequence, attempt=attempt))
