"""Flows of closing months, with whatever comes late into them.

A contract is worked on and paid for in November, and no timer fires until December: all that
silence approves is dated in November. October is closed before, so that November can be.
"""

from marketplace.closing.period import SETTLING_SECONDS, SUM_UP_SECONDS
from marketplace.shared.months import month_end, month_start
from tests.simulation.calls import FINANCE, Ask
from tests.simulation.deeds import ask
from tests.simulation.flows_of_finance import WITHDRAW
from tests.simulation.steps import (
    Flow,
    Step,
    beat,
    by_milestone,
    fired_while,
    of_minutes,
    of_worker,
    tried,
    work_off,
)
from tests.simulation.world import World

OCTOBER, NOVEMBER = "2026-10", "2026-11"
SUBMIT = by_milestone("submit_milestone", "funded", worker=True, body={"note": "done"})
APPROVE = by_milestone("approve_milestone", "submitted")
CLOCK_IN = of_minutes("start_session", {}, worker=True)
STOP = of_worker("stop_session", "ses", "running")


def close(month: str, body: dict[str, str] | None = None) -> Ask:
    """By the accountant."""
    return ask("close_period", FINANCE[1], body, period=month)


def reconciled(_: World) -> Ask:
    """Both months, since they were over."""
    window = {"from": month_start(OCTOBER), "to": month_end(NOVEMBER)}
    return ask("start_reconciliation", FINANCE[1], window)


def close_october(_: World) -> Ask:
    return close(OCTOBER)


def close_november(_: World) -> Ask:
    return close(NOVEMBER)


def december(world: World) -> None:
    """November is over for an hour, and no timer has fired."""
    world.clock.at = month_end(NOVEMBER) + SETTLING_SECONDS
    world.stripe.pass_time()


def fired(prefix: str) -> Step:
    """The first timer of that kind that is due."""
    return fired_while(prefix)


def summed_up(world: World) -> None:
    """A quarter of an hour later, the periods' timers alone."""
    world.clock.at += SUM_UP_SECONDS
    fired_while("prd")(world)


def force_october(_: World) -> Ask:
    return close(OCTOBER, {"force_reason": "Stripe cannot be asked"})


UNCOMPARED = (SUBMIT, CLOCK_IN, beat, beat, STOP, work_off, december)
WORKED = (*UNCOMPARED, reconciled, work_off)
OVERDUE = (*WORKED, close_october)

PERIODS = (
    Flow(
        "close a month, and what silence approved in it comes late",
        (close_november, fired("con"), summed_up),
        OVERDUE,
        money=True,
    ),
    Flow(
        "what silence approves is about to be posted when its month is closed",
        (fired_while("ses", close_november), tried(close_november), summed_up),
        OVERDUE,
    ),
    Flow(
        "approve and withdraw while a month is closed",
        (APPROVE, close_november, WITHDRAW, work_off),
        OVERDUE,
    ),
    Flow(
        "months are closed in their order",
        (tried(close_november), close_october, close_november, summed_up),
        WORKED,
    ),
    Flow(
        "a month is reconciled before it is over",
        (tried(close_november), tried(close_october), summed_up),
        (SUBMIT, reconciled, work_off, december),
    ),
    Flow(
        "a month that nobody has reconciled is closed by force",
        (force_october, summed_up),
        UNCOMPARED,
    ),
)
