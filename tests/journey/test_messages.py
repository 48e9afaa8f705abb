"""What two sides of a contract write and hand to each other, and who else sees it."""

import re
from typing import Any

import httpx
import pytest

from marketplace.correspondence import attachment, message
from marketplace.correspondence.attachment import TYPES
from marketplace.gateways.object_store import disposition
from tests.people import Caller, World, key, usd

CONTENT = b"minute,calls\n1,4\n"
FILE = {"name": "Anrufe M\u00e4rz.csv", "content_type": "text/csv", "size": len(CONTENT)}


def pair(world: World) -> tuple[Caller, Caller, Any]:
    client, worker = world.client(USD=10_000), world.worker()
    return client, worker, world.milestone_contract(client, worker, 5_000)


def sent(upload: Any, content: bytes = CONTENT, content_type: str = "") -> int:
    headers = {"Content-Type": content_type or upload["headers"]["Content-Type"]}
    return httpx.request(upload["method"], upload["url"], content=content, headers=headers).status_code


def handed_over(caller: Caller, path: str) -> Any:
    made = caller.post(path, FILE, status=201)
    assert sent(made["upload"]) == 200
    return caller.post(f"{path}/{made['id']}/confirm", status=200)


def test_both_sides_write_newest_first_and_see_what_was_read(world: World) -> None:
    client, worker, contract = pair(world)
    path = f"/v1/contracts/{contract['id']}/messages"
    first = client.post(path, {"text": "Can you start on Monday?"}, status=201)
    second = worker.post(path, {"text": "Yes."}, status=201)
    world.settle()
    rows = client.get(path)["data"]
    assert [(row["id"], row["by"], row["read"]) for row in rows] == [
        (second["id"], "worker", False),
        (first["id"], "client", False),
    ]
    client.post(f"{path}/read", {"message_id": second["id"]})
    worker.post(f"{path}/read", {"message_id": first["id"]})
    assert client.post(f"{path}/read", {"message_id": first["id"]})["client"] == second["id"]
    assert [row["read"] for row in worker.get(path)["data"]] == [True, True]
    named = key()
    once = client.call("POST", path, {"text": "Good."}, **named)
    assert client.call("POST", path, {"text": "Good."}, **named).text == once.text
    assert client.refused(path, {"text": ""}) == (422, "invalid_request")
    for stranger in (world.client(), world.worker()):
        assert stranger.refused(path, {"text": "Hi"}) == (404, "not_found")
        assert stranger.refused(path, method="GET") == (404, "not_found")


