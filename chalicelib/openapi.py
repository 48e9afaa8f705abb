"""OpenAPI 3.1, generated from the route table and the models that validate.

`python -m chalicelib.openapi` writes openapi.json; with `--check` it fails when the file has drifted.
"""

import json
import re
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chalicelib.http import JSON, NoBody, NoQuery, Operation, Page, RawBody
from chalicelib.problems import PROBLEM_TYPE

VERSION = "0.1.0"
FILE = Path(__file__).parent.parent / "openapi.json"
REFERENCES = "#/components/schemas/{model}"
NAME_MAX = 100

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `errors` stands with 422, `why_not` with `not_eligible`.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "session_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "why_not": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {"code": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


class AmbiguousName(Exception):
    """Callers would read the names of our modules."""


@cache
def document_text() -> str:
    """The document as compact JSON."""
    from chalicelib.api import OPERATIONS

    return json.dumps(document(OPERATIONS), separators=(",", ":"), sort_keys=True)


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The OpenAPI document of these operations."""
    models: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for operation in operations:
        if operation.media == JSON:
            models[operation.answer, "serialization"] = None
        if operation.row is not None:
            models[operation.row, "serialization"] = None
        if operation.body not in (NoBody, RawBody):
            models[operation.body, "validation"] = None
    names, schemas = models_json_schema(list(models), ref_template=REFERENCES)
    if ambiguous := [name for name in schemas.get("$defs", {}) if "__" in name]:
        raise AmbiguousName(f"two models share a name, which would show our modules: {ambiguous}")
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gig Marketplace",
            "version": VERSION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": {**schemas.get("$defs", {}), "Problem": _PROBLEM},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def tag_of(operation: Operation) -> str:
    """What it is about: the first part of its path."""
    return operation.path.split("/")[2] if operation.path.startswith("/v1/") else "service"


def _operation(operation: Operation, names: Any) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.run.__name__,
        "summary": operation.summary,
        "tags": [tag_of(operation)],
        "parameters": _parameters(operation),
        "responses": {
            str(operation.status): {
                "description": "The answer.",
                "content": {operation.media.partition(";")[0]: {"schema": _answer(operation, names)}},
            },
            "default": {
                "description": "A refusal.",
                "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if not operation.who:
        described["security"] = []
    if operation.body is not NoBody:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _body(operation, names)}},
        }
    return described


def _body(operation: Operation, names: Any) -> dict[str, Any]:
    """The schema of what is sent; a signed body is its sender's to describe."""
    if operation.body is RawBody:
        return {"type": "object"}
    schema: dict[str, Any] = names[operation.body, "validation"]
    return schema


def _answer(operation: Operation, names: Any) -> dict[str, Any]:
    if operation.media != JSON:
        return {"type": "string"}
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


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "maxLength": NAME_MAX}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    if operation.query is not NoQuery:
        schema = operation.query.model_json_schema(ref_template=REFERENCES)
        found += [
            {"name": name, "in": "query", "required": False, "schema": part}
            for name, part in schema["properties"].items()
        ]
    if operation.method == "POST" and operation.who:
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": operation.key_required,
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            }
        )
    return found


def main(arguments: Sequence[str]) -> int:
    """Writes or checks the committed document."""
    from chalicelib.api import OPERATIONS

    text = json.dumps(document(OPERATIONS), indent=1, sort_keys=True) + "\n"
    if "--check" not in arguments:
        FILE.write_text(text)
        return 0
    if FILE.exists() and FILE.read_text() == text:
        return 0
    sys.stderr.write("openapi.json has drifted: run `python -m chalicelib.openapi` and look at the change\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
