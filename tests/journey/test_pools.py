"""Pools, invitations and referrals, as both sides see them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.people import Caller, World, key, usd

SEAT = {"model": "milestone", "budget": usd(10_000)}
BID = {"price": usd(10_000), "message": "I"}


def sees(world: World, worker: Caller, task: Any) -> bool:
    """Whether the worker is shown the task: by its address, in the feed, and for a bid alike."""
    world.settle()
    path = f"/v1/tasks/{task['id']}"
    shown = worker.call("GET", path).status_code == 200
    found = worker.get(f"/v1/tasks?visibility={task['visibility']}&limit=100")["data"]
    assert (task["id"] in [row["id"] for row in found]) == shown
    if not shown:
        missing = task["id"][:-4] + "zzzz"
        for method, end, body in (("GET", "", None), ("POST", "/bids", BID)):
            theirs, nobodys = (
                worker.call(method, f"/v1/tasks/{each}{end}", body) for each in (task["id"], missing)
            )
            assert (theirs.status_code, theirs.content) == (404, nobodys.content)
    return shown


def pool(client: Caller, kind: str) -> Any:
    return client.post("/v1/pools", {"name": "Regulars", "kind": kind}, status=201)


def into(client: Caller, worker: Caller, pool: Any) -> None:
    """The worker comes in as the pool's kind says."""
    path = f"/v1/pools/{pool['id']}"
    members = {"worker_ids": [worker.id]}
    match pool["kind"]:
        case "public":
            assert worker.post(f"{path}/join", {}, status=201)["status"] == "member"
        case "curated":
            assert worker.post(f"{path}/join", {"note": "Please"})["status"] == "applied"
            applied = client.get(f"{path}/members?status=applied")["data"]
            assert [(row["worker_id"], row["note"]) for row in applied] == [(worker.id, "Please")]
            client.post(f"{path}/members/{worker.id}/approve")
        case "invited":
            assert client.post(f"{path}/members", members)["data"][0]["status"] == "invited"
            assert worker.get("/v1/pools?belonging=invited")["data"][0]["id"] == pool["id"]
            worker.post(f"{path}/accept")
        case "customers":
            assert worker.post("/v1/pools/join", {"code": pool["code"].upper()})["status"] == "member"
        case _:
            added = client.post(f"{path}/members", {**members, "engagement": "staff"}, status=201)
            assert added["data"][0]["engagement"] == "staff"
            assert client.post(f"{path}/members", members)["data"] == added["data"]


@pytest.mark.parametrize("kind", ["public", "curated", "invited", "private", "customers", "staff_and_gig"])
def test_a_pool_s_tasks_are_for_its_members_and_for_nobody_else(world: World, kind: str) -> None:
    client, worker, stranger = world.client(), world.worker(), world.worker()
    made = pool(client, kind)
    task = world.task(client, SEAT, visibility=made["visibility"])
    assert not sees(world, worker, task)
    into(client, worker, made)
    assert sees(world, worker, task)
    assert not sees(world, stranger, task)
    assert task["id"] in [row["id"] for row in worker.get("/v1/tasks?limit=1")["data"]]
    assert [row["id"] for row in worker.get("/v1/pools")["data"]] == [made["id"]]
    shown = stranger.call("GET", f"/v1/pools/{made['id']}").status_code
    assert shown == (200 if kind in ("public", "curated", "staff_and_gig") else 404)
    assert worker.get(f"/v1/pools/{made['id']}")["code"] is None
    assert client.get(f"/v1/pools/{made['id']}/members")["data"][0]["worker_id"] == worker.id


