"""Writes the Python client's models and operations from openapi.json.

`python -m infra.client_code` writes them; with `--check` it fails when they are not current.
"""

import json
import keyword
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "openapi.json"
PACKAGE = ROOT / "client" / "marketplace_client"
REFERENCE = "#/components/schemas/"
ANYTHING = "JsonValue"
LINE = 110
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
NOT_FOR_CALLERS = frozenset({"receive_stripe_event", "receive_screening_event", "openapi_document"})
"""What providers tell us is signed by them."""

MODELS_HEAD = '''"""The API's objects and bodies. infra/client_code.py writes them from openapi.json."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from marketplace_client.model import Model
'''
OPERATIONS_HEAD = '''"""The API's operations. infra/client_code.py writes them from openapi.json."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Literal
from urllib.parse import quote

from marketplace_client import models
from marketplace_client.core import Caller
from marketplace_client.files import Fetched


def _part(identifier: str) -> str:
    """An id as a part of a path."""
    return quote(identifier, safe="")


class Marketplace(Caller):
    """Every operation of the API, by its operationId. A list is an iterator over all of its pages; an
    `idempotency_key` is made for each POST unless one is given; what is a file is written to one."""
'''


@dataclass(frozen=True)
class Spelling:
    """How schemas are written as types. A state that is new must not break an older program: what only
    answers hold is `open`, its enumerations plain text."""

    prefix: str = ""
    open: bool = False

    def type_of(self, schema: dict[str, Any]) -> str:
        """The Python type of a schema."""
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(REFERENCE)
            return "Any" if name == ANYTHING else f"{self.prefix}{name}"
        variants = schema.get("anyOf") or schema.get("oneOf")
        if variants:
            union = " | ".join(dict.fromkeys(self.type_of(each) for each in variants))
            named = schema.get("discriminator", {}).get("propertyName")
            return f"Annotated[{union}, Field(discriminator={named!r})]" if named else union
        values = [schema["const"]] if "const" in schema else schema.get("enum")
        if values:
            return "str" if self.open else f"Literal[{', '.join(map(repr, values))}]"
        return self._plain(schema)

    def _plain(self, schema: dict[str, Any]) -> str:
        kinds = schema.get("type")
        if isinstance(kinds, list):
            return " | ".join(self.type_of({**schema, "type": kind}) for kind in kinds)
        if kinds == "array":
            return f"list[{self.type_of(schema.get('items', {}))}]"
        if kinds == "object":
            values = schema.get("additionalProperties")
            return f"dict[str, {self.type_of(values) if isinstance(values, dict) else 'Any'}]"
        if kinds == "string" and schema.get("format") == "date-time":
            return "datetime"
        return PLAIN.get(kinds or "", "Any")


def models(document: dict[str, Any]) -> str:
    """The text of models.py."""
    schemas = {name: each for name, each in document["components"]["schemas"].items() if name != ANYTHING}
    sent = set(_reached(_bodies(document), schemas))
    parts = [_model(name, schemas[name], sent=name in sent) for name in _in_order(schemas)]
    return MODELS_HEAD + "\n\n" + "\n\n\n".join(parts) + "\n"


def operations(document: dict[str, Any]) -> str:
    """The text of operations.py."""
    methods = [
        _operation(method.upper(), path, operation)
        for path, each in sorted(document["paths"].items())
        for method, operation in each.items()
        if operation["operationId"] not in NOT_FOR_CALLERS
        and (_answered(operation) is not None or _is_a_file(operation))
    ]
    return OPERATIONS_HEAD + "\n" + "\n\n".join(methods) + "\n"


def _model(name: str, schema: dict[str, Any], *, sent: bool) -> str:
    spelling = Spelling(open=not sent)
    lines = [f"class {name}(Model):", _docstring(schema.get("description") or name, 4), ""]
    fields = schema.get("properties", {})
    constants = [each for each, value in fields.items() if "const" in value] if sent else []
    if constants:
        lines += [f"    constants: ClassVar[tuple[str, ...]] = ({', '.join(map(repr, constants))},)", ""]
    required = set(schema.get("required", ()))
    ordered = sorted(fields, key=lambda each: each not in required or each in constants)
    lines += [f"    {_field(each, fields[each], spelling, required=each in required)}" for each in ordered]
    return "\n".join(lines)


