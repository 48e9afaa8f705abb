"""One call: sent with its token and key, sent again while that is safe, and read into its type."""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeVar

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from marketplace_client.errors import (
    BY_STATUS,
    Asked,
    MarketplaceError,
    Refused,
    UnexpectedAnswer,
    UnknownOutcome,
    Unreachable,
)
from marketplace_client.files import Fetched, fetched, write
from marketplace_client.retries import NEVER_SENT, PASSING_CODE, PASSING_STATUSES, REPEATABLE, Retries
from marketplace_client.retries import SILENT_STATUSES as SILENT

TIMEOUT_SECONDS = 30.0
"""The API itself gives up after 29 s."""
DETAIL_CHARACTERS_MAX = 300

A = TypeVar("A")
Query = Mapping[str, Any]


class Caller:
    """Somebody with a token at one base URL. Safe to share between threads.

    A POST carries an idempotency key, one for the call and all its attempts, and is sent again when the
    connection breaks, when no answer comes in time, or when the answer is 429, 5xx or says that the first
    attempt still runs. A PATCH has no key and is sent again only if it was refused for a while; so is a POST
    with an empty `idempotency_key`, which sends none: a heartbeat, whose sequence is one, costs less so.
    """

    def __init__(
        self,
        base_url: str,
        token: str = "",
        *,
        retries: Retries | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`http` is used as it is, its own base URL and timeout included, and not closed."""
        self._own = http is None
        self._http = http or httpx.Client(base_url=base_url, timeout=timeout_seconds)
        self._token = token
        self._retries = retries or Retries()
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections, if they are this caller's own."""
        if self._own:
            self._http.close()

    def with_token(self, token: str) -> Self:
        """Somebody else over the same connections."""
        return type(self)("", token, retries=self._retries, http=self._http, sleep=self._sleep)

    def call(
        self,
        method: str,
        path: str,
        answer: type[A],
        *,
        body: BaseModel | Mapping[str, Any] | None = None,
        query: Query | None = None,
        idempotency_key: str | None = None,
    ) -> A:
        """The answer. Raises MarketplaceError."""
        response = self.exchange(method, path, body=body, query=query, idempotency_key=idempotency_key)
        return self.read(response, answer)

    def read(self, response: httpx.Response, answer: type[A]) -> A:
        """What an exchange has brought. Raises Refused, UnexpectedAnswer."""
        request = response.request
        asked = Asked(request.method, request.url.path, request.headers.get("Idempotency-Key"))
        if not response.is_success:
            raise refusal(asked, response)
        try:
            read: A = _reader(answer).validate_json(response.content)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(step) for step in first["loc"]) or "the body"
            raise UnexpectedAnswer(asked, response.status_code, f"{where}: {first['msg']}") from error
        return read

    def pages(self, path: str, row: type[A], query: Query | None = None) -> Iterator[A]:
        """Every row of a list, newest first; further pages are read as they are needed."""
        cursor: str | None = None
        while True:
            response = self.call("GET", path, Rows, query={**(query or {}), "cursor": cursor})
            for each in response.data:
                yield _reader(row).validate_python(each)
            if response.next_cursor is None:
                return
            cursor = response.next_cursor

    def fetch(self, path: str, file: BinaryIO, query: Query | None = None) -> Fetched:
        """A file, written to `file` (one that can be sought in) from where it stands. What was broken off is
        fetched again from the beginning, and what is refused leaves nothing behind. Raises
        MarketplaceError."""
        asked, start = Asked("GET", path), file.tell()
        attempt, unknown = 0, False
        while True:
            attempt += 1
            response, failed = self._written(self._request(asked, None, query), file, start)
            if response is not None and response.is_success:
                return fetched(response, file.tell() - start)
            unknown = unknown or _may_have_happened(response, failed)
            passes = response is None or _passes(response)
            wait = self._retries.pause(attempt, response) if passes else None
            if wait is None:
                file.seek(start)
                file.truncate()
                raise refusal(asked, _given_up(asked, response, failed, unknown=unknown))
            self._sleep(wait)

    def _written(
        self, request: httpx.Request, file: BinaryIO, start: int
    ) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return write(self._http, request, file, start), None
        except httpx.TransportError as error:
            return None, error

    def exchange(
        self,
        method: str,
        path: str,
        *,
        body: BaseModel | Mapping[str, Any] | None = None,
        query: Query | None = None,
        idempotency_key: str | None = None,
    ) -> httpx.Response:
        """Whatever the API answers in the end, refusals too. Raises Unreachable, UnknownOutcome."""
        key = (uuid.uuid4().hex if idempotency_key is None else idempotency_key) if method == "POST" else None
        asked = Asked(method, path, key)
        request = self._request(asked, body, query)
        attempt, unknown = 0, False
        while True:
            attempt += 1
            response, failed = self._attempt(request)
            if response is not None and not _passes(response):
                return response
            unknown = unknown or _may_have_happened(response, failed)
            again = _may_repeat(asked, response, failed)
            wait = self._retries.pause(attempt, response) if again else None
            if wait is None:
                return _given_up(asked, response, failed, unknown=unknown)
            self._sleep(wait)

    def _request(
        self, asked: Asked, body: BaseModel | Mapping[str, Any] | None, query: Query | None
    ) -> httpx.Request:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if asked.idempotency_key:
            headers["Idempotency-Key"] = asked.idempotency_key
        given = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = _json(body)
        return self._http.build_request(
            asked.method, asked.path, params=given or None, content=content, headers=headers
        )

    def _attempt(self, request: httpx.Request) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return self._http.send(request, follow_redirects=request.method == "GET"), None
        except httpx.TransportError as error:
            return None, error


