"""Attacks over HTTP on every route: each is refused as the contract says, and nothing is lost by it."""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import httpx
import pytest

from chalicelib.api import OPERATIONS
from chalicelib.bodies import FAULTS_MAX
from chalicelib.http import Operation
from chalicelib.pages import PageQuery
from chalicelib.types import Model
from marketplace.access.principals import Role
from sandbox.system import System
from tests.attacks import (
    BAD_AMOUNTS,
    BAD_IDS,
    SERVER_FIELDS,
    WITH_BODY,
    WITH_PATH,
    amounts_within,
    models_within,
    name,
    path_of,
    with_amount,
)
from tests.hammering import at_once
from tests.people import Caller, World, key, usd

Send = Callable[..., httpx.Response]
TEXTS = {"NUL": "a\x00b", "a line turned round": "invoice \u202egpj.exe", "an escape": "\x1b[2J"}
DEPTH = 5_000
MILLION = 1_000_000
BROKEN = [
    (b'{"reason":"a","reason":"b"}', 400, "invalid_json"),
    (b'{"reason":"\\ud800"}', 400, "invalid_json"),
    (b'{"a":' * DEPTH + b"1" + b"}" * DEPTH, 400, "invalid_json"),
    (b'{"reason":"' + b"x" * MILLION + b'"}', 413, "body_too_large"),
    (b"\xff\xfe", 400, "invalid_json"),
    (b"[]", 400, "invalid_json"),
    (b"null", 400, "invalid_json"),
]
SHARE = 3
"""How many of a kind of attack each route meets: together they meet all, in a fraction of the time."""
Attack = TypeVar("Attack")


def _share(attacks: Sequence[Attack], number: int) -> list[Attack]:
    """Those for the route with that number."""
    return [attacks[(number * SHARE + offset) % len(attacks)] for offset in range(SHARE)]


@pytest.fixture(scope="module")
def people(system: System) -> dict[Role, Caller]:
    """One caller for each role; they outlive the test's own world."""
    with World(system) as world:
        return {
            Role.CLIENT: world.client(),
            Role.WORKER: world.worker(),
            Role.FINANCE: world.person("finance"),
            Role.OPERATOR: world.person("operator"),
        }


@pytest.fixture
def send(world: World, people: dict[Role, Caller]) -> Send:
    """Calls an operation as somebody who may, with raw content."""

    def sent(operation: Operation, content: bytes = b"", path: str = "") -> httpx.Response:
        token = people[operation.who[0]].token
        headers = {"Authorization": f"Bearer {token}", **key()}
        address = path or path_of(operation)
        return world.http.request(operation.method, address, content=content, headers=headers)

    return sent


def test_every_body_forbids_what_it_does_not_name_and_coerces_nothing() -> None:
    for operation in WITH_BODY:
        for model in models_within(operation.body):
            assert issubclass(model, Model), (name(operation), model)
            assert model.model_config.get("extra") == "forbid", model
            assert model.model_config.get("strict"), model


def test_no_write_takes_a_field_that_is_the_servers_to_set(send: Send) -> None:
    assert len(SERVER_FIELDS) < FAULTS_MAX
    for operation in WITH_BODY:
        theirs = [one for one in SERVER_FIELDS if one not in operation.body.model_fields]
        answer = send(operation, json.dumps(dict.fromkeys(theirs, "x")).encode())
        assert answer.status_code == 422, (name(operation), answer.text)
        faults = answer.json()["errors"]
        named = {fault["pointer"] for fault in faults}
        assert len(faults) == FAULTS_MAX or named >= {f"/{one}" for one in theirs}, name(operation)


def test_no_write_takes_an_amount_that_is_none(send: Send) -> None:
    places = [(one, path) for one in WITH_BODY for path in dict.fromkeys(amounts_within(one.body))]
    assert len(places) > len(BAD_AMOUNTS) / SHARE
    for number, (operation, path) in enumerate(places):
        for amount, status in _share(list(BAD_AMOUNTS.items()), number):
            answer = send(operation, with_amount(path, amount))
            assert answer.status_code == status, (name(operation), path, amount, answer.text)
            if status == 422 and len(path) == 2:
                pointers = [fault["pointer"] for fault in answer.json()["errors"]]
                assert any(one.startswith(f"/{path[0]}") for one in pointers), (name(operation), pointers)


