"""Every use case as a small scripted story, to be killed at each of its touches.

A flow begins in a copy of an opening, after `before` has put what it needs in place; `steps` is what is
killed. A call is a pair of an operation and a proposal; anything else is a function of the world.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.simulation.calls import STAFF, Ask
from tests.simulation.deeds import ask, money
from tests.simulation.deeds.clients import rate
from tests.simulation.scheduler import UNKEYED
from tests.simulation.world import World

CALLS_MAX = 3
"""Two kills, and then an answer."""

Step = Callable[[World], Ask | None]
"""A call to be made, or something that happens outside."""


class Ended(Exception):
    """A call was refused, and what would follow it falls away."""


@dataclass(frozen=True)
class Flow:
    """`money`: kills at all pairs of touches as well."""

    name: str
    steps: tuple[Step, ...]
    before: tuple[Step, ...] = ()
    money: bool = False


def newest(world: World, prefix: str, *statuses: str) -> Any:
    """The youngest of a kind in one of these states."""
    return [row for row in world.heads(prefix) if not statuses or row.status in statuses][-1]


def oldest(world: World, prefix: str, *statuses: str) -> Any:
    """The eldest."""
    return next(row for row in world.heads(prefix) if not statuses or row.status in statuses)


def _of_client(operation: str, prefix: str, *statuses: str, body: Any = None) -> Step:
    """The owning client's call on the youngest of a kind."""

    def step(world: World) -> Ask:
        row = newest(world, prefix, *statuses)
        return ask(operation, row.client_id, body, **{_PATHS[prefix]: row.id})

    return step


def _of_worker(operation: str, prefix: str, *statuses: str, body: Any = None) -> Step:
    def step(world: World) -> Ask:
        row = newest(world, prefix, *statuses)
        return ask(operation, row.worker_id, body, **{_PATHS[prefix]: row.id})

    return step


_PATHS = {"task": "task_id", "bid": "bid_id", "con": "contract_id", "ses": "session_id", "pay": "payout_id"}


def _by_milestone(operation: str, status: str, *, worker: bool = False, body: Any = None) -> Step:
    def step(world: World) -> Ask:
        con, row = next((c, m) for c in world.heads("con") for m in c.milestones if m.status == status)
        by = con.worker_id if worker else con.client_id
        return ask(operation, by, body, contract_id=con.id, milestone_id=row.id)

    return step


def _first(prefix: str, operation: str, body: Any = None) -> Step:
    """A call of the first client or worker about nothing in particular."""
    return lambda world: ask(operation, world.store.of_kind[prefix][0], body)


def _minutes_contract(world: World) -> Any:
    return next(con for con in world.heads("con") if con.pay.model == "per_minute" and con.status == "active")


def _of_minutes(operation: str, body: Any = None, *, worker: bool = False) -> Step:
    def step(world: World) -> Ask:
        con = _minutes_contract(world)
        return ask(operation, con.worker_id if worker else con.client_id, body, contract_id=con.id)

    return step


def later(seconds: int) -> Step:
    """Time passes, and what comes due is done."""

    def step(world: World) -> None:
        world.clock.at += seconds
        world.stripe.pass_time()
        for due_at, identifier in world.store.timers():
            if due_at <= world.clock.now():
                world.fire(due_at, identifier)

    return step


def work_off(world: World) -> None:
    """Webhooks come in, events go to their queues, and messages to their consumers, once each."""
    world.stripe.pass_time()
    notes, world.stripe.notes = world.stripe.notes, []
    world.stripe.notes += [note for note in notes if not world.hear(note)]
    world.relay(len(world.store.stream))
    for _ in range(len(world.queues.waiting)):
        world.deliver(0)


def card_pays(world: World) -> None:
    """The newest top-up, if it is open."""
    top_up = newest(world, "top")
    if top_up.payment_intent and not world.stripe.intents[top_up.payment_intent][1].succeeded:
        world.stripe.pay(top_up.payment_intent, fee=59)


def bank_returns(world: World) -> None:
    """The newest bank payout comes back."""
    if world.stripe.bank:
        world.stripe.end(list(world.stripe.bank)[-1], "failed")


def beat(world: World) -> Ask:
    """A minute of proven work."""
    session = newest(world, "ses")
    world.clock.at += 60
    body = {"sequence": session.last_sequence + 1, "at": world.clock.now()}
    return ask("record_heartbeat", session.worker_id, body, session_id=session.id)


