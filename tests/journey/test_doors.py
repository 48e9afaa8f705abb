"""What the doors refuse, in the order that the contract promises."""

import json
from typing import Any

import httpx
import pytest

from tests.people import World, key, usd

TASK = {
    "title": "Overflow chat",
    "description": "",
    "category": "chat",
    "pay": {"model": "milestone", "budget": usd(100)},
}


def amount_of(value: str) -> bytes:
    body = json.dumps(TASK).replace('"amount": 100', f'"amount": {value}')
    assert body != json.dumps(TASK) or value == "100"
    return body.encode()


def send(world: World, token: str, content: bytes, path: str = "/v1/tasks") -> httpx.Response:
    return world.http.post(path, content=content, headers={"Authorization": f"Bearer {token}", **key()})


@pytest.mark.parametrize(
    "value",
    [
        *("0", "-1", "-0", "1.0", "1e2", "1e309", "NaN", "-Infinity"),
        *("true", "null", '"100"', "100000000", "9" * 39, "[]", "{}"),
    ],
)
def test_an_amount_is_a_positive_whole_number_within_its_limit(world: World, value: str) -> None:
    answer = send(world, world.client().token, amount_of(value))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["pointer"] == "/pay/budget/amount"


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'"text"',
        b'{"a":1,"a":2}',
        b"\xff",
        b'{"title":"\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    ],
    ids=[
        "torn",
        "list",
        "text",
        "repeated",
        "not-utf8",
        "surrogate",
        "deep",
        "deep-object",
    ],
)
def test_a_body_that_is_no_json_object_is_refused_as_such(world: World, content: bytes) -> None:
    answer = send(world, world.client().token, content)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")


def test_a_body_over_the_limit_is_refused_before_it_is_parsed(world: World) -> None:
    answer = send(world, world.client().token, b"{" + b" " * 300_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("field", ["id", "client_id", "status", "seats_left", "created_at", "invented"])
def test_a_field_that_is_not_the_callers_to_set_is_an_error(world: World, field: str) -> None:
    answer = send(world, world.client().token, json.dumps({**TASK, field: "x"}).encode())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{field}")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": "nul \x00"}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"seats": 0}, "/seats"),
        ({"pay": {"model": "barter"}}, "/pay/model"),
        ({"pay": {"budget": usd(1)}}, "/pay/model"),
        ({"pay": {"model": "milestone", "budget": {"amount": 1, "currency": "usd"}}}, "/pay/budget/currency"),
        ({"pay": {"model": "per_minute"}}, "/pay/rate"),
        ({"bidding_closes_at": "tomorrow"}, "/bidding_closes_at"),
        ({"bidding_closes_at": 1_900_000_000}, "/bidding_closes_at"),
        ({"visibility": "pool:unknown"}, "/visibility"),
    ],
)
def test_each_fault_has_a_pointer(world: World, change: dict[str, Any], pointer: str) -> None:
    answer = send(world, world.client().token, json.dumps({**TASK, **change}).encode())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_checks_come_in_the_order_of_the_contract(world: World) -> None:
    nobody, worker, client = "nothing", world.worker(), world.client()
    fund = "/v1/contracts/con_unknown/fund"
    assert send(world, nobody, b"{", fund).status_code == 401
    assert send(world, worker.token, b"{", fund).status_code == 403
    assert send(world, client.token, b"{", fund).status_code == 400
    assert send(world, client.token, b"{}", fund).status_code == 422
    good = json.dumps({"amount": usd(1)}).encode()
    keyless = world.http.post(fund, content=good, headers={"Authorization": f"Bearer {client.token}"})
    assert (keyless.status_code, keyless.json()["code"]) == (400, "idempotency_key_required")
    assert send(world, client.token, good, fund).status_code == 404


@pytest.mark.parametrize("bad", ["", "ä", "x" * 256])
def test_a_key_is_printable_and_short(world: World, bad: str) -> None:
    client = world.client()
    headers = [(b"Authorization", f"Bearer {client.token}".encode()), (b"Idempotency-Key", bad.encode())]
    answer = world.http.post("/v1/tasks", json=TASK, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_tokens_that_expired_or_were_forged_open_nothing(world: World) -> None:
    expired = world.person("operator", expires_in_seconds=-3_600)
    body = {"name": "A", "country": "US", "email": "a@b.example"}
    assert expired.refused("/v1/clients", body) == (401, "unauthenticated")
    good = world.person("operator").token
    header, payload, signature = good.split(".")
    for forged in (f"{header}.{payload}.", f"{header}.{payload[:-4]}AAAA.{signature}", "gm_test_" + "0" * 74):
        answer = world.http.post("/v1/clients", json=body, headers={"Authorization": f"Bearer {forged}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_problem_says_what_it_is_and_every_answer_names_its_request(world: World) -> None:
    answer = world.http.get("/v1/tasks")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/unauthenticated"
    assert answer.headers["Request-Id"].startswith("req_")
    assert world.http.get("/health").headers["Request-Id"] != answer.headers["Request-Id"]


def test_what_is_not_built_is_not_there(world: World) -> None:
    for method, path in (("GET", "/v1/programs"), ("POST", "/v1/finance/periods/2026-11/open")):
        answer = world.http.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert world.http.delete("/v1/tasks").status_code == 405


def test_a_head_request_leaves_the_connection_good(world: World) -> None:
    assert world.http.head("/health").status_code == 405
    assert world.http.get("/health").status_code == 200


@pytest.mark.parametrize(("path", "field"), [("/v1/payouts", "amount"), ("/v1/workers/me", "name")])
def test_what_may_be_left_out_may_not_be_null(world: World, path: str, field: str) -> None:
    method = "PATCH" if path.endswith("/me") else "POST"
    headers = {"Authorization": f"Bearer {world.worker().token}", **key()}
    answer = world.http.request(method, path, json={field: None}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{field}")


def test_a_newcomer_needs_no_headline(world: World) -> None:
    profile = {"name": "Ada", "country": "US", "languages": [], "skills": [], "headline": " "}
    worker = world.person("worker")
    assert worker.post("/v1/workers", profile)["headline"] == ""
    assert worker.refused("/v1/workers", {**profile, "name": " "}) == (422, "invalid_request")
