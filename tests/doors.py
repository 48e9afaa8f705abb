"""Calls of the real doors without HTTP between: what the function does with one proxy event."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from chalice.app import Request

from chalicelib.answering import respond
from chalicelib.api import OPERATIONS
from chalicelib.http import Operation
from sandbox.paths import Paths


@dataclass(frozen=True)
class Knock:
    """One call: `token` says who knocks, `key` is its idempotency key; empty sends none."""

    method: str
    path: str
    token: str
    key: str
    body: Any = None


@dataclass(frozen=True)
class Answer:
    """`code` is a problem's, empty when there is none."""

    status: int
    text: str
    replayed: bool

    @property
    def code(self) -> str:
        return str(json.loads(self.text).get("code", "")) if self.status >= 400 else ""

    @property
    def body(self) -> Any:
        return json.loads(self.text)


@cache
def _routes() -> tuple[Paths, dict[tuple[str, str], Operation]]:
    operations = {(one.method, one.path): one for one in OPERATIONS}
    return Paths(path for _, path in operations), operations


def knock(asked: Knock) -> Answer:
    """Answers as the deployed function would, in the caller's thread."""
    paths, operations = _routes()
    path, _, query = asked.path.partition("?")
    found = paths.match(path)
    assert found is not None, path
    route, captured = found
    key = {"idempotency-key": asked.key} if asked.key else {}
    request = Request(
        {
            "httpMethod": asked.method,
            "headers": {"authorization": f"Bearer {asked.token}", **key},
            "multiValueQueryStringParameters": parse_qs(query) or None,
            "pathParameters": captured,
            "stageVariables": None,
            "requestContext": {"httpMethod": asked.method, "resourcePath": route},
            "body": "" if asked.body is None else json.dumps(asked.body),
        }
    )
    answer = respond(operations[asked.method, route], request, captured)
    return Answer(answer.status_code, answer.body, "Idempotent-Replayed" in answer.headers)
