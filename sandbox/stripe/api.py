"""One API request from its bytes to its answer.

In order: API key, version, route, account, idempotency key, parameters, effect.
"""

import json
import logging
import threading
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from sandbox.stripe import ids
from sandbox.stripe.errors import (
    StripeError,
    account_invalid,
    invalid,
    invalid_key,
    missing_key,
)
from sandbox.stripe.expand import expanded, refuse_unexpandable
from sandbox.stripe.forms import Raw, decode
from sandbox.stripe.inspection import Inspector
from sandbox.stripe.keys import Saved
from sandbox.stripe.router import Route, Router
from sandbox.stripe.state import PLATFORM, State
from sandbox.stripe.step import API_VERSION, Step

TEST_KEYS = ("sk_test_", "rk_test_")
FORM = "application/x-www-form-urlencoded"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """As it came over the wire. Header names are lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """As it goes back."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class _Call:
    """A request that was let in: its parameters not yet read."""

    request_id: str
    endpoint: str
    route: Route
    ids: dict[str, str]
    raw: dict[str, Raw]
    account: str
    key: str | None


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
    ) -> None:
        self._state = state
        self._router = router
        self._lock = lock
        self._now = now
        self._inspector = inspector
        self._counting = threading.Lock()

    def answer(self, request: Request) -> Response:
        """Never raises: whatever goes wrong is a Stripe error object."""
        request_id = self._new_request_id()
        headers = {
            "Content-Type": "application/json",
            "Request-Id": request_id,
            "Stripe-Version": API_VERSION,
        }
        headers |= {
            shown: request.headers[shown.lower()]
            for shown in ("Idempotency-Key", "Stripe-Account")
            if shown.lower() in request.headers
        }
        try:
            call = self._admit(request, request_id)
            status, body, replay = self._run_once(call)
            headers |= replay
        except StripeError as refused:
            answer = refused.body(request_id)
            self._inspector.answer(request.method, request.path, refused.status, answer)
            status, body = refused.status, render(answer)
        return Response(status, headers, body.encode())

    def _new_request_id(self) -> str:
        with self._counting:
            self._state.requests += 1
            return ids.request_id(sequence=self._state.requests, seed=self._state.seed)

    def _admit(self, request: Request, request_id: str) -> _Call:
        secret = _api_key(request.headers.get("authorization", ""))
        version = request.headers.get("stripe-version", API_VERSION)
        if version != API_VERSION:
            raise invalid(f"Invalid Stripe API version: {version}. This Stripe speaks {API_VERSION} only.")
        route, path_ids = self._router.find(request.method, request.path)
        on_behalf_of = request.headers.get("stripe-account")
        if on_behalf_of is not None:
            with self._lock:
                if on_behalf_of not in self._state.shelf(PLATFORM, "account"):
                    raise account_invalid(secret, on_behalf_of)
            if route.platform_only:
                raise invalid(
                    f"Only the platform can call {request.method} {route.path}; omit Stripe-Account."
                )
        return _Call(
            request_id=request_id,
            endpoint=f"{request.method} {request.path}",
            route=route,
            ids=path_ids,
            raw=_parameters(request),
            account=PLATFORM if on_behalf_of is None else on_behalf_of,
            key=request.headers.get("idempotency-key") if request.method == "POST" else None,
        )

    def _run_once(self, call: _Call) -> tuple[int, str, dict[str, str]]:
        keys = self._state.keys
        with keys.running(call.account, call.key) if call.key else nullcontext(), self._lock:
            now = self._now()
            fingerprint = render({"parameters": call.raw}, sort_keys=True)
            if call.key:
                saved = keys.recall(
                    call.account, call.key, endpoint=call.endpoint, request=fingerprint, now=now
                )
                if saved is not None:
                    replay = {"Idempotent-Replayed": "true", "Original-Request": saved.request_id}
                    return saved.status, saved.body, replay
            params = {**call.route.takes.read(call.raw), **call.ids}
            self._inspector.request(call.route.method, call.route.path, call.raw)
            refuse_unexpandable(call.route.answers, params.get("expand", []))
            status, body = self._execute(call, params, now)
            if call.key:
                saved = Saved(now, call.endpoint, fingerprint, call.request_id, status, body)
                keys.save(call.account, call.key, saved)
            return status, body, {}

    def _execute(self, call: _Call, params: dict[str, Any], now: int) -> tuple[int, str]:
        step = Step(self._state, call.account, now, call.request_id, call.key)
        try:
            answer = expanded(self._state, call.route.answer(step, params), params.get("expand", []))
            status = 200
        except StripeError as refused:
            status, answer = refused.status, refused.body(call.request_id)
        except Exception:
            log.exception("%s failed", call.endpoint)
            broken = StripeError(500, "An unknown error occurred.", kind="api_error")
            status, answer = broken.status, broken.body(call.request_id)
        self._inspector.answer(call.route.method, call.route.path, status, answer)
        return status, render(answer)


def render(answer: dict[str, Any], *, sort_keys: bool = False) -> str:
    """JSON as it goes over the wire."""
    return json.dumps(answer, sort_keys=sort_keys)


def _api_key(authorization: str) -> str:
    """The secret key of a Bearer or Basic header; raises StripeError (401)."""
    scheme, _, credentials = authorization.partition(" ")
    key = credentials.strip()
    if scheme.lower() == "basic":
        try:
            key = b64decode(key, validate=True).decode().partition(":")[0]
        except ValueError:
            key = ""
    if scheme.lower() not in ("bearer", "basic") or not key:
        raise missing_key()
    if not key.startswith(TEST_KEYS):
        raise invalid_key(key)
    return key


def _parameters(request: Request) -> dict[str, Raw]:
    if request.method == "GET" or not request.body:
        return decode(request.query)
    content_type = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if content_type != FORM:
        raise invalid(f"Invalid content type: {content_type}. Requests are form-encoded ({FORM}).")
    return decode(request.body)
