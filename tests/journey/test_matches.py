"""A client is shown who suits its task, and why."""

import uuid
from typing import Any

from tests.people import Caller, World, usd

SEAT = {"model": "milestone", "budget": usd(5_000)}


def skilled(world: World, skill: str, level: int) -> Caller:
    worker = world.worker()
    worker.call("PATCH", "/v1/workers/me", {"skills": [{"name": skill, "level": level}]})
    return worker


def matches(client: Caller, task: Any, query: str = "") -> list[Any]:
    """Every page, two at once."""
    rows, cursor = [], ""
    while True:
        page = client.get(f"/v1/tasks/{task['id']}/matches?limit=2{query}{cursor}")
        rows += page["data"]
        if page["next_cursor"] is None:
            return rows
        cursor = f"&cursor={page['next_cursor']}"


def points(match: Any) -> dict[str, int]:
    return {reason["code"]: reason["points"] for reason in match["reasons"]}


def test_a_client_is_shown_who_may_bid_the_best_first_with_reasons_that_add_up(world: World) -> None:
    client, skill = world.client(USD=20_000), uuid.uuid4().hex
    expert, beginner, quitter, kept_out = (skilled(world, skill, level) for level in (5, 2, 5, 5))
    for worker in (expert, quitter):
        contract = world.milestone_contract(client, worker, 5_000)
        client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(5_000)})
        if worker is quitter:
            worker.post(f"/v1/contracts/{contract['id']}/cancel")
        else:
            milestone = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
            worker.post(f"{milestone}/submit", {"note": "Done"})
            client.post(f"{milestone}/approve")
            client.post(f"/v1/contracts/{contract['id']}/complete")
    told = {"reason_code": "conduct", "reason": "Rude"}
    world.person("operator").post(f"/v1/workers/{kept_out.id}/deactivate", told)
    task = world.task(client, SEAT, skills=[skill.upper()], languages=["en"])
    world.settle()

    rows = matches(client, task)
    found = {match["worker_id"]: match for match in rows}
    assert set(found) == {expert.id, beginner.id, quitter.id}
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    assert all(row["score"] == sum(points(row).values()) for row in rows)
    assert "email" not in str(rows)
    assert points(found[expert.id])["skills"] > points(found[beginner.id])["skills"]
    kept, left = (points(found[worker.id])["reliability"] for worker in (expert, quitter))
    assert left < points(found[beginner.id])["reliability"] < kept
    assert f"has {skill} at level 5" in str(found[expert.id]["reasons"])
    assert matches(client, task) == rows

    other = world.task(client, SEAT, skills=[skill], requirements={"countries": ["DE"]})
    assert matches(client, other) == []
    for stranger, refusal in ((world.client(), (404, "not_found")), (expert, (403, "forbidden"))):
        assert stranger.refused(f"/v1/tasks/{task['id']}/matches", method="GET") == refusal


def test_a_task_for_a_pool_is_matched_with_its_members_and_an_invited_one_with_whom_to_invite(
    world: World,
) -> None:
    client, skill = world.client(), uuid.uuid4().hex
    member, stranger = (skilled(world, skill, 3) for _ in range(2))
    pool = client.post("/v1/pools", {"name": "Ours", "kind": "private"})
    client.post(f"/v1/pools/{pool['id']}/members", {"worker_ids": [member.id]})
    for_pool = world.task(client, SEAT, skills=[skill], visibility=f"pool:{pool['id']}")
    for_invited = world.task(client, SEAT, skills=[skill], visibility="invited")
    world.settle()
    assert [row["worker_id"] for row in matches(client, for_pool)] == [member.id]
    assert {row["worker_id"] for row in matches(client, for_invited)} == {member.id, stranger.id}
