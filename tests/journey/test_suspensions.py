"""Whoever is suspended is kept out, is told why, and can still take out what is theirs."""

from marketplace.storage.models import EventItem
from tests.people import World, key, usd

WHY = {"reason_code": "conduct", "reason": "threatened a customer"}


def test_a_suspended_client_is_refused_until_it_is_let_in_again(world: World) -> None:
    operator, client = world.person("operator"), world.client(USD=5_000)
    suspended = operator.post(f"/v1/clients/{client.id}/suspend", WHY)
    assert (suspended["status"], suspended["reason"]) == ("suspended", WHY["reason"])
    answer = client.call("GET", "/v1/tasks")
    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (
        403,
        "suspended",
        WHY["reason"],
    )
    assert client.get("/v1/wallet")["balances"][0]["available"] == 5_000
    assert client.get("/v1/clients/me/suspension")["status"] == "suspended"
    (top_up,) = client.get("/v1/wallet/top-ups")["data"]
    client.post("/v1/wallet/refunds", {"top_up_id": top_up["id"], "amount": usd(5_000)})
    again = (409, "illegal_transition")
    assert operator.refused(f"/v1/clients/{client.id}/suspend", WHY) == again
    operator.post(f"/v1/clients/{client.id}/reinstate", {"reason": "a mistake of ours"})
    assert client.get("/v1/tasks")["data"] == []
    assert operator.refused(f"/v1/clients/{client.id}/reinstate", {"reason": "again"}) == again


def test_a_deactivated_worker_keeps_their_pay_and_their_session_ends_by_silence(world: World) -> None:
    operator, client, worker = world.person("operator"), world.client(USD=9_000), world.worker(payouts=True)
    done = world.milestone_contract(client, worker, 2_000)
    client.post(f"/v1/contracts/{done['id']}/fund", {"amount": usd(2_000)})
    milestone = f"/v1/contracts/{done['id']}/milestones/{done['milestones'][0]['id']}"
    worker.post(f"{milestone}/submit", {"note": "", "attachments": []})
    client.post(f"{milestone}/approve")
    minutes = world.minute_contract(client, worker, rate="60")
    client.post(f"/v1/contracts/{minutes['id']}/fund", {"amount": usd(3_600)})
    session = worker.post(f"/v1/contracts/{minutes['id']}/sessions", status=201)
    operator.post(f"/v1/workers/{worker.id}/deactivate", WHY)
    beat = {"sequence": 1, "at": session["started_at"]}
    assert worker.refused(f"/v1/sessions/{session['id']}/heartbeat", beat) == (403, "suspended")
    world.advance(seconds=200)
    assert client.get(f"/v1/sessions/{session['id']}")["end_reason"] == "silence"
    assert worker.get("/v1/workers/me/earnings")["balances"][0]["available"] == 1_800
    assert worker.post("/v1/payouts", {}, status=201)["status"] == "pending"


def test_a_suspended_workers_bids_wait_and_its_offers_block_no_seat(world: World) -> None:
    operator, client, worker = world.person("operator"), world.client(), world.worker()
    pay = {"model": "milestone", "budget": usd(100)}
    task, other = world.task(client, pay), world.task(client, pay)
    bid = worker.post(f"/v1/tasks/{task['id']}/bids", {"price": usd(100)})
    path = f"/v1/bids/{bid['id']}"
    offer = client.post(f"{path}/award")
    operator.post(f"/v1/workers/{worker.id}/deactivate", WHY)
    world.settle()
    assert client.get(f"/v1/contracts/{offer['id']}")["status"] == "cancelled"
    assert client.get(f"/v1/tasks/{task['id']}")["seats_left"] == 1
    assert worker.get(path)["status"] == "submitted"
    refused = client.call("POST", f"{path}/award").json()
    assert (refused["code"], refused["why_not"][0]["code"]) == ("not_eligible", "worker_suspended")
    assert WHY["reason"] not in str(refused)
    invitation = f"/v1/tasks/{other['id']}/invitations", {"worker_ids": [worker.id]}
    assert client.refused(*invitation) == (409, "not_eligible")
    operator.post(f"/v1/workers/{worker.id}/reinstate", {"reason": "a mistake of ours"})
    again = client.post(f"{path}/award", status=201)
    assert worker.post(f"/v1/contracts/{again['id']}/accept", {})["status"] == "active"
    client.post(*invitation)