def _field(name: str, schema: dict[str, Any], spelling: Spelling, *, required: bool) -> str:
    kind, spelled = spelling.type_of(schema), _name(name)
    options = [] if spelled == name else [f"alias={name!r}"]
    if "const" in schema:
        options.insert(0, f"default={schema['const']!r}")
    elif not required:
        options.insert(0, "default=None")
        kind = kind if kind.endswith("None") or kind == "Any" else f"{kind} | None"
    if options == ["default=None"]:
        return f"{spelled}: {kind} = None"
    return f"{spelled}: {kind}" + (f" = Field({', '.join(options)})" if options else "")


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    answer = _answered(operation)
    row = _row(answer or {})
    spelling = Spelling("models.")
    in_path = re.findall(r"{(\w+)}", path)
    given = [each for each in operation["parameters"] if each["in"] == "query"]
    query = [each for each in given if row is None or each["name"] != "cursor"]
    body = operation.get("requestBody")
    arguments = [f"{name}: str" for name in in_path]
    if body:
        arguments.append(f"body: {spelling.type_of(_json(body))}")
    if _is_a_file(operation):
        arguments.append("file: BinaryIO")
    named = [_argument(each, spelling) for each in query]
    if method == "POST":
        named.append("idempotency_key: str | None = None")
    signature = ", ".join(["self", *arguments, *(["*", *named] if named else [])])
    spelled_path = re.sub(r"{(\w+)}", r"{_part(\1)}", path)
    target = f'{"f" if in_path else ""}"{spelled_path}"'
    sent = ", ".join(f"{each['name']!r}: {_name(each['name'])}" for each in query)
    passed = [f"query={{{sent}}}"] if query else []
    if _is_a_file(operation):
        returned, call = "Fetched", f"self.fetch({', '.join([target, 'file', *passed])})"
    elif row is not None:
        kind = spelling.type_of(row)
        returned, call = f"Iterator[{kind}]", f"self.pages({', '.join([target, kind, *passed])})"
    else:
        kind = returned = spelling.type_of(answer or {})
        passed += ["body=body"] if body else []
        passed += ["idempotency_key=idempotency_key"] if method == "POST" else []
        call = f"self.call({', '.join([repr(method), target, kind, *passed])})"
    says = _docstring(operation["summary"], 8)
    return f"    def {operation['operationId']}({signature}) -> {returned}:\n{says}\n        return {call}"


def _answered(operation: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of its good answer; None when that is no JSON."""
    good = next(each for status, each in operation["responses"].items() if status.startswith("2"))
    found: dict[str, Any] | None = good.get("content", {}).get("application/json", {}).get("schema")
    return found


def _is_a_file(operation: dict[str, Any]) -> bool:
    """Whether it leads to a file, which may lie elsewhere."""
    return "303" in operation["responses"]


def _row(answer: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of a page's rows; None for what is no page."""
    properties = answer.get("properties", {})
    found: dict[str, Any] | None = properties["data"]["items"] if "next_cursor" in properties else None
    return found


def _json(part: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = part["content"]["application/json"]["schema"]
    return schema


def _bodies(document: dict[str, Any]) -> Iterator[str]:
    for each in document["paths"].values():
        for operation in each.values():
            if "requestBody" in operation:
                yield from _references(_json(operation["requestBody"]))


def _reached(names: Iterator[str], schemas: dict[str, Any]) -> Iterator[str]:
    waiting, seen = list(names), set()
    while waiting:
        name = waiting.pop()
        if name in schemas and name not in seen:
            seen.add(name)
            yield name
            waiting += _references(schemas[name])


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].removeprefix(REFERENCE)
        for each in schema.values():
            yield from _references(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _references(each)


def _in_order(schemas: dict[str, Any]) -> list[str]:
    """A model stands after those that it is made of."""
    done: dict[str, None] = {}

    def add(name: str) -> None:
        if name in done or name not in schemas:
            return
        for needed in sorted(set(_references(schemas[name])) - {name}):
            add(needed)
        done[name] = None

    for name in sorted(schemas):
        add(name)
    return list(done)


def _name(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _argument(parameter: dict[str, Any], spelling: Spelling) -> str:
    """A query's value, by its name; only one that may be left out has a default."""
    name, kind = _name(parameter["name"]), spelling.type_of(parameter["schema"])
    if parameter["required"]:
        return f"{name}: {kind}"
    return f"{name}: {kind} = None" if kind.endswith("None") else f"{name}: {kind} | None = None"


def _docstring(text: str, indent: int) -> str:
    """A docstring, wrapped."""
    margin = " " * indent
    quoted = f'"""{" ".join(text.split())}"""'
    return textwrap.fill(
        quoted, LINE, initial_indent=margin, subsequent_indent=margin, break_long_words=False
    )


def _formatted(text: str) -> str:
    formatter = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(PACKAGE / "models.py"), "-"]
    ran = subprocess.run(formatter, input=text, capture_output=True, text=True, check=True, cwd=ROOT)
    return ran.stdout


def main(arguments: Sequence[str]) -> int:
    """Writes or checks the generated files."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    stale = []
    for name, text in (("models.py", models(document)), ("operations.py", operations(document))):
        file, current = PACKAGE / name, _formatted(text)
        if not file.exists() or file.read_text(encoding="utf-8") != current:
            stale.append(name)
            if "--check" not in arguments:
                file.write_text(current, encoding="utf-8")
    if stale and "--check" in arguments:
        sys.stderr.write(
            f"{', '.join(stale)} of the client have drifted: run `python -m infra.client_code`\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
