"""Calls of the real doors without HTTP between: what the function does with one proxy event."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from chalice.app import Request
from chalice.local import RouteMatcher

from chalicelib.answering import respond
from chalicelib.api import OPERATIONS
from chalicelib.http import Operation


@dataclass(frozen=True)
class Knock:
    """One call: `token` says who knocks, `key` is its idempotency key."""

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
def _routes() -> tuple[RouteMatcher, dict[tuple[str, str], Operation]]:
    operations = {(one.method, one.path): one for one in OPERATIONS}
    return RouteMatcher([path for _, path in operations]), operations


def knock(asked: Knock) -> Answer:
    """Answers as the deployed function would, in the caller's thread."""
    matcher, operations = _routes()
    path, _, query = asked.path.partition("?")
    route = matcher.match_route(path)
    request = Request(
        {
            "httpMethod": asked.method,
            "headers": {"authorization": f"Bearer {asked.token}", "idempotency-key": asked.key},
            "multiValueQueryStringParameters": parse_qs(query) or None,
            "pathParameters": route.captured,
            "stageVariables": None,
            "requestContext": {"httpMethod": asked.method, "resourcePath": route.route},
            "body": "" if asked.body is None else json.dumps(asked.body),
        }
    )
    answer = respond(operations[asked.method, route.route], request, route.captured)
    return Answer(answer.status_code, answer.body, "Idempotent-Replayed" in answer.headers)
