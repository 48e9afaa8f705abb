"""Disputes over HTTP: claim, offers, clocks, evidence, and the operator's decision."""

from typing import Any

import pytest

from tests.people import Caller, World, usd

MILESTONE = 10_001


class Quarrel:
    """A milestone that was handed in, and its two sides."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client, self.worker = world.client(USD=20_000), world.worker()
        self.operator = world.person("operator")
        contract = world.milestone_contract(self.client, self.worker, MILESTONE)
        self.contract, self.milestone = contract["id"], contract["milestones"][0]["id"]
        self.path = f"/v1/contracts/{self.contract}/milestones/{self.milestone}"
        self.client.post(f"{self.path}/fund")
        self.worker.post(f"{self.path}/submit", {"note": "as agreed", "attachments": []})

    def claim(self, by: Caller, requested: int, subject: str | None = None) -> Any:
        body = {
            "subject_id": subject or self.milestone,
            "claim": "half is missing",
            "requested": usd(requested),
        }
        return by.post(f"/v1/contracts/{self.contract}/disputes", body, status=201)

    def head(self) -> Any:
        return self.client.get(f"/v1/contracts/{self.contract}")


@pytest.fixture
def quarrel(world: World) -> Quarrel:
    return Quarrel(world)


def part(amount: int) -> dict[str, Any]:
    return {"to_worker": usd(amount)}


def test_a_dispute_holds_the_money_until_the_other_side_takes_an_offer(quarrel: Quarrel) -> None:
    client, worker = quarrel.client, quarrel.worker
    dispute = quarrel.claim(client, 4_000)
    assert (dispute["status"], dispute["amount"], dispute["opened_by"]) == ("open", usd(MILESTONE), "client")
    assert (dispute["offer"]["by"], dispute["offer"]["to_worker"]) == ("client", usd(6_001))
    for step, body in (("approve", None), ("request-changes", {"reason": "more"}), ("cancel", None)):
        assert client.refused(f"{quarrel.path}/{step}", body) == (409, "illegal_transition")
    (shown,) = quarrel.head()["milestones"]
    assert (shown["review_ends_at"], shown["contest"]) == (None, {"by": dispute["id"], "to_worker": None})
    path = f"/v1/disputes/{dispute['id']}"
    assert client.refused(f"{path}/accept") == (409, "illegal_transition")
    assert worker.refused(f"{path}/offers", part(MILESTONE + 1)) == (422, "invalid_request")
    offered = worker.post(f"{path}/offers", part(7_005), status=201)
    assert offered["offer"]["by"] == "worker"
    settled = client.post(f"{path}/accept", status=200)
    assert settled["status"] == "settled"
    assert (settled["ending"]["to_worker"], settled["ending"]["to_client"]) == (usd(7_005), usd(2_996))
    head = quarrel.head()
    assert (head["held"], head["released"], head["returned"]) == (0, 7_005, 2_996)
    assert head["milestones"][0]["status"] == "approved"
    assert worker.get("/v1/workers/me/earnings")["balances"][0]["available"] == 7_005 - 701


def test_what_nobody_answers_goes_to_an_operator_who_sees_the_evidence(quarrel: Quarrel) -> None:
    client, worker, operator = quarrel.client, quarrel.worker, quarrel.operator
    dispute = quarrel.claim(worker, MILESTONE)
    path = f"/v1/disputes/{dispute['id']}"
    worker.post(f"/v1/contracts/{quarrel.contract}/cancel")
    assert quarrel.head()["held"] == MILESTONE
    quarrel.world.advance(days=8)
    assert client.refused(f"{path}/accept") == (409, "illegal_transition")
    assert dispute["id"] in [one["id"] for one in operator.get("/v1/disputes")["data"]]
    quarrel.world.settle()
    seen = operator.get(path)
    said = {(line["what"], line["by"]) for line in seen["evidence"]}
    assert {
        ("milestone.submitted", "worker"),
        ("dispute.open", "worker"),
        ("dispute.escalated", "clock"),
    } <= said
    assert {"note": "as agreed", "attachments": []} in [line["details"] for line in seen["evidence"]]
    decision = {**part(1), "reason": "one page was there"}
    assert client.refused(f"{path}/decide", decision) == (403, "forbidden")
    decided = operator.post(f"{path}/decide", decision)
    assert decided["ending"]["by"].startswith("operator:")
    assert decided["ending"]["reason"] == "one page was there"
    assert operator.refused(f"{path}/decide", decision) == (409, "illegal_transition")
    head = quarrel.head()
    assert (head["status"], head["held"], head["released"], head["returned"]) == (
        "cancelled",
        0,
        1,
        MILESTONE - 1,
    )
    assert client.get(f"/v1/contracts/{quarrel.contract}/disputes")["data"][0]["status"] == "decided"
    assert dispute["id"] not in [one["id"] for one in operator.get("/v1/disputes")["data"]]


def test_a_dispute_is_nobody_elses_and_about_nothing_else(quarrel: Quarrel) -> None:
    world, client, worker = quarrel.world, quarrel.client, quarrel.worker
    dispute = quarrel.claim(client, 1)
    path, disputes = f"/v1/disputes/{dispute['id']}", f"/v1/contracts/{quarrel.contract}/disputes"
    for stranger in (world.client(), world.worker()):
        assert stranger.refused(path, method="GET") == (404, "not_found")
        for step in ("accept", "escalate", "withdraw"):
            assert stranger.refused(f"{path}/{step}") == (404, "not_found")
    other = Quarrel(world)
    body = {"subject_id": other.milestone, "claim": "x", "requested": usd(1)}
    assert client.refused(disputes, body) == (422, "invalid_request")
    assert client.refused(disputes, {**body, "subject_id": quarrel.milestone}) == (409, "already_exists")
    body = {**body, "subject_id": quarrel.milestone, "requested": {"amount": 1, "currency": "EUR"}}
    assert worker.refused(disputes, body) == (422, "currency_mismatch")
    assert worker.refused(f"{path}/withdraw") == (409, "illegal_transition")
    assert client.post(f"{path}/withdraw")["status"] == "withdrawn"
    assert client.post(f"{quarrel.path}/approve")["status"] == "approved"


SCORECARD = {
    "version": 3,
    "criteria": [{"name": "quality", "weight": 3}, {"name": "speed", "weight": 1}],
    "bonus": {"at_least_basis_points": 9_000, "share_basis_points": 1_000, "cap": usd(500)},
    "deduction": {"below_basis_points": 5_000, "share_basis_points": 2_000, "cap": usd(1_000)},
}


class Piecework:
    """A contract for results at 10.05 dollars, with a scorecard."""

    def __init__(self, world: World) -> None:
        self.client, self.worker, self.world = world.client(USD=20_000), world.worker(), world
        pay = {"model": "per_result", "unit": usd(1_005), "quantity": 3}
        task = world.task(self.client, pay, outcomes=SCORECARD)
        contract = world.contract(self.client, self.worker, task, {"price": usd(1_005), "message": "Hi"})
        assert contract["outcomes"] == SCORECARD
        self.path = f"/v1/contracts/{contract['id']}"
        self.client.post(f"{self.path}/fund", {"amount": usd(3_015)})

    def result(self) -> str:
        made: str = self.worker.post(f"{self.path}/results", {"payload": {"label": "cat"}})["id"]
        return made

    def score(self, subject: str, quality: int, speed: int, **more: Any) -> dict[str, Any]:
        scores = {"quality": quality, "speed": speed}
        return {"version": 3, "subject_id": subject, "scores": scores, **more}


def test_good_work_earns_a_bonus_and_poor_work_loses_a_part_that_its_worker_may_dispute(world: World) -> None:
    job = Piecework(world)
    client, worker, outcomes = job.client, job.worker, f"{job.path}/outcomes"
    good, poor = job.result(), job.result()
    bonus = client.post(outcomes, job.score(good, 10_000, 9_000), status=201)
    assert (bonus["status"], bonus["score_basis_points"], bonus["bonus"]) == ("applied", 9_750, usd(101))
    assert sum(row["part"] for row in bonus["scores"]) == 101
    assert client.refused(outcomes, job.score(good, 1, 1, reason="no")) == (409, "already_exists")
    assert client.refused(outcomes, job.score(poor, 1_000, 0)) == (422, "invalid_request")
    other = {**job.score(poor, 1_000, 0, reason="blurred"), "version": 2}
    assert client.refused(outcomes, other) == (409, "version_conflict")
    withheld = client.post(outcomes, job.score(poor, 1_000, 0, reason="blurred"), status=201)
    assert (withheld["status"], withheld["deduction"]) == ("withheld", usd(201))
    assert (
        "below 50.00 %: a deduction of 20.00 % of 10.05 USD, at most 10.00 USD: 2.01 USD"
        in worker.get(f"/v1/outcomes/{withheld['id']}")["explanation"]
    )
    assert client.get(job.path)["released"] == 804
    body = {"subject_id": withheld["id"], "claim": "it is sharp", "requested": usd(201)}
    dispute = worker.post(f"{job.path}/disputes", body, status=201)
    client.post(f"/v1/disputes/{dispute['id']}/accept")
    assert client.get(job.path)["released"] == 1_005
    assert worker.get(f"{job.path}/outcomes")["data"][0]["status"] == "divided"
    world.advance(days=8)
    assert client.get(job.path)["held"] == 1_005


def test_a_scorecard_fits_its_task(world: World) -> None:
    client = world.client()
    body = {
        "title": "T",
        "description": "D",
        "category": "c",
        "pay": {"model": "milestone", "budget": usd(5)},
    }
    bonus = {**SCORECARD["bonus"], "cap": {"amount": 5, "currency": "EUR"}}  # type: ignore[dict-item]
    refused = client.refused("/v1/tasks", {**body, "outcomes": {**SCORECARD, "bonus": bonus}})
    assert refused == (422, "currency_mismatch")
    low = {**SCORECARD["bonus"], "at_least_basis_points": 4_999}  # type: ignore[dict-item]
    assert client.refused("/v1/tasks", {**body, "outcomes": {**SCORECARD, "bonus": low}})[0] == 422
    twice = SCORECARD["criteria"][:1] * 2  # type: ignore[index]
    assert client.refused("/v1/tasks", {**body, "outcomes": {**SCORECARD, "criteria": twice}})[0] == 422