def test_alumni_belong_to_the_pool_by_what_they_completed(world: World) -> None:
    client, worker = world.client(USD=10_000), world.worker()
    made = pool(client, "alumni")
    assert client.refused("/v1/pools", {"name": "Again", "kind": "alumni"}) == (409, "already_exists")
    task = world.task(client, SEAT, visibility=made["visibility"])
    assert not sees(world, worker, task)
    contract = world.milestone_contract(client, worker, 5_000)
    client.post(f"/v1/contracts/{contract['id']}/complete")
    assert sees(world, worker, task)
    path = f"/v1/pools/{made['id']}/members"
    assert [row["worker_id"] for row in client.get(path)["data"]] == [worker.id]
    assert [row["id"] for row in worker.get("/v1/pools?belonging=alumni")["data"]] == [made["id"]]
    client.post(f"{path}/{worker.id}/remove", {"reason": "Late"})
    assert not sees(world, worker, task)
    assert client.get(path)["data"] == worker.get("/v1/pools?belonging=alumni")["data"] == []
    client.post(path, {"worker_ids": [worker.id]})
    assert sees(world, worker, task)
    assert client.refused(path, {"worker_ids": [world.worker().id]}) == (409, "illegal_transition")


def test_who_is_removed_keeps_bids_and_comes_back_only_when_the_client_wants(world: World) -> None:
    client, worker = world.client(), world.worker()
    made = pool(client, "public")
    task = world.task(client, SEAT, visibility=made["visibility"])
    other = world.task(client, SEAT, visibility=made["visibility"])
    into(client, worker, made)
    bid = worker.post(f"/v1/tasks/{task['id']}/bids", BID, status=201)
    removed = client.post(f"/v1/pools/{made['id']}/members/{worker.id}/remove", {"reason": "Rude"})
    assert worker.get(f"/v1/pools/{made['id']}")["belonging"] == "removed" == removed["status"]
    assert worker.refused(f"/v1/pools/{made['id']}/join", {}) == (409, "illegal_transition")
    assert not sees(world, worker, other)
    assert worker.get(f"/v1/tasks/{task['id']}")["id"] == task["id"]
    assert client.post(f"/v1/bids/{bid['id']}/award", status=201)["worker_id"] == worker.id
    client.post(f"/v1/pools/{made['id']}/members", {"worker_ids": [worker.id]})
    assert sees(world, worker, other)


def test_a_pool_is_its_client_s_alone(world: World) -> None:
    client, stranger, worker = world.client(), world.client(), world.worker()
    made = pool(client, "customers")
    body = {"title": "T", "description": "", "category": "c", "pay": SEAT, "visibility": made["visibility"]}
    assert stranger.refused("/v1/tasks", body) == (422, "invalid_request")
    task = world.task(stranger, SEAT)
    draft = stranger.post("/v1/tasks", {**body, "visibility": "public"})
    refused = stranger.refused(f"/v1/tasks/{draft['id']}", {"visibility": made["visibility"]}, method="PATCH")
    assert refused == (422, "invalid_request")
    renewed = client.post(f"/v1/pools/{made['id']}/code")
    assert worker.refused("/v1/pools/join", {"code": made["code"]}) == (404, "not_found")
    client.call("PATCH", f"/v1/pools/{made['id']}", {"status": "closed"})
    assert worker.refused("/v1/pools/join", {"code": renewed["code"]}) == (409, "illegal_transition")
    outside = {"worker_ids": [worker.id]}
    closed = world.task(client, SEAT, visibility=made["visibility"])
    assert client.refused(f"/v1/tasks/{closed['id']}/invitations", outside) == (422, "invalid_request")
    assert stranger.post(f"/v1/tasks/{task['id']}/invitations", outside, status=201)