def test_no_write_takes_a_broken_body(send: Send) -> None:
    for number, operation in enumerate(WITH_BODY):
        for content, status, code in _share(BROKEN, number):
            answer = send(operation, content)
            assert (answer.status_code, answer.json()["code"]) == (status, code), name(operation)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_texts_hold_nothing_that_shows_them_otherwise(world: World, text: str) -> None:
    client = world.client()
    task = {
        "title": text,
        "description": text,
        "category": text,
        "skills": [text],
        "pay": {"model": "milestone", "budget": usd(1)},
    }
    answer = client.call("POST", "/v1/tasks", task)
    assert answer.status_code == 422
    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert pointers == {"/title", "/description", "/category", "/skills/0"}


def test_an_id_that_cannot_be_one_looks_like_nothing(send: Send) -> None:
    for number, operation in enumerate(WITH_PATH):
        good = send(operation)
        for identifier in _share(BAD_IDS, number)[:2]:
            answer = send(operation, path=path_of(operation, identifier))
            assert answer.status_code in (404, good.status_code), (name(operation), identifier, answer.text)
            assert answer.status_code < 500, (name(operation), identifier, answer.text)
            assert answer.status_code >= 400, (name(operation), identifier, answer.text)


def test_no_list_takes_a_cursor_that_is_not_its_own(send: Send, world: World) -> None:
    other = world.client()
    for _ in range(2):
        other.post("/v1/clients/me/api-keys", {"scopes": ["work"]})
    theirs = other.get("/v1/clients/me/api-keys?limit=1")["next_cursor"]
    lists = [one for one in OPERATIONS if issubclass(one.query, PageQuery) and "{" not in one.path]
    cursors = ("", theirs, "x", "AAAA", theirs[:-1], "%00", theirs + "A", "x" * 5_000)
    for number, operation in enumerate(lists):
        for cursor in _share(cursors, number):
            answer = send(operation, path=f"{operation.path}?cursor={cursor}")
            assert answer.status_code in (400, 422), (name(operation), cursor, answer.text)
            if answer.status_code == 400:
                assert answer.json()["code"] == "invalid_cursor"


def test_a_key_of_somebody_else_is_worth_nothing(world: World) -> None:
    mine, theirs, headers = world.client(), world.client(), _headers()
    body = {"scopes": ["money"]}
    first = mine.call("POST", "/v1/clients/me/api-keys", body, **headers)
    stolen = theirs.call("POST", "/v1/clients/me/api-keys", body, **headers)
    assert stolen.json()["id"] != first.json()["id"]
    assert "Idempotent-Replayed" not in stolen.headers
    assert stolen.json()["client_id"] == theirs.id


def test_a_bid_is_withdrawn_or_awarded_and_never_both(world: World) -> None:
    client = world.client()
    for _ in range(3):
        worker = world.worker()
        task = world.task(client, {"model": "milestone", "budget": usd(100)})
        body = {"price": usd(100), "milestones": [{"title": "All", "amount": usd(100)}], "message": ""}
        bid = worker.post(f"/v1/tasks/{task['id']}/bids", body, status=201)["id"]
        calls = [(client, f"/v1/bids/{bid}/award"), (worker, f"/v1/bids/{bid}/withdraw")]
        answers = at_once(lambda one: one[0].call("POST", one[1], **_headers()), calls, threads=2)
        assert sorted(answer.is_success for answer in answers) == [False, True]
        won = "awarded" if answers[0].is_success else "withdrawn"
        assert client.get(f"/v1/bids/{bid}")["status"] == won
        contracts = [one for one in client.get("/v1/contracts")["data"] if one["task_id"] == task["id"]]
        assert len(contracts) == (won == "awarded")
        seats = client.get(f"/v1/tasks/{task['id']}")["seats_left"]
        assert seats == (0 if won == "awarded" else 1)


def _headers() -> dict[str, Any]:
    return {name.replace("-", "_"): value for name, value in key().items()}
