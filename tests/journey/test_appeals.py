"""What is decided about somebody is looked at again over HTTP, by another human, and undone."""

from tests.journey.test_onboarding import DOCUMENT, EXAM, handed_in
from tests.people import Caller, World, usd

WHY = {"reason": "look again"}


def test_a_rejected_result_is_paid_and_a_declined_bid_noted_by_appeal(world: World) -> None:
    operator, client, worker = world.person("operator"), world.client(USD=9_000), world.worker()
    task = world.result_task(client, price=1_000, quantity=3, seats=2)
    contract = world.contract(client, worker, task, {"price": usd(1_000)})
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(2_000)})
    result = worker.post(f"/v1/contracts/{contract['id']}/results", {"payload": {"a": 1}}, status=201)
    no = {"reason": "blurred", "reason_code": "quality"}
    assert client.post(f"/v1/results/{result['id']}/reject", no)["reason_code"] == "quality"
    body = {**WHY, "subject_id": result["id"]}
    assert world.worker().refused("/v1/appeals", body) == (404, "not_found")
    appeal = worker.post("/v1/appeals", body, status=201)
    assert (appeal["status"], appeal["decided_first_by"]) == ("open", client.id)
    assert worker.refused("/v1/appeals", body) == (409, "already_exists")
    world.settle()
    assert appeal in operator.get("/v1/appeals")["data"]
    assert client.get("/v1/appeals?role=respondent")["data"] == [appeal]
    answer = f"/v1/appeals/{appeal['id']}/answer", {"statement": "See for yourself: nothing can be read."}
    assert worker.refused(*answer) == (403, "forbidden")
    assert client.post(*answer)["answer"]["statement"] == answer[1]["statement"]
    assert client.refused(*answer) == (409, "already_exists")
    assert worker.get(f"/v1/appeals/{appeal['id']}")["final"] is False
    granted = operator.post(f"/v1/appeals/{appeal['id']}/decide", {**WHY, "outcome": "granted"})
    assert (granted["status"], granted["verdict"]["effect"]) == ("granted", "paid")
    assert granted["verdict"]["decided_by"].startswith("operator:")
    assert (granted["final"], granted["answer"]["statement"]) == (True, answer[1]["statement"])
    assert worker.get("/v1/workers/me/earnings")["balances"][0]["available"] == 900
    assert client.get(f"/v1/results/{result['id']}")["status"] == "accepted"
    other_result = worker.post(f"/v1/contracts/{contract['id']}/results", {"payload": {"a": 2}}, status=201)
    other_path = f"/v1/results/{other_result['id']}"
    client.post(f"{other_path}/accept")
    assert client.post(f"{other_path}/reverse", no)["status"] == "reversed"
    assert appealed(worker, operator, other_result["id"]) == ("quality", client.id, "paid")
    assert worker.get("/v1/workers/me/earnings")["balances"][0]["available"] == 1_800
    assert client.refused(f"{other_path}/reverse", no) == (409, "illegal_transition")
    other = world.worker()
    bid = other.post(f"/v1/tasks/{task['id']}/bids", {"price": usd(1_000)}, status=201)
    assert client.post(f"/v1/bids/{bid['id']}/decline")["declined"]["reason_code"] == "not_selected"
    noted = other.post("/v1/appeals", {**WHY, "subject_id": bid["id"]}, status=201)
    decided = operator.post(f"/v1/appeals/{noted['id']}/decide", {**WHY, "outcome": "granted"})
    assert decided["verdict"]["effect"] == "noted"


