"""Flows of clocked time that has classes, a floor, caps by the calendar, or is rounded up."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.simulation.calls import Ask
from tests.simulation.deeds import ask, money
from tests.simulation.deeds.clients import rate
from tests.simulation.steps import Flow, Step, beat, first, later, newest, of_client, of_worker, tried
from tests.simulation.world import World

NEW_YORK = "America/New_York"
CLASSES = {"talk": rate("120", "USD"), "hold": rate("33.3333", "USD"), "wait": rate("0.5", "USD")}


def _hired(funds: int, **terms: Any) -> tuple[Step, ...]:
    """A contract paid by the minute on these terms, with so much money."""
    pay = {"model": "per_minute", "rate": rate("60", "USD"), **terms}
    body = {"title": "Calls", "description": "Answer them.", "category": "cx", "pay": pay}

    def bid(world: World) -> Ask:
        offer = {"price": rate("60", "USD"), "message": "I can."}
        return ask("submit_bid", world.store.of_kind["wrk"][0], offer, task_id=newest(world, "task").id)

    return (
        first("cli", "post_task", body),
        of_client("publish_task", "task", "draft"),
        bid,
        of_client("award", "bid", "submitted"),
        of_worker("accept_offer", "con", "offered"),
        of_client("fund_contract", "con", "active", body={"amount": money(funds, "USD")}),
    )


def clock_in(world: World) -> Ask:
    """On the newest contract."""
    contract = newest(world, "con")
    return ask("start_session", contract.worker_id, contract_id=contract.id)


def clock_in_elsewhere(world: World) -> Ask:
    """On another contract of the same worker."""
    worker = newest(world, "con").worker_id
    other = next(
        one
        for one in world.heads("con")
        if one.worker_id == worker and one.pay.rate and one.status == "active"
    )
    return ask("start_session", worker, contract_id=other.id)


def say(name: str, sequence: int, ago: int = 0) -> Step:
    """The phone tells the class of the minutes since `ago` seconds."""

    def step(world: World) -> Ask:
        session = newest(world, "ses")
        body = {"class": name, "sequence": sequence, "at": world.clock.now() - ago}
        return ask("record_class", session.worker_id, body, session_id=session.id)

    return step


def until(*moment: int) -> Step:
    """Time passes until then in New York, and nobody looks at a clock."""

    def step(world: World) -> None:
        at = int(datetime(*moment, tzinfo=ZoneInfo(NEW_YORK)).timestamp())  # type: ignore[arg-type, misc]
        assert at >= world.clock.now()
        world.clock.at = at

    return step


def waiting(seconds: int) -> Step:
    def step(world: World) -> None:
        world.clock.at += seconds

    return step


def if_any(step: Step) -> Step:
    """The call of `step`, if there is something that it can be about."""

    def asked(world: World) -> Ask | None:
        try:
            return step(world)
        except IndexError:
            return None

    return asked


STOP = if_any(of_worker("stop_session", "ses", "running"))
APPROVE = if_any(of_client("approve_session", "ses", "stopped"))
MIXED = (clock_in, say("talk", 0), beat, say("wait", 2), beat, say("hold", 1, ago=30), waiting(7))
FUND = of_client("fund_contract", "con", "active", body={"amount": money(500, "USD")})
NOV_1, NOV_2 = (2026, 11, 1), (2026, 11, 2)

MINUTES = (
    Flow("minutes of several classes", MIXED, _hired(5_000, classes=CLASSES)),
    Flow(
        "stop and approve minutes of several classes",
        (STOP, APPROVE),
        (*_hired(5_000, classes=CLASSES), *MIXED),
        money=True,
    ),
    Flow(
        "a dearer class uses the hold up",
        (say("talk", 1), beat, beat, APPROVE),
        (*_hired(200, classes=CLASSES), clock_in, say("wait", 0), beat),
        money=True,
    ),
    Flow(
        "a dearer class, told late, has used the hold up",
        (say("talk", 1, ago=119), APPROVE),
        (*_hired(200, classes=CLASSES), clock_in, say("wait", 0), beat, beat),
        money=True,
    ),
    Flow(
        "money that comes after the hold is used up comes too late",
        (FUND, say("wait", 1), beat, later(600), APPROVE),
        (*_hired(200, classes=CLASSES), clock_in, say("talk", 0), beat, waiting(45)),
    ),
    Flow(
        "offline minutes of a class",
        (
            of_worker(
                "ask_correction", "ses", "stopped", body={"seconds": 60, "reason": "-", "class": "talk"}
            ),
            of_client("accept_correction", "ses", "stopped"),
        ),
        (*_hired(5_000, classes=CLASSES), *MIXED, STOP, waiting(100)),
        money=True,
    ),
    Flow(
        "offline minutes of a session that is paid",
        (
            of_worker("ask_correction", "ses", "approved", body={"seconds": 64, "reason": "-"}),
            of_client("accept_correction", "ses", "approved"),
        ),
        (*_hired(5_000, classes=CLASSES), *MIXED, STOP, APPROVE, waiting(100)),
        money=True,
    ),
    Flow(
        "the client accepts the first seconds",
        (
            of_client("dispute_session", "ses", "stopped", body={"seconds": 8, "reason": "no"}),
            of_client("approve_session", "ses", "disputed"),
        ),
        (*_hired(5_000, classes=CLASSES), *MIXED, STOP),
    ),
    Flow(
        "a class that begins after the last proof",
        (say("talk", 1), later(600), APPROVE),
        (*_hired(5_000, classes=CLASSES, increment_seconds=50), clock_in, say("wait", 0), beat, waiting(9)),
    ),
    Flow(
        "a shift has a floor, and its second session none",
        (clock_in, beat, STOP, APPROVE, waiting(60), clock_in, beat, STOP, APPROVE),
        _hired(5_000, minimum_pay=money(777, "USD")),
    ),
    Flow("the money of a floor is set aside", (tried(clock_in),), _hired(776, minimum_pay=money(777, "USD"))),
    Flow(
        "short sessions are rounded up once",
        (clock_in, waiting(5), STOP, clock_in, waiting(5), STOP, clock_in, beat, beat, STOP, APPROVE),
        _hired(5_000, increment_seconds=60, minimum_seconds=90),
    ),
    Flow(
        "a correction does not reach into the next session",
        (of_client("accept_correction", "ses", "stopped"),),
        (
            *(*_hired(5_000, increment_seconds=360), clock_in, *[beat] * 6, STOP, waiting(20)),
            of_worker("ask_correction", "ses", "stopped", body={"seconds": 5, "reason": "-"}),
            *(clock_in_elsewhere, waiting(30)),
        ),
    ),
    Flow(
        "a local day of 25 hours has one cap",
        (
            *(until(*NOV_1, 0, 1), clock_in, beat, STOP),
            *(until(*NOV_1, 23, 50), clock_in, beat, beat, STOP, tried(clock_in)),
            *(until(*NOV_2, 0, 5), clock_in, beat, beat, STOP),
        ),
        _hired(5_000, cap_seconds_per_day=150, time_zone=NEW_YORK),
    ),
    Flow(
        "a session over midnight counts to both days",
        (
            *(until(*NOV_1, 23, 59), clock_in, beat, beat, beat, STOP, APPROVE),
            *(waiting(60), clock_in, beat, STOP),
        ),
        _hired(5_000, cap_seconds_per_day=130, time_zone=NEW_YORK),
    ),
    Flow(
        "a week goes on over midnight",
        (until(*NOV_2, 23, 58), clock_in, beat, STOP, until(2026, 11, 3, 0, 5), clock_in, beat, beat, STOP),
        _hired(5_000, cap_seconds_per_week=100, time_zone=NEW_YORK),
    ),
)
