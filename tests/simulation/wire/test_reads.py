"""What a use case can read at one level, it can at the other."""

from tests.simulation.store import SimReads
from tests.simulation.wire.reads import WireReads


def test_both_levels_read_the_same_ways() -> None:
    """A way that one lacked was found by deep runs alone."""
    ways = [{name for name in vars(kind) if not name.startswith("_")} for kind in (SimReads, WireReads)]
    assert ways[0] == ways[1]
