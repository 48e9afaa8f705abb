"""An operator or somebody of finance may work here as well, and decides nothing about what is their own."""

import uuid

from tests.people import Caller, World, usd

WHY = {"reason": "because"}
PROFILE = {"name": "Ada", "country": "US", "languages": ["en"], "skills": [], "headline": "Chat agent"}
NO = (403, "forbidden")


def both(world: World, role: str) -> tuple[Caller, Caller]:
    """One person as a worker with a profile, and in that role."""
    subject = uuid.uuid4().hex
    worker = world.person("worker", subject=subject)
    worker.id = worker.post("/v1/workers", PROFILE, status=201)["id"]
    return worker, world.person(role, subject=subject)


def test_nobody_lets_themselves_in_again_or_says_what_they_are_fit_for(world: World) -> None:
    (worker, self_made), other = both(world, "operator"), world.person("operator")
    document = {
        "kind": "identity_document",
        "name": "passport.pdf",
        "sha256": "0" * 64,
        "size_bytes": 4,
        "content_type": "application/pdf",
    }
    seen = f"/v1/documents/{worker.post('/v1/workers/me/documents', document, status=201)['id']}/review"
    assert self_made.refused(seen, {"verdict": "pass", **WHY}) == NO
    made = {"name": f"Fit {uuid.uuid4().hex}", "description": "For anything"}
    granting = f"/v1/qualifications/{other.post('/v1/qualifications', made, status=201)['id']}/grants"
    assert self_made.refused(granting, {"worker_id": worker.id, **WHY}) == NO
    other.post(granting, {"worker_id": worker.id, **WHY}, status=201)
    other.post(f"/v1/workers/{worker.id}/deactivate", {**WHY, "reason_code": "fraud"})
    assert self_made.refused(f"/v1/workers/{worker.id}/reinstate", WHY) == NO
    other.post(f"/v1/workers/{worker.id}/reinstate", WHY)


def test_who_wrote_a_rating_does_not_decide_whether_it_stays(world: World) -> None:
    (worker, self_made), client = both(world, "operator"), world.client()
    contract = world.milestone_contract(client, worker, 100)
    client.post(f"/v1/contracts/{contract['id']}/complete")
    path = f"/v1/contracts/{contract['id']}/ratings"
    client.post(path, {"overall": 5}, status=201)
    rating = worker.post(path, {"overall": 1}, status=201)
    appeal = client.post("/v1/appeals", {**WHY, "subject_id": rating["id"]}, status=201)
    for outcome in ("denied", "granted"):
        assert self_made.refused(f"/v1/appeals/{appeal['id']}/decide", {**WHY, "outcome": outcome}) == NO
    decided = {**WHY, "outcome": "granted"}
    shown = world.person("operator").post(f"/v1/appeals/{appeal['id']}/decide", decided)
    assert shown["verdict"]["effect"] == "rating_removed"


def test_nobody_cancels_what_others_ask_about_their_own_payout(world: World) -> None:
    worker, self_made = both(world, "finance")
    account = worker.post("/v1/workers/me/payout-account")["stripe_account"]
    world.sandbox(f"stripe/accounts/{account}/verify")
    world.settle()
    client = world.client(USD=2_000)
    contract = world.milestone_contract(client, worker, 2_000)
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "done"})
    client.post(f"{path}/approve")
    payout = worker.post("/v1/payouts", {"amount": usd(1_800)}, status=201)
    assert self_made.refused(f"/v1/finance/payouts/{payout['id']}/cancel") == NO
