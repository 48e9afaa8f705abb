"""What workers bring: agreements signed, qualifications shown or granted, and why a task is not for them."""

import hashlib
from typing import Any

import httpx

from tests.people import Caller, World, usd

MILESTONE = {"model": "milestone", "budget": usd(5_000)}
EXAM = {
    "questions": [
        {"prompt": "Refund?", "choices": ["Within 14 days", "Never"], "correct": [0]},
        {"prompt": "Safe?", "choices": ["Card number", "Ticket number", "Name"], "correct": [1, 2]},
    ],
    "pass_basis_points": 10_000,
    "attempts_max": 2,
    "wait_seconds": 3_600,
    "time_limit_seconds": 600,
}
PAPER = b"%PDF-1.7 insured"
DOCUMENT = {
    "kind": "insurance",
    "name": "Liability.pdf",
    "number": "P-17",
    "sha256": hashlib.sha256(PAPER).hexdigest(),
    "size_bytes": len(PAPER),
    "content_type": "application/pdf",
}
RIGHT = {"answers": [[0], [2, 1]]}


def agreement(owner: Caller, **more: Any) -> Any:
    return owner.post("/v1/agreements", {"title": "NDA", "text": "Version one.", **more}, status=201)


def offer(world: World, client: Caller, worker: Caller, task: Any) -> Any:
    bid = worker.post(f"/v1/tasks/{task['id']}/bids", {"price": usd(5_000)}, status=201)
    return client.post(f"/v1/bids/{bid['id']}/award", status=201)


def test_an_offer_keeps_the_version_it_was_made_with_and_its_acceptance_signs_it(world: World) -> None:
    client, worker = world.client(), world.worker()
    nda = agreement(client, kind="nda")
    task = world.task(client, MILESTONE, seats=2, requirements={"agreements": [nda["id"]]})
    contract = offer(world, client, worker, task)
    second = {"text": "Version two."}
    assert client.post(f"/v1/agreements/{nda['id']}/versions", second, status=201)["version"] == 2
    path = f"/v1/contracts/{contract['id']}/accept"
    refused = worker.call("POST", path, {})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/agreement_ids")
    assert nda["id"] in refused.json()["detail"]
    accepted = worker.post(path, {"agreement_ids": [nda["id"]], "name": "Ada Lovelace"})
    assert accepted["signs"] == [{"agreement_id": nda["id"], "version": 1}]
    (signature,) = client.get(f"/v1/agreements/{nda['id']}/signatures")["data"]
    assert signature == worker.get("/v1/workers/me/signatures")["data"][0]
    assert (signature["name"], signature["address"]) == ("Ada Lovelace", "127.0.0.1")
    assert (signature["version"], signature["contract_id"]) == (1, contract["id"])
    assert signature["text_sha256"] == nda["text_sha256"]
    later = offer(world, client, other := world.worker(), task)
    assert later["signs"] == [{"agreement_id": nda["id"], "version": 2}]
    sign = f"/v1/workers/me/agreements/{nda['id']}/sign"
    assert other.refused(sign, {"name": "Bo", "version": 1}) == (409, "version_conflict")
    other.post(sign, {"name": "Bo", "version": 2}, status=201)
    assert other.refused(sign, {"name": "Bo"}) == (409, "already_exists")
    assert other.post(f"/v1/contracts/{later['id']}/accept", {})["status"] == "active"


def test_a_training_is_acknowledged_before_work_and_not_before_the_offer(world: World) -> None:
    client, worker = world.client(USD=10_000), world.worker()
    training = agreement(client, kind="training", text="Be kind.")
    task = world.task(client, MILESTONE, requirements={"trainings": [training["id"]]})
    contract = offer(world, client, worker, task)
    worker.post(f"/v1/contracts/{contract['id']}/accept", {})
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(5_000)})
    submit = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}/submit"
    assert worker.refused(submit, {"note": "done"}) == (409, "not_eligible")
    worker.post(f"/v1/workers/me/agreements/{training['id']}/sign", {"name": "Ada"}, status=201)
    assert worker.post(submit, {"note": "done"})["status"] == "submitted"


