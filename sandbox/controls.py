"""The `/sandbox` paths: tokens, the clock, settling, and the local Stripe's card holders and banks."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib import bodies
from chalicelib.problems import PROBLEM_TYPE
from chalicelib.problems import problem as problem_of
from chalicelib.types import rfc3339
from marketplace.shared.errors import DomainError, Fault, IllegalTransition, InvalidRequest, NotFound
from marketplace.storage.limits import Limits
from sandbox.clock import MovableClock
from sandbox.control_bodies import Advance, NewToken, Nothing, RateLimits
from sandbox.gateway import Answer, Sent, problem
from sandbox.identity import IdentityProvider
from sandbox.passing_time import PassingTime
from sandbox.screenings import LOOK_UP, ScreeningDesk
from sandbox.stripe import InvalidControl, NotPossible, StripeControls, UnknownControl, UnknownObject

PREFIX = "/sandbox"
STRIPE = "/stripe/"
SCREENINGS = "/screenings/"

Control = Callable[..., dict[str, Any]]


class Controls:
    """Answers what is under `/sandbox`, and leaves everything else to the API."""

    def __init__(
        self,
        *,
        clock: MovableClock,
        identity: IdentityProvider,
        time: PassingTime,
        stripe: StripeControls,
        limits: Limits,
        screenings: ScreeningDesk,
        told: dict[str, Any],
    ) -> None:
        """`told` is shown as it is: stage, stripe_base, aws_endpoint, and settings for `python -m cli`."""
        self._clock = clock
        self._identity = identity
        self._time = time
        self._stripe = stripe
        self._limits = limits
        self._screenings = screenings
        self._told = told
        self._table: dict[tuple[str, str], tuple[type[Any], Control]] = {
            ("GET", ""): (Nothing, self._overview),
            ("GET", "/jwks.json"): (Nothing, lambda _: identity.jwks()),
            ("POST", "/tokens"): (NewToken, self._token),
            ("GET", "/clock"): (Nothing, lambda _: self._now()),
            ("POST", "/clock/advance"): (Advance, self._advance),
            ("POST", "/clock/freeze"): (Nothing, self._freeze),
            ("POST", "/clock/resume"): (Nothing, self._resume),
            ("POST", "/rate-limits"): (RateLimits, self._limit),
            ("POST", "/settle"): (Nothing, self._settle),
        }

    def __call__(self, method: str, path: str, body: bytes, sent: Sent) -> Answer | None:
        """The answer, or None when the path is not the sandbox's."""
        if path != PREFIX and not path.startswith(f"{PREFIX}/"):
            return None
        path = path.removeprefix(PREFIX).rstrip("/")
        try:
            answer = self._play(method, path, body, sent)
        except (_NoSuchPath, UnknownControl):
            return problem(404, "not_found", "there is no such path")
        except DomainError as refused:
            status, text = problem_of(refused)
            return status, [("Content-Type", PROBLEM_TYPE)], text.encode()
        self._time.stir()
        return 200, [("Content-Type", "application/json")], json.dumps(answer).encode()

    def _play(self, method: str, path: str, body: bytes, sent: Sent) -> dict[str, Any]:
        if path.startswith(STRIPE):
            value, _ = bodies.read_json(body)
            return _on_stripe(self._stripe, method, "/" + path.removeprefix(STRIPE), value)
        if (method, path) == ("POST", f"{SCREENINGS}{LOOK_UP}"):
            return self._screenings.look_up(body, sent())
        if method == "POST" and path.startswith(SCREENINGS):
            value, _ = bodies.read_json(body)
            told = self._screenings.play(path.removeprefix(SCREENINGS), value)
            if told is None:
                raise _NoSuchPath
            return told
        model, control = self._table.get((method, path), (None, None))
        if model is None or control is None:
            raise _NoSuchPath
        return control(bodies.parse(model, *bodies.read_json(body)))

    def _overview(self, _: Nothing) -> dict[str, Any]:
        now = self._clock.now()
        return {**self._told, "now": rfc3339(now), "epoch_seconds": now}

    def _now(self) -> dict[str, Any]:
        return {"now": rfc3339(self._clock.now()), "frozen": self._clock.frozen}

    def _token(self, body: NewToken) -> dict[str, Any]:
        token = self._identity.token(
            subject=body.subject,
            role=body.role,
            name=body.name or body.subject,
            now=self._clock.now(),
            lifetime_seconds=body.expires_in_seconds,
        )
        return {"token": token}

    def _advance(self, body: Advance) -> dict[str, Any]:
        self._time.advance(body.seconds)
        return self._now()

    def _freeze(self, _: Nothing) -> dict[str, Any]:
        self._clock.freeze()
        return self._now()

    def _resume(self, _: Nothing) -> dict[str, Any]:
        self._clock.resume()
        return self._now()

    def _limit(self, body: RateLimits) -> dict[str, Any]:
        self._limits.enabled = body.enabled
        return {"enabled": body.enabled}

    def _settle(self, _: Nothing) -> dict[str, Any]:
        left = self._time.settle()
        return {"drained": False, "left": left} if left else {"drained": True}


class _NoSuchPath(LookupError):
    """Nothing is there."""


def _on_stripe(controls: StripeControls, method: str, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Raises InvalidRequest, NotFound, IllegalTransition, UnknownControl."""
    try:
        return controls.play(method, path, value)
    except InvalidControl as refused:
        faults = [Fault(f"/{name}" if name else "", fault) for name, fault in refused.faults]
        raise InvalidRequest(faults) from refused
    except UnknownObject as unknown:
        raise NotFound(str(unknown)) from unknown
    except NotPossible as refused:
        raise IllegalTransition(str(refused)) from refused
