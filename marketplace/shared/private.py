"""Marks what is personal data: what people write, or what is written about one of them.

    @dataclass(frozen=True)
    class Client:
        email: Private[str]

In memory the field is what it is; at rest the whole head is sealed (storage/sealing.py). A list's key, a
timer or a position must not be made of one: those stand in the indexes, in plain. Nothing logs one, an error
does not quote one, and whatever shows one to staff keeps that they looked (chalicelib/auditing.py).
"""

import secrets
from collections.abc import Hashable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")

ERASED = "erased"
"""Stands where something was that is forgotten."""

EACH = "*"
"""In a path: every element of what stands there."""


class _Personal:
    def __repr__(self) -> str:
        return "personal"


PERSONAL = _Personal()

Private = Annotated[Kind, PERSONAL]

Path = tuple[str, ...]


SALT_BYTES = 16


def new_salt() -> str:
    """Random; lies with a person, and is needed to read what events tell of them."""
    return secrets.token_urlsafe(SALT_BYTES)


@cache
def private_paths(kind: Hashable) -> tuple[Path, ...]:
    """Where in an aggregate of this kind personal data lies: names of fields, and EACH within lists and
    mappings."""
    return tuple(_within(kind, ()))


def _within(kind: Any, seen: tuple[Any, ...]) -> Iterator[Path]:
    if get_origin(kind) is Annotated:
        kind, *marks = get_args(kind)
        if PERSONAL in marks:
            yield ()
            return
    if is_dataclass(kind) and isinstance(kind, type):
        if kind not in seen:
            yield from _within_fields(kind, (*seen, kind))
    elif get_origin(kind) in (Union, UnionType):
        yield from dict.fromkeys(path for part in get_args(kind) for path in _within(part, seen))
    else:
        inner = dict.fromkeys(path for part in get_args(kind) for path in _within(part, seen))
        yield from ((EACH, *path) for path in inner)


def _within_fields(kind: type[Any], seen: tuple[Any, ...]) -> Iterator[Path]:
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        yield from ((field.name, *path) for path in _within(hints[field.name], seen))
