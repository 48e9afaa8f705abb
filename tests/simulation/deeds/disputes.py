"""What the sides disagree about, who decides, and how work is scored."""

from typing import Any

from tests.simulation.calls import OPERATORS, Ask
from tests.simulation.deeds import ask, deed, in_status, money, one_of
from tests.simulation.world import World

SCORECARD_VERSION = 1


def scorecard(currency: str) -> dict[str, Any]:
    """Both bands, as a body has it."""
    return {
        "version": SCORECARD_VERSION,
        "criteria": [{"name": "quality", "weight": 3}, {"name": "speed", "weight": 1}],
        "bonus": {
            "at_least_basis_points": 9_000,
            "share_basis_points": 1_000,
            "cap": money(777, currency),
        },
        "deduction": {
            "below_basis_points": 5_000,
            "share_basis_points": 3_333,
            "cap": money(2_500, currency),
        },
    }


def unpaid(world: World) -> list[tuple[Any, str, int]]:
    """(contract, subject, what is not paid of it) of whatever a dispute may be about."""
    found = [
        (con, row.id, row.amount)
        for con in world.heads("con")
        for row in con.milestones
        if row.status in ("funded", "submitted")
    ]
    found += [
        (world.head(ses.contract_id), ses.id, ses.rest)
        for ses in world.heads("ses")
        if ses.status in ("stopped", "disputed") and ses.rest
    ]
    found += [
        (world.head(res.contract_id), res.id, res.price.amount)
        for res in world.heads("res")
        if res.status in ("submitted", "rejected")
    ]
    found += [
        (world.head(out.contract_id), out.id, out.deduction)
        for out in world.heads("out")
        if out.status == "withheld"
    ]
    return found


@deed("open_dispute", 4)
def claim(world: World) -> Ask | None:
    found = unpaid(world)
    if not found:
        return None
    contract, subject, amount = world.chance.choice(found)
    wanted = world.chance.choice((1, amount, (amount + 1) // 2, amount + 1))
    body = {"subject_id": subject, "claim": "no", "requested": money(wanted, contract.currency)}
    return ask("open_dispute", _side(world, contract), body, contract_id=contract.id)


@deed("make_offer", 3)
def offer(world: World) -> Ask | None:
    dispute = one_of(world, "dis", in_status("open"))
    return dispute and ask("make_offer", _side(world, dispute), _part(world, dispute), dispute_id=dispute.id)


@deed("accept_dispute_offer", 3)
def accept(world: World) -> Ask | None:
    dispute = one_of(world, "dis", in_status("open"))
    return dispute and ask("accept_dispute_offer", _side(world, dispute), dispute_id=dispute.id)


@deed("escalate_dispute", 2)
def escalate(world: World) -> Ask | None:
    dispute = one_of(world, "dis", in_status("open"))
    return dispute and ask("escalate_dispute", _side(world, dispute), dispute_id=dispute.id)


@deed("withdraw_dispute", 1)
def withdraw(world: World) -> Ask | None:
    dispute = one_of(world, "dis", in_status("open", "escalated"))
    return dispute and ask("withdraw_dispute", _side(world, dispute), dispute_id=dispute.id)


@deed("decide_dispute", 3)
def decide(world: World) -> Ask | None:
    dispute = one_of(world, "dis", in_status("escalated"))
    if dispute is None:
        return None
    body = {**_part(world, dispute), "reason": "so"}
    return ask("decide_dispute", world.chance.choice(OPERATORS), body, dispute_id=dispute.id)


@deed("apply_outcome", 3)
def score(world: World) -> Ask | None:
    contract = one_of(world, "con", lambda row: row.status in ("active", "completed") and row.outcomes)
    if contract is None:
        return None
    subjects = [row.id for row in contract.milestones if row.status in ("submitted", "approved")]
    subjects += [one.id for one in world.heads("ses") if one.contract_id == contract.id and one.ended_at]
    subjects += [one.id for one in world.heads("res") if one.contract_id == contract.id]
    if not subjects:
        return None
    chance = world.chance
    points = {name: chance.choice((0, 3_333, 7_000, 10_000)) for name in ("quality", "speed")}
    body = {"version": SCORECARD_VERSION, "subject_id": chance.choice(subjects), "scores": points}
    if chance.random() < 0.9:
        body["reason"] = "late"
    return ask("apply_outcome", contract.client_id, body, contract_id=contract.id)


def _part(world: World, dispute: Any) -> dict[str, Any]:
    whole = dispute.amount.amount
    part = world.chance.choice((0, 1, whole // 3, whole, whole + 1))
    return {"to_worker": money(part, dispute.amount.currency)}


def _side(world: World, row: Any) -> str:
    side: str = world.chance.choice((row.client_id, row.worker_id))
    return side
