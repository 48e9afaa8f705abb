"""Flows of money that a message moves, short enough for all pairs of kills: what leads there is in place."""

from tests.simulation.flows_of_results import AGREED, hand_in
from tests.simulation.flows_of_returns import BONUS, CANCEL, CLOCK_IN, DAY_SECONDS, OFF, disputed, refund
from tests.simulation.steps import TOUCHES_MAX, Flow, later, tried, work_off
from tests.simulation.world import World


def work_refused(world: World) -> None:
    """As `work_off`, while Stripe says a definite no to all that is asked for."""
    forced, begun = world.outside.forced, world.outside.touches
    world.outside.forced = dict.fromkeys(range(begun, begun + TOUCHES_MAX), "refused") | forced
    work_off(world)
    world.outside.forced = forced


OWING = (CLOCK_IN, disputed(1), *OFF, later(4_000), work_off, later(8 * DAY_SECONDS), *OFF)
"""A session was paid out of what the card's bank has taken, so the client owes that."""

MESSAGES = (
    Flow("Stripe refuses a refund", (work_refused,), (refund,), money=True),
    Flow("a wallet that fills settles what is owed", (work_off,), (*OWING, CANCEL, tried(BONUS)), money=True),
    Flow(
        "two agree, and one message pays both",
        (work_off,),
        (*AGREED, hand_in(2, label="dog"), work_off, hand_in(0), work_off, hand_in(1)),
        money=True,
    ),
)