def test_a_task_asks_only_for_what_is_there_and_ones_own_or_the_platforms(world: World) -> None:
    client, other = world.client(), world.client()
    theirs, ours = agreement(other), agreement(world.person("operator"))
    training = agreement(client, kind="training")
    body = {"title": "Work", "description": "", "category": "cx", "pay": MILESTONE}
    client.post("/v1/tasks", {**body, "requirements": {"agreements": [ours["id"]]}}, status=201)
    for wrong in (theirs["id"], training["id"], "agr_nda"):
        asked = {**body, "requirements": {"agreements": [ours["id"], wrong]}}
        refused = client.call("POST", "/v1/tasks", asked)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (
            422,
            "/requirements/agreements/1",
        )
    for wrong in ({"qualifications": ["qua_x"]}, {"trainings": ["manners"]}):
        assert client.refused("/v1/tasks", {**body, "requirements": wrong})[0] == 422


def test_what_a_task_asks_for_by_name_is_signed_and_held_by_that_name(world: World) -> None:
    client, worker = world.client(), world.worker()
    asked = {"agreements": ["nda-2026", "conduct"], "qualifications": ["english-c1"]}
    task = world.task(client, MILESTONE, requirements=asked)
    eligible = f"/v1/tasks/{task['id']}/eligibility"
    (why,) = worker.get(eligible)["why_not"]
    assert (why["code"], "english-c1" in why["detail"]) == ("qualification_missing", True)
    qualification = client.post("/v1/qualifications", {"name": "english-c1"}, status=201)
    assert client.refused("/v1/qualifications", {"name": "english-c1"}) == (409, "already_exists")
    granted = {"worker_id": worker.id, "reason": "Spoke to her."}
    client.post(f"/v1/qualifications/{qualification['id']}/grants", granted, status=201)
    assert worker.get(eligible)["eligible"]
    conduct = agreement(client, title="conduct")
    contract = offer(world, client, worker, task)
    assert contract["signs"] == [{"agreement_id": conduct["id"], "version": 1}]
    assert items(worker)["nda"] == "missing"
    path = f"/v1/contracts/{contract['id']}/accept"
    for too_few in (["conduct"], ["nda-2026"]):
        assert worker.refused(path, {"agreement_ids": too_few}) == (422, "invalid_request")
    assert worker.post(path, {"agreement_ids": contract["agreements"]})["status"] == "active"
    (signature,) = client.get(f"/v1/agreements/{conduct['id']}/signatures")["data"]
    assert signature["contract_id"] == contract["id"]


def test_an_exam_is_passed_within_its_time_and_what_it_shows_expires(world: World) -> None:
    client, worker = world.client(), world.worker()
    body = {"name": "Refunds", "exam": EXAM, "validity_seconds": 86_400}
    qualification = client.post("/v1/qualifications", body, status=201)
    path = f"/v1/qualifications/{qualification['id']}"
    task = world.task(client, MILESTONE, requirements={"qualifications": [qualification["id"]]})
    why = worker.get(f"/v1/tasks/{task['id']}/eligibility")
    assert (why["eligible"], [row["code"] for row in why["why_not"]]) == (False, ["qualification_missing"])
    first = worker.post(f"{path}/attempts", status=201)
    assert "correct" not in str(first)
    assert [row["select"] for row in first["questions"]] == [1, 2]
    assert worker.refused(f"{path}/attempts") == (409, "illegal_transition")
    world.advance(seconds=600)
    assert worker.refused(f"/v1/attempts/{first['id']}/submit", RIGHT) == (409, "illegal_transition")
    assert worker.get(f"/v1/attempts/{first['id']}")["status"] == "expired"
    assert worker.refused(f"{path}/attempts") == (409, "illegal_transition")
    world.advance(hours=1)
    second = worker.post(f"{path}/attempts", status=201)
    marked = worker.post(f"/v1/attempts/{second['id']}/submit", RIGHT)
    assert (marked["status"], marked["score_basis_points"]) == ("passed", 10_000)
    assert worker.get(f"/v1/tasks/{task['id']}/eligibility")["eligible"]
    assert task["id"] in [row["id"] for row in worker.get("/v1/tasks?limit=100")["data"]]
    world.advance(days=1)
    (held,) = worker.get("/v1/workers/me/qualifications")["data"]
    assert (held["status"], held["by"]) == ("expired", "exam")
    assert worker.refused(f"/v1/tasks/{task['id']}/bids", {"price": usd(1)}) == (409, "not_eligible")


