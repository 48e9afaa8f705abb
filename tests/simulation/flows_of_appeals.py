"""Flows of what is decided about somebody, and looked at again."""

from typing import Any

from marketplace.access.suspension import suspension_id
from marketplace.compliance.screening import OVERRULED_SECONDS
from tests.simulation.calls import OPERATORS, Ask
from tests.simulation.deeds import ask
from tests.simulation.flows_of_onboarding import BEGIN, DAY_SECONDS, DEFINE, GRANT, REVOKE, finds
from tests.simulation.flows_of_pools import by_client, by_worker, make
from tests.simulation.flows_of_results import ACCEPT, REJECT, REVERSE, hand_in, withdrawn
from tests.simulation.steps import Flow, Step, later, newest, of_minutes, work_off, work_off_twice
from tests.simulation.world import World

FIRST, SECOND = OPERATORS
WHY = {"reason": "look again"}


def _rates(side: str) -> Step:
    def step(world: World) -> Ask:
        con = newest(world, "con", "completed")
        return ask("give_rating", getattr(con, f"{side}_id"), {"overall": 1}, contract_id=con.id)

    return step


def _on_rating(operation: str, **body: Any) -> Step:
    """About the worker's rating, by that worker or by an operator."""

    def step(world: World) -> Ask:
        rating = next(row for row in world.heads("rat") if row.side == "client")
        by = rating.about if operation == "appeal_rating" else FIRST
        return ask(operation, by, {**WHY, **body}, rating_id=rating.id)

    return step


def _deactivate(world: World) -> Ask:
    body = {**WHY, "reason_code": "conduct"}
    return ask("deactivate_worker", FIRST, body, worker_id=world.store.of_kind["wrk"][0])


def _appeal_deactivation(world: World) -> Ask:
    worker_id = world.store.of_kind["wrk"][0]
    return ask("make_appeal", worker_id, {**WHY, "subject_id": suspension_id(worker_id)})


def _appeal_removal(world: World) -> Ask:
    rating = next(row for row in world.heads("rat") if row.side == "client")
    by = world.head(rating.contract_id).client_id
    return ask("make_appeal", by, {**WHY, "subject_id": rating.id})


def appeal_newest(prefix: str) -> Step:
    """Its worker, against what was decided about the newest of that kind."""

    def step(world: World) -> Ask:
        subject = newest(world, prefix)
        return ask("make_appeal", subject.worker_id, {**WHY, "subject_id": subject.id})

    return step


def _now_is(prefix: str, status: str) -> Step:
    """Whatever died on the way: once the appeal is decided, that is what it has changed."""

    def step(world: World) -> None:
        known = newest(world, prefix).status
        assert known == status, f"appeals: {prefix} is {known}, and the appeal was granted"

    return step


def _granted(prefix: str, status: str) -> tuple[Step, ...]:
    return appeal_newest(prefix), decide("granted"), _now_is(prefix, status)


def _answer(world: World) -> Ask:
    appeal = newest(world, "apl")
    body = {"statement": "It was as I said."}
    return ask("answer_appeal", appeal.decision.respondent, body, appeal_id=appeal.id)


def decide(outcome: str) -> Step:
    """By another operator than the one who decided first."""
    return lambda world: ask(
        "decide_appeal", SECOND, {**WHY, "outcome": outcome}, appeal_id=newest(world, "apl").id
    )


RATED = (of_minutes("complete_contract"), _rates("client"), _rates("worker"))
REMOVE = _on_rating("remove_rating", reason_code="abusive")

APPEALS = (
    Flow(
        "a granted appeal pays a rejected result",
        (decide("granted"),),
        (hand_in(), REJECT, appeal_newest("res")),
        money=True,
    ),
    Flow(
        "a granted appeal pays a result again whose acceptance was taken back",
        (decide("granted"), _now_is("res", "accepted")),
        (hand_in(), ACCEPT, REVERSE, appeal_newest("res")),
        money=True,
    ),
    Flow(
        "what was taken back as a debt is paid again, and the debt recovered",
        (decide("granted"), withdrawn, work_off),
        (hand_in(), ACCEPT, withdrawn, work_off, REVERSE, appeal_newest("res")),
        money=True,
    ),
    Flow(
        "a rating is appealed and removed, before anybody has counted it",
        (_on_rating("appeal_rating"), REMOVE, work_off_twice),
        RATED,
    ),
    Flow(
        "a removed rating is put back, before anybody has counted it",
        (_appeal_removal, _answer, decide("granted"), work_off_twice),
        (*RATED, REMOVE),
    ),
    Flow("a rating is upheld", (_on_rating("uphold_rating"),), (*RATED, _on_rating("appeal_rating"))),
    Flow(
        "a deactivation is appealed, and lifted",
        (_appeal_deactivation, decide("granted")),
        (_deactivate,),
    ),
    Flow("a qualification is given back by appeal", _granted("hol", "held"), (DEFINE, GRANT, REVOKE)),
    Flow(
        "who was taken out of a pool is in it again by appeal",
        _granted("pmb", "member"),
        (make("public"), by_worker("join_pool", {}), by_client("remove_pool_member", WHY, worker=True)),
    ),
    Flow(
        "a failed screening is overruled by a human",
        (*_granted("scr", "passed"), later(OVERRULED_SECONDS + DAY_SECONDS)),
        (BEGIN, finds("failed"), work_off, work_off),
    ),
)
