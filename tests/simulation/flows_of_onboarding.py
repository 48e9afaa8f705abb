"""Flows of what workers bring before they work."""

from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

from chalicelib.api.screening_events import ACTOR, ScreeningEvent, _keep
from marketplace.compliance.screening import LOOK_FIRST_SECONDS, Finding, ScreeningStatus
from marketplace.shared.events import Cause
from marketplace.shared.ids import derived_id, new_id
from marketplace.shared.running import run
from tests.simulation.calls import OPERATORS, Ask
from tests.simulation.deeds import ask
from tests.simulation.deeds.clients import rate
from tests.simulation.faults import Killed
from tests.simulation.queues import TROUBLE
from tests.simulation.steps import Flow, Step, first, later, newest, nobody_bids, tried, work_off_twice
from tests.simulation.world import START, World

DAY_SECONDS = 86_400
SENT_MAX = 3
OPERATOR = OPERATORS[0]
EXAM = {
    "questions": [{"prompt": "Who?", "choices": ["a", "b"], "correct": [1]}],
    "attempts_max": 2,
    "wait_seconds": 60,
    "time_limit_seconds": 600,
}
DOCUMENT = {
    "kind": "insurance",
    "name": "policy.pdf",
    "sha256": "0" * 64,
    "size_bytes": 1,
    "content_type": "application/pdf",
    "expires_at": START + 30 * DAY_SECONDS,
}
PUBLISH = first("cli", "publish_agreement", {"title": "NDA", "text": "Say nothing."})
TRAIN = first("cli", "publish_agreement", {"kind": "training", "title": "Manners", "text": "Be kind."})
DEFINE = first("cli", "define_qualification", {"name": "Refunds", "exam": EXAM, "validity_seconds": 86_400})
BEGIN = first("wrk", "start_screening", {"kind": "background_check"})


def of_newest(prefix: str, path: str, operation: str, by: str, body: Any = None) -> Step:
    """A call about the youngest of a kind, by an operator, or by the first client or worker."""

    def step(world: World) -> Ask:
        caller = by if by == OPERATOR else world.store.of_kind[by][0]
        return ask(operation, caller, body, **{path: newest(world, prefix).id})

    return step


def to_worker(operation: str) -> Step:
    def step(world: World) -> Ask:
        body = {"worker_id": world.store.of_kind["wrk"][0], "reason": "seen"}
        return ask(operation, OPERATOR, body, qualification_id=newest(world, "qua").id)

    return step


def finds(status: Literal["passed", "failed"], *, ago: int = 0, lasts: int | None = None) -> Step:
    """The provider tells, until it is heard."""

    def step(world: World) -> None:
        screening, now = newest(world, "scr"), world.clock.now()
        event = ScreeningEvent.model_construct(
            id=f"{screening.reference} {status} {ago}",
            reference=screening.reference,
            status=status,
            occurred_at=now - ago,
            expires_at=now + lasts if lasts else None,
            reason=None,
        )
        world.desk.finds(_finding(event))
        cause = Cause(derived_id("evt", "screening", event.id), ACTOR, new_id("req"), now)
        for _ in range(SENT_MAX):
            with suppress(*TROUBLE, Killed):
                run(world.runtime.store, cause, lambda tx: _keep(event, tx))
                return

    return step


def finds_and_tells_nobody(status: Literal["passed", "failed"], *, lasts: int | None = None) -> Step:
    """The provider's callback never comes."""

    def step(world: World) -> None:
        screening, now = newest(world, "scr"), world.clock.now()
        ends = now + lasts if lasts else None
        world.desk.finds(Finding(screening.reference, ScreeningStatus(status), now, ends))

    return step


def _finding(event: ScreeningEvent) -> Finding:
    told = (event.occurred_at, event.expires_at, event.reason)
    return Finding(event.reference, ScreeningStatus(event.status), *told)


def is_screened(status: str) -> Step:
    """What is known by now."""

    def step(world: World) -> None:
        known = newest(world, "scr").status
        assert known == status, f"onboarding: the screening is {known}, and {status} was found last"

    return step


def post(world: World) -> Ask:
    """A task that asks for the newest agreement, training and qualification, and for what is only a name."""
    agreement, training = newest(world, "agr"), None
    for found in world.heads("agr"):
        agreement, training = (agreement, found) if found.kind == "training" else (found, training)
    asked = {
        "agreements": [agreement.id, "conduct"],
        "trainings": [training.id] if training else [],
        "qualifications": [newest(world, "qua").name],
    }
    pay = {"model": "per_minute", "rate": rate("100", "USD")}
    body = {"title": "Work", "description": "", "category": "cx", "pay": pay, "requirements": asked}
    return ask("post_task", agreement.client_id, body)


