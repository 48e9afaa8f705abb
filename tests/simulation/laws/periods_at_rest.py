"""What closed months came to."""

from collections.abc import Iterator

from marketplace.closing.period import fingerprint
from tests.simulation.laws.periods import totals_before
from tests.simulation.world import World


def closed_months_stand(world: World) -> Iterator[str]:
    """Laws 2 and 11: each has its totals in the end, and they are what its journals come to."""
    for period in world.heads("prd"):
        if period.fingerprint is None:
            yield f"law 11: {period.id} was never summed up"
        elif period.fingerprint != fingerprint(totals_before(world.store.events.values(), period.ends_at)):
            yield f"law 2: {period.id} has other totals than its journals"
