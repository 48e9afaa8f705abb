"""What people say lies in plain nowhere: each free text of each call carries a mark, and the mark is in no
item, message and line of log. (A dead-letter queue gets what its queue got.)"""

from contextlib import ExitStack
from typing import Any

import pytest

from tests.journey.test_chargebacks import dispute, only
from tests.journey.test_onboarding import DOCUMENT, handed_in
from tests.people import Caller, World, usd
from tests.saying import MARK, Said, marking, sayable, watched

POSTED = frozenset(
    {"post_task", "change_task", "create_pool", "change_pool", "publish_agreement"}
    | {"publish_agreement_version", "define_qualification", "publish_exam", "register_gold_items"}
)
"""What a company says to everybody."""
FOUND_BY = {(name, f"{field}.*") for name in ("create_worker", "update_worker") for field in ("languages",)}
SKILLS = {(name, "skills.*.name") for name in ("create_worker", "update_worker")}
FINANCE = (
    "book_to_suspense",
    "reverse_journal",
    "reverse_payout",
    "resolve_exception",
    "write_off_chargeback",
)
OF_FINANCE = {(name, "reason") for name in FINANCE} | {("close_period", "force_reason")}
"""Words about a line at Stripe or a month: details of events like all others; their journeys are long."""
WHY = {"reason": "because"}
CODED = {**WHY, "reason_code": "other"}


@pytest.fixture
def taken(world: World, monkeypatch: pytest.MonkeyPatch) -> Said:
    """What of all that can be said was said, and lay in plain nowhere."""
    but = {one for one in sayable() if one[0] in POSTED} | FOUND_BY | SKILLS
    with ExitStack() as stack:
        kept = stack.enter_context(watched(world.system))
        said = stack.enter_context(marking(monkeypatch, but=but))
        _speak(world)
        world.settle()
    assert kept.sent
    assert [text[:2_000] for text in kept.marked] == []
    return said | but | OF_FINANCE


def test_what_people_say_lies_in_plain_nowhere(taken: Said) -> None:
    assert sayable() - taken == set()


def _speak(world: World) -> None:
    """Everybody says whatever there is to say."""
    operator, client, worker = world.person("operator"), world.client(), world.worker(payouts=True)
    top_up = world.top_up(client, 100_000)
    assert MARK in worker.get("/v1/workers/me")["name"]
    worker.call("PATCH", "/v1/workers/me", {"name": "Ada L.", "headline": "Voice"})
    worker.post("/v1/agencies", {"name": "North"})
    worker.post("/v1/workers/me/export")
    _prove(operator, client, worker)
    _belong(client, worker)
    _milestones(world, client, worker, operator)
    _minutes(world, client, worker)
    _results(world, client, worker, operator)
    for kind, ends in (("workers", "deactivate"), ("clients", "suspend")):
        path = f"/v1/{kind}/{worker.id if kind == 'workers' else client.id}"
        operator.post(f"{path}/{ends}", CODED)
        operator.post(f"{path}/reinstate", WHY)
    dispute(world, top_up, amount=100)
    charged = only(client)
    client.post(f"/v1/wallet/chargebacks/{charged['id']}/evidence", {"text": "winning_evidence"})


def _prove(operator: Caller, client: Caller, worker: Caller) -> None:
    """Papers, qualifications and signatures."""
    path = f"/v1/documents/{worker.post('/v1/workers/me/documents', DOCUMENT)['id']}"
    handed_in(worker, path)
    operator.post(f"{path}/review", {"verdict": "fail", **WHY})
    qualification = client.post("/v1/qualifications", {"name": "Refunds"})["id"]
    grants = f"/v1/qualifications/{qualification}/grants"
    client.post(grants, {"worker_id": worker.id, **WHY})
    client.post(f"/v1/qualifications/{qualification}/revoke", {"worker_id": worker.id, **WHY})
    agreement = client.post("/v1/agreements", {"title": "NDA", "text": "Say nothing."})
    worker.post(f"/v1/workers/me/agreements/{agreement['id']}/sign", {"name": "Ada"})


def _belong(client: Caller, worker: Caller) -> None:
    """Into a pool, and out of it."""
    path = f"/v1/pools/{client.post('/v1/pools', {'name': 'Regulars', 'kind': 'curated'})['id']}"
    for step in ("decline", "remove"):
        worker.post(f"{path}/join", {"note": "Please"})
        if step == "remove":
            client.post(f"{path}/members/{worker.id}/approve")
        client.post(f"{path}/members/{worker.id}/{step}", WHY)


