"""Flows of money that leaves our balance at Stripe for our own bank, and of what comes back."""

from tests.simulation.flows_of_returns import every_night, nobody_tells
from tests.simulation.steps import Flow, work_off
from tests.simulation.world import World

AMOUNT, FEE = 700, 7


def paid_out(world: World) -> None:
    """At once, which costs a fee, out of what was there before."""
    world.stripe.fund("USD", AMOUNT + FEE)
    world.stripe.pay_out("USD", AMOUNT, FEE)


def returned(world: World) -> None:
    """Our bank will not have the newest."""
    world.stripe.come_back(list(world.stripe.own)[-1])


OWN_PAYOUTS = (
    Flow("money goes to our own bank", (paid_out, work_off), money=True),
    Flow("our bank returns it", (returned, work_off), (paid_out, work_off), money=True),
    Flow("nobody tells of our own payouts", (every_night,), (paid_out, returned, nobody_tells)),
)