def test_a_deactivation_is_lifted_by_another_operator_than_who_decided(world: World) -> None:
    first, second, worker = world.person("operator"), world.person("operator"), world.worker()
    suspension = first.post(f"/v1/workers/{worker.id}/deactivate", {**WHY, "reason_code": "conduct"})
    appeal = worker.post("/v1/appeals", {**WHY, "subject_id": suspension["id"]}, status=201)
    path, body = f"/v1/appeals/{appeal['id']}/decide", {**WHY, "outcome": "granted"}
    assert first.refused(path, body) == (403, "forbidden")
    assert worker.refused(path, body) == (403, "forbidden")
    assert second.post(path, body)["verdict"]["effect"] == "reinstated"
    assert worker.get("/v1/workers/me/suspension")["status"] == "lifted"
    worker.get("/v1/tasks")
    assert second.refused(path, body) == (409, "illegal_transition")


def test_a_removed_rating_is_in_no_list_and_counts_for_nothing(world: World) -> None:
    operator, client, worker = world.person("operator"), world.client(), world.worker()
    contract = world.milestone_contract(client, worker, 100)
    client.post(f"/v1/contracts/{contract['id']}/complete")
    path = f"/v1/contracts/{contract['id']}/ratings"
    unfair = client.post(path, {"overall": 1, "dimensions": {"quality": 2}}, status=201)
    rating = f"/v1/ratings/{unfair['id']}"
    assert worker.refused(f"{rating}/appeal", WHY) == (404, "not_found")
    fair = worker.post(path, {"overall": 5}, status=201)
    world.settle()
    reputation = worker.get(f"/v1/workers/{worker.id}/reputation")
    assert reputation["dimensions"] == [{"name": "quality", "count": 1, "mean": 2.0}]
    stands = client.post(f"/v1/ratings/{fair['id']}/appeal", WHY, status=201)
    assert operator.post(f"/v1/ratings/{fair['id']}/uphold", WHY)["removal"] is None
    assert client.get(f"/v1/appeals/{stands['id']}")["status"] == "denied"
    appeal = worker.post(f"{rating}/appeal", WHY, status=201)
    removed = operator.post(f"{rating}/remove", {**WHY, "reason_code": "abusive"})
    assert removed["removal"]["reason_code"] == "abusive"
    world.settle()
    assert worker.get(f"/v1/workers/{worker.id}/ratings")["data"] == []
    reputation = worker.get(f"/v1/workers/{worker.id}/reputation")
    assert (reputation["rating_count"], reputation["score"]) == (0, 4.0)
    assert worker.get(f"/v1/appeals/{appeal['id']}")["status"] == "granted"
    assert worker.get(rating)["removal"] == removed["removal"]
    assert world.worker().refused(rating, method="GET") == (404, "not_found")


def test_requested_changes_are_appealed_with_their_code_and_a_denial_is_final(world: World) -> None:
    operator, client, worker = world.person("operator"), world.client(USD=900), world.worker()
    contract = world.milestone_contract(client, worker, 500)
    milestone = contract["milestones"][0]["id"]
    path = f"/v1/contracts/{contract['id']}/milestones/{milestone}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "done"})
    client.post(f"{path}/request-changes", {"reason": "half of it", "reason_code": "incomplete"})
    body = {**WHY, "subject_id": milestone, "contract_id": contract["id"]}
    appeal = worker.post("/v1/appeals", body, status=201)
    assert (appeal["reason_code"], appeal["final"]) == ("incomplete", False)
    denied = operator.post(f"/v1/appeals/{appeal['id']}/decide", {**WHY, "outcome": "denied"})
    assert (denied["status"], denied["final"]) == ("denied", True)
    assert "dispute" in denied["detail"]
    again = worker.call("POST", "/v1/appeals", body).json()
    assert (again["code"], "final" in again["detail"]) == ("already_exists", True)


