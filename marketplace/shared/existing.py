"""What must be there, for whoever was told of it by an event: the event was written after it."""

from typing import TypeVar

from marketplace.shared.store import Store

Kind = TypeVar("Kind")


def existing(store: Store, kind: type[Kind], identifier: str) -> Kind:
    """The aggregate as it is now, strongly consistent. Raises LookupError where there is none."""
    found = store.read(kind, identifier)
    if found is None:
        raise LookupError(f"there is no {kind.__name__} {identifier}, and an event told of it")
    return found[0]
