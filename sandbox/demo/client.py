"""The marketplace as an outside client sees it: through its Python client, which the demo so tries."""

import threading
from dataclasses import dataclass
from typing import TypeVar

import httpx

from marketplace_client import Marketplace as Caller
from marketplace_client import MarketplaceError, Retries
from sandbox.demo.answers import Answer

CONNECTIONS_MAX = 8
RETRIES = Retries(wait_seconds_max=2.0, retry_after_seconds_max=2.0)
ONCE = Retries(attempts_max=1)
CALL_SECONDS_MAX = 60.0
"""A call may settle everything behind it, so the limit is wide."""

Body = dict[str, object]
A = TypeVar("A", bound=Answer)


class UnexpectedAnswer(MarketplaceError):
    """The marketplace did not do as the contract says. Its text is one line for a person."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A call as it went over the wire, and what came back: enough to send the very same again."""

    path: str
    token: str
    key: str
    body: Body | None
    status: int
    content: bytes


class Marketplace:
    """Calls against one base URL. Safe to share between threads. Raises MarketplaceError."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._counting = threading.Lock()
        self._calls = 0
        http.event_hooks["request"].append(self._count)

    @property
    def calls(self) -> int:
        """HTTP calls sent so far, repeats included."""
        return self._calls

    def get(self, path: str, answer: type[A], *, token: str) -> A:
        return self._as(token).call("GET", path, answer)

    def post(
        self, path: str, answer: type[A], body: Body | None = None, *, token: str = "", keyed: bool = True
    ) -> A:
        """The answer to one POST; `token` is left out for the sandbox's own paths. One that is not `keyed`
        is sent once and without a key: the sandbox's controls know none."""
        caller, key = self._as(token, RETRIES if keyed else ONCE), None if keyed else ""
        return caller.call("POST", path, answer, body=body, idempotency_key=key)

    def post_remembered(self, path: str, answer: type[A], body: Body | None, *, token: str) -> tuple[A, Sent]:
        """Like `post`, keyed, and what was sent: to be sent again later by `repeat`."""
        caller = self._as(token)
        response = caller.exchange("POST", path, body=body)
        key = response.request.headers["Idempotency-Key"]
        sent = Sent(path, token, key, body, response.status_code, response.content)
        return caller.read(response, answer), sent

    def repeat(self, sent: Sent) -> httpx.Response:
        """The very same call once more, whatever it answers."""
        caller = self._as(sent.token)
        return caller.exchange("POST", sent.path, body=sent.body, idempotency_key=sent.key)

    def look(self, path: str, *, token: str) -> httpx.Response:
        """A GET, whatever it answers."""
        return self._as(token).exchange("GET", path)

    def _as(self, token: str, retries: Retries = RETRIES) -> Caller:
        return Caller("", token, http=self._http, retries=retries)

    def _count(self, _: httpx.Request) -> None:
        with self._counting:
            self._calls += 1


def open_http(base_url: str) -> httpx.Client:
    """A client for `base_url`, never through a proxy of the environment; close it after use."""
    return httpx.Client(
        base_url=base_url,
        timeout=CALL_SECONDS_MAX,
        limits=httpx.Limits(max_connections=CONNECTIONS_MAX, max_keepalive_connections=CONNECTIONS_MAX),
        trust_env=False,
    )
