"""From a request's bytes and query to validated models, with a pointer to whatever is wrong."""

import hashlib
import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from marketplace.shared.errors import BodyTooLarge, Fault, InvalidJson, InvalidRequest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

BODY_BYTES_MAX = 256 * 1024
FAULTS_MAX = 20
NO_TAG = frozenset({"union_tag_invalid", "union_tag_not_found"})
"""Faults of what says which variant a value is: pydantic points at the value, we at the field."""

Parsed = TypeVar("Parsed", bound=BaseModel)


def read_json(raw: bytes) -> tuple[dict[str, Any], str]:
    """The JSON object and its canonical text. Raises BodyTooLarge, InvalidJson, and InvalidRequest for NaN,
    infinities and what overflows: to whoever wrote them they are amounts, and bad ones."""
    try:
        value = json.loads(limited(raw).decode("utf-8") or "{}", object_pairs_hook=_unrepeated)
        if not isinstance(value, dict):
            raise InvalidJson("the body is not a JSON object")
        canonical = _canonical(value)
        canonical.encode("utf-8")
    except (ValueError, RecursionError) as refused:
        raise InvalidJson("the body is not a JSON object in UTF-8") from refused
    return value, canonical


def _canonical(value: dict[str, Any]) -> str:
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except ValueError as refused:
        raise InvalidRequest(
            [Fault(pointer, "must be a finite number") for pointer in _not_finite(value)]
        ) from refused


def _not_finite(value: Any) -> Iterator[str]:
    """Pointers to the first numbers that are none; without recursion, since a body may be nested deep."""
    left, found = [("", value)], 0
    while left and found < FAULTS_MAX:
        pointer, part = left.pop()
        if isinstance(part, dict):
            left += [(f"{pointer}/{_escaped(name)}", inner) for name, inner in part.items()]
        elif isinstance(part, list):
            left += [(f"{pointer}/{index}", inner) for index, inner in enumerate(part)]
        elif isinstance(part, float) and not math.isfinite(part):
            found += 1
            yield pointer


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
    faults = refused.errors(include_url=False, include_input=False)
    return InvalidRequest(
        [Fault(_pointer(_location(fault), value), _plain(fault["msg"])) for fault in faults[:FAULTS_MAX]]
    )


def _location(fault: "ErrorDetails") -> tuple[int | str, ...]:
    if fault["type"] not in NO_TAG:
        return fault["loc"]
    named = fault["ctx"]["discriminator"]
    return (*fault["loc"], named.strip("'")) if named.startswith("'") else fault["loc"]


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
        parts.append(_escaped(part))
    return "".join(f"/{part}" for part in parts)


def _escaped(part: int | str) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key is repeated")
    return value
