"""Flows of money that leaves our balance at Stripe for our own bank, and of what comes back."""

from tests.simulation.calls import STAFF, Ask
from tests.simulation.deeds import ask
from tests.simulation.flows_of_returns import every_night, nobody_tells
from tests.simulation.flows_of_suspense import FOUND, REASON, reconciled
from tests.simulation.steps import Flow, Step, later, work_off
from tests.simulation.world import World

AMOUNT, FEE = 700, 7


def paid_out(world: World) -> None:
    """At once, which costs a fee, out of what was there before."""
    world.stripe.fund("USD", AMOUNT + FEE)
    world.stripe.pay_out("USD", AMOUNT, FEE)


def returned(world: World) -> None:
    """Our bank will not have the newest."""
    world.stripe.come_back(list(world.stripe.own)[-1])


def suspended(number: int) -> Step:
    """What a reconciliation found of it, the movement or the fee, is booked to suspense."""

    def step(world: World) -> Ask:
        found = [row for row in world.heads("brk") if row.change in (-AMOUNT, -FEE)]
        return ask("book_to_suspense", STAFF, REASON, exception_id=found[number].id)

    return step


UNKNOWN = (paid_out, nobody_tells, *FOUND, suspended(0), suspended(1))

OWN_PAYOUTS = (
    Flow("money goes to our own bank", (paid_out, work_off), money=True),
    Flow("our bank returns it", (returned, work_off), (paid_out, work_off), money=True),
    Flow("nobody tells of our own payouts", (every_night,), (paid_out, returned, nobody_tells)),
    Flow(
        "what was in suspense was a payout to our own bank",
        (every_night, later(60), reconciled, work_off),
        UNKNOWN,
        money=True,
    ),
)
