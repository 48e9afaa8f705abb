"""What stands before the doors: rate limits, what answers tell browsers, and who may read them."""

import time
from collections.abc import Iterator

import pytest

from marketplace import runtime as runtimes
from marketplace.access.rate_limits import ANONYMOUS, DEFAULT, MESSAGES
from tests.people import Caller, World

ORIGIN = "https://app.example"


@pytest.fixture
def limited(world: World) -> Iterator[None]:
    """Calls are counted, and all of them at the same instant."""
    limits = world.system.runtime.limits
    at, clock = time.time() * 1_000, limits._real_ms
    limits._real_ms = lambda: at
    world.sandbox("rate-limits", {"enabled": True})
    yield
    limits._real_ms = clock
    world.sandbox("rate-limits", {"enabled": False})


@pytest.fixture
def allowed(world: World) -> Iterator[None]:
    runtime = world.system.runtime
    before = runtime.settings
    runtime.settings = before.model_copy(update={"cors_origins": ORIGIN})
    yield
    runtime.settings = before
    assert runtimes.current() is runtime


@pytest.mark.usefixtures("limited")
def test_too_many_calls_are_told_to_wait_and_nobody_else_is(world: World) -> None:
    busy, calm = world.client(), world.client()
    first = busy.call("GET", "/v1/clients/me")
    assert first.headers["RateLimit-Policy"] == f'"default";q={DEFAULT.burst};w=2'
    assert first.headers["RateLimit"] == f'"default";r={DEFAULT.burst - 1};t=1'
    limits = world.system.runtime.limits
    while not limits.take(DEFAULT, busy.id).wait_ms:
        pass
    refused = busy.call("GET", "/v1/clients/me")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert calm.get("/v1/clients/me")


@pytest.mark.usefixtures("limited")
def test_one_side_of_a_contract_writes_so_much_and_takes_nothing_from_anybody_else(world: World) -> None:
    client, worker = world.client(), world.worker()
    contracts = [world.milestone_contract(client, worker, 100)["id"] for _ in range(2)]
    paths = [f"/v1/contracts/{contract}/messages" for contract in contracts]
    limits = world.system.runtime.limits
    while not limits.take(MESSAGES, f"{client.id}#{contracts[0]}").wait_ms:
        pass
    refused = client.call("POST", paths[0], {"text": "Once more"})
    assert (refused.status_code, refused.json()["detail"]) == (
        429,
        "too many calls (`messages`); come back a little later",
    )
    assert refused.headers["Retry-After"] == "60"
    client.post(paths[1], {"text": "Here I may"})
    worker.post(paths[0], {"text": "And I"})


@pytest.mark.usefixtures("limited")
def test_an_address_that_guesses_tokens_is_held_back(world: World) -> None:
    nobody = Caller(world.http, "gm_test_guess")
    codes = [nobody.call("GET", "/v1/clients/me").status_code for _ in range(2 * ANONYMOUS.burst)]
    assert codes[0] == 401
    assert codes[-1] == 429
    assert world.http.post("/v1/stripe/events", content=b"{}").status_code == 400


def test_without_limits_nothing_is_said_of_them(world: World) -> None:
    assert "RateLimit" not in world.http.get("/health").headers


@pytest.mark.parametrize(("path", "status"), [("/health", 200), ("/v1/tasks", 401), ("/v1/no", 404)])
def test_every_answer_tells_browsers_that_it_is_data(world: World, path: str, status: int) -> None:
    answer = world.http.get(path)
    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.usefixtures("allowed")
def test_pages_of_allowed_origins_may_call_and_read_and_others_may_not(world: World) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    before = world.http.options("/v1/tasks", headers=asked)
    assert before.status_code == 204
    assert before.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert before.headers["Access-Control-Allow-Methods"] == "POST, GET"
    assert "Idempotency-Key" in before.headers["Access-Control-Allow-Headers"]
    answer = world.http.get("/v1/tasks", headers=asked)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (401, ORIGIN)
    assert "Request-Id" in answer.headers["Access-Control-Expose-Headers"]
    for origin in ("https://evil.example", f"{ORIGIN}.evil.example", "null"):
        for answer in (
            world.http.options("/v1/tasks", headers={**asked, "Origin": origin}),
            world.http.get("/v1/tasks", headers={"Origin": origin}),
        ):
            assert "Access-Control-Allow-Origin" not in answer.headers
            assert answer.headers["Vary"] == "Origin"
