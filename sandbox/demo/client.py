"""The marketplace as an outside client sees it: HTTP calls that are answered as expected or stop the demo."""

import threading
import time
import uuid
from dataclasses import dataclass
from typing import TypeVar

import httpx
from pydantic import ValidationError

from sandbox.demo.answers import Answer

CONNECTIONS_MAX = 8
ATTEMPTS_MAX = 5
RETRY_WAIT_SECONDS_MAX = 2.0
CALL_SECONDS_MAX = 60.0
"""A call may settle everything behind it, so the limit is wide."""
DETAIL_CHARACTERS_MAX = 300
PASSING_STATUSES = frozenset({429, 503})

Body = dict[str, object]
A = TypeVar("A", bound=Answer)


class UnexpectedAnswer(Exception):
    """A call was not answered as the contract says. Its text is one line for a person."""


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
    """Calls against one base URL. Safe to share between threads.

    A POST that is `keyed` carries an Idempotency-Key and is sent again, with the same key, when the
    connection breaks or the answer is 503 or 429; a GET is sent again likewise; anything else is sent once.
    """

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._counting = threading.Lock()
        self._calls = 0

    @property
    def calls(self) -> int:
        """HTTP calls sent so far, repeats included."""
        return self._calls

    def get(self, path: str, answer: type[A], *, token: str) -> A:
        return self._read("GET", path, self._exchange("GET", path, token), answer)

    def post(
        self, path: str, answer: type[A], body: Body | None = None, *, token: str = "", keyed: bool = True
    ) -> A:
        """The answer to one POST; `token` is left out for the sandbox's own paths."""
        key = uuid.uuid4().hex if keyed else ""
        return self._read("POST", path, self._exchange("POST", path, token, body, key), answer)

    def post_remembered(self, path: str, answer: type[A], body: Body | None, *, token: str) -> tuple[A, Sent]:
        """Like `post`, keyed, and what was sent: to be sent again later by `repeat`."""
        key = uuid.uuid4().hex
        response = self._exchange("POST", path, token, body, key)
        sent = Sent(path, token, key, body, response.status_code, response.content)
        return self._read("POST", path, response, answer), sent

    def repeat(self, sent: Sent) -> httpx.Response:
        """The very same call once more, whatever it answers."""
        return self._exchange("POST", sent.path, sent.token, sent.body, sent.key)

    def look(self, path: str, *, token: str) -> httpx.Response:
        """A GET, whatever it answers."""
        return self._exchange("GET", path, token)

    def _exchange(
        self, method: str, path: str, token: str, body: Body | None = None, key: str = ""
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if key:
            headers["Idempotency-Key"] = key
        attempts = ATTEMPTS_MAX if key or method == "GET" else 1
        for attempt in range(1, attempts + 1):
            try:
                response = self._send(method, path, headers, body)
            except httpx.TransportError as error:
                if attempt == attempts:
                    raise UnexpectedAnswer(f"{method} {path}: no answer ({_why(error)})") from error
                time.sleep(_pause(attempt))
                continue
            if response.status_code not in PASSING_STATUSES or attempt == attempts:
                return response
            time.sleep(_pause(attempt, response))
        raise AssertionError("the last attempt returns or raises")

    def _send(self, method: str, path: str, headers: dict[str, str], body: Body | None) -> httpx.Response:
        with self._counting:
            self._calls += 1
        return self._http.request(method, path, headers=headers, json=body)

    def _read(self, method: str, path: str, response: httpx.Response, answer: type[A]) -> A:
        if response.status_code not in {200, 201}:
            raise UnexpectedAnswer(f"{method} {path} answered {response.status_code}{_problem(response)}")
        try:
            return answer.model_validate_json(response.content)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(step) for step in first["loc"])
            fault = f"{where or 'the body'}: {first['msg']}"
            raise UnexpectedAnswer(f"{method} {path} answered {response.status_code}, but {fault}") from error


def open_http(base_url: str) -> httpx.Client:
    """A client for `base_url`, never through a proxy of the environment; close it after use."""
    return httpx.Client(
        base_url=base_url,
        timeout=CALL_SECONDS_MAX,
        limits=httpx.Limits(max_connections=CONNECTIONS_MAX, max_keepalive_connections=CONNECTIONS_MAX),
        trust_env=False,
    )


def _why(error: httpx.TransportError) -> str:
    return str(error) or type(error).__name__


def _pause(attempt: int, response: httpx.Response | None = None) -> float:
    """Seconds to wait after `attempt`: as the server asks, within a limit, else doubling from 0.1."""
    asked = response.headers.get("Retry-After", "") if response is not None else ""
    seconds = float(asked) if asked.isdigit() else 0.05 * 2**attempt
    return min(seconds, RETRY_WAIT_SECONDS_MAX)


def _problem(response: httpx.Response) -> str:
    """`, insufficient_funds: why` out of an RFC 9457 body, or the beginning of whatever came."""
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        return f": {response.text[:DETAIL_CHARACTERS_MAX]!r}"
    errors = [each for each in problem.get("errors") or () if isinstance(each, dict)]
    pointers = "".join(f"; {each.get('pointer')}: {each.get('detail')}" for each in errors)
    return f", {problem.get('code')}: {problem.get('detail')}{pointers}"[:DETAIL_CHARACTERS_MAX]
