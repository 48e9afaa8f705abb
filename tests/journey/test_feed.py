"""Workers find the tasks that they may bid on; clients find their own."""

import uuid
from typing import Any

import pytest

from tests.people import Caller, World, usd

SEAT = {"model": "milestone", "budget": usd(50_000)}
MINUTES = {"model": "per_minute", "rate": {"amount_decimal": "35.5", "currency": "USD", "per": "minute"}}


def listed(caller: Caller, query: str) -> list[Any]:
    """Every page, two at once."""
    rows, cursor = [], ""
    while True:
        page = caller.get(f"/v1/tasks?limit=2&{query}{cursor}")
        rows += page["data"]
        if page["next_cursor"] is None:
            return rows
        cursor = f"&cursor={page['next_cursor']}"


def ids(rows: list[Any]) -> list[str]:
    return [row["id"] for row in rows]


def test_both_sides_find_tasks_by_each_filter_and_all_of_them_together(world: World) -> None:
    client, worker, mark = world.client(), world.worker(), uuid.uuid4().hex
    chat = world.task(
        client, SEAT, title=f"Réclamations {mark}", skills=["Chat Support"], languages=["en-US"]
    )
    calls = world.task(client, MINUTES, title=f"Calls {mark}", skills=["Voice"], languages=["de"])
    world.settle()
    for query, found in {
        f"q={mark}": [calls, chat],
        f"q=reclamations%20{mark}": [chat],
        f"q={mark}&skill=chat%20support": [chat],
        f"q={mark}&language=en": [chat],
        f"q={mark}&language=en-us&model=milestone": [chat],
        f"q={mark}&model=per_minute": [calls],
        f"q={mark}&pay_floor=35.6&currency=USD": [chat],
        f"q={mark}&currency=EUR": [],
        f"q={mark[:-1]}": [],
        f"q={mark}&skill=voice&language=en": [],
    }.items():
        for caller in (worker, client):
            assert ids(listed(caller, query)) == [task["id"] for task in found], query
    refused = worker.call("GET", "/v1/tasks?pay_floor=1")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/currency")


def test_pages_stay_whole_while_tasks_come_and_go(world: World) -> None:
    client, worker, mark = world.client(), world.worker(), uuid.uuid4().hex
    tasks = [world.task(client, SEAT, title=f"{n} {mark}") for n in range(6)]
    world.settle()
    for order in ("newest", "best"):
        page = worker.get(f"/v1/tasks?limit=2&q={mark}&order={order}")
        tasks.append(world.task(client, SEAT, title=f"new {mark}"))
        gone = next(task for task in tasks if task["id"] not in ids(page["data"]) and task != tasks[-1])
        client.post(f"/v1/tasks/{gone['id']}/close")
        tasks.remove(gone)
        world.settle()
        seen = ids(page["data"])
        while page["next_cursor"]:
            cursor = page["next_cursor"]
            page = worker.get(f"/v1/tasks?limit=2&q={mark}&order={order}&cursor={cursor}")
            seen += ids(page["data"])
        assert sorted(seen) == sorted(ids(tasks[:-1]))


def test_the_best_match_comes_first_and_says_why(world: World) -> None:
    client, worker, skill = world.client(), world.worker(), uuid.uuid4().hex
    worker.call("PATCH", "/v1/workers/me", {"skills": [{"name": skill, "level": 4}]})
    fits = world.task(client, {"model": "milestone", "budget": usd(1_000)}, skills=[skill.upper()])
    half = world.task(client, SEAT, skills=[skill, f"{skill}2"])
    world.settle()
    page = worker.get("/v1/tasks?order=best&limit=2")
    assert ids(page["data"]) == [fits["id"], half["id"]]
    match = page["data"][0]["match"]
    assert match["score"] == sum(reason["points"] for reason in match["reasons"])
    assert match["reasons"][0]["detail"] == f"you bring {skill} at level 4"
    rest = worker.get(f"/v1/tasks?order=best&limit=2&cursor={page['next_cursor']}")
    assert not {fits["id"], half["id"]} & set(ids(rest["data"]))


def test_a_cursor_is_good_for_its_own_list_only(world: World) -> None:
    client, worker, mark = world.client(), world.worker(), uuid.uuid4().hex
    for _ in range(2):
        world.task(client, SEAT, title=mark)
    world.settle()
    cursor = worker.get(f"/v1/tasks?limit=1&q={mark}")["next_cursor"]
    for query in (f"q={mark}&order=best", "order=newest"):
        assert worker.refused(f"/v1/tasks?cursor={cursor}&{query}", method="GET") == (400, "invalid_cursor")


@pytest.mark.parametrize("ending", ["close", "fill"])
def test_a_task_that_takes_no_bids_is_found_no_more_until_it_does_again(world: World, ending: str) -> None:
    client, worker, mark = world.client(), world.worker(), uuid.uuid4().hex
    task = world.task(client, SEAT, title=mark)
    if ending == "close":
        client.post(f"/v1/tasks/{task['id']}/close")
    else:
        bid = worker.post(f"/v1/tasks/{task['id']}/bids", {"price": usd(50_000)})
        offer = client.post(f"/v1/bids/{bid['id']}/award")
    world.settle()
    assert listed(worker, f"q={mark}") == []
    if ending == "fill":
        worker.post(f"/v1/contracts/{offer['id']}/decline")
        client.call("PATCH", f"/v1/tasks/{task['id']}", {"title": f"other {mark}2"})
        world.settle()
        assert ids(listed(worker, f"q={mark}2")) == [task["id"]]
        assert listed(worker, f"q={mark}") == []
