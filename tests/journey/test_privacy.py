"""Personal data is where it belongs and nowhere else, can be had by its owner, and is gone when it is
erased."""

import json

import pytest

from marketplace.people.privacy import ExportPart, export_id, part_id
from tests.people import Caller, World, key, usd
from tests.saying import MARK, logger, watched

PROFILE = {"name": f"Ada {MARK}", "country": "US", "languages": ["en"], "skills": [], "headline": "Agent"}
CLIENT = {"name": "Acme", "country": "US", "email": f"{MARK}@acme.example"}


def marked_worker(world: World) -> Caller:
    worker = world.person("worker", name=f"token of {MARK}")
    worker.id = worker.post("/v1/workers", PROFILE, status=201)["id"]
    return worker


def test_a_day_leaves_personal_data_in_no_log_event_queue_or_table(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = world.person("operator")
    with watched(world.system) as kept:
        made = operator.post("/v1/clients", CLIENT, status=201)
        client = Caller(world.http, made["api_key"], made["id"])
        worker = marked_worker(world)
        named = {"name": f"Ada {MARK} Lovelace"}
        assert worker.call("PATCH", "/v1/workers/me", named).json() == worker.get("/v1/workers/me")
        assert operator.refused("/v1/clients", {**CLIENT, "email": f"{MARK} no email"})[0] == 422
        assert worker.call("PATCH", "/v1/workers/me", {f"{MARK}": MARK}).status_code == 422
        operator.post(f"/v1/workers/{worker.id}/deactivate", {"reason_code": "other", "reason": MARK})
        operator.post(f"/v1/workers/{worker.id}/reinstate", {"reason": f"not {MARK}"})
        worker.post("/v1/workers/me/export", status=201)
        world.settle()
        assert MARK in json.dumps(worker.get("/v1/workers/me/export/content")["data"])
        broken = [json.dumps({"id": client.id, "email": f"{MARK}@acme.example"})]
        monkeypatch.setattr("marketplace.storage.codec.head_texts", lambda *_: broken)
        assert client.call("GET", "/v1/clients/me").status_code == 500
    assert kept.sent
    assert any("an endpoint failed" in text for text in kept.texts)
    assert kept.marked == []


def test_the_watch_sees_what_is_marked(world: World) -> None:
    client = world.client()
    with watched(world.system) as kept:
        logger.error("something %s", MARK)
        world.task(client, {"model": "milestone", "budget": usd(100)}, skills=[MARK])
        world.settle()
    assert len(kept.marked) > 1


def test_a_worker_who_is_forgotten_is_nowhere_and_what_they_earned_stays_in_the_books(world: World) -> None:
    client, worker = world.client(USD=2_000), marked_worker(world)
    headers = {name.replace("-", "_"): value for name, value in key().items()}
    worker.call("POST", "/v1/workers", PROFILE, **headers)
    worker.call("PATCH", "/v1/workers/me", {"headline": MARK})
    contract = world.milestone_contract(client, worker, 2_000)
    refused = worker.call("POST", "/v1/workers/me/erasure", **key_header())
    assert (refused.status_code, refused.json()["code"]) == (409, "erasure_refused")
    assert refused.json()["reasons"] == ["contracts:open"]
    client.post(f"/v1/contracts/{contract['id']}/cancel")
    asked = worker.post("/v1/workers/me/erasure", status=201)
    assert asked["status"] == "asked"
    world.farewell()
    assert worker.get("/v1/workers/me/erasure")["status"] == "erased"
    assert worker.get("/v1/workers/me")["name"] == "erased"
    assert MARK not in client.call("GET", f"/v1/workers/{worker.id}").text
    assert worker.refused(f"/v1/contracts/{contract['id']}/complete") == (403, "suspended")
    assert client.get(f"/v1/contracts/{contract['id']}")["worker_id"] == worker.id
    assert worker.refused("/v1/workers/me/erasure") == (409, "illegal_transition")


def test_what_was_answered_of_somebody_forgotten_is_told_to_nobody_again(world: World) -> None:
    operator = world.person("operator")
    headers = key_header()
    made = operator.call("POST", "/v1/clients", CLIENT, **headers).json()
    assert operator.call("POST", "/v1/clients", CLIENT, **headers).json()["email"] == CLIENT["email"]
    operator.post(f"/v1/clients/{made['id']}/erasure", status=201)
    world.farewell()
    assert operator.get(f"/v1/clients/{made['id']}")["email"] == ""
    again = operator.call("POST", "/v1/clients", CLIENT, **headers)
    assert (again.status_code, again.json()["code"]) == (410, "erased")
    client = Caller(world.http, made["api_key"])
    assert client.refused("/v1/tasks", method="GET") == (403, "suspended")


def test_money_keeps_a_client_from_being_forgotten(world: World) -> None:
    operator, client = world.person("operator"), world.client(USD=1_000)
    refused = operator.call("POST", f"/v1/clients/{client.id}/erasure", **key_header())
    assert refused.json()["reasons"] == ["money:wallet"]


def test_a_copy_is_whole_and_goes_after_its_time(world: World) -> None:
    client, worker = world.client(USD=2_000), marked_worker(world)
    contract = world.milestone_contract(client, worker, 2_000)
    assert worker.refused("/v1/workers/me/export", method="GET") == (404, "not_found")
    worker.post("/v1/workers/me/export", status=201)
    world.settle()
    assert worker.get("/v1/workers/me/export")["status"] == "ready"
    rows = worker.get("/v1/workers/me/export/content?part=0")["data"]
    assert {row["object"] for row in rows} == {"worker", "bid", "contract", "track"}
    assert contract["id"] in {row.get("id") for row in rows}
    assert worker.refused("/v1/workers/me/export/content?part=1", method="GET") == (404, "not_found")
    world.advance(days=8)
    assert worker.get("/v1/workers/me/export")["status"] == "expired"
    assert worker.refused("/v1/workers/me/export/content", method="GET") == (404, "not_found")


def test_a_client_has_a_copy_of_its_own_and_no_other_client_s(world: World) -> None:
    client, other, worker = world.client(USD=2_000), world.client(), marked_worker(world)
    contract = world.milestone_contract(client, worker, 2_000)
    client.post(f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}/fund")
    worker.post(f"/v1/contracts/{contract['id']}/messages", {"text": "Hello"})
    client.post("/v1/clients/me/export", status=201)
    other.post("/v1/clients/me/export", status=201)
    world.settle()
    copy = client.get("/v1/clients/me/export")
    assert (copy["status"], copy["complete"], copy["parts"]) == ("ready", True, 1)
    rows = client.get("/v1/clients/me/export/content?part=0")["data"]
    kinds = {"client", "api_key", "task", "bid", "contract", "message", "top_up", "wallet_entry"}
    assert {row["object"] for row in rows} == kinds
    assert [row for row in rows if row["object"] == "contract"] == [
        client.get(f"/v1/contracts/{contract['id']}")
    ]
    entries = client.get("/v1/wallet/entries")["data"]
    assert [row for row in rows if row["object"] == "wallet_entry"] == entries
    assert MARK not in json.dumps(rows)
    assert client.id not in json.dumps(other.get("/v1/clients/me/export/content")["data"])
    key = client.post("/v1/clients/me/api-keys", {"scopes": ["work"]})["api_key"]
    narrow = Caller(world.http, key)
    assert narrow.refused("/v1/clients/me/export/content", method="GET") == (403, "forbidden")


def test_of_a_client_who_is_forgotten_no_copy_is_left(world: World) -> None:
    client, operator, runtime = world.client(), world.person("operator"), world.system.runtime
    client.post("/v1/clients/me/export", status=201)
    world.settle()
    operator.post(f"/v1/clients/{client.id}/erasure", status=201)
    world.farewell()
    assert operator.get(f"/v1/clients/{client.id}/erasure")["status"] == "erased"
    part = runtime.store.read(ExportPart, part_id(export_id(client.id), 0))
    assert part is not None
    assert part[0].content == ""


def key_header() -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in key().items()}
