"""Every use case as a small scripted story, to be killed at each of its touches.

A flow begins in a copy of an opening, after `before` has put what it needs in place; `steps` is what is
killed. A call is a pair of an operation and a proposal; anything else is a function of the world.
"""

from tests.simulation.calls import STAFF, Ask
from tests.simulation.deeds import ask, money
from tests.simulation.deeds.clients import rate
from tests.simulation.flows_of_appeals import APPEALS
from tests.simulation.flows_of_bids import AWARD, BIDS, POST, PUBLISH
from tests.simulation.flows_of_correspondence import CORRESPONDENCE
from tests.simulation.flows_of_disputes import DISPUTES
from tests.simulation.flows_of_farewells import FAREWELLS
from tests.simulation.flows_of_finance import FINANCES
from tests.simulation.flows_of_late_lines import LATE_LINES
from tests.simulation.flows_of_messages import MESSAGES
from tests.simulation.flows_of_minutes import MINUTES
from tests.simulation.flows_of_onboarding import ONBOARDING
from tests.simulation.flows_of_own_payouts import OWN_PAYOUTS
from tests.simulation.flows_of_payees import PAYEES
from tests.simulation.flows_of_periods import PERIODS
from tests.simulation.flows_of_pools import POOLS
from tests.simulation.flows_of_results import RESULTS
from tests.simulation.flows_of_returns import RETURNS
from tests.simulation.flows_of_standing import STANDINGS
from tests.simulation.flows_of_suspense import SUSPENSE
from tests.simulation.steps import (
    Flow,
    Step,
    bank_returns,
    beat,
    by_milestone,
    card_pays,
    first,
    later,
    newest,
    of_client,
    of_minutes,
    of_worker,
    oldest,
    overspend,
    slow_lists,
    work_off,
    work_off_twice,
)
from tests.simulation.turns import UNKEYED
from tests.simulation.world import World

CALLS_MAX = 3
"""Two kills, and then an answer."""


class Ended(Exception):
    """A call was refused, and what would follow it falls away."""


SUBMIT = by_milestone("submit_milestone", "funded", worker=True, body={"note": "done"})
APPROVE = by_milestone("approve_milestone", "submitted")
CLOCK_IN = of_minutes("start_session", {}, worker=True)
STOP = of_worker("stop_session", "ses", "running")
DISPUTE = of_client("dispute_session", "ses", "stopped", body={"seconds": 30, "reason": "no"})
CORRECT = of_worker("ask_correction", "ses", "stopped", body={"seconds": 60, "reason": "offline"})
WITHDRAW = first("wrk", "create_payout", {"amount": money(1_000, "USD")})
COMPLETE = of_minutes("complete_contract")
RATE = {"overall": 5}
WORKED = (CLOCK_IN, beat, beat, STOP)


def _rating(side: str) -> Step:
    def step(world: World) -> Ask:
        con = newest(world, "con", "completed")
        return ask("give_rating", getattr(con, f"{side}_id"), RATE, contract_id=con.id)

    return step


