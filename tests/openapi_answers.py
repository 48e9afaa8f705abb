"""Every answer that a journey gets is held to the OpenAPI document that is served."""

import re
from collections.abc import Callable
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from chalicelib.api import OPERATIONS
from chalicelib.openapi_document import document

DOCUMENT = document(OPERATIONS)
_PATHS = [
    (re.compile(re.sub(r"{\w+}", "[^/]+", path) + "/?"), methods)
    for path, methods in DOCUMENT["paths"].items()
]


class AnswerDiffers(AssertionError):
    """An answer is not what the document promises."""


def _closed() -> dict[str, Any]:
    """The document's components, as far as we know them today: callers may meet more fields in answers one
    day, and tests none that is not described."""
    told = DOCUMENT["components"]
    open_ones = {
        name: each for name, each in told["schemas"].items() if "properties" in each and name != "Problem"
    }
    closed = {name: {"additionalProperties": False, **each} for name, each in open_ones.items()}
    return {**told, "schemas": {**told["schemas"], **closed}}


_COMPONENTS = _closed()

watchers: list[Callable[[str, httpx.Response], None]] = []
"""Are told the operationId of every answer that keeps to the document."""


def hold_to_document(response: httpx.Response) -> None:
    """An httpx hook. Raises AnswerDiffers."""
    operation = operation_of(response.request.method, response.request.url.path)
    if operation is None:
        return
    response.read()
    _hold(operation, response)
    for watch in watchers:
        watch(operation["operationId"], response)


def _hold(operation: Any, response: httpx.Response) -> None:
    promised = operation["responses"].get(str(response.status_code))
    if promised is None and response.status_code < 500:
        raise AnswerDiffers(f"{operation['operationId']} never answers {response.status_code}")
    contents = resolved(promised or operation["responses"]["default"]).get("content")
    if contents is None:
        assert not response.content, f"{operation['operationId']} says more than its document"
        return
    kind = response.headers["Content-Type"].partition(";")[0]
    if kind not in contents:
        raise AnswerDiffers(f"{operation['operationId']}: {response.headers['Content-Type']}")
    if not kind.endswith("json"):
        return
    for error in _validator(operation["operationId"], response.is_success, contents[kind]["schema"])(
        response.json()
    ):
        raise AnswerDiffers(f"{operation['operationId']}: {error.json_path}: {error.message}")


def operation_of(method: str, path: str) -> Any:
    """What the document says of a call, or None. The literal path counts before one with a parameter in the
    same place."""
    found = [methods for pattern, methods in _PATHS if pattern.fullmatch(path)]
    fitting = [methods[method.lower()] for methods in found if method.lower() in methods]
    return min(fitting, key=lambda operation: len(operation["parameters"]), default=None)


def resolved(response: dict[str, Any]) -> dict[str, Any]:
    """A response, wherever the document keeps it."""
    name = response.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = DOCUMENT["components"]["responses"][name] if name else response
    return found


_validators: dict[tuple[str, bool], Any] = {}


def _validator(name: str, succeeded: bool, schema: dict[str, Any]) -> Any:  # noqa: FBT001  half of a key
    if (name, succeeded) not in _validators:
        whole = {**schema, "components": _COMPONENTS}
        _validators[name, succeeded] = Draft202012Validator(whole).iter_errors
    return _validators[name, succeeded]
