"""A client's own systems hear of what happens, whoever else does not answer."""

import re
import time
from pathlib import Path

import pytest

from chalicelib.announcements import TELLS
from marketplace.notifications import endpoint as endpoints
from marketplace.notifications.announced import BY_OBJECT, NAMES, TEST
from tests.people import Caller, World, key, usd
from tests.receivers import Receiver, receiver

PATH = "/v1/webhook-endpoints"


def listening(client: Caller, to: Receiver, *events: str) -> dict[str, str]:
    body = {"url": to.url, "events": list(events or ("*",))}
    made: dict[str, str] = client.post(PATH, body, status=201)
    return made


def log(client: Caller, endpoint: dict[str, str]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = client.get(f"{PATH}/{endpoint['id']}/deliveries")["data"]
    return rows


def test_an_endpoint_hears_of_what_its_filter_lets_through_signed_and_as_the_api_shows_it(
    world: World,
) -> None:
    client, other, worker = world.client(USD=10_000), world.client(), world.worker()
    with receiver() as mine, receiver() as some, receiver() as theirs:
        endpoint = listening(client, mine)
        listening(client, some, "milestone.submitted")
        listening(other, theirs)
        contract = world.milestone_contract(client, worker, 5_000)
        client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(5_000)})
        path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
        shown = worker.post(f"{path}/submit", {"note": "done"})
        client.post(f"{path}/approve")
        world.settle()
    assert set(mine.types()) == {
        *("task.draft", "task.open", "bid.submitted", "bid.awarded", "contract.active", "contract.funded"),
        *("milestone.submitted", "milestone.approved"),
    }
    assert some.types() == ["milestone.submitted"]
    assert theirs.received == []
    (submitted,) = [one for one in mine.received if one.json["type"] == "milestone.submitted"]
    assert submitted.json.keys() == {"id", "type", "created_at", "data"}
    assert submitted.json["data"] == shown
    assert submitted.json["id"] == submitted.headers["webhook-id"]
    assert all(one.is_signed_with(endpoint["secret"]) for one in mine.received)
    assert {row["status"] for row in log(client, endpoint)} == {"delivered"}


def test_what_fails_is_sent_again_with_the_same_id_and_body_and_can_be_asked_for(world: World) -> None:
    client = world.client()
    with receiver(status=500) as mine:
        endpoint = listening(client, mine)
        sent = client.post(f"{PATH}/{endpoint['id']}/test", status=201)
        world.settle()
        (row,) = log(client, endpoint)
        assert (row["status"], row["attempts"], row["response_code"]) == ("pending", 1, 500)
        again = f"{PATH}/deliveries/{sent['id']}/redeliver"
        assert client.refused(again) == (409, "illegal_transition")
        world.advance(seconds=400)
        assert log(client, endpoint)[0]["attempts"] == 3
        mine.status = 200
        world.advance(hours=1)
        (row,) = log(client, endpoint)
        assert (row["status"], row["attempts"], row["next_attempt_at"]) == ("delivered", 4, None)
        assert client.post(again)["status"] == "pending"
        world.settle()
        assert log(client, endpoint)[0]["status"] == "delivered"
    assert len(mine.received) == 5
    assert len({(one.headers["webhook-id"], one.body) for one in mine.received}) == 1
    assert mine.types()[0] == TEST


def test_an_endpoint_that_does_not_answer_keeps_nobody_else_waiting(world: World) -> None:
    client, other = world.client(), world.client()
    with receiver(silent=True) as dead, receiver() as alive:
        hanging, good = listening(client, dead), listening(other, alive)
        for _ in range(12):
            client.post(f"{PATH}/{hanging['id']}/test")
        began = time.monotonic()
        other.post(f"{PATH}/{good['id']}/test")
        while not alive.received and time.monotonic() - began < 10:
            world.http.get("/health")
        assert time.monotonic() - began < 4
        assert dead.received
        dead.let_go.set()
        world.settle()
        world.advance(seconds=90)  # what was put off meanwhile
    assert {row["status"] for row in log(client, hanging)} == {"delivered"}


