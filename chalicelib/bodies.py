"""From a request's bytes and query to validated models, with a pointer to whatever is wrong."""

import hashlib
import json
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from marketplace.shared.errors import BodyTooLarge, Fault, InvalidJson, InvalidRequest

BODY_BYTES_MAX = 256 * 1024
FAULTS_MAX = 20

Parsed = TypeVar("Parsed", bound=BaseModel)


def read_json(raw: bytes) -> tuple[Any, str]:
    """The JSON value and its canonical text. Raises BodyTooLarge, InvalidJson."""
    try:
        value = json.loads(
            limited(raw).decode("utf-8") or "{}", parse_constant=_no_constant, object_pairs_hook=_unrepeated
        )
        canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        canonical.encode("utf-8")
    except (ValueError, RecursionError) as refused:
        raise InvalidJson("the body is not a JSON object in UTF-8") from refused
    if not isinstance(value, dict):
        raise InvalidJson("the body is not a JSON object")
    return value, canonical


def limited(raw: bytes) -> bytes:
    """The bytes as they came. Raises BodyTooLarge."""
    if len(raw) > BODY_BYTES_MAX:
        raise BodyTooLarge(f"a body has at most {BODY_BYTES_MAX} bytes")
    return raw


def input_hash(canonical: str) -> str:
    """What tells a repeated call from a reused key."""
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def parse(model: type[Parsed], value: Any, canonical: str) -> Parsed:
    """Raises InvalidRequest with a pointer for each fault."""
    try:
        return model.model_validate_json(canonical)
    except ValidationError as refused:
        raise _invalid(refused, value) from refused


def parse_query(model: type[Parsed], query: dict[str, list[str]]) -> Parsed:
    """Query parameters are text: each is given once. Raises InvalidRequest."""
    repeated = [name for name, values in query.items() if len(values) > 1]
    if repeated:
        raise InvalidRequest.at(f"/{repeated[0]}", "is given more than once")
    single = {name: values[0] for name, values in query.items()}
    try:
        return model.model_validate_strings(single)
    except ValidationError as refused:
        raise _invalid(refused, single) from refused


def _invalid(refused: ValidationError, value: Any) -> InvalidRequest:
    faults = refused.errors(include_url=False, include_context=False, include_input=False)
    return InvalidRequest(
        [Fault(_pointer(fault["loc"], value), _plain(fault["msg"])) for fault in faults[:FAULTS_MAX]]
    )


def _pointer(location: tuple[int | str, ...], value: Any) -> str:
    """A JSON pointer into the body; parts of `location` that name a model's variant are left out."""
    parts: list[str] = []
    for index, part in enumerate(location):
        inside = isinstance(value, dict) and part in value
        inside = inside or (isinstance(value, list) and isinstance(part, int) and part < len(value))
        if inside:
            value = value[part]
        elif index < len(location) - 1:
            continue
        parts.append(str(part).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in parts)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key is repeated")
    return value