def _milestones(world: World, client: Caller, worker: Caller, operator: Caller) -> None:
    """A bid that is declined; a contract with words at every step, ratings and a dispute."""
    agreement = client.post("/v1/agreements", {"title": "NDA", "text": "Say nothing."})["id"]
    pay = {"model": "milestone", "budget": usd(2_000)}
    task = world.task(client, pay, requirements={"agreements": [agreement]}, seats=2)
    price = {"price": usd(2_000), "message": "Hi"}
    bid = {**price, "milestones": [{"title": "All", "amount": usd(2_000)}]}
    declined = world.worker().post(f"/v1/tasks/{task['id']}/bids", price)
    client.post(f"/v1/bids/{declined['id']}/decline", WHY)
    made = worker.post(f"/v1/tasks/{task['id']}/bids", bid)
    contract = client.post(f"/v1/bids/{made['id']}/award")
    path = f"/v1/contracts/{contract['id']}"
    worker.post(f"{path}/accept", {"agreement_ids": [agreement], "name": "Ada"})
    client.post(f"{path}/milestones", {"title": "More", "amount": usd(100)})
    client.post(f"{path}/bonus", {"amount": usd(1), **WHY})
    worker.post(f"{path}/messages", {"text": "Hello"})
    file = {"name": "calls.csv", "content_type": "text/csv", "size": 1}
    worker.post(f"{path}/attachments", file)
    milestone = f"{path}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{milestone}/fund")
    for _ in range(2):
        worker.post(f"{milestone}/submit", {"note": "Done", "attachments": ["report"]})
        client.post(f"{milestone}/request-changes", WHY)
    worker.post(f"{milestone}/submit", {"note": "Done"})
    claim = {"subject_id": contract["milestones"][0]["id"], "claim": "no", "requested": usd(100)}
    opened = client.post(f"{path}/disputes", claim)
    client.post(f"/v1/disputes/{opened['id']}/escalate")
    operator.post(f"/v1/disputes/{opened['id']}/decide", {"to_worker": usd(500), **WHY})
    client.post(f"{path}/complete")
    _rate(path, client, worker, operator)


def _rate(path: str, client: Caller, worker: Caller, operator: Caller) -> None:
    rating = {"overall": 2, "comment": "slow"}
    (ours, theirs) = (side.post(f"{path}/ratings", rating)["id"] for side in (client, worker))
    worker.post(f"/v1/ratings/{ours}/appeal", WHY)
    operator.post(f"/v1/ratings/{ours}/uphold", WHY)
    operator.post(f"/v1/ratings/{theirs}/remove", CODED)


def _minutes(world: World, client: Caller, worker: Caller) -> None:
    """A session that its worker wants corrected and its client disputes."""
    contract = world.minute_contract(client, worker, rate="60")
    path = f"/v1/contracts/{contract['id']}"
    client.post(f"{path}/fund", {"amount": usd(6_000)})
    session = worker.post(f"{path}/sessions", {"at": world.in_seconds(0)})["id"]
    world.advance(seconds=60)
    worker.post(f"/v1/sessions/{session}/heartbeat", {"sequence": 1, "at": world.in_seconds(0)})
    worker.post(f"/v1/sessions/{session}/stop")
    world.advance(seconds=60)
    worker.post(f"/v1/sessions/{session}/correction", {"seconds": 60, **WHY})
    client.post(f"/v1/sessions/{session}/correction/decline", WHY)
    client.post(f"/v1/sessions/{session}/dispute", {"seconds": 10, **WHY})


def _results(world: World, client: Caller, worker: Caller, operator: Caller) -> None:
    """Results that are rejected, reversed and scored, and an appeal."""
    card: dict[str, Any] = {
        "version": 1,
        "criteria": [{"name": "quality", "weight": 1}],
        "bonus": {"at_least_basis_points": 9_000, "share_basis_points": 1_000, "cap": usd(500)},
        "deduction": None,
    }
    pay = {"model": "per_result", "unit": usd(1_000), "quantity": 5}
    task = world.task(client, pay, outcomes=card)
    contract = world.contract(client, worker, task, {"price": usd(1_000), "message": "Hi"})
    path = f"/v1/contracts/{contract['id']}"
    client.post(f"{path}/fund", {"amount": usd(5_000)})
    ids = [worker.post(f"{path}/results", {"payload": {"label": "cat"}})["id"] for _ in range(3)]
    client.post(f"/v1/results/{ids[0]}/reject", WHY)
    client.post(f"/v1/results/{ids[1]}/accept")
    client.post(f"/v1/results/{ids[1]}/reverse", WHY)
    score = {"version": 1, "subject_id": ids[2], "scores": {"quality": 5_000}, **WHY}
    client.post(f"{path}/outcomes", score)
    appeal = worker.post("/v1/appeals", {"subject_id": ids[0], **WHY})
    client.post(f"/v1/appeals/{appeal['id']}/answer", {"statement": "It was late."})
    operator.post(f"/v1/appeals/{appeal['id']}/decide", {"outcome": "denied", **WHY})
