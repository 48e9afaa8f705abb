"""What a world's events say, read once for all the laws at rest."""

from dataclasses import dataclass
from functools import lru_cache

from marketplace.ledger.totals import Totals
from marketplace.shared.events import Event
from marketplace.shared.journal import Journal
from tests.simulation.world import World


@dataclass(frozen=True)
class History:
    """`journals` beside their events, and the sums of all; `counted` is how often what happened to each
    object."""

    journals: tuple[tuple[Event, Journal], ...]
    totals: Totals
    counted: dict[str, dict[str, int]]


def history(world: World) -> History:
    """Of all that has happened by now."""
    return _history(world, len(world.store.events))


@lru_cache(maxsize=1)
def _history(world: World, _: int) -> History:
    journals, counted = [], dict[str, dict[str, int]]()
    for event in world.store.events.values():
        if event.journal is not None:
            journals.append((event, event.journal))
        for name in event.about:
            counts = counted.setdefault(name, {})
            counts[event.type] = counts.get(event.type, 0) + 1
    return History(tuple(journals), Totals.of(journal for _, journal in journals), counted)