def test_who_gave_a_rating_that_was_removed_may_have_it_put_back_once(world: World) -> None:
    first, second = world.person("operator"), world.person("operator")
    client, worker = world.client(), world.worker()
    contract = world.milestone_contract(client, worker, 100)
    client.post(f"/v1/contracts/{contract['id']}/complete")
    path = f"/v1/contracts/{contract['id']}/ratings"
    rating = client.post(path, {"overall": 2}, status=201)["id"]
    worker.post(path, {"overall": 5})
    body = {**WHY, "subject_id": rating}
    assert client.refused("/v1/appeals", body) == (409, "illegal_transition")
    first.post(f"/v1/ratings/{rating}/remove", {**WHY, "reason_code": "false"})
    appeal = client.post("/v1/appeals", body, status=201)
    assert (appeal["reason_code"], appeal["respondent_id"]) == ("false", worker.id)
    worker.post(f"/v1/appeals/{appeal['id']}/answer", {"statement": "It was about another shift."})
    verdict = f"/v1/appeals/{appeal['id']}/decide", {**WHY, "outcome": "granted"}
    assert first.refused(*verdict) == (403, "forbidden")
    assert second.post(*verdict)["verdict"]["effect"] == "rating_restored"
    world.settle()
    assert worker.get(f"/v1/workers/{worker.id}/reputation")["rating_mean"] == 2.0
    assert [row["id"] for row in worker.get(f"/v1/workers/{worker.id}/ratings")["data"]] == [rating]
    for seen_by, removal in ((client, "false"), (world.worker(), None)):
        shown = seen_by.get(f"/v1/ratings/{rating}")
        assert (shown["removal"] or {}).get("reason_code") == removal
        assert shown["restored_at"]
    assert worker.refused(f"/v1/ratings/{rating}/appeal", WHY) == (409, "illegal_transition")
    again = f"/v1/ratings/{rating}/remove", {**WHY, "reason_code": "false"}
    assert first.refused(*again) == (409, "illegal_transition")


def appealed(worker: Caller, operator: Caller, subject_id: str) -> tuple[str, str | None, str]:
    """Code, other side, and what it changed that the worker's appeal was granted."""
    appeal = worker.post("/v1/appeals", {**WHY, "subject_id": subject_id}, status=201)
    assert appeal["subject_id"] == subject_id
    path = f"/v1/appeals/{appeal['id']}/decide"
    verdict = operator.post(path, {**WHY, "outcome": "granted"})["verdict"]
    return appeal["reason_code"], appeal["respondent_id"], verdict["effect"]


def test_a_failed_document_is_passed_by_another_operator_than_who_turned_it_down(world: World) -> None:
    first, second, worker = world.person("operator"), world.person("operator"), world.worker()
    path = f"/v1/documents/{worker.post('/v1/workers/me/documents', DOCUMENT, status=201)['id']}"
    body = {**WHY, "subject_id": path.rpartition("/")[2]}
    handed_in(worker, path)
    assert worker.refused("/v1/appeals", body) == (409, "illegal_transition")
    no = {"verdict": "fail", "reason": "Blurred.", "reason_code": "illegible"}
    assert first.post(f"{path}/review", no)["reason_code"] == "illegible"
    assert world.worker().refused("/v1/appeals", body) == (404, "not_found")
    appeal = worker.post("/v1/appeals", body, status=201)
    assert (appeal["reason_code"], appeal["respondent_id"]) == ("illegible", None)
    verdict = f"/v1/appeals/{appeal['id']}/decide", {**WHY, "outcome": "granted"}
    assert first.refused(*verdict) == (403, "forbidden")
    assert second.post(*verdict)["verdict"]["effect"] == "accepted"
    read = worker.get(path)
    assert (read["status"], read["reason_code"], read["reason"]) == ("passed", None, WHY["reason"])
    assert [row["status"] for row in worker.get("/v1/workers/me/documents")["data"]] == ["passed"]
    late = f"/v1/documents/{worker.post('/v1/workers/me/documents', DOCUMENT, status=201)['id']}"
    handed_in(worker, late)
    assert first.post(f"{late}/review", {**no, "reason_code": "other"})["status"] == "failed"
    world.advance(days=14)
    too_late = {**WHY, "subject_id": late.rpartition("/")[2]}
    assert worker.refused("/v1/appeals", too_late) == (409, "illegal_transition")


