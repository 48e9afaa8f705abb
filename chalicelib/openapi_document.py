"""The OpenAPI 3.1 document, made from the route table and the models that validate."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chalicelib.api_words import DESCRIPTION, HEADERS, SECURITY_SCHEMES, TAGS
from chalicelib.http import JSON, NoBody, Operation, RawBody
from chalicelib.openapi_operations import REFERENCES, described, problem_schema, refusals
from chalicelib.served import served

VERSION = "0.1.0"


class AmbiguousName(Exception):
    """Callers would read the names of our modules."""


@cache
def document_text() -> str:
    """The document of what is served, as compact JSON."""
    return json.dumps(document(served()), separators=(",", ":"), sort_keys=True)


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The OpenAPI document of these operations. Raises AmbiguousName."""
    models: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for operation in operations:
        if operation.media == (JSON,):
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
        paths.setdefault(operation.path, {})[operation.method.lower()] = described(operation, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gig Marketplace",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "tags": [{"name": name, "description": words} for name, words in TAGS.items()],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": {**_opened(schemas.get("$defs", {}), paths), "Problem": problem_schema()},
            "securitySchemes": SECURITY_SCHEMES,
            "headers": HEADERS,
            "responses": refusals(),
        },
    }


def _opened(schemas: dict[str, Any], paths: dict[str, Any]) -> dict[str, Any]:
    """What only answers hold may have more fields one day: a program must not break on them."""
    bodies = [
        each["requestBody"]
        for methods in paths.values()
        for each in methods.values()
        if "requestBody" in each
    ]
    sent, waiting = set[str](), _references(bodies)
    while waiting:
        name = waiting.pop()
        if name not in sent:
            sent.add(name)
            waiting += _references(schemas[name])
    return {
        name: {
            part: told
            for part, told in each.items()
            if name in sent or part != "additionalProperties" or told
        }
        for name, each in schemas.items()
    }


def _references(schema: Any) -> list[str]:
    """The names of the schemas that it refers to."""
    if isinstance(schema, list):
        return [name for each in schema for name in _references(each)]
    if not isinstance(schema, dict):
        return []
    own = [schema["$ref"].rpartition("/")[2]] if "$ref" in schema else []
    return own + [name for each in schema.values() for name in _references(each)]
