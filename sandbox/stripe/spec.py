"""Stripe's own OpenAPI document, read strictly: what is not in it does not exist.

OpenAPI 3.0 becomes JSON Schema: `nullable` turns into a null beside it, and an object has the members that
the document lists, no others. `make stripe-spec` fetches the document. Source: https://github.com/stripe/openapi
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from sandbox.stripe.forms import Raw
from sandbox.stripe.shelf import Obj

Schema = dict[str, Any]

FORM = "application/x-www-form-urlencoded"
DEFINED = "#/components/schemas/"
RESOURCE = "urn:stripe:openapi"
"""What the document is called inside: every validator refers to one copy of it."""
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
        strict = {name: _strict(schema) for name, schema in self.schemas.items()}
        self._registry = jsonschema_rs.Registry([(RESOURCE, {"$defs": strict})])
        self._object = cache(self._compiled_object)
        self._request = cache(self._compiled_request)
        self._list = cache(self._compiled_list)
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
        validator = self._request(method, _unnamed(path))
        return _problems(f"{method} {path}", validator, _typed(takes, parameters))

    def answer_problems(self, method: str, path: str, status: int, body: Obj) -> list[str]:
        """What Stripe would not have said: an object of the wrong kind, or with a member amiss."""
        if status != 200:
            return self.object_problems("error", body)
        operation = self._operations.get((method, _unnamed(path)))
        if operation is None:
            return [f"{method} {path}: no such operation"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        if kinds := _kinds(schema):
            return self._one_of(kinds, body)
        found = _problems(f"list of {method} {path}", self._list(method, _unnamed(path)), body)
        kinds = _kinds(schema["properties"]["data"]["items"])
        return found + [problem for row in body.get("data", []) for problem in self._one_of(kinds, row)]

    def event_problems(self, event: Obj) -> list[str]:
        """An event, the object that it tells of, and what that was with the former values that it gives."""
        now = event["data"]["object"]
        former = {**now, **event["data"].get("previous_attributes", {})}
        found = self.object_problems("event", event)
        found += self.object_problems(now["object"], now)
        if event["type"] not in self.event_types():
            found.append(f"event: no type {event['type']}")
        return found + (self.object_problems(now["object"], former) if former != now else [])

    def object_problems(self, kind: str, row: object) -> list[str]:
        """One object, held to the schema of its name."""
        if kind not in self.schemas:
            return [f"{kind}: no such object"]
        return _problems(kind, self._object(kind), row)

    def _one_of(self, kinds: list[str], row: object) -> list[str]:
        found = [self.object_problems(kind, row) for kind in kinds]
        return min(found, key=len)

    def _compiled_object(self, kind: str) -> jsonschema_rs.Validator:
        return self._compiled({"$ref": f"{RESOURCE}#/$defs/{kind}"})

    def _compiled_request(self, method: str, path: str) -> jsonschema_rs.Validator:
        return self._compiled(_strict(self._parameters(method, path)))

    def _compiled_list(self, method: str, path: str) -> jsonschema_rs.Validator:
        """The list itself; what is in it is held to its own kind."""
        schema = self._operations[method, path]["responses"]["200"]["content"]["application/json"]["schema"]
        members = {**schema["properties"], "data": {"type": "array"}}
        return self._compiled(_strict({**schema, "properties": members}))

    def _compiled(self, schema: Schema) -> jsonschema_rs.Validator:
        return jsonschema_rs.validator_for(schema, registry=self._registry)

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
        return {"$ref": node["$ref"].replace(DEFINED, f"{RESOURCE}#/$defs/")}
    made = {
        name: {key: _strict(value) for key, value in part.items()} if name == "properties" else _strict(part)
        for name, part in node.items()
        if name not in ANNOTATIONS and name != "nullable" and not name.startswith("x-")
    }
    if "properties" in made:
        made.setdefault("additionalProperties", False)
    return {"anyOf": [made, {"type": "null"}]} if node.get("nullable") is True else made


def _kinds(schema: Schema) -> list[str]:
    """The objects that a schema names; none for one that is written out."""
    return [
        branch["$ref"].removeprefix(DEFINED) for branch in schema.get("anyOf", [schema]) if "$ref" in branch
    ]


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