def publish(world: World) -> Ask:
    task = newest(world, "task", "draft")
    return ask("publish_task", task.client_id, task_id=task.id)


def bid(world: World) -> Ask:
    body = {"price": rate("100", "USD")}
    return ask("submit_bid", world.store.of_kind["wrk"][0], body, task_id=newest(world, "task", "open").id)


def award(world: World) -> Ask:
    found = [row for row in world.heads("bid") if row.task_id == newest(world, "task").id][-1]
    return ask("award", found.client_id, bid_id=found.id)


def accept(world: World) -> Ask:
    offer = newest(world, "con", "offered")
    body = {"agreement_ids": list(offer.agreements)}
    return ask("accept_offer", offer.worker_id, body, contract_id=offer.id)


def accept_unsigned(world: World) -> Ask:
    return replace(accept(world), body={})


def is_refused(what: str, prefix: str, status: str) -> Step:
    """It is as it was."""

    def step(world: World) -> None:
        known = newest(world, prefix).status
        assert known == status, f"onboarding: {what}, and it is {known}"

    return step


SIGN = of_newest("agr", "agreement_id", "sign_agreement", "wrk", {"name": "Ada"})
GRANT, REVOKE = to_worker("grant_qualification"), to_worker("revoke_qualification")
ATTEMPT = of_newest("qua", "qualification_id", "start_attempt", "wrk")
SUBMIT = of_newest("att", "attempt_id", "submit_attempt", "wrk", {"answers": [[1]]})
CONFIRM = of_newest("doc", "document_id", "confirm_document", "wrk")
REVIEW = of_newest(
    "doc", "document_id", "review_document", OPERATOR, {"verdict": "pass", "reason": "legible"}
)
RENEW = of_newest("agr", "agreement_id", "publish_agreement_version", "cli", {"text": "Say less."})

LATE_LOOK = (later(2 * LOOK_FIRST_SECONDS), later(0))
"""Of a timer that died, too."""

WANTED = (DEFINE, PUBLISH, TRAIN, GRANT, post, publish, bid)

ONBOARDING = (
    Flow("an agreement is published, signed, renewed and signed again", (PUBLISH, SIGN, RENEW, SIGN)),
    Flow(
        "what a task asks for is signed with its offer",
        (award, tried(accept_unsigned), is_refused("nothing was signed", "con", "offered"), accept),
        WANTED,
    ),
    Flow(
        "who has lost a qualification is not awarded the task",
        (REVOKE, tried(award), is_refused("it is not held any more", "bid", "submitted"), GRANT, award),
        WANTED,
    ),
    Flow(
        "who lacks a qualification does not bid",
        (tried(bid), nobody_bids),
        (DEFINE, PUBLISH, post, publish),
    ),
    Flow(
        "an exam runs out of time, is passed, and what it shows expires",
        (ATTEMPT, later(600), later(60), ATTEMPT, SUBMIT, later(DAY_SECONDS)),
        (DEFINE,),
    ),
    Flow(
        "a qualification is granted and taken back, and its exam renewed",
        (GRANT, REVOKE, of_newest("qua", "qualification_id", "publish_exam", "cli", EXAM)),
        (DEFINE,),
    ),
    Flow("a document is handed in and passed", (first("wrk", "add_document", DOCUMENT), CONFIRM, REVIEW)),
    Flow(
        "a screening is told late, twice and in any order",
        (
            BEGIN,
            finds("passed", lasts=DAY_SECONDS),
            finds("failed", ago=60),
            work_off_twice,
            is_screened("passed"),
            later(DAY_SECONDS),
            BEGIN,
        ),
    ),
    Flow(
        "a screening's callback is lost, and what was found is looked up",
        (
            BEGIN,
            later(LOOK_FIRST_SECONDS),
            work_off_twice,
            is_screened("pending"),
            finds_and_tells_nobody("passed", lasts=DAY_SECONDS),
            *LATE_LOOK,
            work_off_twice,
            is_screened("passed"),
            later(DAY_SECONDS),
        ),
    ),
    Flow(
        "a screening's callback comes while what was found is looked up",
        (
            BEGIN,
            finds("failed", ago=60),
            finds("passed", lasts=DAY_SECONDS),
            *LATE_LOOK,
            work_off_twice,
            is_screened("passed"),
            later(DAY_SECONDS),
        ),
    ),
)
