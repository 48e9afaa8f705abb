"""A copy of what is kept of somebody, a part at a time."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel

from chalicelib.work.walks import Found, Theirs, walk
from marketplace.people.privacy import PART_CHARS_MAX
from marketplace.runtime import Runtime
from marketplace.shared.records import dataclass

PLACES_PER_PART_MAX = 100
"""Each costs a read or two, so that a part takes seconds."""
END = None

Shown = Callable[[Any, Runtime], BaseModel | None]


@dataclass(frozen=True)
class Leg:
    """A stretch of the copy: what is found there, and how one is shown; None is left out."""

    found: Found
    shown: Shown


@dataclass(frozen=True)
class Copied(Leg):
    """A kind of object that the copy carries."""

    kind: type[Any]

    def __init__(self, kind: type[Any], found: Found, shown: Shown) -> None:
        object.__setattr__(self, "kind", kind)
        super().__init__(found, shown)


@dataclass(frozen=True)
class Limits:
    """Of one part: characters of JSON, and places that are looked at."""

    characters: int = PART_CHARS_MAX
    places: int = PLACES_PER_PART_MAX


@dataclass(frozen=True)
class Part:
    """JSON of a list of objects, empty where there are none, and behind which place the next part begins;
    None when this is the last."""

    content: str
    after: str | None


def plainly(view: Callable[[Any], BaseModel]) -> Shown:
    """As the API shows it."""
    return lambda one, _: view(one)


def at_this_time(view: Callable[[Any, int], BaseModel]) -> Shown:
    """As the API shows it now."""
    return lambda one, runtime: view(one, runtime.clock.now())


def part_after(
    runtime: Runtime, owner_id: str, legs: Sequence[Leg], after: str, limits: Limits | None = None
) -> Part:
    """What comes behind `after`, up to the limits; an oversize row is alone."""
    limits = limits or Limits()
    rows: list[str] = []
    size = 0
    theirs = Theirs(runtime, owner_id)
    for looked, (number, place, one) in enumerate(walk(theirs, [leg.found for leg in legs], after), start=1):
        text = _text(legs[number], one, runtime)
        if rows and size + len(text) > limits.characters:
            return Part(_listed(rows), after)
        rows, size, after = [*rows, text] if text else rows, size + len(text), place
        if looked == limits.places:
            return Part(_listed(rows), after)
    return Part(_listed(rows), END)


def _text(leg: Leg, one: Any, runtime: Runtime) -> str:
    """Empty where there is nothing to show."""
    view = None if one is None else leg.shown(one, runtime)
    return "" if view is None else json.dumps(view.model_dump(mode="json", by_alias=True))


def _listed(rows: list[str]) -> str:
    """Empty where there are none."""
    return f"[{', '.join(rows)}]" if rows else ""