def test_gone_disables_at_once_and_long_failing_does_too_and_the_others_hear_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "FAILING_SECONDS_MAX", 3_600)
    client = world.client()
    with receiver(status=410) as gone, receiver() as watching:
        endpoint = listening(client, gone)
        listening(client, watching, "webhook_endpoint.disabled")
        client.post(f"{PATH}/{endpoint['id']}/test")
        world.settle()
        shown = client.get(f"{PATH}/{endpoint['id']}")
        assert (shown["status"], shown["disabled_reason"]) == ("disabled", "gone")
        assert [one.json["data"]["id"] for one in watching.received] == [endpoint["id"]]
        assert client.refused(f"{PATH}/{endpoint['id']}/test") == (409, "illegal_transition")
        gone.status = 503
        assert client.post(f"{PATH}/{endpoint['id']}/enable")["status"] == "enabled"
        client.post(f"{PATH}/{endpoint['id']}/test")
        world.settle()
        assert client.get(f"{PATH}/{endpoint['id']}")["failing_since"]
        world.advance(hours=3)
        assert client.get(f"{PATH}/{endpoint['id']}")["disabled_reason"] == "failing"
        assert watching.types() == ["webhook_endpoint.disabled"] * 2


def test_an_endpoint_moves_with_what_is_on_its_way_and_keeps_its_secret(world: World) -> None:
    client = world.client()
    with receiver(status=500) as before, receiver() as now:
        endpoint = listening(client, before, TEST)
        path = f"{PATH}/{endpoint['id']}"
        client.post(f"{path}/test", status=201)
        world.settle()
        moved = client.call("PATCH", path, {"url": now.url, "events": ["task.draft", "task.draft"]}).json()
        assert (moved["url"], moved["events"], moved["failing_since"]) == (now.url, ["task.draft"], None)
        world.task(client, {"model": "milestone", "budget": usd(100)})
        world.advance(seconds=400)
        assert sorted(now.types()) == ["task.draft", TEST]
        assert all(one.is_signed_with(endpoint["secret"]) for one in now.received)
        refusals: list[dict[str, object]] = [{"url": "https://10.0.0.1/"}, {"events": []}, {"events": None}]
        for body in refusals:
            assert client.refused(path, body, method="PATCH") == (422, "invalid_request")
        assert client.call("PATCH", path, {}).json() == client.get(path)
    assert len(before.received) == 1


def test_a_secret_is_shown_once_and_the_old_one_signs_for_a_while(world: World) -> None:
    client = world.client()
    with receiver() as mine:
        named, body = key(), {"url": mine.url, "events": ["task.open"]}
        first = client.call("POST", PATH, body, **named).json()
        assert client.call("POST", PATH, body, **named).json() == {**first, "secret": None}
        second = client.post(f"{PATH}/{first['id']}/rotate-secret", {"overlap_seconds": 3_600})
        assert "secret" not in client.get(f"{PATH}/{first['id']}")
        client.post(f"{PATH}/{first['id']}/test")
        world.advance(hours=2)
        client.post(f"{PATH}/{first['id']}/test")
        world.settle()
    early, late = mine.received
    assert early.is_signed_with(first["secret"])
    assert early.is_signed_with(second["secret"])
    assert late.is_signed_with(second["secret"])
    assert not late.is_signed_with(first["secret"])


def test_an_endpoint_is_its_clients_alone_and_limited(world: World) -> None:
    client, other = world.client(), world.client()
    with receiver() as mine:
        made = [listening(client, mine) for _ in range(endpoints.ENDPOINTS_PER_CLIENT_MAX)]
        body = {"url": mine.url, "events": ["*"]}
        assert client.refused(PATH, body) == (409, "illegal_transition")
        delivery = client.post(f"{PATH}/{made[0]['id']}/test")
        world.settle()
        path = f"{PATH}/{made[0]['id']}"
        for call, method in (("", "GET"), ("", "DELETE"), ("/test", "POST"), ("/enable", "POST")):
            assert other.refused(f"{path}{call}", method=method) == (404, "not_found")
        assert other.refused(f"{PATH}/deliveries/{delivery['id']}/redeliver") == (404, "not_found")
        assert client.call("DELETE", path).json()["status"] == "deleted"
        assert client.refused(path, method="GET") == (404, "not_found")
        assert len(client.get(PATH)["data"]) == endpoints.ENDPOINTS_PER_CLIENT_MAX - 1
        listening(client, mine)


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://169.254.169.254/latest", "events": ["*"]},
        {"url": "https://example.com", "events": []},
        {"url": "https://example.com", "events": ["bid.imagined"]},
    ],
)
def test_what_nobody_could_mean_is_refused(world: World, body: dict[str, object]) -> None:
    assert world.client().refused(PATH, body) == (422, "invalid_request")


def test_the_page_for_readers_lists_every_type_and_each_has_something_to_tell() -> None:
    page = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
    listed = set(re.findall(r"^\| `([a-z_.]+)` \|", page, re.MULTILINE))
    assert listed == {*NAMES, TEST}
    assert TELLS.keys() == BY_OBJECT.keys()
