"""What attackers send, made from the route table: whoever adds a route is attacked there as well."""

import json
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from chalicelib.api import OPERATIONS
from chalicelib.http import PUBLIC, NoBody, Operation, RawBody
from chalicelib.types import Model, Money
from marketplace.shared.ids import new_id

SERVER_FIELDS = (
    "id",
    "object",
    "status",
    "created_at",
    "client_id",
    "seats_left",
    "held",
    "released",
    "funded",
    "reserved",
    "balance",
    "fee_basis_points",
    "revealed",
    "salt",
    "role",
    "api_key",
    "secret_hash",
    "version",
)
"""At most as many as a refusal names faults."""

BAD_AMOUNTS = {
    "0": 422,
    "-0": 422,
    "-1": 422,
    "1.0": 422,
    "1e2": 422,
    "1e309": 422,
    "NaN": 422,
    "-Infinity": 422,
    "9007199254740993": 422,
    "9" * 39: 422,
    "true": 422,
    '"100"': 422,
    "null": 422,
    "[1]": 422,
    '{"amount":1}': 422,
}
"""JSON to the status that refuses it."""

BAD_IDS = (
    "x",
    "con_",
    "evt_%23all",
    "cli_x|y",
    "task_x%00",
    "all",
    "wrk_..%2f..%2fcli",
    "'%20OR%201=1",
    "%E2%80%AE",
)
"""Never an id: each looks as if nothing were there."""

WRITES = [one for one in OPERATIONS if one.method != "GET" and one.who != PUBLIC and one.body is not RawBody]
WITH_BODY = [one for one in WRITES if one.body is not NoBody]
WITH_PATH = [
    one for one in OPERATIONS if one.who and "{" in one.path and (one.method == "GET" or one.body is NoBody)
]


def name(operation: Operation) -> str:
    """For a test's id."""
    return operation.run.__name__


def path_of(operation: Operation, identifier: str = "") -> str:
    """The path with an id that nobody has in each place."""
    parts = operation.path.split("/")
    made = [identifier or new_id(_prefix(part)) if part.startswith("{") else part for part in parts]
    return "/".join(made)


def _prefix(part: str) -> str:
    known = {"client": "cli", "worker": "wrk", "contract": "con", "milestone": "mil", "session": "ses"}
    return known.get(part.strip("{}").removesuffix("_id"), "res")


def models_within(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The model, and all that its fields hold."""
    yield model
    for field in model.model_fields.values():
        for inner in _types_within(field.annotation):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from models_within(inner)


def amounts_within(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """Where amounts of money stand in a body."""
    for named, field in model.model_fields.items():
        for inner in _types_within(field.annotation):
            if inner is Money:
                yield (named, "amount")
            elif isinstance(inner, type) and issubclass(inner, Model) and not _is_list(field.annotation):
                yield from ((named, *path) for path in amounts_within(inner))


def with_amount(path: tuple[str, ...], amount: str) -> bytes:
    """A body with that JSON as the amount, and nothing else."""
    money = f'{{"amount":{amount},"currency":"USD"}}'
    for named in reversed(path[:-1]):
        money = f"{{{json.dumps(named)}:{money}}}"
    return money.encode()


def _types_within(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (Annotated, Union, UnionType, list, tuple, dict):
        for part in get_args(annotation):
            yield from _types_within(part)
    else:
        yield annotation


def _is_list(annotation: Any) -> bool:
    return any(get_origin(one) is list for one in (annotation, *get_args(annotation)))
