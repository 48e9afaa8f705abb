"""Whether two worlds are one and the same from here on.

A kill before a read and one before the next read leave the same behind, and so do most pairs of kills. What
follows is decided by what a world holds, as a seed tells the same story whenever it is told: once is enough.
"""

from dataclasses import is_dataclass
from random import Random
from typing import Any

from tests.simulation.faults import Outside
from tests.simulation.world import SimClock, World

_ITS_OWN = (Outside, SimClock)
"""The touches that are past, and what each part has of the one clock."""
_PARTS = ("store", "stripe", "queues", "laws", "promises", "settings")
Beside = tuple[Any, ...]


class Met:
    """The worlds of the first level that were met, as they were then."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, ...], list[tuple[World, Beside]]] = {}

    def again(self, world: World) -> bool:
        """Whether one like this was met before; from now on it was. What still is on its way to the tables or
        to Stripe nobody can compare."""
        if world.level > 1 or world.store.late or world.stripe.keys.under_way:
            return False
        alike, beside = self._known.setdefault(_glance(world), []), _beside(world)
        if any(beside == its and _same(world, one) for one, its in alike):
            return True
        alike.append((world.copy(Random(0)), beside))
        return False


def _glance(world: World) -> tuple[int, ...]:
    """Where it differs, the worlds do."""
    store, made = world.store, world.stripe.made
    return (world.clock.at, world.numbered, world.given, len(store.events), len(store.stream), made)


def _beside(world: World) -> Beside:
    """What a copy of a world begins anew."""
    changed = dict(world.store.due_before)
    return (world.chance.getstate(), tuple(world.unanswered), changed)


def _same(world: World, other: World) -> bool:
    in_order = [*world.store.events] == [*other.store.events]
    return in_order and all(_equal(getattr(world, part), getattr(other, part)) for part in _PARTS)


def _equal(one: Any, other: Any) -> bool:
    """What can change, field by field; how the parts of a world find each other is its own."""
    if isinstance(one, type) or not is_dataclass(one) or type(one).__hash__ is not None:
        return bool(one == other)
    fields = ((name, value) for name, value in vars(one).items() if name != "due_before")
    compared = (
        (name, value) for name, value in fields if not (callable(value) or isinstance(value, _ITS_OWN))
    )
    return all(_equal(value, getattr(other, name)) for name, value in compared)