class Rows(BaseModel):
    """One page of a list."""

    data: list[Any]
    next_cursor: str | None = None


def refusal(asked: Asked, response: httpx.Response) -> MarketplaceError:
    """The error that an answer is."""
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or "code" not in problem:
        return UnexpectedAnswer(
            asked, response.status_code, f"it is no problem: {response.text[:DETAIL_CHARACTERS_MAX]!r}"
        )
    errors = [each for each in problem.get("errors") or () if isinstance(each, dict)]
    return BY_STATUS.get(response.status_code, Refused)(
        asked,
        response.status_code,
        str(problem["code"]),
        str(problem.get("detail", "")),
        response.headers.get("Request-Id"),
        errors,
        problem,
    )


_readers: dict[object, TypeAdapter[Any]] = {}


def _reader(answer: Any) -> TypeAdapter[Any]:
    """What reads JSON into that type, made once."""
    if answer not in _readers:
        _readers[answer] = TypeAdapter(answer)
    return _readers[answer]


def _passes(response: httpx.Response) -> bool:
    """Whether another attempt may be answered otherwise."""
    return response.status_code in PASSING_STATUSES | SILENT or _still_runs(response)


def _still_runs(response: httpx.Response) -> bool:
    """Whether the first call with this key has not finished."""
    return response.status_code == 409 and PASSING_CODE in response.text


def _may_have_happened(response: httpx.Response | None, failed: httpx.TransportError | None) -> bool:
    """Whether this attempt was sent, and nobody said what became of it."""
    if response is None:
        return not isinstance(failed, NEVER_SENT)
    return response.status_code in SILENT or _still_runs(response)


def _may_repeat(asked: Asked, response: httpx.Response | None, failed: httpx.TransportError | None) -> bool:
    """Whether sending it again cannot do it twice."""
    if asked.idempotency_key or asked.method in REPEATABLE:
        return True
    return isinstance(failed, NEVER_SENT) or (
        response is not None and response.status_code in PASSING_STATUSES
    )


def _given_up(
    asked: Asked, response: httpx.Response | None, failed: httpx.TransportError | None, *, unknown: bool
) -> httpx.Response:
    """After the last attempt. `unknown`: one may have happened, of which a refusal for a while says nothing.
    Raises Unreachable, UnknownOutcome."""
    if response is not None and not unknown:
        return response
    if response is not None:
        raise UnknownOutcome(asked, f"answered {response.status_code} at last")
    why = str(failed) or type(failed).__name__
    if unknown:
        raise UnknownOutcome(asked, why) from failed
    raise Unreachable(asked, why) from failed


def _json(body: BaseModel | Mapping[str, Any]) -> bytes:
    if isinstance(body, BaseModel):
        return body.model_dump_json(exclude_unset=True, by_alias=True).encode()
    return json.dumps(body).encode()


def _text(value: object) -> str:
    """A query's value: instants as RFC 3339."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)
