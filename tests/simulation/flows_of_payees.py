"""Flows of fees on both sides, and of agencies that share what they earn."""

from dataclasses import replace
from typing import Any

from marketplace.contracts.fee_schedules import NOTICE_SECONDS
from tests.simulation.calls import STAFF, Ask
from tests.simulation.deeds import ask, money
from tests.simulation.flows_of_appeals import appeal_newest, decide
from tests.simulation.flows_of_results import ACCEPT, REVERSE, hand_in, withdrawn
from tests.simulation.flows_of_returns import LOST, OFF, WON, disputed, refilled, topped_up
from tests.simulation.steps import (
    Flow,
    Step,
    beat,
    by_milestone,
    card_pays,
    later,
    newest,
    of_client,
    of_minutes,
    of_worker,
    tried,
    work_off,
)
from tests.simulation.world import World

FEES = {
    "basis_points": 2_000,
    "client_basis_points": 250,
    "currencies": [
        {
            "currency": "USD",
            "fixed": 3,
            "minimum": 40,
            "tiers": [{"above": 1_000, "basis_points": 1_000}],
        }
    ],
}
SUBMIT = by_milestone("submit_milestone", "funded", worker=True, body={"note": "done"})
APPROVE = by_milestone("approve_milestone", "submitted")
WORKED = (
    of_minutes("start_session", {}, worker=True),
    beat,
    beat,
    of_worker("stop_session", "ses", "running"),
)
DISPUTE = of_client("dispute_session", "ses", "stopped", body={"seconds": 30, "reason": "no"})
PUBLISH: Step = lambda _: ask("publish_fee_schedule", STAFF, FEES)  # noqa: E731  a step is a value
NOTICE = later(NOTICE_SECONDS)
PUBLISH_LATER: Step = lambda world: ask(  # noqa: E731
    "publish_fee_schedule", STAFF, {**FEES, "effective_at": world.clock.now() + 600}
)
FOUND: Step = lambda world: ask("create_agency", _worker(world, 0), {"name": "Both"})  # noqa: E731


def _worker(world: World, number: int) -> str:
    worker: str = world.store.of_kind["wrk"][number]
    return worker


def invite(share: int) -> Step:
    """The second worker is offered a share of the newest agency."""

    def step(world: World) -> Ask:
        agency = newest(world, "agn")
        body = {"worker_id": _worker(world, 1), "share_basis_points": share, "may_bid": True}
        return ask("invite_member", agency.lead_id, body, agency_id=agency.id)

    return step


def second(operation: str) -> Step:
    """The second worker's answer."""
    return lambda world: ask(operation, _worker(world, 1), agency_id=newest(world, "agn").id)


def remove(world: World) -> Ask:
    """The lead takes the second worker out."""
    agency = newest(world, "agn")
    return ask("remove_member", agency.lead_id, agency_id=agency.id, worker_id=_worker(world, 1))


TASK: dict[str, Any] = {
    "title": "Work",
    "description": "Do it.",
    "category": "cx",
    "pay": {"model": "milestone", "budget": money(2_000, "USD")},
}
POSTED: tuple[Step, ...] = (
    lambda world: ask("post_task", world.store.of_kind["cli"][0], TASK),
    of_client("publish_task", "task", "draft"),
)


def bid(world: World) -> Ask:
    """The second worker's, for the newest agency."""
    body = {"price": money(2_000, "USD"), "message": "We can.", "agency_id": newest(world, "agn").id}
    return ask("submit_bid", _worker(world, 1), body, task_id=newest(world, "task").id)


def newest_milestone(operation: str, *, worker: bool = False, body: Any = None) -> Step:
    """A call about the only milestone of the newest contract."""

    def step(world: World) -> Ask:
        con = newest(world, "con")
        names = {"contract_id": con.id, "milestone_id": con.milestones[0].id}
        return ask(operation, con.worker_id if worker else con.client_id, body, **names)

    return step


JOINED = (FOUND, invite(3_333), second("join_agency"))
HIRE = (*POSTED, bid, of_client("award", "bid", "submitted"), of_worker("accept_offer", "con", "offered"))
DONE = (
    newest_milestone("fund_milestone"),
    newest_milestone("submit_milestone", worker=True, body={"note": "done"}),
)
CONTESTED = (disputed(0), *OFF)

_BOOKED = (
    Flow("publish a fee schedule", (PUBLISH,), money=True),
    Flow(
        "a schedule that is still to come is not in effect",
        HIRE[2:4],
        (PUBLISH, NOTICE, PUBLISH_LATER, *JOINED, *POSTED),
    ),
    Flow("found an agency, and somebody joins", JOINED, money=True),
    Flow("decline a share", (second("decline_agency"),), (FOUND, invite(1))),
    Flow("accept another share", (invite(6_667), second("join_agency")), JOINED),
    Flow("leave an agency", (second("leave_agency"),), JOINED),
    Flow("take somebody out of an agency", (remove,), JOINED),
    Flow("bid for an agency and accept", HIRE[2:], (PUBLISH, NOTICE, *JOINED, *POSTED)),
    Flow(
        "an agency's work is paid under a schedule, by the shares of when it was accepted",
        (newest_milestone("approve_milestone"),),
        (PUBLISH, NOTICE, *JOINED, *HIRE, *DONE, second("leave_agency")),
        money=True,
    ),
    Flow(
        "accept for an agency that one has left",
        (second("leave_agency"), tried(HIRE[-1])),
        (*JOINED, *HIRE[:-1]),
    ),
)

_SHARED = (
    Flow(
        "fund, with the client's fee",
        (of_minutes("fund_contract", {"amount": money(501, "USD")}),),
        money=True,
    ),
    Flow("approve in tiers, for an agency", (SUBMIT, APPROVE), money=True),
    Flow("cancel a milestone, and the fee on it", (by_milestone("cancel_milestone", "funded"),), money=True),
    Flow(
        "a bonus in tiers",
        (of_minutes("pay_bonus", {"amount": money(333, "USD"), "reason": "ty"}),),
        money=True,
    ),
    Flow("complete, and the fee on what is left", (of_minutes("complete_contract"),), money=True),
    Flow(
        "minutes in parts, with one minimum",
        (DISPUTE, of_client("approve_session", "ses", "disputed")),
        WORKED,
        money=True,
    ),
    Flow("silence approves an agency's minutes", (later(8 * 86_400),), WORKED),
    Flow("reverse a result down the tiers", (REVERSE,), (hand_in(), ACCEPT), money=True),
    Flow(
        "an agency's result is paid again by appeal, up the tiers",
        (decide("granted"),),
        (hand_in(), ACCEPT, REVERSE, appeal_newest("res")),
        money=True,
    ),
    Flow(
        "reverse an agency's result whose pay one of them has withdrawn",
        (REVERSE,),
        (hand_in(), ACCEPT, withdrawn, work_off),
        money=True,
    ),
    Flow("a chargeback takes holds, and the fees on them", CONTESTED),
    Flow("it is won, and the wallet has what holds had", (WON, *OFF), CONTESTED),
    Flow(
        "it is lost, and milestones and their fees are planned again",
        (LOST, *OFF),
        (disputed(0, 0.75), *OFF),
    ),
    Flow(
        "the client funds again what was taken, and the fee",
        (refilled(20_001), SUBMIT, work_off, WON, *OFF),
        (*CONTESTED, topped_up(0, 90_000), card_pays, work_off, work_off),
    ),
)

PAYEES = (*_BOOKED, *(replace(flow, name=f"{flow.name}, shared", opening="sharing") for flow in _SHARED))
