"""The Python client against the running system, with the wire failing in between."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from marketplace_client import (
    Conflict,
    Fetched,
    Invalid,
    Marketplace,
    NotFound,
    RateLimited,
    Retries,
    UnknownOutcome,
    Unreachable,
    models,
)
from tests.people import World

PAY = models.MilestonePay(budget=models.Money(amount=100, currency="USD"))
AT = datetime(2026, 11, 1, tzinfo=UTC)
TASK = models.NewTask(title="Overflow chat", description="", category="chat", pay=PAY)

Fault = Callable[[httpx.Request], httpx.Response | None]


@dataclass
class Wire(httpx.BaseTransport):
    """Lets requests through, after which `faults`, one for each attempt, may take the answer away."""

    faults: list[Fault] = field(default_factory=list)
    through: httpx.HTTPTransport = field(default_factory=httpx.HTTPTransport)
    sent: list[httpx.Request] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        answer = self.through.handle_request(request)
        if not self.faults:
            return answer
        answer.read()
        answer.close()
        return self.faults.pop(0)(request) or answer

    @property
    def keys(self) -> set[str | None]:
        return {request.headers.get("Idempotency-Key") for request in self.sent}

    def close(self) -> None:
        self.through.close()


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


def lost(request: httpx.Request) -> httpx.Response | None:
    """The call has had its effect, and its answer is gone."""
    raise httpx.ReadTimeout("no answer in time", request=request)


def bad_gateway(_: httpx.Request) -> httpx.Response | None:
    return httpx.Response(502, text="<html>")


def caller(world: World, token: str, wire: Wire, waits: list[float] | None = None) -> Marketplace:
    http = httpx.Client(base_url=world.system.base_url, transport=wire, timeout=30)
    sleep = (lambda _: None) if waits is None else waits.append
    return Marketplace("", token, http=http, sleep=sleep, retries=Retries(jitter=lambda: 0.0))


def test_a_lost_answer_is_asked_for_again_and_nothing_happens_twice(world: World, wire: Wire) -> None:
    waits = list[float]()
    wire.faults = [lost, bad_gateway]
    market = caller(world, world.client().token, wire, waits)
    task = market.post_task(TASK)
    assert (len(wire.sent), len(wire.keys), waits) == (3, 1, [0.1, 0.2])
    assert [each.id for each in market.list_tasks()] == [task.id]
    assert isinstance(task.pay, models.MilestonePay)


def test_an_outcome_that_stays_unknown_says_so_and_its_key_finds_it(world: World, wire: Wire) -> None:
    wire.faults = [lost] * 5
    market = caller(world, world.client().token, wire)
    with pytest.raises(UnknownOutcome) as unknown:
        market.post_task(TASK)
    assert len(wire.sent) == 5
    made = market.post_task(TASK, idempotency_key=unknown.value.asked.idempotency_key)
    assert [each.id for each in market.list_tasks()] == [made.id]


def test_a_change_without_a_key_is_not_sent_twice(world: World, wire: Wire) -> None:
    market = caller(world, world.client().token, wire)
    task = market.post_task(TASK)
    wire.faults = [lost]
    with pytest.raises(UnknownOutcome):
        market.change_task(task.id, models.TaskChanges(title="Other"))
    assert [request.method for request in wire.sent] == ["POST", "PATCH"]
    assert market.get_task(task.id).title == "Other"


def test_lists_are_read_to_their_end(world: World, wire: Wire) -> None:
    market = caller(world, world.client().token, wire)
    made = [market.post_task(TASK).id for _ in range(3)]
    wire.sent.clear()
    wire.faults = [lost]
    assert [task.id for task in market.list_tasks(limit=1)] == made[::-1]
    assert len(wire.sent) == 4


def test_a_file_that_lies_elsewhere_is_fetched_without_the_token_and_again_where_it_breaks_off() -> None:
    sent = list[httpx.Request]()

    def answered(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if request.url.host == "market":
            return httpx.Response(303, headers={"Location": "http://files/journal.csv?signed=1"})
        told = {"Content-Disposition": 'attachment; filename="journal.csv"', "Content-Type": "text/csv"}
        return httpx.Response(200, headers=told, content=broken() if len(sent) == 2 else b"whole")

    def broken() -> Iterator[bytes]:
        yield b"more than the whole"
        raise httpx.ReadError("reset")

    http = httpx.Client(base_url="http://market", transport=httpx.MockTransport(answered))
    market, file = Marketplace("", "secret", http=http, sleep=lambda _: None), io.BytesIO()
    fetched = market.export_finance("journal", file, from_=AT, to=AT)
    assert (file.getvalue(), fetched) == (b"whole", Fetched("journal.csv", "text/csv", 5))
    assert [request.url.host for request in sent] == ["market", "files"] * 2
    assert ["authorization" in request.headers for request in sent] == [True, False] * 2


def test_a_file_that_is_refused_leaves_nothing_behind(world: World, wire: Wire) -> None:
    market, file = caller(world, world.person("finance").token, wire), io.BytesIO()
    with pytest.raises(Invalid) as misfit:
        market.export_finance("journal", file, from_=AT, to=AT)
    assert (misfit.value.errors[0]["pointer"], file.getvalue()) == ("/to", b"")


def test_refusals_carry_their_code(world: World, wire: Wire) -> None:
    market = caller(world, world.client().token, wire)
    task = market.post_task(TASK)
    market.close_task(task.id)
    with pytest.raises(Conflict, match="illegal_transition"):
        market.publish_task(task.id)
    with pytest.raises(NotFound) as absent:
        market.get_task("task_unknown")
    assert absent.value.request_id
    with pytest.raises(Invalid) as misfit:
        market.change_task(task.id, models.TaskChanges(title=""))
    assert misfit.value.errors[0]["pointer"] == "/title"
    with pytest.raises(Invalid):
        market.change_task(task.id, models.TaskChanges.model_validate({"titel": "a slip"}))


def answering(*answers: httpx.Response) -> tuple[Marketplace, list[float]]:
    """A server that gives these answers in turn, and what is waited in between."""
    left, waits = list(answers), list[float]()
    http = httpx.Client(base_url="http://market", transport=httpx.MockTransport(lambda _: left.pop(0)))
    return Marketplace("", "t", http=http, sleep=waits.append, retries=Retries(jitter=lambda: 0.0)), waits


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"code": code, "detail": ""}, headers=named)


HEALTHY: dict[str, Any] = {"status": "ok", "version": "1"}


def test_a_server_that_asks_for_a_pause_gets_it_within_a_limit() -> None:
    busy = problem(429, "rate_limited", Retry_After="7")
    market, waits = answering(busy, problem(503, "provider_unavailable"), httpx.Response(200, json=HEALTHY))
    assert market.health().status == "ok"
    assert waits == [7.0, 0.2]
    market, waits = answering(problem(429, "rate_limited", Retry_After="3600"))
    with pytest.raises(RateLimited):
        market.health()
    assert waits == []


def test_a_first_attempt_that_still_runs_is_waited_for() -> None:
    running = problem(409, "idempotency_in_progress")
    made = httpx.Response(200, json={**HEALTHY, "status": "a new one", "more": 1})
    market, waits = answering(running, made)
    assert market.call("POST", "/health", models.Health).status == "a new one"
    assert waits == [0.1]


@pytest.mark.parametrize(
    "answers",
    [
        (httpx.Response(502), problem(429, "rate_limited", Retry_After="3600")),
        (httpx.Response(500), *[problem(503, "provider_unavailable")] * 4),
        (problem(409, "idempotency_in_progress"),) * 5,
    ],
    ids=["a pause after silence", "refused for a while after silence", "still running"],
)
def test_a_refusal_for_a_while_says_nothing_of_an_attempt_that_was_not_answered(
    answers: tuple[httpx.Response, ...],
) -> None:
    market, _ = answering(*answers)
    with pytest.raises(UnknownOutcome):
        market.post_task(TASK)


def test_a_list_that_grows_while_it_is_read_is_read_once(world: World, wire: Wire) -> None:
    market = caller(world, world.client().token, wire)
    made = [market.post_task(TASK).id for _ in range(3)]
    seen = []
    for task in market.list_tasks(limit=1):
        seen.append(task.id)
        market.post_task(TASK)
    assert seen == made[::-1]


def test_what_was_never_sent_has_not_happened() -> None:
    with (
        Marketplace(
            "http://127.0.0.1:9", "t", retries=Retries(attempts_max=2), sleep=lambda _: None
        ) as market,
        pytest.raises(Unreachable),
    ):
        market.post_task(TASK)