def test_what_is_taken_back_before_the_award_is_not_awarded(world: World) -> None:
    client, worker = world.client(), world.worker()
    qualification = client.post("/v1/qualifications", {"name": "Notary"}, status=201)
    path = f"/v1/qualifications/{qualification['id']}"
    granted = {"worker_id": worker.id, "reason": "Seen the certificate."}
    client.post(f"{path}/grants", granted, status=201)
    task = world.task(client, MILESTONE, requirements={"qualifications": [qualification["id"]]})
    bid = worker.post(f"/v1/tasks/{task['id']}/bids", {"price": usd(5_000)}, status=201)
    client.post(f"{path}/revoke", {"worker_id": worker.id, "reason": "It was another's."})
    assert client.refused(f"/v1/bids/{bid['id']}/award") == (409, "not_eligible")
    (row,) = worker.get("/v1/workers/me/qualifications")["data"]
    assert (row["status"], row["reason"], row["by"]) == ("revoked", "It was another's.", client.id)
    world.person("operator").post(f"{path}/grants", granted, status=201)
    assert client.post(f"/v1/bids/{bid['id']}/award", status=201)["status"] == "offered"


def items(worker: Caller) -> dict[str, str]:
    """The checklist's items and their states."""
    return {item["name"]: item["status"] for item in worker.get("/v1/workers/me/checklist")["items"]}


def test_a_background_check_follows_what_the_provider_found_last_however_it_is_told(world: World) -> None:
    client, worker = world.client(), world.worker(payouts=True)
    task = world.task(client, MILESTONE, requirements={"checks": ["identity", "background_check"]})
    eligible = f"/v1/tasks/{task['id']}/eligibility"
    assert [row["code"] for row in worker.get(eligible)["why_not"]] == ["background_check_missing"]
    screening = worker.post("/v1/workers/me/screenings", {"kind": "background_check"}, status=201)
    assert screening["id"] in screening["url"]
    assert worker.refused("/v1/workers/me/screenings", {"kind": "background_check"})[0] == 409
    control = f"screenings/{screening['id']}"
    assert world.sandbox(f"{control}/pass", {"times": 3, "expires_in_seconds": 86_400}) == {
        "delivered": [200, 200, 200]
    }
    world.sandbox(f"{control}/fail", {"reason": "name_mismatch", "occurred_seconds_ago": 60})
    world.sandbox(f"{control}/redeliver")
    world.settle()
    assert items(worker)["background_check"] == "passed"
    assert worker.get(eligible)["eligible"]
    world.advance(days=1)
    assert items(worker)["background_check"] == "expired"
    again = worker.post("/v1/workers/me/screenings", {"kind": "background_check"}, status=201)
    assert (again["id"], again["status"]) == (screening["id"], "pending")
    world.sandbox(f"{control}/redeliver")
    world.settle()
    assert items(worker)["background_check"] == "pending"


