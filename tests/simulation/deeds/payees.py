"""Who pays what and who shares in it: fee schedules and agencies."""

from typing import Any

from tests.simulation.calls import STAFF, Ask
from tests.simulation.deeds import ask, deed, one_of
from tests.simulation.world import World

RATES = (0, 290, 1_000, 2_000)
BOUNDS = (1_000, 9_999, 25_000)


def fees_of(world: World) -> dict[str, Any]:
    """Terms of any kind, for dollars at least."""
    chance = world.chance
    bounds = sorted(chance.sample(BOUNDS, chance.randint(0, len(BOUNDS))))
    row = {
        "currency": "USD",
        "tiers": [{"above": at, "basis_points": chance.choice(RATES)} for at in bounds],
        "fixed": chance.choice((0, 0, 7)),
        "minimum": chance.choice((0, 0, 50)),
    }
    return {
        "basis_points": chance.choice(RATES),
        "client_basis_points": chance.choice((0, 300)),
        "currencies": [row],
    }


@deed("publish_fee_schedule", 2)
def publish(world: World) -> Ask:
    when = world.chance.choice((None, None, 600, -1))
    body = fees_of(world)
    if when is not None:
        body["effective_at"] = world.clock.now() + when
    return ask("publish_fee_schedule", STAFF, body)


@deed("create_agency", 1)
def found(world: World) -> Ask:
    return ask("create_agency", world.chance.choice(world.store.of_kind["wrk"]), {"name": "Both of us"})


@deed("invite_member", 2)
def invite(world: World) -> Ask | None:
    agency = one_of(world, "agn")
    if agency is None:
        return None
    chance = world.chance
    body = {
        "worker_id": chance.choice(world.store.of_kind["wrk"]),
        "share_basis_points": chance.choice((0, 1, 3_333, 5_000, 9_999)),
        "may_bid": chance.random() < 0.5,
    }
    return ask("invite_member", agency.lead_id, body, agency_id=agency.id)


@deed("join_agency", 3)
def join(world: World) -> Ask | None:
    return _offered(world, "join_agency")


@deed("decline_agency", 1)
def decline(world: World) -> Ask | None:
    return _offered(world, "decline_agency")


@deed("leave_agency", 1)
def leave(world: World) -> Ask | None:
    agency = one_of(world, "agn", lambda row: any(member.terms for member in row.members))
    if agency is None:
        return None
    return ask("leave_agency", world.chance.choice(world.store.of_kind["wrk"]), agency_id=agency.id)


@deed("remove_member", 1)
def remove(world: World) -> Ask | None:
    agency = one_of(world, "agn", lambda row: row.members)
    if agency is None:
        return None
    worker = world.chance.choice(world.store.of_kind["wrk"])
    return ask("remove_member", agency.lead_id, agency_id=agency.id, worker_id=worker)


def _offered(world: World, operation: str) -> Ask | None:
    agency = one_of(world, "agn", lambda row: any(member.offered for member in row.members))
    asked = [member.worker_id for member in agency.members if member.offered] if agency else []
    return ask(operation, world.chance.choice(asked), agency_id=agency.id) if asked else None
