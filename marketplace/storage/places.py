"""Where an aggregate's head is put: its place in each list of its kind, and among the timers."""

from typing import Any

from marketplace.shared.ids import prefix_of
from marketplace.storage.shelves import SHELVES, Shelf
from marketplace.storage.timers import due_key, due_partition

_BY_KIND = {shelf.kind: shelf for shelf in SHELVES}


def shelf_of(aggregate: Any) -> Shelf[Any]:
    """The shelf of its kind. Raises ValueError for an id of another kind's prefix: whoever came upon it in a
    list, at a timer or in an event would look for something else, or not know what it is."""
    shelf = _BY_KIND[type(aggregate)]
    if prefix_of(aggregate.id) != shelf.prefix:
        raise ValueError(
            f"{aggregate.id} is no id of a {shelf.kind.__name__}: those begin with {shelf.prefix}_"
        )
    return shelf


def position_of(aggregate: Any) -> str:
    """Where it stands in its lists."""
    return shelf_of(aggregate).position(aggregate)


def places_of(aggregate: Any, *, due_partitions: int) -> dict[str, str]:
    """The index attributes of an aggregate's head; timers are spread over `due_partitions`."""
    shelf = shelf_of(aggregate)
    places = {"position": shelf.position(aggregate)} if shelf.lists else {}
    for listing in shelf.lists:
        key = listing.key_of(aggregate)
        if key is not None:
            places[listing.index] = listing.partition(key)
    due_at = shelf.due_at(aggregate)
    if due_at is not None:
        places["due_partition"] = due_partition(aggregate.id, due_partitions)
        places["due_key"] = due_key(due_at, aggregate.id)
    return places