FLOWS = (
    Flow("post a task", (POST,)),
    Flow("publish it", (PUBLISH,), (POST,)),
    Flow("change it", (of_client("change_task", "task", "draft", body={"seats": 3}),), (POST,)),
    Flow("close it", (of_client("close_task", "task", "open"), work_off)),
    Flow(
        "bid",
        (
            lambda world: ask(
                "submit_bid",
                world.store.of_kind["wrk"][0],
                {"price": rate("90", "USD"), "message": "I can."},
                task_id=newest(world, "task", "open").id,
            ),
        ),
        (POST, PUBLISH),
    ),
    Flow("withdraw a bid", (of_worker("withdraw_bid", "bid", "submitted"),)),
    Flow("shortlist a bid", (of_client("shortlist_bid", "bid", "submitted"),)),
    Flow("decline a bid", (of_client("decline_bid", "bid", "submitted"),)),
    Flow("award", (AWARD, work_off), money=True),
    Flow("accept an offer", (of_worker("accept_offer", "con", "offered"),)),
    Flow("decline an offer", (of_worker("decline_offer", "con", "offered"),)),
    Flow("an offer lapses", (later(8 * 86_400),)),
    Flow("fund", (of_minutes("fund_contract", {"amount": money(500, "USD")}),), money=True),
    Flow(
        "plan and fund a milestone",
        (
            lambda world: ask(
                "plan_milestone",
                oldest(world, "con", "active").client_id,
                {"title": "More", "amount": money(700, "USD")},
                contract_id=oldest(world, "con", "active").id,
            ),
            by_milestone("fund_milestone", "planned"),
        ),
        money=True,
    ),
    Flow("submit and approve", (SUBMIT, APPROVE), money=True),
    Flow(
        "changes are requested",
        (by_milestone("request_changes", "submitted", body={"reason": "more"}),),
        (SUBMIT,),
    ),
    Flow("silence approves a milestone", (later(15 * 86_400),), (SUBMIT,), money=True),
    Flow("cancel a milestone", (by_milestone("cancel_milestone", "funded"),), money=True),
    Flow("bonus", (of_minutes("pay_bonus", {"amount": money(333, "USD"), "reason": "thanks"}),), money=True),
    Flow(
        "pause and resume",
        (of_minutes("pause_contract"), of_client("resume_contract", "con", "paused")),
    ),
    Flow("complete", (COMPLETE,), money=True),
    Flow("cancel", (of_minutes("cancel_contract"),), money=True),
    Flow("both rate", (_rating("client"), _rating("worker"), work_off), (COMPLETE,)),
    Flow("one rates", (_rating("client"), later(15 * 86_400), work_off), (COMPLETE,)),
    Flow("clock in and out", WORKED, money=True),
    Flow("silence ends a session", (CLOCK_IN, beat, later(600)), money=True),
    Flow("approve minutes", (of_client("approve_session", "ses", "stopped"),), WORKED, money=True),
    Flow("silence approves minutes", (later(8 * 86_400),), WORKED, money=True),
    Flow(
        "dispute, then approve",
        (DISPUTE, of_client("approve_session", "ses", "disputed")),
        WORKED,
        money=True,
    ),
    Flow(
        "a correction is accepted",
        (CORRECT, of_client("accept_correction", "ses", "stopped")),
        (*WORKED, later(100)),
        money=True,
    ),
    Flow(
        "a correction that another session's money would pay",
        (overspend,),
        (*WORKED, later(100), CORRECT, CLOCK_IN),
        money=True,
    ),
    Flow(
        "a correction is declined",
        (CORRECT, of_client("decline_correction", "ses", "stopped")),
        (*WORKED, later(100)),
    ),
    Flow(
        "top up",
        (first("cli", "create_top_up", {"amount": money(5_000, "USD")}), card_pays, work_off, work_off),
        money=True,
    ),
    Flow(
        "open a payout account",
        (lambda world: ask("open_payout_account", world.store.of_kind["wrk"][-1]), work_off),
    ),
    Flow("change a profile", (first("wrk", "update_worker", {"headline": "Here"}),)),
    Flow("withdraw", (WITHDRAW, work_off, later(2 * 86_400), work_off, work_off), money=True),
    Flow(
        "withdraw, with everything twice and Stripe's lists behind",
        (WITHDRAW, work_off_twice, later(61), work_off_twice, work_off_twice),
        (slow_lists,),
    ),
    Flow(
        "the bank returns it",
        (bank_returns, work_off, work_off),
        (WITHDRAW, work_off, later(2 * 86_400), work_off, work_off),
        money=True,
    ),
    Flow(
        "try the bank again",
        (lambda world: ask("retry_payout", STAFF, payout_id=newest(world, "pay").id), work_off),
        (WITHDRAW, work_off, bank_returns, work_off, work_off),
        money=True,
    ),
    Flow(
        "reconcile",
        (
            lambda world: ask(
                "start_reconciliation", STAFF, {"from": world.clock.now() - 86_400, "to": world.clock.now()}
            ),
            work_off,
        ),
    ),
    *MINUTES,
    *RESULTS,
    *FINANCES,
    *SUSPENSE,
    *PERIODS,
    *LATE_LINES,
    *RETURNS,
    *DISPUTES,
    *PAYEES,
    *POOLS,
    *APPEALS,
    *ONBOARDING,
    *CORRESPONDENCE,
    *OWN_PAYOUTS,
    *STANDINGS,
    *FAREWELLS,
    *BIDS,
    *MESSAGES,
)


def taken(world: World, step: Step, number: int) -> None:
    """A step of a flow; a call that gets no answer is asked again. Raises Ended."""
    told = step(world)
    if told is None:
        return
    if told.operation not in UNKEYED:
        told = told.under(f"step {number}")
    for _ in range(CALLS_MAX):
        answer = world.call(told)
        if answer.is_final:
            break
    if answer.silence:
        world.unanswered.append(told)
    if not answer.text and told.operation not in UNKEYED:
        raise Ended(f"{told} came to {answer}")