def test_a_contract_has_room_for_so_many_messages_and_files(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, worker, contract = pair(world)
    monkeypatch.setattr(message, "PER_CONTRACT_MAX", 2)
    monkeypatch.setattr(attachment, "PER_CONTRACT_MAX", 1)
    path = f"/v1/contracts/{contract['id']}"
    named = key()
    first = client.call("POST", f"{path}/messages", {"text": "One."}, **named)
    worker.post(f"{path}/messages", {"text": "Two."}, status=201)
    for caller in (client, worker):
        assert caller.refused(f"{path}/messages", {"text": "Three."}) == (409, "limit_reached")
    assert client.call("POST", f"{path}/messages", {"text": "One."}, **named).text == first.text
    handed_over(worker, f"{path}/attachments")
    assert client.refused(f"{path}/attachments", FILE) == (409, "limit_reached")
    assert world.client().refused(f"{path}/messages", {"text": "Hi"}) == (404, "not_found")


def test_a_file_goes_up_as_announced_and_comes_down_as_nothing_that_runs(world: World) -> None:
    client, worker, contract = pair(world)
    path = f"/v1/contracts/{contract['id']}/attachments"
    made = worker.post(path, FILE, status=201)
    confirm = f"{path}/{made['id']}/confirm"
    assert worker.refused(confirm) == (409, "illegal_transition")
    assert sent(made["upload"], CONTENT + b"more") == 403
    assert sent(made["upload"], content_type="text/html") == 403
    assert client.refused(f"{path}/{made['id']}", method="GET") == (404, "not_found")
    assert sent(worker.get(f"{path}/{made['id']}")["upload"]) == 200
    assert client.refused(confirm) == (404, "not_found")
    assert worker.post(confirm)["status"] == "ready"
    assert sent(made["upload"], b"x" * len(CONTENT)) == 200  # the address is good, and changes nothing kept
    used = key()
    settled, again = (worker.call("POST", confirm, **used) for _ in range(2))
    assert (settled.json()["status"], again.content) == ("ready", settled.content)
    shown = client.get(f"{path}/{made['id']}")
    down = httpx.get(shown["download_url"])
    assert (down.content, shown["upload"]) == (CONTENT, None)
    assert down.headers["content-type"] == "application/octet-stream"
    assert down.headers["content-disposition"] == disposition(FILE["name"])  # type: ignore[arg-type]
    assert httpx.get(re.sub("disposition=attachment", "disposition=inline", shown["download_url"])).is_error
    world.settle()
    assert [row["id"] for row in client.get(path)["data"]] == [made["id"]]
    assert world.person("operator").refused(f"{path}/{made['id']}", method="GET") == (404, "not_found")


def test_a_confirmation_that_changes_nothing_is_answered_again_under_its_key(world: World) -> None:
    client, _, contract = pair(world)
    path = f"/v1/contracts/{contract['id']}/attachments"
    confirm, named = f"{path}/{handed_over(client, path)['id']}/confirm", key()
    once = client.call("POST", confirm, **named)
    again = client.call("POST", confirm, **named)
    assert (again.status_code, again.text) == (once.status_code, once.text)


def test_what_may_not_be_handed_over_is_refused(world: World) -> None:
    client, _, contract = pair(world)
    for change in ({"content_type": "text/html"}, {"size": 60_000_000}, {"size": 0}):
        assert client.refused(f"/v1/contracts/{contract['id']}/attachments", {**FILE, **change})[0] == 422
    assert not {"text/html", "image/svg+xml", "application/javascript"} & TYPES


def test_only_confirmed_files_of_the_same_contract_are_referred_to_and_a_dispute_shows_it_all(
    world: World,
) -> None:
    client, worker, contract = pair(world)
    elsewhere = world.milestone_contract(client, worker, 1_000)
    path = f"/v1/contracts/{contract['id']}"
    good = handed_over(worker, f"{path}/attachments")["id"]
    foreign = handed_over(worker, f"/v1/contracts/{elsewhere['id']}/attachments")["id"]
    pending = worker.post(f"{path}/attachments", FILE)["id"]
    client.post(f"{path}/fund", {"amount": usd(5_000)})
    submit = f"{path}/milestones/{contract['milestones'][0]['id']}/submit"
    for bad in (foreign, pending, f"file_{'0' * 26}"):
        assert worker.refused(submit, {"attachments": [good, bad]}) == (422, "invalid_request")
        assert worker.refused(f"{path}/messages", {"text": "x", "attachments": [bad]})[0] == 422
    worker.post(f"{path}/messages", {"text": "Here it is.", "attachments": [good]})
    worker.post(submit, {"note": "done", "attachments": [good, "and what I said on the phone"]})
    claim = {"subject_id": contract["milestones"][0]["id"], "claim": "Not complete.", "requested": usd(5_000)}
    dispute = client.post(f"{path}/disputes", claim, status=201)
    world.settle()
    evidence = worker.get(f"/v1/disputes/{dispute['id']}")["evidence"]
    (said,) = [line for line in evidence if line["what"] == "message.sent"]
    assert said["by"] == "worker"
    assert said["details"] == {"text": "Here it is.", "attachments": [good]}
    operator = world.person("operator")
    assert httpx.get(operator.get(f"{path}/attachments/{good}")["download_url"]).content == CONTENT


def test_a_result_hands_over_a_file(world: World) -> None:
    client, worker = world.client(USD=10_000), world.worker()
    task = world.result_task(client)
    contract = world.contract(client, worker, task, {"price": usd(1_000), "message": "Hi"})
    path = f"/v1/contracts/{contract['id']}"
    client.post(f"{path}/fund", {"amount": usd(1_000)})
    body = {"payload": {"label": "a"}, "attachments": [handed_over(worker, f"{path}/attachments")["id"]]}
    assert worker.refused(f"{path}/results", {**body, "attachments": [f"file_{'0' * 26}"]})[0] == 422
    made = worker.post(f"{path}/results", body, status=201)
    assert client.get(f"/v1/results/{made['id']}")["attachments"] == body["attachments"]
