"""Flows of money that Stripe moves and nobody can explain: into suspense, and out of it again.

In stories nobody does so: a line that is only late would be explained in the end, and be there twice.
"""

from tests.simulation.calls import STAFF, Ask
from tests.simulation.deeds import ask
from tests.simulation.steps import Flow, Step, later, tried, work_off
from tests.simulation.stripe_model import UNEXPLAINED
from tests.simulation.world import World

REASON = {"reason": "who was that?"}


def moved(amount: int) -> Step:
    """Stripe moves so much, minor units, into our balance or out of it."""

    def step(world: World) -> None:
        world.stripe.move("USD", amount)

    return step


def reconciled(world: World) -> Ask:
    """Of the last day."""
    now = world.clock.now()
    return ask("start_reconciliation", STAFF, {"from": now - 86_400, "to": now})


def suspended(number: int) -> Step:
    """What that reconciliation, the first or the last, found unexplained is booked to suspense."""

    def step(world: World) -> Ask:
        found = [row for row in world.heads("brk") if row.change and UNEXPLAINED in (row.stripe or "")]
        return ask("book_to_suspense", STAFF, REASON, exception_id=found[number].id)

    return step


def taken_back(world: World) -> Ask:
    """The newest that is in suspense."""
    journal = [row.journal for row in world.heads("sus") if row.journal][-1]
    return ask("reverse_journal", STAFF, REASON, journal_id=journal)


def taken_back_again(world: World) -> Ask:
    """What was taken back before."""
    posted = [event for event in world.store.events.values() if event.type == "suspense.posted"]
    assert posted[0].journal is not None
    return ask("reverse_journal", STAFF, REASON, journal_id=posted[0].journal.id)


FOUND = (later(60), reconciled, work_off)

SUSPENSE = (
    Flow(
        "what nobody can explain is booked to suspense",
        (suspended(0), tried(suspended(-1))),
        (moved(700), *FOUND, later(60), reconciled, work_off),
        money=True,
    ),
    Flow(
        "it is taken back, and booked anew",
        (taken_back, tried(taken_back_again), suspended(0)),
        (moved(-700), *FOUND, suspended(0)),
        money=True,
    ),
)
