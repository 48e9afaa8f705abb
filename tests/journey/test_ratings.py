"""Both sides rate over HTTP, and the list shows what may be seen."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.work import reputation
from marketplace.people.standing import Standing, standing_id
from marketplace.shared.events import Cause, Event, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from tests.people import Caller, World


@pytest.fixture
def sides(world: World) -> tuple[Caller, Caller, str]:
    client, worker = world.client(), world.worker()
    contract = world.milestone_contract(client, worker, 100)
    client.post(f"/v1/contracts/{contract['id']}/complete")
    return client, worker, f"/v1/contracts/{contract['id']}/ratings"


def test_ratings_are_hidden_until_both_are_in(world: World, sides: tuple[Caller, Caller, str]) -> None:
    client, worker, path = sides
    body = {"overall": 5, "dimensions": {"quality": 4}, "comment": "Kind to callers"}
    first = client.post(path, body, status=201)
    assert (first["from"], first["revealed"]) == ("client", False)
    about_worker = f"/v1/workers/{worker.id}/ratings"
    assert worker.get(about_worker)["data"] == []
    assert client.refused(path, body) == (409, "already_exists")
    assert worker.post(path, {"overall": 2}, status=201)["revealed"] is True
    shown = world.person("finance").get(about_worker)["data"]
    assert shown == [{**first, "revealed": True}]
    assert [row["from"] for row in worker.get(f"/v1/clients/{client.id}/ratings")["data"]] == ["worker"]
    world.settle()
    standing = world.worker().get(f"/v1/workers/{worker.id}/reputation")
    assert (standing["rating_count"], standing["rating_mean"], standing["score"]) == (1, 5.0, 4.17)


def test_a_window_that_closes_shows_what_is_there_and_takes_no_more(
    world: World, sides: tuple[Caller, Caller, str]
) -> None:
    client, worker, path = sides
    client.post(path, {"overall": 1}, status=201)
    world.advance(days=14)
    assert len(client.get(f"/v1/workers/{worker.id}/ratings")["data"]) == 1
    assert worker.refused(path, {"overall": 1}) == (409, "illegal_transition")
    world.settle()
    assert client.get(f"/v1/workers/{worker.id}/reputation")["rating_count"] == 1
    assert client.get(f"/v1/clients/{client.id}/reputation")["rating_mean"] is None


def test_a_standing_from_before_there_were_weights_gets_them_when_its_ratings_are_told_again(
    world: World, sides: tuple[Caller, Caller, str]
) -> None:
    client, worker, path = sides
    client.post(path, {"overall": 1, "dimensions": {"quality": 2}}, status=201)
    rating = worker.post(path, {"overall": 5}, status=201)
    world.settle()
    about = f"/v1/clients/{client.id}/reputation"
    known, runtime = client.get(about), world.system.runtime
    cause, kept = Cause(new_id("evt"), "test", "req", runtime.clock.now()), standing_id(client.id)
    run(runtime.store, cause, lambda tx: tx.save(replace(tx.get(Standing, kept), weight=0, weighted=0)))
    assert client.get(about)["score"] == 4.0
    again = Event(new_id("evt"), EventType.RATING_GIVEN, cause.at, "test", "req", (rating["id"],))
    for _ in range(2):
        reputation.work(again, runtime)
        assert client.get(about) == known


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"overall": 0},
        {"overall": 6},
        {"overall": 4.5},
        {"overall": 5, "dimensions": {"quality": 9}},
        {"overall": 5, "dimensions": {str(n): 1 for n in range(11)}},
        {"overall": 5, "stars": 5},
    ],
)
def test_a_rating_that_breaks_the_contract_is_refused(sides: tuple[Caller, Caller, str], body: Any) -> None:
    client, _, path = sides
    assert client.refused(path, body) == (422, "invalid_request")


def test_who_does_not_exist_has_no_ratings(world: World) -> None:
    worker = world.worker()
    missing = worker.id[:-4] + "zzzz"
    for path in (
        f"/v1/workers/{missing}/ratings",
        "/v1/workers/x/ratings",
        f"/v1/workers/{missing}/reputation",
    ):
        assert worker.refused(path, method="GET") == (404, "not_found")
