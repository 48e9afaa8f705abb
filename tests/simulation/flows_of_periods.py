"""Flows of closing months, with whatever comes late into them.

A contract is worked on and paid for in November, and no timer fires until December: all that
silence approves is dated in November. October is closed before, so that November can be.
"""

from contextlib import suppress

from marketplace.closing.period import SETTLING_SECONDS, SUM_UP_SECONDS
from marketplace.gateways.stripe_books import BalanceTransaction
from marketplace.ledger import postings
from marketplace.shared.events import Cause, EventType
from marketplace.shared.ids import derived_id
from marketplace.shared.months import month_end, month_start
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from tests.simulation.calls import FINANCE, Ask
from tests.simulation.deeds import ask
from tests.simulation.faults import Killed
from tests.simulation.flows_of_finance import WITHDRAW
from tests.simulation.flows_of_late_lines import DAY_SECONDS, compare
from tests.simulation.queues import TROUBLE
from tests.simulation.steps import (
    HOUR_SECONDS,
    Flow,
    Step,
    beat,
    by_milestone,
    fired_while,
    later,
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


def charged_late(world: World) -> None:
    """A fee of Stripe's in November is posted only now, dated then; a kill only makes it later."""
    at = month_start(NOVEMBER) + 9 * DAY_SECONDS
    world.stripe.lines["txn_late"] = BalanceTransaction("txn_late", -7, 0, "USD", None, at, is_fee=True)
    cause = Cause(derived_id("evt", "txn_late"), "stripe", derived_id("req", "txn_late"), at)
    while cause.event_id not in world.store.events:
        with suppress(Killed, *TROUBLE):
            run(world.store, cause, _fee_of)


def _fee_of(tx: Transaction) -> None:
    tx.post("USD", "Stripe's fee", postings.stripe_fee(7), references=("txn_late",))
    tx.publish(EventType.STRIPE_FEE_POSTED, about=("txn_late",))


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
        "something comes into a month that was reconciled",
        (charged_late, tried(close_november), compare, later(HOUR_SECONDS), tried(close_november), summed_up),
        OVERDUE,
    ),
    Flow(
        "a month that nobody has reconciled is closed by force",
        (force_october, summed_up),
        UNCOMPARED,
    ),
)
