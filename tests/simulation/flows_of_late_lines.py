"""Flows of days that are compared with Stripe, and of what comes into them afterwards."""

from tests.simulation.calls import STAFF, Ask
from tests.simulation.deeds import ask, money
from tests.simulation.steps import HOUR_SECONDS, Flow, Step, card_pays, first, later, tried, work_off
from tests.simulation.world import World

DAY_SECONDS = 86_400
NIGHT_SECONDS = 4 * HOUR_SECONDS
TOP_UP = first("cli", "create_top_up", {"amount": money(5_000, "USD")})


def untold(step: Step) -> Step:
    """What Stripe tells of it is held back."""

    def held(world: World) -> None:
        known = len(world.stripe.notes)
        step(world)
        world.stripe.withheld += world.stripe.notes[known:]
        del world.stripe.notes[known:]

    return held


def told_at_last(world: World) -> None:
    """It comes, days late."""
    world.stripe.notes += world.stripe.withheld
    world.stripe.withheld.clear()


def night(days: int = 1) -> Step:
    """So many days later, early in the morning; no timer has fired."""

    def step(world: World) -> None:
        midnight = world.clock.at // DAY_SECONDS * DAY_SECONDS
        world.clock.at = midnight + days * DAY_SECONDS + NIGHT_SECONDS
        world.stripe.pass_time()

    return step


def compare(world: World) -> None:
    """One step, and what it starts is worked on."""
    world.compare_days()
    world.relay(len(world.store.stream))
    for _ in range(len(world.queues.waiting)):
        world.deliver(0)


def compare_twice(world: World) -> None:
    """Two machines take the same step, and each message comes twice."""
    world.compare_days()
    world.compare_days()
    for event in world.store.stream:
        world.queues.send(event)
    compare(world)


def reconciled(days: int) -> Step:
    """Finance compares all of them together."""

    def step(world: World) -> Ask:
        now = world.clock.now()
        return ask("start_reconciliation", STAFF, {"from": now - days * DAY_SECONDS, "to": now})

    return step


def explained(world: World) -> Ask:
    """Somebody explains what has been found, which may have closed itself."""
    return ask("resolve_exception", STAFF, {"reason": "known"}, exception_id=world.heads("brk")[0].id)


UNTOLD = (TOP_UP, untold(card_pays), night(), compare)

LATE_LINES = (
    Flow(
        "a day is compared, and what Stripe told late closes its exception",
        (compare_twice, told_at_last, work_off, night(), compare),
        (TOP_UP, untold(card_pays), night()),
    ),
    Flow(
        "what comes weeks late meets what was open",
        (told_at_last, work_off, night(), compare, night(), compare),
        (*UNTOLD, night(6), compare),
    ),
    Flow(
        "finance and the night find the same exception",
        (reconciled(3), work_off, tried(explained), told_at_last, work_off, later(NIGHT_SECONDS), compare),
        (*UNTOLD, night()),
    ),
)
