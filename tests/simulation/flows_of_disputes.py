"""Flows of money that the sides disagree about, and of scored work."""

from typing import Any

from tests.simulation.calls import OPERATORS, Ask
from tests.simulation.deeds import ask, money
from tests.simulation.deeds.disputes import SCORECARD_VERSION, unpaid
from tests.simulation.flows_of_minutes import waiting
from tests.simulation.flows_of_results import REJECT, hand_in
from tests.simulation.steps import (
    Flow,
    Step,
    beat,
    by_milestone,
    later,
    meanwhile,
    newest,
    of_client,
    of_minutes,
    of_worker,
    tried,
)
from tests.simulation.world import World

DAY_SECONDS = 86_400
SUBMIT = by_milestone("submit_milestone", "funded", worker=True, body={"note": "done"})
WORKED = (
    of_minutes("start_session", {}, worker=True),
    beat,
    beat,
    of_worker("stop_session", "ses", "running"),
)
DISPUTE_MINUTES = of_client("dispute_session", "ses", "stopped", body={"seconds": 30, "reason": "no"})


def claimed(side: str, prefix: str) -> Step:
    """A dispute about the newest unpaid work of that kind: this side wants a third of it."""

    def step(world: World) -> Ask:
        contract, subject, amount = [one for one in unpaid(world) if one[1].startswith(prefix)][-1]
        body = {"subject_id": subject, "claim": "no", "requested": money(-(-amount // 3), contract.currency)}
        return ask("open_dispute", getattr(contract, f"{side}_id"), body, contract_id=contract.id)

    return step


def disputed(operation: str, side: str) -> Step:
    """What a side does with the newest dispute."""

    def step(world: World) -> Ask:
        dispute = newest(world, "dis")
        return ask(operation, getattr(dispute, f"{side}_id"), dispute_id=dispute.id)

    return step


def _part(world: World) -> dict[str, Any]:
    amount = newest(world, "dis").amount
    return {"to_worker": money(amount.amount // 2, amount.currency)}


def offered(side: str) -> Step:
    """Half of it for the worker."""

    def step(world: World) -> Ask:
        dispute = newest(world, "dis")
        return ask("make_offer", getattr(dispute, f"{side}_id"), _part(world), dispute_id=dispute.id)

    return step


def decide(world: World) -> Ask:
    """As much for each."""
    body = {**_part(world), "reason": "half of it is done"}
    return ask("decide_dispute", OPERATORS[0], body, dispute_id=newest(world, "dis").id)


def ended(operation: str, side: str) -> Step:
    """The contract of the newest dispute ends."""

    def step(world: World) -> Ask:
        dispute = newest(world, "dis")
        return ask(operation, getattr(dispute, f"{side}_id"), contract_id=dispute.contract_id)

    return step


def early(world: World) -> None:
    """An index that lags shows the clocks of dispute and outcome as run out."""
    for row in (*world.heads("dis"), *world.heads("out")):
        world.fire(world.clock.now(), row.id)


def scored(points: int, prefix: str, **more: str) -> Step:
    """The newest unpaid work of that kind gets these points for everything."""

    def step(world: World) -> Ask:
        contract, subject, _ = [one for one in unpaid(world) if one[1].startswith(prefix)][-1]
        body = {
            "version": SCORECARD_VERSION,
            "subject_id": subject,
            "scores": {"quality": points, "speed": points},
            **more,
        }
        return ask("apply_outcome", contract.client_id, body, contract_id=contract.id)

    return step


ACCEPT = disputed("accept_dispute_offer", "client")
ESCALATE = disputed("escalate_dispute", "client")
UNANSWERED = later(8 * DAY_SECONDS)
BONUS = of_minutes("pay_bonus", {"amount": money(500, "USD"), "reason": "thanks"})

DISPUTES = (
    Flow("a claim is accepted", (claimed("worker", "mil"), ACCEPT), (SUBMIT,), money=True),
    Flow(
        "a counter-offer is accepted",
        (claimed("client", "mil"), offered("worker"), ACCEPT),
        money=True,
    ),
    Flow("an operator decides", (ESCALATE, decide), (SUBMIT, claimed("worker", "mil")), money=True),
    Flow("a decision is for once", (tried(decide),), (SUBMIT, claimed("worker", "mil"), ESCALATE, decide)),
    Flow("nobody answers", (UNANSWERED, UNANSWERED), (SUBMIT, claimed("client", "mil"))),
    Flow("a decision comes late", (decide,), (SUBMIT, claimed("client", "mil"), UNANSWERED, UNANSWERED)),
    Flow(
        "an offer is taken too late",
        (later(7 * DAY_SECONDS), tried(ACCEPT), later(6 * DAY_SECONDS)),
        (SUBMIT, claimed("worker", "mil")),
    ),
    Flow(
        "a dispute is withdrawn, and silence approves",
        (disputed("withdraw_dispute", "client"), later(16 * DAY_SECONDS)),
        (SUBMIT, claimed("client", "mil"), later(2 * DAY_SECONDS)),
        money=True,
    ),
    Flow(
        "a contract is cancelled around a dispute",
        (ended("cancel_contract", "worker"), ESCALATE, decide),
        (SUBMIT, claimed("worker", "mil")),
        money=True,
    ),
    Flow(
        "disputed minutes are divided",
        (claimed("worker", "ses"), ACCEPT),
        (*WORKED, DISPUTE_MINUTES),
        money=True,
    ),
    Flow(
        "nobody speaks for disputed minutes",
        (later(22 * DAY_SECONDS),),
        (*WORKED, DISPUTE_MINUTES),
        money=True,
    ),
    Flow(
        "an operator decides about them",
        (decide,),
        (*WORKED, DISPUTE_MINUTES, later(22 * DAY_SECONDS)),
        money=True,
    ),
    Flow(
        "a session that runs may use what a decision frees",
        (decide, beat),
        (*WORKED, DISPUTE_MINUTES, claimed("worker", "ses"), ESCALATE, *WORKED[:2]),
        money=True,
    ),
    Flow(
        "a session that runs may use what a scorecard lets go",
        (later(120),),
        (*WORKED, scored(1_000, "ses", reason="late"), waiting(7 * DAY_SECONDS - 60), WORKED[0]),
    ),
    Flow(
        "minutes in dispute outlive their contract",
        (ended("complete_contract", "worker"), ACCEPT),
        (*WORKED, claimed("worker", "ses")),
        money=True,
    ),
    Flow(
        "a rejected result is disputed",
        (claimed("worker", "res"), ESCALATE, decide),
        (hand_in(), REJECT),
        money=True,
    ),
    Flow(
        "a dispute about a result is withdrawn",
        (disputed("withdraw_dispute", "worker"),),
        (hand_in(), REJECT, claimed("worker", "res")),
    ),
    Flow(
        "a result in dispute outlives its contract",
        (ended("cancel_contract", "worker"), disputed("accept_dispute_offer", "worker")),
        (hand_in(), claimed("client", "res")),
        money=True,
    ),
    Flow(
        "minutes are divided once",
        (tried(decide),),
        (*WORKED, DISPUTE_MINUTES, claimed("worker", "ses"), ESCALATE, decide),
    ),
    Flow(
        "a bonus, as its contract is cancelled",
        (meanwhile(BONUS, of_minutes("cancel_contract")),),
    ),
    Flow(
        "an offer is taken as its dispute is escalated",
        (meanwhile(ACCEPT, disputed("escalate_dispute", "worker")),),
        (SUBMIT, claimed("worker", "mil")),
    ),
    Flow("work is scored again", (tried(scored(9_500, "mil")),), (SUBMIT, scored(9_500, "mil"))),
    Flow("a deduction without a reason", (tried(scored(1_000, "mil")),), (SUBMIT,)),
    Flow(
        "clocks that have not run out",
        (early, claimed("worker", "out"), early),
        (hand_in(), scored(1_000, "res", reason="late"), SUBMIT, claimed("worker", "mil")),
    ),
    Flow("good work earns a bonus", (scored(9_500, "mil"),), (SUBMIT,), money=True),
    Flow(
        "a deduction nobody disputes", (scored(1_000, "ses", reason="late"), UNANSWERED), WORKED, money=True
    ),
    Flow(
        "a milestone's deduction",
        (scored(1_000, "mil", reason="late"), UNANSWERED),
        (SUBMIT,),
        money=True,
    ),
    Flow(
        "a deduction is disputed",
        (scored(1_000, "res", reason="late"), claimed("worker", "out"), ACCEPT),
        (hand_in(),),
        money=True,
    ),
)
