"""Hands on the events that ride on heads, where the heads' stream failed for good."""

from collections.abc import Sequence

from marketplace.runtime import Runtime
from marketplace.storage.audit import every_head
from marketplace.storage.riding import carry


def carry_riders(runtime: Runtime, head_ids: Sequence[str]) -> int:
    """Writes the events of these heads, or of every head that an event or a list names, into their table,
    from where they are relayed like any other. Prints a line for each; 0. It may be repeated, and run beside
    the stream."""
    carried = 0
    with every_head(runtime.store, head_ids) as heads:
        for head, event in carry(runtime.store, heads):
            carried += 1
            print(f"{event.id}: {event.type} from {head}")
    print(f"events carried: {carried}")
    return 0
