"""A client and a worker who deal with each other, with one object of every kind."""

import uuid
from dataclasses import dataclass
from typing import Any

import httpx

from marketplace.notifications.announced import TEST
from tests.api.rows import DOCUMENT, EXAM
from tests.people import Caller, World, usd

SCORECARD = {
    "version": 1,
    "criteria": [{"name": "quality", "weight": 1}],
    "bonus": {"at_least_basis_points": 9_000, "share_basis_points": 1_000, "cap": usd(500)},
    "deduction": None,
}


@dataclass
class Tenant:
    """A client and a worker who deal with each other, the worker for an agency of which `member` is one.
    `secret` is in every text that only they may read; `ids` name their objects."""

    client: Caller
    worker: Caller
    member: Caller
    subject: str
    secret: str
    ids: dict[str, str]

    @property
    def words(self) -> str:
        """A text for their eyes only."""
        return f"Evening shift {self.secret}"

    @property
    def private(self) -> set[str]:
        """What no stranger's answer may hold."""
        people = {"worker_id", "client_id", "helper_id"}
        public = {*people, "referrer_code", "task_id", "agreement_id", "qualification_id"}
        return {self.secret, *(value for name, value in self.ids.items() if name not in public)}


def tenant_of(world: World, hooks: str) -> Tenant:
    """A new one, with one object of every kind; `hooks` is where its webhooks go."""
    secret = uuid.uuid4().hex
    operator, subject = world.person("operator"), f"worker-{uuid.uuid4().hex}"
    company = {"name": "Acme", "country": "US", "email": f"office-{secret}@acme.example"}
    made = operator.post("/v1/clients", company)
    client = Caller(world.http, made["api_key"], made["id"])
    code = world.worker().post("/v1/workers/me/referral-code")["code"]
    worker = world.person("worker", subject=subject)
    profile = {"name": "Ada", "country": "US", "languages": [], "skills": [], "headline": "Chat"}
    worker.id = worker.post("/v1/workers", profile)["id"]
    known = {"client_id": client.id, "worker_id": worker.id}
    tenant = Tenant(client, worker, world.worker(), subject, secret, known)
    tenant.ids["referrer_code"] = code
    tenant.ids["key_id"] = client.post("/v1/clients/me/api-keys", {"scopes": ["work"]})["id"]
    account = worker.post("/v1/workers/me/payout-account")["stripe_account"]
    world.sandbox(f"stripe/accounts/{account}/verify")
    for amount in (60_000, 7_000):
        tenant.ids["top_up_id"] = world.top_up(client, amount)["id"]
    _open_work(world, tenant)
    _standing(tenant)
    _milestones(world, tenant)
    _minutes(world, tenant)
    _results(world, tenant)
    _second_looks(world, tenant, operator)
    _correspondence(tenant)
    _heard(tenant, hooks)
    worker.post("/v1/workers/me/export")
    client.post("/v1/clients/me/export")
    _money(world, tenant)
    return tenant


def _open_work(world: World, tenant: Tenant) -> None:
    """A draft, an open task with a bid on it, an agency with somebody invited."""
    client, worker, ids = tenant.client, tenant.worker, tenant.ids
    pay = {"model": "milestone", "budget": usd(100)}
    draft = {"title": tenant.words, "description": tenant.words, "category": "chat", "pay": pay}
    ids["draft_id"] = client.post("/v1/tasks", draft)["id"]
    ids["task_id"] = world.task(client, pay)["id"]
    rows = [{"title": tenant.words, "amount": usd(100)}]
    bid = {"price": usd(100), "milestones": rows, "message": tenant.words}
    ids["bid_id"] = worker.post(f"/v1/tasks/{ids['task_id']}/bids", bid)["id"]
    ids["agency_id"] = worker.post("/v1/agencies", {"name": "North"})["id"]
    helper = world.worker()
    ids["helper_id"] = helper.id
    share = {"worker_id": helper.id, "share_basis_points": 1_000}
    agency = f"/v1/agencies/{ids['agency_id']}"
    worker.post(f"{agency}/members", share)
    worker.post(f"{agency}/members", {**share, "worker_id": tenant.member.id})
    tenant.member.post(f"{agency}/accept")
    _teams(tenant)


