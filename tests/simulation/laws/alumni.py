"""Whoever has completed a contract of a client's is an alumnus of it, and nobody else."""

from collections.abc import Iterator

from tests.simulation.world import World


def alumni_are_who_completed(world: World) -> Iterator[str]:
    """At rest."""
    done = {(con.client_id, con.worker_id) for con in world.heads("con") if con.status == "completed"}
    kept = {(row.client_id, row.worker_id) for row in world.heads("alm")}
    yield from (f"{pair} completed a contract, and is no alumnus" for pair in sorted(done - kept))
    yield from (f"{pair} is an alumnus of nothing" for pair in sorted(kept - done))
