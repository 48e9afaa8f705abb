"""What the main road leaves out: a no to a bid, an agency or a correction, and more of a contract."""

from marketplace.gateways.standard_webhooks import signature
from tests.people import World, usd


def test_bids_are_kept_in_the_closer_choice_or_told_no(world: World) -> None:
    client, worker, other = world.client(), world.worker(), world.worker()
    task = world.task(client, {"model": "milestone", "budget": usd(500)}, seats=2)
    kept, declined = (
        by.post(f"/v1/tasks/{task['id']}/bids", {"price": usd(500)})["id"] for by in (worker, other)
    )
    assert client.post(f"/v1/bids/{kept}/shortlist")["status"] == "shortlisted"
    why = {"reason_code": "not_selected", "reason": "No evening shifts"}
    assert client.post(f"/v1/bids/{declined}/decline", why)["status"] == "declined"
    assert client.refused(f"/v1/bids/{declined}/award") == (409, "illegal_transition")


def test_who_is_invited_to_an_agency_may_decline_and_be_asked_again(world: World) -> None:
    lead, invited = world.worker(), world.worker()
    path = f"/v1/agencies/{lead.post('/v1/agencies', {'name': 'North'})['id']}"
    lead.post(f"{path}/members", {"worker_id": invited.id, "share_basis_points": 4_000})
    assert invited.get(f"{path}/profile")["name"] == "North"
    assert lead.get(f"{path}/contracts")["data"] == []
    invited.post(f"{path}/decline")
    assert invited.get("/v1/agencies")["data"] == []
    assert [row["worker_id"] for row in lead.get(path)["members"]] == [lead.id]
    lead.post(f"{path}/members", {"worker_id": invited.id, "share_basis_points": 3_000})
    joined = invited.post(f"{path}/accept", {"share_basis_points": 3_000})
    assert [row["share_basis_points"] for row in joined["members"]] == [7_000, 3_000]


def test_a_pool_may_turn_somebody_down_and_a_member_may_leave(world: World) -> None:
    client, worker, other = world.client(), world.worker(), world.worker()
    path = f"/v1/pools/{client.post('/v1/pools', {'name': 'Regulars', 'kind': 'curated'})['id']}"
    for applicant in (worker, other):
        applicant.post(f"{path}/join", {})
    client.post(f"{path}/members/{other.id}/decline", {"reason": "the pool is full"})
    client.post(f"{path}/members/{worker.id}/approve")
    worker.post(f"{path}/leave")
    assert [by.get("/v1/pools")["data"] for by in (worker, other)] == [[], []]


def test_a_contract_takes_a_further_milestone_and_its_dispute_an_operator(world: World) -> None:
    client, worker = world.client(USD=5_000), world.worker()
    contract = world.milestone_contract(client, worker, 1_000)
    path = f"/v1/contracts/{contract['id']}"
    further = client.post(f"{path}/milestones", {"title": "Extra page", "amount": usd(700)}, status=201)
    milestone = f"{path}/milestones/{further['id']}"
    assert client.post(f"{milestone}/fund")["status"] == "funded"
    worker.post(f"{milestone}/submit", {"note": "here it is"})
    claim = {"subject_id": further["id"], "claim": "it is empty", "requested": usd(700)}
    dispute = client.post(f"{path}/disputes", claim, status=201)["id"]
    assert worker.post(f"/v1/disputes/{dispute}/escalate")["status"] == "escalated"
    decision = {"to_worker": usd(200), "reason": "half a page is there"}
    assert world.person("operator").post(f"/v1/disputes/{dispute}/decide", decision)["status"] == "decided"


def test_a_correction_that_is_declined_pays_nothing_more(world: World) -> None:
    client, worker = world.client(USD=9_000), world.worker()
    contract = world.minute_contract(client, worker, rate="60")
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(3_600)})
    session = worker.post(f"/v1/contracts/{contract['id']}/sessions")["id"]
    world.advance(seconds=60)
    worker.post(f"/v1/sessions/{session}/heartbeat", {"sequence": 1, "at": world.in_seconds(0)})
    stopped = worker.post(f"/v1/sessions/{session}/stop")
    world.advance(seconds=120)
    worker.post(f"/v1/sessions/{session}/correction", {"seconds": 120, "reason": "no network"})
    declined = client.post(f"/v1/sessions/{session}/correction/decline")
    assert declined["billable_seconds"] == stopped["billable_seconds"] == 60


def test_a_provider_that_signs_is_heard(world: World) -> None:
    settings, now = world.system.runtime.settings, world.system.clock.now()
    screening = world.worker().post("/v1/workers/me/screenings", {"kind": "tax_form"})["id"]
    content = (
        f'{{"id":"e_{screening}","reference":"{screening}.1","status":"passed",'
        f'"occurred_at":"{world.in_seconds(0)}"}}'
    ).encode()
    signed = signature(content, identifier="m1", at=now, secret=settings.screening_webhook_secret)
    headers = {"webhook-id": "m1", "webhook-timestamp": str(now), "webhook-signature": signed}
    answer = world.http.post("/v1/screenings/events", content=content, headers=headers)
    assert answer.is_success, answer.text
    world.settle()
