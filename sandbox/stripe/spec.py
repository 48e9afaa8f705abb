"""Stripe's own OpenAPI document, read strictly: what is not in it does not exist.

OpenAPI 3.0 becomes JSON Schema: `nullable` turns into a null beside it, and an object has the members that
the document lists, no others. `make stripe-spec` fetches the document. Source: https://github.com/stripe/openapi
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema_rs

from sandbox.stripe.forms import Raw
from sandbox.stripe.shelf import Obj

Schema = dict[str, Any]

FORM = "application/x-www-form-urlencoded"
DEFINED = "#/components/schemas/"
ANNOTATIONS = ("default", "description", "example", "format", "title")
PROBLEMS_SHOWN_MAX = 3
"""Of each object that does not fit: the first few say enough."""


class Spec:
    """Finds what is wrong with requests, answers and events; nothing wrong is an empty list."""

    def __init__(self, document: Schema) -> None:
        self.version: str = document["info"]["version"]
        self._operations: dict[tuple[str, str], Schema] = {
            (method.upper(), _unnamed(path)): operation
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
        }
        self.schemas: dict[str, Schema] = document["components"]["schemas"]
        self._validator = cache(self._compiled)
        self._parameters = cache(self._parameters_of)

    @classmethod
    def read(cls, path: Path) -> "Spec":
        """Raises OSError or ValueError when there is no such document."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def parameters(self, method: str, path: str) -> Schema:
        """What an operation takes, as one object schema; the names in the path's braces do not matter.

        Raises KeyError for an operation that Stripe lacks.
        """
        return self._parameters(method, _unnamed(path))

    def event_types(self) -> frozenset[str]:
        """Every type of event that an endpoint can ask for."""
        enabled = self.parameters("POST", "/v1/webhook_endpoints")["properties"]["enabled_events"]
        return frozenset(enabled["items"]["enum"]) - {"*"}

    def request_problems(self, method: str, path: str, parameters: dict[str, Raw]) -> list[str]:
        """What Stripe would not understand of a request's decoded form or query."""
        try:
            takes = self.parameters(method, path)
        except KeyError:
            return [f"{method} {path}: no such operation"]
        validator = self._validator(method, _unnamed(path))
        return _problems(f"{method} {path}", validator, _typed(takes, parameters))

    def answer_problems(self, method: str, path: str, status: int, body: Obj) -> list[str]:
        """What Stripe would not have said: an object of the wrong kind, or with a member amiss."""
        if status != 200:
            return self.object_problems("error", body)
        if (method, _unnamed(path)) not in self._operations:
            return [f"{method} {path}: no such operation"]
        validator = self._validator("answer", f"{method} {_unnamed(path)}")
        return _problems(f"answer to {method} {path}", validator, body)

    def event_problems(self, event: Obj) -> list[str]:
        """An event, the object that it tells of, and the former values that it gives."""
        kind = event["data"]["object"]["object"]
        found = self.object_problems("event", event)
        found += self.object_problems(kind, event["data"]["object"])
        if event["type"] not in self.event_types():
            found.append(f"event: no type {event['type']}")
        former = event["data"].get("previous_attributes", {})
        return found + _problems(f"former {kind}", self._validator("former", kind), former)

    def object_problems(self, kind: str, row: object) -> list[str]:
        """One object, held to the schema of its name."""
        if kind not in self.schemas:
            return [f"{kind}: no such object"]
        return _problems(kind, self._validator("object", kind), row)

    def _compiled(self, purpose: str, name: str) -> jsonschema_rs.Validator:
        if purpose == "object":
            top: Schema = {"$ref": f"#/$defs/{name}"}
        elif purpose == "answer":
            operation = self._operations[cast("tuple[str, str]", tuple(name.split(" ")))]
            top = _strict(operation["responses"]["200"]["content"]["application/json"]["schema"])
        elif purpose == "former":
            top = {**_strict(self.schemas[name]), "required": []}
        else:
            top = _strict(self.parameters(purpose, name))
        return jsonschema_rs.validator_for({**top, "$defs": self._definitions(top)})

    def _definitions(self, top: Schema) -> dict[str, Schema]:
        """Those that `top` reaches: compiling all of them for each would take seconds."""
        defined: dict[str, Schema] = {}
        wanted = list(_references(top))
        while wanted:
            name = wanted.pop()
            if name not in defined:
                defined[name] = _strict(self.schemas[name])
                wanted += _references(defined[name])
        return defined

    def _parameters_of(self, method: str, path: str) -> Schema:
        operation = self._operations[method, path]
        if method == "POST":
            form: Schema = operation["requestBody"]["content"][FORM]["schema"]
            return form
        query = [row for row in operation.get("parameters", []) if row["in"] == "query"]
        return {
            "type": "object",
            "properties": {row["name"]: row["schema"] for row in query},
            "required": [row["name"] for row in query if row["required"]],
            "additionalProperties": False,
        }


def _unnamed(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _strict(node: Any) -> Any:
    """JSON Schema that allows what OpenAPI's `node` lists, and nothing more."""
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": node["$ref"].replace(DEFINED, "#/$defs/")}
    made = {
        name: {key: _strict(value) for key, value in part.items()} if name == "properties" else _strict(part)
        for name, part in node.items()
        if name not in ANNOTATIONS and name != "nullable" and not name.startswith("x-")
    }
    if "properties" in made:
        made.setdefault("additionalProperties", False)
    return {"anyOf": [made, {"type": "null"}]} if node.get("nullable") is True else made


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, part in node.items():
            if name == "$ref":
                yield part.removeprefix("#/$defs/")
            else:
                yield from _references(part)
    elif isinstance(node, list):
        for item in node:
            yield from _references(item)


def _typed(schema: Schema, raw: Raw) -> Any:
    """Form texts as what the schema takes them for; what fits nothing stays a text, and is found wrong."""
    if "anyOf" in schema:
        return _typed(_branch(schema["anyOf"], raw), raw)
    if isinstance(raw, dict):
        if schema.get("type") == "array":
            return [_typed(schema["items"], value) for _, value in sorted(raw.items(), key=_place)]
        members, others = schema.get("properties", {}), schema.get("additionalProperties")
        rest = others if isinstance(others, dict) else {}
        return {name: _typed(members.get(name, rest), value) for name, value in raw.items()}
    if schema.get("type") == "integer" and raw.removeprefix("-").isdecimal():
        return int(raw)
    if schema.get("type") == "boolean" and raw in ("true", "false"):
        return raw == "true"
    return raw


def _branch(branches: list[Schema], raw: Raw) -> Schema:
    """The alternative that a decoded parameter is meant for."""
    if isinstance(raw, dict):
        indexed = all(name.isdecimal() for name in raw)
        wanted = [branch for branch in branches if branch.get("type") == ("array" if indexed else "object")]
        return (wanted or branches)[0]
    texts = [branch for branch in branches if branch.get("type") not in ("array", "object")]
    exact = [branch for branch in texts if raw in branch.get("enum", [])]
    numeric = [branch for branch in texts if branch.get("type") == "integer" and raw.isdecimal()]
    return (exact or numeric or [branch for branch in texts if "enum" not in branch] or branches)[0]


def _place(item: tuple[str, Raw]) -> int:
    return int(item[0]) if item[0].isdecimal() else 0


def _problems(what: str, validator: jsonschema_rs.Validator, value: object) -> list[str]:
    if validator.is_valid(value):
        return []
    found = list(validator.iter_errors(value))[:PROBLEMS_SHOWN_MAX]
    return [f"{what} at {'/'.join(map(str, error.instance_path)) or '.'}: {error.message}" for error in found]
