"""One operation as OpenAPI describes it, with examples of what tests sent and got."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.api_words import (
    HEADERS,
    IDEMPOTENCY_KEY,
    PARAMETERS,
    REFUSALS,
    id_words,
    problem_words,
)
from chalicelib.http import JSON, SEE_OTHER, NoBody, NoQuery, Operation, Page, RawBody
from chalicelib.problems import PROBLEM_TYPE
from marketplace.access.principals import Role

EXAMPLES = Path(__file__).parent / "examples.json"
"""`python -m tests.examples` writes it from what tests sent and got."""
REFERENCES = "#/components/schemas/{model}"
NAME_MAX = 100
LIMITS = ("RateLimit", "RateLimit-Policy")
TEXT: dict[str, Any] = {"type": "string"}


def tag_of(operation: Operation) -> str:
    """What it is about: the first part of its path."""
    return operation.path.split("/")[2] if operation.path.startswith("/v1/") else "service"


def described(operation: Operation, names: Any) -> dict[str, Any]:
    """The operation; `names` has a reference for each model and mode."""
    example = examples().get(operation.run.__name__, {})
    told: dict[str, Any] = {
        "operationId": operation.run.__name__,
        "summary": operation.summary,
        "description": _who(operation),
        "tags": [tag_of(operation)],
        "parameters": _parameters(operation, example.get("parameters", {})),
        "responses": _responses(operation, names, example),
    }
    if not operation.who:
        told["security"] = []
    if operation.body is not NoBody:
        content = {"schema": _body(operation, names), **_example(example, "body")}
        needed = any(each.is_required() for each in operation.body.model_fields.values())
        told["requestBody"] = {"required": needed, "content": {JSON: content}}
    return told


def problem_schema() -> dict[str, Any]:
    """The schema of a refusal."""
    fault = {
        "type": "object",
        "required": ["pointer", "detail"],
        "properties": {"pointer": TEXT, "detail": TEXT},
    }
    reason = {"type": "object", "required": ["code", "detail"], "properties": {"code": TEXT, "detail": TEXT}}
    return {
        "type": "object",
        "description": problem_words(),
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "code": TEXT,
            "session_id": TEXT,
            "reason_code": TEXT,
            "reason": TEXT,
            "reasons": {"type": "array", "items": TEXT},
            "errors": {"type": "array", "items": fault},
            "why_not": {"type": "array", "items": reason},
        },
    }


def refusals() -> dict[str, Any]:
    """What every operation may answer instead; `Refused` is any other."""
    named = [*REFUSALS.values(), ("Refused", "Any other refusal, or a defect of ours.")]
    problems = {"schema": {"$ref": "#/components/schemas/Problem"}}
    beside = {REFUSALS[401][0]: "WWW-Authenticate", REFUSALS[429][0]: "Retry-After"}
    return {
        name: {
            "description": words,
            "headers": _headers("Request-Id", *LIMITS, *([beside[name]] if name in beside else [])),
            "content": {PROBLEM_TYPE: problems},
        }
        for name, words in named
    }


@cache
def examples() -> dict[str, Any]:
    """By operationId: `parameters` by name, `body`, `answer`."""
    found: dict[str, Any] = json.loads(EXAMPLES.read_text(encoding="utf-8")) if EXAMPLES.exists() else {}
    return found


def _who(operation: Operation) -> str:
    if not operation.who:
        return "For anyone; no token is needed."
    scoped = f" (with the scope `{operation.scope}`)" if operation.scope else ""
    roles = [f"{role}{scoped if role == Role.CLIENT else ''}" for role in operation.who]
    return f"For: {', '.join(roles)}."


def _responses(operation: Operation, names: Any, example: dict[str, Any]) -> dict[str, Any]:
    answered = ["Request-Id", *(() if operation.unlimited else LIMITS)]
    if operation.method == "POST":
        answered.append("Idempotent-Replayed")
    schema = {"schema": _answer(operation, names), **_example(example, "answer")}
    good = {
        "description": "The answer.",
        "headers": _headers(*answered),
        "content": {kind.partition(";")[0]: schema for kind in operation.media},
    }
    refused = {
        str(status): {"$ref": f"#/components/responses/{REFUSALS[status][0]}"}
        for status in _refusal_statuses(operation)
    }
    moved = {str(SEE_OTHER): _moved(answered)} if operation.moved else {}
    return {
        str(operation.status): good,
        **moved,
        **refused,
        "default": {"$ref": "#/components/responses/Refused"},
    }


def _moved(headers: list[str]) -> dict[str, Any]:
    told = {
        "description": "A signed address, good for minutes.",
        "schema": {"type": "string", "format": "uri"},
    }
    return {
        "description": "The file is larger than an answer: it is fetched from `Location`, without a token.",
        "headers": {**_headers(*headers), "Location": {**told, "required": True}},
    }


def _refusal_statuses(operation: Operation) -> list[int]:
    """Those that this operation's own parts bring with them, and those that it names."""
    writes = operation.method != "GET"
    due = {
        400: writes or "cursor" in operation.query.model_fields,
        401: bool(operation.who),
        403: bool(operation.who),
        404: "{" in operation.path or bool(operation.who),
        409: writes,
        410: operation.method == "POST" and bool(operation.who),
        413: writes,
        422: True,
        429: not operation.unlimited,
        503: True,
    }
    return [status for status, may_be in due.items() if may_be or status in operation.refuses]


def _headers(*names: str) -> dict[str, Any]:
    assert set(names) <= set(HEADERS)
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _example(example: dict[str, Any], part: str) -> dict[str, Any]:
    return {"examples": {"tested": {"value": example[part]}}} if part in example else {}


def _body(operation: Operation, names: Any) -> dict[str, Any]:
    """The schema of what is sent; a signed body is its sender's to describe."""
    if operation.body is RawBody:
        return {"type": "object"}
    schema: dict[str, Any] = names[operation.body, "validation"]
    return schema


def _answer(operation: Operation, names: Any) -> dict[str, Any]:
    if operation.media != (JSON,):
        return TEXT
    if operation.answer is not Page or operation.row is None:
        schema: dict[str, Any] = names[operation.answer, "serialization"]
        return schema
    return {
        "type": "object",
        "required": ["data", "next_cursor"],
        "properties": {
            "data": {"type": "array", "items": names[operation.row, "serialization"]},
            "next_cursor": {"type": ["string", "null"]},
        },
    }


def _parameters(operation: Operation, given: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PARAMETERS.get(name) or id_words(name),
            "schema": {"type": "string", "maxLength": NAME_MAX},
        }
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    if operation.query is not NoQuery:
        schema = operation.query.model_json_schema(ref_template=REFERENCES)
        needed = schema.get("required", ())
        found += [
            {
                "name": name,
                "in": "query",
                "required": name in needed,
                **_words(name, part),
                "schema": _given(part),
            }
            for name, part in schema["properties"].items()
        ]
    for parameter in found:
        if parameter["name"] in given:
            parameter["example"] = given[parameter["name"]]
    if operation.method == "POST" and operation.who:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": operation.key_required,
                "description": IDEMPOTENCY_KEY,
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            }
        )
    return found


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a query's value where there is one: it may be left out, and cannot be null."""
    variants = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(variants) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**rest, **variants[0]}


def _words(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    words = schema.get("description") or PARAMETERS.get(name)
    return {"description": words} if words else {}