def test_an_invited_task_is_seen_by_the_invited_until_they_decline(world: World) -> None:
    client, worker, other = world.client(), world.worker(), world.worker()
    task = world.task(client, SEAT, visibility="invited")
    path = f"/v1/tasks/{task['id']}/invitations"
    assert not sees(world, worker, task)
    asked = client.post(path, {"worker_ids": [worker.id, other.id]}, status=201)
    assert client.post(path, {"worker_ids": [worker.id, other.id]}) == asked
    assert client.refused(path, {"worker_ids": ["wrk_" + "0" * 26]}) == (422, "invalid_request")
    (mine,) = worker.get("/v1/invitations")["data"]
    assert mine["task_id"] == task["id"]
    assert [row["worker_id"] for row in client.get(path)["data"]] == [other.id, worker.id]
    assert sees(world, worker, task)
    assert other.post(f"/v1/tasks/{task['id']}/bids", BID, status=201)["status"] == "submitted"
    worker.post(f"/v1/invitations/{mine['id']}/decline")
    assert not sees(world, worker, task)
    assert client.post(path, {"worker_ids": [worker.id]})["data"][0]["status"] == "declined"
    theirs = other.get("/v1/invitations")["data"][0]["id"]
    assert other.refused(f"/v1/invitations/{mine['id']}/decline") == (404, "not_found")
    assert client.post(f"/v1/invitations/{theirs}/withdraw")["status"] == "withdrawn"
    assert client.post(path, {"worker_ids": [other.id]})["data"][0]["status"] == "pending"


def test_who_is_invited_six_times_at_once_is_invited_once_and_a_bid_outlives_a_removal_beside_it(
    world: World,
) -> None:
    client, worker = world.client(), world.worker()
    made = pool(client, "private")
    path = f"/v1/pools/{made['id']}/members"
    client.post(path, {"worker_ids": [worker.id]})
    task = world.task(client, SEAT, visibility=made["visibility"])
    asked = {"worker_ids": [worker.id]}
    calls = [("/invitations", asked)] * 6
    with ThreadPoolExecutor(8) as threads:
        answers = [
            threads.submit(client.call, "POST", f"/v1/tasks/{task['id']}{end}", body, **key())
            for end, body in calls
        ]
        bid = threads.submit(worker.call, "POST", f"/v1/tasks/{task['id']}/bids", BID)
        client.post(f"{path}/{worker.id}/remove", {"reason": "Gone"})
    assert {answer.result().status_code for answer in answers} <= {201, 422}
    assert len(client.get(f"/v1/tasks/{task['id']}/invitations")["data"]) <= 1
    if bid.result().status_code == 201:
        assert client.post(f"/v1/bids/{bid.result().json()['id']}/award", status=201)
    else:
        assert bid.result().status_code == 404


def test_who_referred_whom_is_known_to_the_two(world: World) -> None:
    referrer, newcomer = world.worker(), world.worker()
    code = referrer.post("/v1/workers/me/referral-code", status=201)["code"]
    assert referrer.post("/v1/workers/me/referral-code")["code"] == code
    own = newcomer.post("/v1/workers/me/referral-code")["code"]
    for told in (own, "nobody"):
        assert newcomer.refused("/v1/workers/me/referral", {"code": told})[0] in (404, 409)
    assert referrer.refused("/v1/workers/me/referral", {"code": own}) == (409, "illegal_transition")
    named = newcomer.post("/v1/workers/me/referral", {"code": code}, status=201)
    assert (
        named
        == newcomer.get("/v1/workers/me/referral")
        == referrer.get("/v1/workers/me/referrals")["data"][0]
    )
    assert newcomer.refused("/v1/workers/me/referral", {"code": code}) == (409, "already_exists")
    assert newcomer.get("/v1/workers/me/referrals")["data"] == []


def test_a_stranger_s_page_of_a_pool_tells_nothing_of_the_tasks_in_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, member, stranger = world.client(), world.worker(), world.worker()
    closed = pool(client, "private")
    into(client, member, closed)
    for _ in range(2):
        world.task(client, SEAT, visibility=closed["visibility"])
    world.settle()
    monkeypatch.setattr("marketplace.storage.feed.TASKS_MAX", 1)
    path = f"/v1/tasks?visibility={closed['visibility']}&limit=1"
    assert len(member.get(path)["data"]) == 1
    assert stranger.get(path) == {"data": [], "next_cursor": None}