TASK = {
    "title": "Work",
    "description": "Do it.",
    "category": "cx",
    "pay": {"model": "per_minute", "rate": rate("100", "USD")},
}
POST = _first("cli", "post_task", TASK)
PUBLISH = _of_client("publish_task", "task", "draft")
AWARD = _of_client("award", "bid", "submitted")
SUBMIT = _by_milestone("submit_milestone", "funded", worker=True, body={"note": "done"})
APPROVE = _by_milestone("approve_milestone", "submitted")
CLOCK_IN = _of_minutes("start_session", {}, worker=True)
STOP = _of_worker("stop_session", "ses", "running")
DISPUTE = _of_client("dispute_session", "ses", "stopped", body={"seconds": 30, "reason": "no"})
CORRECT = _of_worker("ask_correction", "ses", "stopped", body={"seconds": 60, "reason": "offline"})
WITHDRAW = _first("wrk", "create_payout", {"amount": money(1_000, "USD")})
COMPLETE = _of_minutes("complete_contract")
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
    Flow("change it", (_of_client("change_task", "task", "draft", body={"seats": 3}),), (POST,)),
    Flow("close it", (_of_client("close_task", "task", "open"),)),
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
    Flow("withdraw a bid", (_of_worker("withdraw_bid", "bid", "submitted"),)),
    Flow("shortlist a bid", (_of_client("shortlist_bid", "bid", "submitted"),)),
    Flow("decline a bid", (_of_client("decline_bid", "bid", "submitted"),)),
    Flow("award", (AWARD,), money=True),
    Flow("accept an offer", (_of_worker("accept_offer", "con", "offered"),)),
    Flow("decline an offer", (_of_worker("decline_offer", "con", "offered"),)),
    Flow("an offer lapses", (later(8 * 86_400),)),
    Flow("fund", (_of_minutes("fund_contract", {"amount": money(500, "USD")}),), money=True),
    Flow(
        "plan and fund a milestone",
        (
            lambda world: ask(
                "plan_milestone",
                oldest(world, "con", "active").client_id,
                {"title": "More", "amount": money(700, "USD")},
                contract_id=oldest(world, "con", "active").id,
            ),
            _by_milestone("fund_milestone", "planned"),
        ),
        money=True,
    ),
    Flow("submit and approve", (SUBMIT, APPROVE), money=True),
    Flow(
        "changes are requested",
        (_by_milestone("request_changes", "submitted", body={"reason": "more"}),),
        (SUBMIT,),
    ),
    Flow("silence approves a milestone", (later(15 * 86_400),), (SUBMIT,), money=True),
    Flow("cancel a milestone", (_by_milestone("cancel_milestone", "funded"),), money=True),
    Flow("bonus", (_of_minutes("pay_bonus", {"amount": money(333, "USD"), "reason": "thanks"}),), money=True),
    Flow(
        "pause and resume",
        (_of_minutes("pause_contract"), _of_client("resume_contract", "con", "paused")),
    ),
    Flow("complete", (COMPLETE,), money=True),
    Flow("cancel", (_of_minutes("cancel_contract"),), money=True),
    Flow("both rate", (_rating("client"), _rating("worker"), work_off), (COMPLETE,)),
    Flow("one rates", (_rating("client"), later(15 * 86_400), work_off), (COMPLETE,)),
    Flow("clock in and out", WORKED, money=True),
    Flow("silence ends a session", (CLOCK_IN, beat, later(600)), money=True),
    Flow("approve minutes", (_of_client("approve_session", "ses", "stopped"),), WORKED, money=True),
    Flow("silence approves minutes", (later(8 * 86_400),), WORKED, money=True),
    Flow(
        "dispute, then approve",
        (DISPUTE, _of_client("approve_session", "ses", "disputed")),
        WORKED,
        money=True,
    ),
    Flow(
        "a correction is accepted",
        (CORRECT, _of_client("accept_correction", "ses", "stopped")),
        (*WORKED, later(100)),
        money=True,
    ),
    Flow(
        "a correction is declined",
        (CORRECT, _of_client("decline_correction", "ses", "stopped")),
        (*WORKED, later(100)),
    ),
    Flow(
        "top up",
        (_first("cli", "create_top_up", {"amount": money(5_000, "USD")}), card_pays, work_off, work_off),
        money=True,
    ),
    Flow(
        "open a payout account",
        (lambda world: ask("open_payout_account", world.store.of_kind["wrk"][-1]), work_off),
    ),
    Flow("change a profile", (_first("wrk", "update_worker", {"headline": "Here"}),)),
    Flow("withdraw", (WITHDRAW, work_off, later(2 * 86_400), work_off, work_off), money=True),
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
)


def taken(world: World, step: Step, number: int) -> None:
    """A step of a flow; a call that gets no answer is asked again. Raises Ended."""
    told = step(world)
    if told is None:
        return
    if told.operation not in UNKEYED:
        told = replace(told, key=f"step {number}")
    for _ in range(CALLS_MAX):
        answer = world.call(told)
        if answer.is_final:
            break
    if answer.silence:
        world.unanswered.append(told)
    if not answer.text and told.operation not in UNKEYED:
        raise Ended(f"{told} came to {answer}")
