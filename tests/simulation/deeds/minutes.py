"""Clocked work: in, heartbeats of a phone whose clock is wrong, out, and what both sides say of it after."""

from tests.simulation.calls import Ask
from tests.simulation.deeds import ask, deed, in_status, one_of
from tests.simulation.world import World

CLASSES = ("talk", "hold", "wrap", "wait")
PHONE_OFF_SECONDS = (30, -5, 0, 3_600, -86_400)


def phone_of(worker: str) -> int:
    """How far this worker's phone is off, seconds: always the same."""
    return PHONE_OFF_SECONDS[int(worker[-1], 36) % len(PHONE_OFF_SECONDS)]


@deed("start_session", 8)
def clock_in(world: World) -> Ask | None:
    contract = one_of(world, "con", lambda row: row.status == "active" and row.pay.model == "per_minute")
    if contract is None:
        return None
    body = {"at": world.clock.now() + phone_of(contract.worker_id)} if world.chance.random() < 0.7 else {}
    return ask("start_session", contract.worker_id, body, contract_id=contract.id)


@deed("record_heartbeat", 18)
def beat(world: World) -> Ask | None:
    """Time goes on a little between beats; some come late, twice, or from long ago."""
    session = one_of(world, "ses", in_status("running"))
    if session is None:
        return None
    chance = world.chance
    if chance.random() < 0.8:
        world.wait(chance.choice((20, 60, 60, 60, 90, 120)))
    made_at = world.clock.now() - chance.choice((0, 0, 0, 1, 30, 400))
    sequence = max(0, session.last_sequence + chance.choice((1, 1, 1, 1, 0, -1, 3)))
    body = {"sequence": sequence, "at": made_at - session.clock_offset}
    return ask("record_heartbeat", session.worker_id, body, session_id=session.id)


@deed("record_class", 6)
def change_class(world: World) -> Ask | None:
    """Some come late, out of order or twice, and some from a phone that has set its clock."""
    session = one_of(world, "ses", lambda row: row.status == "running" and row.terms.classes)
    if session is None:
        return None
    chance = world.chance
    at = world.clock.now() - session.clock_offset - chance.choice((0, 0, 0, 1, 45, 300, -200))
    sequence = max(0, len(session.marks or ()) + chance.choice((0, 0, 0, -1, 2)))
    body = {"sequence": sequence, "at": at, "class": chance.choice(CLASSES)}
    return ask("record_class", session.worker_id, body, session_id=session.id)


@deed("stop_session", 5)
def clock_out(world: World) -> Ask | None:
    session = one_of(world, "ses", in_status("running"))
    return session and ask("stop_session", session.worker_id, session_id=session.id)


@deed("approve_session", 4)
def approve(world: World) -> Ask | None:
    session = one_of(world, "ses", in_status("stopped", "disputed"))
    return session and ask("approve_session", session.client_id, session_id=session.id)


@deed("dispute_session", 2)
def dispute(world: World) -> Ask | None:
    session = one_of(world, "ses", in_status("stopped"))
    if session is None:
        return None
    body = {"seconds": world.chance.randint(0, session.billable_seconds), "reason": "no"}
    return ask("dispute_session", session.client_id, body, session_id=session.id)


@deed("ask_correction", 5)
def correct(world: World) -> Ask | None:
    session = one_of(world, "ses", in_status("stopped", "approved", "disputed"))
    if session is None:
        return None
    body = {"seconds": world.chance.choice((1, 60, 600)), "reason": "offline"}
    if session.terms.classes and world.chance.random() < 0.7:
        body["class"] = world.chance.choice(CLASSES)
    return ask("ask_correction", session.worker_id, body, session_id=session.id)


@deed("accept_correction", 5)
def accept(world: World) -> Ask | None:
    session = one_of(world, "ses", lambda row: row.correction and row.correction.status == "asked")
    return session and ask("accept_correction", session.client_id, session_id=session.id)


@deed("decline_correction", 1)
def decline(world: World) -> Ask | None:
    session = one_of(world, "ses", lambda row: row.correction and row.correction.status == "asked")
    return session and ask("decline_correction", session.client_id, session_id=session.id)
