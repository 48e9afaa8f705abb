"""The `/sandbox` paths: tokens, the clock, settling, and the local Stripe's card holders and banks."""

import json
from collections.abc import Callable
from typing import Any

from chalicelib import bodies
from chalicelib.problems import PROBLEM_TYPE
from chalicelib.problems import problem as problem_of
from chalicelib.types import rfc3339
from marketplace.shared.errors import DomainError, IllegalTransition, NotFound
from sandbox.clock import MovableClock
from sandbox.control_bodies import Advance, FailPayout, NewToken, Nothing
from sandbox.gateway import Answer, problem
from sandbox.identity import IdentityProvider
from sandbox.passing_time import PassingTime
from sandbox.stripe import NotPossible, StripeSimulator, UnknownObject

PREFIX = "/sandbox"

Control = Callable[..., dict[str, Any]]


class Controls:
    """Answers what is under `/sandbox`, and leaves everything else to the API."""

    def __init__(
        self,
        *,
        clock: MovableClock,
        identity: IdentityProvider,
        time: PassingTime,
        stripe: StripeSimulator,
        addresses: dict[str, str],
    ) -> None:
        """`addresses` are shown as they are: stage, stripe_base, aws_endpoint."""
        self._clock = clock
        self._identity = identity
        self._time = time
        self._stripe = stripe
        self._addresses = addresses
        self._table: dict[tuple[str, str], tuple[type[Any], Control]] = {
            ("GET", ""): (Nothing, self._overview),
            ("GET", "/jwks.json"): (Nothing, lambda _: identity.jwks()),
            ("POST", "/tokens"): (NewToken, self._token),
            ("GET", "/clock"): (Nothing, lambda _: self._now()),
            ("POST", "/clock/advance"): (Advance, self._advance),
            ("POST", "/clock/freeze"): (Nothing, self._freeze),
            ("POST", "/clock/resume"): (Nothing, self._resume),
            ("POST", "/settle"): (Nothing, self._settle),
            ("POST", "/stripe/pay/*"): (Nothing, self._pay),
            ("POST", "/stripe/accounts/*/verify"): (Nothing, self._verify),
            ("POST", "/stripe/payouts/*/fail"): (FailPayout, self._fail_payout),
        }

    def __call__(self, method: str, path: str, body: bytes) -> Answer | None:
        """The answer, or None when the path is not the sandbox's."""
        if path != PREFIX and not path.startswith(f"{PREFIX}/"):
            return None
        matched = self._match(method, path.removeprefix(PREFIX).rstrip("/"))
        if matched is None:
            return problem(404, "not_found", "there is no such path")
        model, control, names = matched
        try:
            value, canonical = bodies.read_json(body)
            answer = control(bodies.parse(model, value, canonical), *names)
        except DomainError as refused:
            status, text = problem_of(refused)
            return status, [("Content-Type", PROBLEM_TYPE)], text.encode()
        self._time.stir()
        return 200, [("Content-Type", "application/json")], json.dumps(answer).encode()

    def _match(self, method: str, path: str) -> tuple[type[Any], Control, list[str]] | None:
        parts = path.split("/")
        for (its_method, pattern), (model, control) in self._table.items():
            pattern_parts = pattern.split("/")
            pairs = list(zip(pattern_parts, parts, strict=False))
            fits = len(parts) == len(pattern_parts) and all(p in ("*", part) for p, part in pairs)
            if its_method == method and fits:
                return model, control, [part for p, part in pairs if p == "*"]
        return None

    def _overview(self, _: Nothing) -> dict[str, Any]:
        return {**self._addresses, "now": rfc3339(self._clock.now())}

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

    def _settle(self, _: Nothing) -> dict[str, Any]:
        left = self._time.settle()
        return {"drained": False, "left": left} if left else {"drained": True}

    def _pay(self, _: Nothing, intent: str) -> dict[str, Any]:
        return _plain(lambda: self._stripe.pay(intent))

    def _verify(self, _: Nothing, account: str) -> dict[str, Any]:
        return _plain(lambda: self._stripe.verify(account))

    def _fail_payout(self, body: FailPayout, payout: str) -> dict[str, Any]:
        return _plain(lambda: self._stripe.fail_payout(payout, body.failure_code))


def _plain(play: Callable[[], Any]) -> dict[str, Any]:
    """The Stripe object's id and status. Raises NotFound, IllegalTransition."""
    try:
        played = play()
    except UnknownObject as unknown:
        raise NotFound(str(unknown)) from unknown
    except NotPossible as refused:
        raise IllegalTransition(str(refused)) from refused
    return {"id": played["id"], "status": played.get("status")}
