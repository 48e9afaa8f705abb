"""Every operation that is served, for the doors that tell of all of them, themselves included.

The route table imports each door, so it is handed to them here: a door that imported it would close a circle.
"""

from collections.abc import Iterable

from chalicelib.http import Operation

_SERVED: list[Operation] = []


def serve(operations: Iterable[Operation]) -> tuple[Operation, ...]:
    """The whole table, which `served` tells from here on."""
    _SERVED[:] = operations
    return tuple(_SERVED)


def served() -> tuple[Operation, ...]:
    """The whole table. Raises RuntimeError as long as no door was opened."""
    if not _SERVED:
        raise RuntimeError("import chalicelib.api first: it makes the table")
    return tuple(_SERVED)
