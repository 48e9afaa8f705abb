"""Nobody is forgotten whom money or work still binds to us, and whoever is not forgotten is let in again."""

from collections.abc import Iterator
from typing import Any

from tests.simulation.world import World

MONEY = ("wallet", "receivable", "refunding", "reinstated", "available", "owed", "in_review")
OVER = ("completed", "cancelled")
OPEN = ("requested", "requires_payment")


def nobody_who_is_forgotten_is_bound(world: World) -> Iterator[str]:
    """No balance, no hold, no work, and no money under way."""
    gone = {row.subject_id for row in world.heads("ers") if row.status in ("erasing", "erased")}
    if not gone:
        return
    for (owner, currency, name), amount in world.store.kept.items():
        if owner.partition(":")[2] in gone and name in MONEY and amount:
            yield f"{owner} is forgotten, and has {amount} {currency} {name}"
    for con in world.heads("con"):
        bound = gone & {con.client_id, *_payees(con)}
        if bound and (con.status not in OVER or con.held or con.running_session):
            yield f"{con.id} is {con.status} and holds {con.held}, and {sorted(bound)} are forgotten"
    away = [(row, row.worker_id) for row in world.heads("pay") if row.is_under_way]
    unpaid = [(row, row.client_id) for row in world.heads("top") if row.status in OPEN]
    for row, owner in (*away, *unpaid):
        if owner in gone:
            yield f"{row.id} is {row.status}, and {owner} is forgotten"


def who_asks_has_an_answer(world: World) -> Iterator[str]:
    """Sooner or later."""
    for row in world.heads("ers"):
        if row.status not in ("refused", "erased"):
            yield f"{row.subject_id} asked to be forgotten, and that is {row.status}"


def only_who_is_forgotten_stays_out(world: World) -> Iterator[str]:
    """Whom an operator keeps out is another matter."""
    gone = {row.subject_id for row in world.heads("ers") if row.status == "erased"}
    for row in world.heads("spn"):
        if row.by == "platform" and (row.lifted_at is None) != (row.subject_id in gone):
            yield f"{row.subject_id} is kept out until {row.lifted_at}, forgotten: {row.subject_id in gone}"


def _payees(con: Any) -> tuple[str, ...]:
    """An agency's members have their shares."""
    shares = (con.agency.members or ()) if con.agency else ()
    return (con.worker_id, *(share.worker_id for share in shares))


FORGOTTEN = (nobody_who_is_forgotten_is_bound, who_asks_has_an_answer, only_who_is_forgotten_stays_out)