def _teams(tenant: Tenant) -> None:
    """Pools, one of them with a code, an invitation, and a referral."""
    client, worker, ids = tenant.client, tenant.worker, tenant.ids
    ids["pool_id"] = client.post("/v1/pools", {"name": tenant.words, "kind": "invited"})["id"]
    client.post(f"/v1/pools/{ids['pool_id']}/members", {"worker_ids": [worker.id]})
    coded = client.post("/v1/pools", {"name": tenant.words, "kind": "customers"})
    ids["code_pool_id"], ids["pool_code"] = coded["id"], coded["code"]
    invited = client.post(f"/v1/tasks/{ids['task_id']}/invitations", {"worker_ids": [worker.id]})
    ids["invitation_id"] = invited["data"][0]["id"]
    worker.post("/v1/workers/me/referral", {"code": ids["referrer_code"]})
    worker.post("/v1/workers/me/referral-code")


def _standing(tenant: Tenant) -> None:
    """An agreement, a qualification with an exam that is being sat, a document."""
    client, worker, ids = tenant.client, tenant.worker, tenant.ids
    ids["agreement_id"] = client.post("/v1/agreements", {"title": "NDA", "text": "Say nothing."})["id"]
    ids["qualification_id"] = client.post("/v1/qualifications", {"name": "Refunds", "exam": EXAM})["id"]
    ids["attempt_id"] = worker.post(f"/v1/qualifications/{ids['qualification_id']}/attempts")["id"]
    document = worker.post("/v1/workers/me/documents", DOCUMENT)
    ids["document_id"] = document["id"]
    _send(document["upload"], b"%")
    worker.post(f"/v1/documents/{document['id']}/confirm")


def _milestones(world: World, tenant: Tenant) -> None:
    """A contract with a milestone that is paid, and withdrawn, and one that is disputed."""
    client, worker, ids = tenant.client, tenant.worker, tenant.ids
    contract = world.milestone_contract(client, worker, 9_000, 3_000, agency_id=ids["agency_id"])
    ids["contract_id"], ids["contract_bid_id"] = contract["id"], contract["bid_id"]
    paid, disputed = (row["id"] for row in contract["milestones"])
    for milestone in (paid, disputed):
        path = f"/v1/contracts/{contract['id']}/milestones/{milestone}"
        client.post(f"{path}/fund")
        worker.post(f"{path}/submit", {"note": tenant.words})
    client.post(f"/v1/contracts/{contract['id']}/milestones/{paid}/approve")
    claim = {"subject_id": disputed, "claim": tenant.words, "requested": usd(100)}
    ids["milestone_id"] = disputed
    ids["dispute_id"] = client.post(f"/v1/contracts/{contract['id']}/disputes", claim)["id"]


def _minutes(world: World, tenant: Tenant) -> None:
    client, worker, ids = tenant.client, tenant.worker, tenant.ids
    contract = world.minute_contract(client, worker, rate="60", agency_id=ids["agency_id"])
    ids["minute_contract_id"] = contract["id"]
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(6_000)})
    path = f"/v1/contracts/{contract['id']}/sessions"
    ids["session_id"] = worker.post(path, {"at": world.in_seconds(0)})["id"]
    world.advance(seconds=60)
    beat = {"sequence": 1, "at": world.in_seconds(0)}
    worker.post(f"/v1/sessions/{ids['session_id']}/heartbeat", beat)
    worker.post(f"/v1/sessions/{ids['session_id']}/stop")


def _results(world: World, tenant: Tenant) -> None:
    client, worker, ids = tenant.client, tenant.worker, tenant.ids
    pay = {"model": "per_result", "unit": usd(1_000), "quantity": 5}
    task = world.task(client, pay, outcomes=SCORECARD)
    bid = {"price": usd(1_000), "message": tenant.words, "agency_id": ids["agency_id"]}
    contract = world.contract(client, worker, task, bid)
    ids["result_task_id"], ids["result_contract_id"] = task["id"], contract["id"]
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(5_000)})
    payload = {"payload": {"label": tenant.words}}
    ids["result_id"], scored = (
        worker.post(f"/v1/contracts/{contract['id']}/results", payload)["id"] for _ in range(2)
    )
    score = {"version": 1, "subject_id": scored, "scores": {"quality": 5_000}}
    ids["outcome_id"] = client.post(f"/v1/contracts/{contract['id']}/outcomes", score)["id"]


