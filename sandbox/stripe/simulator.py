"""The simulator: one state, one clock, one lock; requests change it, and so does time."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from sandbox.stripe.agenda import Due
from sandbox.stripe.api import Api
from sandbox.stripe.catalogue import ACTIONS, ROUTES
from sandbox.stripe.faults import Faults
from sandbox.stripe.inspection import Inspector, NobodyLooks
from sandbox.stripe.misdelivery import Misdelivery
from sandbox.stripe.objects import onboarding, webhook_endpoints
from sandbox.stripe.outside import Outside
from sandbox.stripe.post_office import Carry, PostOffice, at_once
from sandbox.stripe.rate_limits import RateLimits
from sandbox.stripe.router import Router
from sandbox.stripe.state import PLATFORM, Endpoint, State, read_state, write_state
from sandbox.stripe.step import Step
from sandbox.stripe.wire import Request, Response, Silence


class Clock(Protocol):
    """Whatever tells the time."""

    def now(self) -> int:
        """Epoch seconds."""


class StripeSimulator(Outside):
    """A Stripe of one platform. All methods may be called from any thread.

    State changes that have come due happen before any request is answered, each with its own instant as its
    time, so what the API shows never depends on how often `run_due` is called. Webhooks leave only there.
    `faults` are what goes wrong on demand; like the rate limits and misdelivery, a restart forgets them.
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
        self._changes = 0
        self._saved: tuple[int, int] | None = None
        self.faults = Faults(ROUTES)
        self._limits = RateLimits()
        self._post_office = PostOffice(self._state, self._lock, clock.now)
        self._api = Api(
            self._state,
            Router(ROUTES),
            lock=self._lock,
            now=self._caught_up,
            inspector=inspector,
            faults=self.faults,
            limits=self._limits,
        )

    def answer(self, request: Request) -> Response | Silence:
        """Answers one API request, unless a fault silences it; never raises.

        A browser that follows an account link gets its page.
        """
        if request.path.startswith(onboarding.PATH):
            with self._lock:
                return onboarding.answer(self._state, request, self._caught_up())
        return self._api.answer(request)

    def served_at(self, base_url: str) -> None:
        """From now on account links lead to the page that is served there."""
        self._state.base_url = base_url

    @property
    def rate_limits(self) -> tuple[float | None, float | None]:
        """Requests a second over all, and for each endpoint; None where there is no limit."""
        return self._limits.per_second, self._limits.per_endpoint

    def limit_rates(self, *, per_second: float | None = None, per_endpoint: float | None = None) -> None:
        """Limits requests a second (real ones), over all and for each endpoint; None is no limit.

        Stripe's own figures are in `rate_limits`. Raises ValueError for what is not above 0.
        """
        self._limits.set(per_second=per_second, per_endpoint=per_endpoint)

    @property
    def misdelivery(self) -> Misdelivery | None:
        """What goes wrong with webhooks at present."""
        return self._post_office.misdelivery

    def misdeliver(self, how: Misdelivery | None) -> None:
        """Lets webhooks go astray from now on; None ends it. What is already late stays late."""
        with self._lock:
            self._post_office.misdelivery = how

    def now(self) -> int:
        """The instant of its clock, epoch seconds."""
        return self._clock.now()

    def save(self) -> None:
        """Writes the state to its file, whole or not at all; without a file it does nothing."""
        if self._state_file is not None:
            with self._lock:
                changes = self._changes, self._state.requests
                write_state(self._state, self._state_file)
                self._saved = changes

    def save_changes(self) -> None:
        """As `save`, unless nothing has happened since the last time. Raises OSError, as that does."""
        with self._lock:
            if self._saved != (self._changes, self._state.requests):
                self.save()

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

    def run_due(self, carry: Carry = at_once) -> int:
        """Does everything due by now, in order, deliveries included; gives how many things that were.

        `carry` makes the deliveries; what it puts off counts as undelivered in a state saved meanwhile.
        """
        done = 0
        while self._run_one(carry):
            done += 1
        return done

    def _caught_up(self) -> int:
        """Lets every state change due by now happen, and gives now. Whatever changes the state calls this."""
        self._changes += 1
        now = self._clock.now()
        while (due := self._state.agenda.take(by=now)) is not None:
            self._happen(due)
        return now

    def _happen(self, due: Due) -> None:
        ACTIONS[due.action](Step(self._state, due.account, due.at), due.subject)

    def _first_due(self) -> Due | None:
        heads = (self._state.agenda.next(), self._state.post.next())
        return min((due for due in heads if due is not None), default=None)

    def _run_one(self, carry: Carry) -> bool:
        with self._lock:
            now = self._clock.now()
            due = self._first_due()
            if due is None or due.at > now:
                return False
            self._changes += 1
            if due is self._state.agenda.next():
                self._state.agenda.take(by=now)
                self._happen(due)
                return True
            delivery = self._post_office.take(by=now)
        if delivery is not None:
            carry(delivery.account, lambda: self._deliver(delivery))
        return True

    def _deliver(self, due: Due) -> None:
        try:
            self._post_office.deliver(due)
        finally:
            with self._lock:
                self._changes += 1