def test_what_the_provider_found_and_told_nobody_is_looked_up(world: World) -> None:
    worker = world.worker()
    screening = worker.post("/v1/workers/me/screenings", {"kind": "tax_form"}, status=201)
    found = {"times": 0, "expires_in_seconds": 86_400 * 30}
    assert world.sandbox(f"screenings/{screening['id']}/pass", found) == {"delivered": []}
    world.settle()
    assert items(worker)["tax_form"] == "pending"
    world.advance(hours=1)
    world.settle()
    assert items(worker)["tax_form"] == "passed"
    world.sandbox(f"screenings/{screening['id']}/redeliver")
    world.settle()
    assert items(worker)["tax_form"] == "passed"
    answer = world.http.post("/sandbox/screenings/look-up", json={"reference": "scr_1.1"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_signature")


def test_nobody_but_the_provider_tells_what_was_found(world: World) -> None:
    body = {"id": "e1", "reference": "scr_1.1", "status": "passed", "occurred_at": "2026-01-01T00:00:00Z"}
    answer = world.http.post("/v1/screenings/events", json=body, headers={"webhook-id": "e1"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_signature")


def test_a_checklist_says_what_is_missing_and_for_whom(world: World) -> None:
    client, worker = world.client(), world.worker()
    assert set(items(worker).values()) == {"missing"}
    asked = {"agreements": [agreement(client)["id"]], "trainings": [agreement(client, kind="training")["id"]]}
    task = world.task(client, MILESTONE, requirements=asked)
    contract = offer(world, client, worker, task)
    for identifier in (*asked["agreements"], *asked["trainings"]):
        worker.post(f"/v1/workers/me/agreements/{identifier}/sign", {"name": "Ada"}, status=201)
    assert (items(worker)["nda"], items(worker)["training"]) == ("passed", "passed")
    operator = world.person("operator")
    seen = operator.get(f"/v1/workers/{worker.id}/checklist")["items"]
    assert seen == worker.get("/v1/workers/me/checklist")["items"]
    worker.post(f"/v1/contracts/{contract['id']}/decline")
    assert items(worker)["training"] == "missing"


def handed_in(worker: Caller, path: str) -> Any:
    """The document of that path, with its file."""
    upload = worker.get(path)["upload"]
    sent = httpx.request(upload["method"], upload["url"], content=PAPER, headers=upload["headers"])
    assert sent.status_code == 200
    return worker.post(f"{path}/confirm")


def test_a_document_is_reviewed_by_an_operator_and_expires(world: World) -> None:
    worker, operator = world.worker(), world.person("operator")
    body = {**DOCUMENT, "expires_at": world.in_seconds(86_400)}
    document = worker.post("/v1/workers/me/documents", body, status=201)
    path = f"/v1/documents/{document['id']}"
    passing = {"verdict": "pass", "reason": "Legible."}
    assert document["id"] not in [row["id"] for row in operator.get("/v1/documents?limit=100")["data"]]
    for early in (f"{path}/review", f"{path}/file"):
        method, given = ("POST", passing) if early.endswith("review") else ("GET", None)
        assert operator.refused(early, given, method=method) == (409, "illegal_transition")
    assert worker.refused(f"{path}/confirm") == (409, "illegal_transition")
    assert handed_in(worker, path)["file"] == "ready"
    assert httpx.get(operator.get(f"{path}/file")["url"]).content == PAPER
    assert world.worker().refused(f"{path}/file", method="GET") == (404, "not_found")
    assert document["id"] in [row["id"] for row in operator.get("/v1/documents?limit=100")["data"]]
    assert world.worker().refused(path, method="GET") == (404, "not_found")
    operator.post(f"{path}/review", passing)
    again = {"verdict": "fail", "reason": "Changed my mind."}
    assert operator.refused(f"{path}/review", again) == (409, "illegal_transition")
    read = worker.get(path)
    assert (read["status"], read["reason"], read["number"]) == ("passed", "Legible.", "P-17")
    world.advance(days=1)
    assert worker.get("/v1/workers/me/checklist")["documents"][0]["status"] == "expired"


def test_who_looks_at_a_paper_is_noted_and_its_worker_gets_a_copy_and_is_forgotten(world: World) -> None:
    client, worker, operator = world.client(), world.worker(), world.person("operator")
    document = worker.post("/v1/workers/me/documents", DOCUMENT, status=201)
    path = f"/v1/documents/{document['id']}"
    handed_in(worker, path)
    url = operator.get(f"{path}/file")["url"]
    world.settle()
    looks = operator.get(f"/v1/audit-events?subject={document['id']}")["data"]
    assert "get_document_file" in {row["operation"] for row in looks}
    qualification = client.post("/v1/qualifications", {"name": "Refunds", "exam": EXAM}, status=201)
    grants = f"/v1/qualifications/{qualification['id']}/grants"
    attempt = worker.post(f"/v1/qualifications/{qualification['id']}/attempts", status=201)
    worker.post(f"/v1/attempts/{attempt['id']}/submit", RIGHT)
    client.post(grants, {"worker_id": worker.id, "reason": "Knows them."}, status=201)
    worker.post("/v1/workers/me/screenings", {"kind": "tax_form"}, status=201)
    worker.post("/v1/workers/me/export", status=201)
    world.settle()
    copy = {row["object"] for row in worker.get("/v1/workers/me/export/content")["data"]}
    assert copy == {"worker", "document", "screening", "qualification_holding", "attempt"}
    worker.post("/v1/workers/me/erasure", status=201)
    world.farewell()
    gone = operator.get(path)
    assert (gone["file"], gone["name"], gone["number"]) == ("erased", "erased", None)
    assert httpx.get(url).status_code == 404
    assert client.get(grants)["data"][0]["reason"] is None