def _second_looks(world: World, tenant: Tenant, operator: Caller) -> None:
    """A rejected result with its appeal; each side's rating, taken out because public ones are anybody's."""
    client, worker, ids = tenant.client, tenant.worker, tenant.ids
    payload = {"payload": {"label": tenant.words}}
    ids["rejected_id"] = worker.post(f"/v1/contracts/{ids['result_contract_id']}/results", payload)["id"]
    client.post(f"/v1/results/{ids['rejected_id']}/reject", {"reason": tenant.words})
    appeal = {"subject_id": ids["rejected_id"], "reason": tenant.words}
    ids["appeal_id"] = worker.post("/v1/appeals", appeal)["id"]
    ended = world.milestone_contract(client, worker, 100)
    client.post(f"/v1/contracts/{ended['id']}/complete")
    rating = {"overall": 1, "comment": tenant.words}
    for name, side in (("rating_id", client), ("client_rating_id", worker)):
        ids[name] = side.post(f"/v1/contracts/{ended['id']}/ratings", rating)["id"]
    unfair = {"reason": tenant.words}
    ids["client_appeal_id"] = client.post(f"/v1/ratings/{ids['client_rating_id']}/appeal", unfair)["id"]
    for name in ("rating_id", "client_rating_id"):
        why = {"reason_code": "other", "reason": tenant.words}
        operator.post(f"/v1/ratings/{ids[name]}/remove", why)


def _correspondence(tenant: Tenant) -> None:
    """A file of each side's, and a message."""
    client, worker, ids = tenant.client, tenant.worker, tenant.ids
    path = f"/v1/contracts/{ids['contract_id']}"
    content = tenant.words.encode()
    file = {"name": tenant.words, "content_type": "text/plain", "size": len(content)}
    for name, side in (("attachment_id", worker), ("client_attachment_id", client)):
        made = side.post(f"{path}/attachments", file)
        _send(made["upload"], content)
        ids[name] = made["id"]
        side.post(f"{path}/attachments/{made['id']}/confirm")
    said = {"text": tenant.words, "attachments": [ids["attachment_id"]]}
    ids["message_id"] = worker.post(f"{path}/messages", said)["id"]


def _send(upload: Any, content: bytes) -> None:
    """A file to its store."""
    sent = httpx.request(upload["method"], upload["url"], content=content, headers=upload["headers"])
    assert sent.is_success, sent.text


def _heard(tenant: Tenant, hooks: str) -> None:
    """An endpoint, and what was sent there."""
    path = "/v1/webhook-endpoints"
    endpoint = tenant.client.post(path, {"url": f"{hooks}?{tenant.secret}", "events": [TEST]})
    tenant.ids["endpoint_id"] = endpoint["id"]
    tenant.ids["delivery_id"] = tenant.client.post(f"{path}/{endpoint['id']}/test")["id"]


def _money(world: World, tenant: Tenant) -> None:
    """A payout, a refund and a chargeback."""
    client, worker, ids = tenant.client, tenant.worker, tenant.ids
    ids["payout_id"] = worker.post("/v1/payouts", {"amount": usd(1_000)})["id"]
    refund = {"top_up_id": ids["top_up_id"], "amount": usd(1_000)}
    ids["refund_id"] = client.post("/v1/wallet/refunds", refund)["id"]
    world.settle()
    charged = client.get("/v1/wallet/top-ups")["data"][-1]["payment_intent"]
    disputed = {"payment_intent": charged, "outcome": "needs_response", "amount": 100}
    world.sandbox("stripe/disputes", disputed)
    world.settle()
    ids["chargeback_id"] = client.get("/v1/wallet/chargebacks")["data"][0]["id"]