def test_a_suspended_clients_tasks_are_in_no_feed_and_its_workers_keep_their_rights(world: World) -> None:
    operator, client = world.person("operator"), world.client(USD=9_000)
    hired, other = world.worker(), world.worker()
    contract = world.milestone_contract(client, hired, 1_000)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(1_000)})
    skill = f"skill {client.id}"
    task = world.task(client, {"model": "milestone", "budget": usd(100)}, skills=[skill])
    pool = client.post("/v1/pools", {"name": "Regulars", "kind": "public"}, status=201)
    other.post(f"/v1/pools/{pool['id']}/join", {}, status=201)
    members = {"skills": [skill], "visibility": pool["visibility"]}
    within = world.task(client, {"model": "milestone", "budget": usd(100)}, **members)
    bid = f"/v1/tasks/{task['id']}/bids", {"price": usd(100)}
    stands = hired.post(*bid, status=201)
    world.settle()

    def found(order: str) -> set[str]:
        rows = other.get(f"/v1/tasks?skill={skill}&order={order}")["data"]
        return {row["id"] for row in rows}

    assert found("newest") == found("best") == {task["id"], within["id"]}
    operator.post(f"/v1/clients/{client.id}/suspend", WHY)
    assert found("newest") == found("best") == set()
    refused = other.call("POST", *bid).json()
    assert (refused["code"], refused["why_not"][0]["code"]) == ("not_eligible", "client_suspended")
    assert WHY["reason"] not in str(refused)
    eligibility = other.get(f"/v1/tasks/{task['id']}/eligibility")
    assert [row["code"] for row in eligibility["why_not"]] == ["client_suspended"]
    milestone = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    hired.post(f"{milestone}/submit", {"note": "done"})
    hired.post(f"/v1/contracts/{contract['id']}/messages", {"text": "It is done."}, status=201)
    world.advance(days=14)
    assert hired.get("/v1/workers/me/earnings")["balances"][0]["available"] == 900
    operator.post(f"/v1/clients/{client.id}/reinstate", {"reason": "a mistake of ours"})
    assert found("newest") == {task["id"], within["id"]}
    assert other.post(*bid, status=201)["status"] == "submitted"
    assert client.post(f"/v1/bids/{stands['id']}/award", status=201)["status"] == "offered"


def test_an_offer_of_a_suspended_client_waits_until_the_client_is_let_in_again(world: World) -> None:
    operator, client, worker = world.person("operator"), world.client(), world.worker()
    task = world.task(client, {"model": "milestone", "budget": usd(100)})
    bid = worker.post(f"/v1/tasks/{task['id']}/bids", {"price": usd(100)})
    offer = client.post(f"/v1/bids/{bid['id']}/award")
    accept = f"/v1/contracts/{offer['id']}/accept"
    operator.post(f"/v1/clients/{client.id}/suspend", WHY)
    refused = worker.call("POST", accept, {}).json()
    assert (refused["code"], refused["why_not"][0]["code"]) == ("not_eligible", "client_suspended")
    assert WHY["reason"] not in str(refused)
    operator.post(f"/v1/clients/{client.id}/reinstate", {"reason": "a mistake of ours"})
    assert worker.post(accept, {})["status"] == "active"


def test_only_operators_suspend_and_nobody_finds_out_who_exists(world: World) -> None:
    client, worker, operator = world.client(), world.worker(), world.person("operator")
    path = f"/v1/workers/{worker.id}/deactivate"
    for caller in (client, worker, world.person("finance")):
        assert caller.refused(path, WHY) == (403, "forbidden")
    assert operator.refused("/v1/workers/wrk_unknown/deactivate", WHY) == (404, "not_found")
    assert operator.refused(f"/v1/workers/{worker.id}/suspension", method="GET") == (404, "not_found")
    assert operator.refused(path, {**WHY, "reason_code": "mood"}) == (422, "invalid_request")


def test_what_an_event_tells_of_a_person_is_sealed_and_repeats_byte_for_byte(world: World) -> None:
    operator, named = world.person("operator"), {"name": "A", "country": "US", "email": "marked@acme.example"}
    headers = {name.replace("-", "_"): value for name, value in key().items()}
    first = operator.call("POST", "/v1/clients", named, **headers)
    again = operator.call("POST", "/v1/clients", named, **headers)
    assert {**first.json(), "api_key": None} == again.json()
    world.settle()
    kept = [str(vars(item)) for item in EventItem.batch_get(_events_about(world, first.json()["id"]))]
    assert kept
    assert not [item for item in kept if "marked@" in item]


def _events_about(world: World, client_id: str) -> list[str]:
    chain = world.person("finance").get(f"/v1/finance/trace/{client_id}")["chain"]
    return [link["id"] for link in chain if link["kind"] == "event"]