def test_a_revoked_qualification_is_given_back_and_a_failed_exam_tried_again(world: World) -> None:
    operator, client, worker = world.person("operator"), world.client(), world.worker()
    body = {"name": "Refunds", "exam": {**EXAM, "attempts_max": 1}}
    path = f"/v1/qualifications/{client.post('/v1/qualifications', body, status=201)['id']}"
    attempt = worker.post(f"{path}/attempts", status=201)["id"]
    assert worker.post(f"/v1/attempts/{attempt}/submit", {"answers": [[1], [0]]})["status"] == "failed"
    assert worker.refused(f"{path}/attempts") == (409, "illegal_transition")
    assert appealed(worker, operator, attempt) == ("score_too_low", client.id, "reopened")
    again = worker.post(f"{path}/attempts", status=201)["id"]
    worker.post(f"/v1/attempts/{again}/submit", {"answers": [[0], [1, 2]]})
    said = {"worker_id": worker.id, "reason": "Helped by a friend.", "reason_code": "fraud"}
    revoked = client.post(f"{path}/revoke", said)
    assert (revoked["status"], revoked["reason_code"]) == ("revoked", "fraud")
    assert appealed(worker, operator, revoked["id"]) == ("fraud", client.id, "given_back")
    (held,) = worker.get("/v1/workers/me/qualifications")["data"]
    assert (held["status"], held["reason_code"], held["by"]) == ("held", None, "operator")
    assert client.post(f"{path}/revoke", said)["reason_code"] == "fraud"
    assert appealed(worker, operator, revoked["id"]) == ("fraud", client.id, "given_back")


def test_who_was_removed_from_a_pool_reads_why_and_returns_by_appeal(world: World) -> None:
    operator, client, worker = world.person("operator"), world.client(), world.worker()
    made = client.post("/v1/pools", {"name": "Regulars", "kind": "curated"}, status=201)
    path = f"/v1/pools/{made['id']}"
    worker.post(f"{path}/join", {}, status=201)
    declined = client.post(f"{path}/members/{worker.id}/decline", {"reason": "Full."})
    assert declined["reason_code"] == "not_selected"
    assert appealed(worker, operator, declined["id"]) == ("not_selected", client.id, "noted")
    worker.post(f"{path}/join", {}, status=201)
    client.post(f"{path}/members/{worker.id}/approve")
    client.post(f"{path}/members/{worker.id}/remove", {"reason": "Rude.", "reason_code": "conduct"})
    (shown,) = worker.get("/v1/pools?belonging=removed")["data"]
    assert (shown["reason_code"], shown["reason"]) == ("conduct", "Rude.")
    assert appealed(worker, operator, shown["membership_id"]) == ("conduct", client.id, "returned")
    read = worker.get(path)
    assert (read["belonging"], read["reason_code"], read["reason"]) == ("member", None, None)
    assert worker.post(f"{path}/leave")["reason_code"] is None


def test_a_check_that_failed_is_passed_by_a_human_until_the_provider_finds_more(world: World) -> None:
    operator, worker = world.person("operator"), world.worker()
    screening = worker.post("/v1/workers/me/screenings", {"kind": "background_check"}, status=201)["id"]
    world.sandbox(f"screenings/{screening}/fail", {"reason": "name_mismatch"})
    world.settle()
    assert appealed(worker, operator, screening) == ("name_mismatch", None, "accepted")
    (known,) = worker.get("/v1/workers/me/screenings")["data"]
    assert (known["status"], known["reason"]) == ("passed", "appeal_granted")
    world.advance(seconds=2)
    world.sandbox(f"screenings/{screening}/fail", {"reason": "record"})
    world.settle()
    assert worker.get("/v1/workers/me/screenings")["data"][0]["status"] == "failed"
