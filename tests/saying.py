"""A mark in whatever people can say: put into each free text of their calls, and looked for in all that is
sent to tables and queues, and in the log."""

import base64
import json
import logging
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from marketplace.storage.packing import unpacked
from sandbox.system import System
from tests.openapi_answers import DOCUMENT, operation_of
from tests.people import Caller

logger = logging.getLogger("gig-marketplace")

MARK = "Zyzzyva"
NOT_SAID = ("id", "_id", "_ids", "code", "content_type", "time_zone", "amount_decimal", "sha256", "url")
"""Ends of names of fields that take ids, codes and addresses."""

Said = set[tuple[str, str]]
"""(operationId, path of a field within its body)"""


class Kept(logging.Handler):
    """Everything that was logged, and what was sent to tables and queues."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.sent = 0
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{self.format(record)} {vars(record)}")

    def see(self, params: dict[str, Any], **_: Any) -> None:
        body = params["body"]
        text = body.decode() if isinstance(body, bytes) else str(body)
        self.sent += 1
        self.texts += [text, *_unfolded(json.loads(text))]

    @property
    def marked(self) -> list[str]:
        return [text for text in self.texts if MARK.casefold() in text.casefold()]


def _unfolded(value: Any) -> Iterator[str]:
    """What is packed in binary attributes."""
    if isinstance(value, list):
        for one in value:
            yield from _unfolded(one)
    elif isinstance(value, dict):
        if isinstance(value.get("B"), str):
            yield from _unpacked(base64.b64decode(value["B"]))
        for one in value.values():
            yield from _unfolded(one)


def _unpacked(content: bytes) -> Iterator[str]:
    yield content.decode(errors="replace")
    try:
        yield from unpacked(content)
    except (KeyError, zlib.error):
        return


@contextmanager
def watched(system: System) -> Iterator[Kept]:
    """Keeps what is logged and sent meanwhile."""
    kept = Kept()
    clients = [system.runtime.store.connection.client, system.runtime.aws("sqs")]
    logger.addHandler(kept)
    for client in clients:
        client.meta.events.register("before-call", kept.see)
    try:
        yield kept
    finally:
        logger.removeHandler(kept)
        for client in clients:
            client.meta.events.unregister("before-call", kept.see)


def sayable() -> Said:
    """Each field of each call's body that takes a text of the caller's own."""
    return {
        (operation["operationId"], ".".join(path))
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        for path in _texts(_body(operation), ())
    }


@contextmanager
def marking(monkeypatch: pytest.MonkeyPatch, *, but: Said) -> Iterator[Said]:
    """Callers put the mark into each text that they send, `but` these; tells which of them were taken."""
    taken: Said = set()
    call = Caller.call

    def marked(self: Caller, method: str, path: str, body: Any = None, **headers: str) -> Any:
        operation = operation_of(method, path.partition("?")[0])
        name = operation["operationId"] if operation else ""
        texts = {one for whose, one in sayable() if whose == name and (name, one) not in but}
        said: Said = set()
        answer = call(self, method, path, _marked(body, (), texts, (name, said)), **headers)
        if answer.is_success:
            taken.update(said)
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(Caller, "call", marked)
        yield taken


def _marked(value: Any, path: tuple[str, ...], texts: set[str], told: tuple[str, Said]) -> Any:
    if isinstance(value, dict):
        return {
            name: _marked(one, (*path, name if ".".join((*path, "*")) not in texts else "*"), texts, told)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [_marked(one, (*path, "*"), texts, told) for one in value]
    if isinstance(value, str) and ".".join(path) in texts:
        told[1].add((told[0], ".".join(path)))
        return f"{MARK}.{value}"
    return value


def _body(operation: Any) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return content.get("schema", {})


def _texts(schema: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _texts(choice, path)
    for name, field in schema.get("properties", {}).items():
        yield from _texts(field, (*path, name))
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from _texts(schema[name], (*path, "*"))
    named = next((name for name in reversed(path) if name != "*"), "")
    told = {"enum", "const", "format"} if named == "email" else {"enum", "const", "format", "pattern"}
    is_text = schema.get("type") == "string" and not told & schema.keys()
    anything = path and not {"type", "anyOf", "oneOf", "const", "enum"} & schema.keys()
    if (is_text or anything) and not named.endswith(NOT_SAID):
        yield path
