"""Flows of what keeps payouts, who lets them go or not, and what workers have paid out by themselves."""

from tests.simulation.calls import FINANCE
from tests.simulation.deeds import ask, money
from tests.simulation.flows_of_results import ACCEPT, REVERSE, hand_in, withdrawn
from tests.simulation.steps import (
    Flow,
    Step,
    bank_returns,
    first,
    later,
    newest,
    of_minutes,
    tried,
    work_in_vain,
    work_off,
)
from tests.simulation.world import World

DAY_SECONDS = 86_400
WITHDRAW = first("wrk", "create_payout", {"amount": money(1_000, "USD")})
DAILY = first("wrk", "set_payout_schedule", {"interval": "daily"})


def ruled(**rules: int | None) -> Step:
    """From here on payouts go by these settings."""

    def step(world: World) -> None:
        world.rule(**rules)

    return step


def by_finance(operation: str, person: int = 0) -> Step:
    """The newest payout, by that person."""
    return lambda world: ask(operation, FINANCE[person], payout_id=newest(world, "pay").id)


def due_again(world: World) -> None:
    """The messages of all schedules that have come due."""
    for event in list(world.store.events.values()):
        if event.type == "payout_schedule.due":
            world.queues.send(event)


BONUS = of_minutes("pay_bonus", {"amount": money(500, "USD"), "reason": "thanks"})
HELD = ruled(payout_hold_seconds=3 * DAY_SECONDS)
WATCHED = ruled(payout_approval_above=99)
APPROVE, CANCEL, RETRY = "approve_payout", "cancel_payout", "retry_payout"

FINANCES = (
    Flow("a look that comes to nothing", (later(61), work_off), (WITHDRAW, work_in_vain)),
    Flow(
        "the first days hold a payout",
        (WITHDRAW, work_off, later(3 * DAY_SECONDS), work_off, later(2 * DAY_SECONDS), work_off, work_off),
        (HELD,),
    ),
    Flow(
        "two people approve a payout",
        (by_finance(APPROVE), by_finance(APPROVE, 1), work_off),
        (WATCHED, WITHDRAW),
        money=True,
    ),
    Flow("cancel a payout", (by_finance(CANCEL), work_off), (HELD, WITHDRAW), money=True),
    Flow(
        "cancel what one has approved",
        (by_finance(CANCEL), work_off),
        (WATCHED, WITHDRAW, by_finance(APPROVE)),
    ),
    Flow("cancel what may be under way", (work_off, tried(by_finance(CANCEL))), (WITHDRAW,)),
    Flow(
        "cancel what recovers a debt",
        (by_finance(CANCEL), work_off),
        (hand_in(), ACCEPT, withdrawn, work_off, REVERSE, HELD, BONUS, withdrawn),
        money=True,
    ),
    Flow(
        "try the bank again, and approve that",
        (by_finance(RETRY), work_off, by_finance(APPROVE, 1), work_off),
        (
            WATCHED,
            WITHDRAW,
            by_finance(APPROVE),
            by_finance(APPROVE, 1),
            work_off,
            bank_returns,
            work_off,
            work_off,
        ),
        money=True,
    ),
    Flow(
        "a schedule's message comes again when there is new pay",
        (later(DAY_SECONDS), work_off, BONUS, due_again, work_off),
        (DAILY,),
    ),
    Flow("choose a schedule", (DAILY,)),
    Flow(
        "a schedule pays out",
        (later(DAY_SECONDS), work_off, work_off),
        (DAILY,),
        money=True,
    ),
)
