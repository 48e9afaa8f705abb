"""One API request from its bytes to its answer.

In order: API key, version, route, account, rate limit, faults, idempotency key, parameters, effect.
"""

import json
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from sandbox.stripe import ids
from sandbox.stripe.access import api_key
from sandbox.stripe.bad_answers import instead_of_effect, server_error
from sandbox.stripe.errors import StripeError, account_invalid, invalid, unknown_error
from sandbox.stripe.expand import expanded, refuse_unexpandable
from sandbox.stripe.faults import LOSING, FaultKind, Faults
from sandbox.stripe.forms import Raw, parameters
from sandbox.stripe.inspection import Inspector
from sandbox.stripe.keys import Saved
from sandbox.stripe.rate_limits import RateLimits
from sandbox.stripe.router import Route, Router
from sandbox.stripe.shelf import Obj
from sandbox.stripe.state import PLATFORM, State
from sandbox.stripe.step import API_VERSION, Step
from sandbox.stripe.wire import Request, Response, Silence

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Call:
    """A request that was let in: its parameters not yet read."""

    request_id: str
    method: str
    path: str
    route: Route
    ids: dict[str, str]
    raw: dict[str, Raw]
    account: str
    key: str | None

    @property
    def endpoint(self) -> str:
        """As it was called."""
        return f"{self.method} {self.path}"


class Api:
    """Answers requests on a state.

    `now` gives the instant and brings the state up to it; it is called under `lock`.
    """

    def __init__(
        self,
        state: State,
        router: Router,
        *,
        lock: AbstractContextManager[Any],
        now: Callable[[], int],
        inspector: Inspector,
        faults: Faults,
        limits: RateLimits,
    ) -> None:
        self._state = state
        self._router = router
        self._lock = lock
        self._now = now
        self._inspector = inspector
        self._faults = faults
        self._limits = limits
        self._counting = threading.Lock()

    def answer(self, request: Request) -> Response | Silence:
        """Never raises: whatever goes wrong is a Stripe error object, unless a fault says otherwise."""
        request_id = self._new_request_id()
        headers = _headers(request, request_id)
        lost = False
        try:
            call = self._admit(request, request_id)
            struck = self._faults.strike(call.method, call.path, in_execution=False)
            if struck is not None and (instead := instead_of_effect(struck, call.key)) is not None:
                return instead
            lost = struck is not None and struck.fault.kind in LOSING
            status, body, more = self._run_once(call, lost=lost)
        except StripeError as refused:
            status, body, more = self._refusal(request, request_id, refused, lost=lost)
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            status, body, more = self._refusal(request, request_id, unknown_error(), lost=lost)
        if lost and struck is not None:
            return Silence(struck.fault.held_seconds, struck.released)
        return Response(status, headers | more, body.encode())

    def _new_request_id(self) -> str:
        with self._counting:
            self._state.requests += 1
            return ids.request_id(sequence=self._state.requests, seed=self._state.seed)

    def _refusal(
        self, request: Request, request_id: str, refused: StripeError, *, lost: bool
    ) -> tuple[int, str, dict[str, str]]:
        answer = refused.body(request_id)
        if not lost:
            self._inspector.answer(request.method, request.path, refused.status, answer)
        return refused.status, render(answer), refused.headers

    def _admit(self, request: Request, request_id: str) -> _Call:
        secret = api_key(request.headers.get("authorization", ""))
        version = request.headers.get("stripe-version", API_VERSION)
        if version != API_VERSION:
            raise invalid(f"Invalid Stripe API version: {version}. This Stripe speaks {API_VERSION} only.")
        route, path_ids = self._router.find(request.method, request.path)
        account = self._account(request, route, secret)
        self._limits.spend(f"{route.method} {route.path}")
        return _Call(
            request_id=request_id,
            method=request.method,
            path=request.path,
            route=route,
            ids=path_ids,
            raw=parameters(request),
            account=account,
            key=request.headers.get("idempotency-key") if request.method == "POST" else None,
        )

    def _account(self, request: Request, route: Route, secret: str) -> str:
        on_behalf_of = request.headers.get("stripe-account")
        if on_behalf_of is None:
            return PLATFORM
        with self._lock:
            if on_behalf_of not in self._state.shelf(PLATFORM, "account"):
                raise account_invalid(secret, on_behalf_of)
        if route.platform_only:
            raise invalid(f"Only the platform can call {request.method} {route.path}; omit Stripe-Account.")
        return on_behalf_of

    def _run_once(self, call: _Call, *, lost: bool) -> tuple[int, str, dict[str, str]]:
        """The answer: its saved form when the key was used before. The inspector sees none that gets lost."""
        keys = self._state.keys
        with keys.running(call.account, call.key) if call.key else nullcontext(), self._lock:
            now = self._now()
            fingerprint = render({"parameters": call.raw}, sort_keys=True)
            if call.key:
                saved = keys.recall(
                    call.account, call.key, endpoint=call.endpoint, request=fingerprint, now=now
                )
                if saved is not None:
                    return saved.status, saved.body, _replayed(saved)
            params = {**call.route.takes.read(call.raw), **call.ids}
            self._inspector.request(call.route.method, call.route.path, call.raw)
            refuse_unexpandable(call.route.answers, params.get("expand", []))
            status, answer, headers = self._execute(call, params, now)
            body = render(answer)
            if not lost:
                self._inspector.answer(call.route.method, call.route.path, status, answer)
            if call.key:
                saved = Saved(now, call.endpoint, fingerprint, call.request_id, status, body)
                keys.save(call.account, call.key, saved)
            return status, body, headers

    def _execute(self, call: _Call, params: dict[str, Any], now: int) -> tuple[int, Obj, dict[str, str]]:
        step = Step(self._state, call.account, now, call.request_id, call.key)
        struck = self._faults.strike(call.method, call.path, in_execution=True)
        fault = None if struck is None else struck.fault
        try:
            if fault is not None and fault.kind is FaultKind.SERVER_ERROR_BEFORE:
                raise server_error(fault)
            answer = expanded(self._state, call.route.answer(step, params), params.get("expand", []))
            if fault is not None:
                raise server_error(fault)
        except StripeError as refused:
            error = refused if fault is None else server_error(fault)
        except Exception:
            log.exception("%s failed", call.endpoint)
            error = unknown_error()
        else:
            return 200, answer, {}
        return error.status, error.body(call.request_id), error.headers


def render(answer: dict[str, Any], *, sort_keys: bool = False) -> str:
    """JSON as it goes over the wire."""
    return json.dumps(answer, sort_keys=sort_keys)


def _headers(request: Request, request_id: str) -> dict[str, str]:
    echoed = {
        shown: request.headers[shown.lower()]
        for shown in ("Idempotency-Key", "Stripe-Account")
        if shown.lower() in request.headers
    }
    return {
        "Content-Type": "application/json",
        "Request-Id": request_id,
        "Stripe-Version": API_VERSION,
        **echoed,
    }


def _replayed(saved: Saved) -> dict[str, str]:
    advice = unknown_error().headers if saved.status >= 500 else {}
    return {"Idempotent-Replayed": "true", "Original-Request": saved.request_id, **advice}
