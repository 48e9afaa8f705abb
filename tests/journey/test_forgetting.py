"""What keeps a person from being forgotten: money that is, or may still become, theirs; and nothing else."""

from typing import Any

import pytest

from chalicelib.work import privacy
from marketplace.notifications.endpoint import Endpoint
from marketplace.payouts.timing import RETURNED_WITHIN_SECONDS
from marketplace.people.privacy import Erasure, erasure_id
from marketplace.shared.events import EventType
from tests.journey.test_payout_policies import paid_worker
from tests.people import Caller, World, key, usd


def earned(client: Caller, worker: Caller, contract: Any) -> None:
    """The contract's one milestone is funded, handed in and paid."""
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "done"})
    client.post(f"{path}/approve")


def what_binds(asking: Caller, path: str) -> Any:
    """Why somebody is not forgotten yet; nothing if they are."""
    answer = asking.call("POST", path, **{name.replace("-", "_"): value for name, value in key().items()})
    return answer.json().get("reasons") if answer.status_code == 409 else []


def test_figures_beside_the_balances_bind_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = world.system.runtime.settings.model_copy(update={"payout_approval_above": 1_000_000})
    monkeypatch.setattr(world.system.runtime, "settings", watched)
    client, worker = world.client(USD=2_000), world.worker(payouts=True)
    contract = world.milestone_contract(client, worker, 2_000)
    earned(client, worker, contract)
    client.post(f"/v1/contracts/{contract['id']}/complete")
    worker.post("/v1/payouts", {})
    assert what_binds(worker, "/v1/workers/me/erasure") == ["money:under_way"]


def test_a_share_in_an_agencys_contract_binds_until_that_is_over(world: World) -> None:
    client, lead, member = world.client(USD=2_000), world.worker(), world.worker()
    agency = lead.post("/v1/agencies", {"name": "Night owls"}, status=201)["id"]
    asked = {"worker_id": member.id, "share_basis_points": 5_000}
    lead.post(f"/v1/agencies/{agency}/members", asked, status=201)
    member.post(f"/v1/agencies/{agency}/accept")
    task = world.task(client, {"model": "milestone", "budget": usd(2_000)})
    bid = {"price": usd(2_000), "message": "We can", "agency_id": agency}
    contract = world.contract(client, lead, task, bid)
    assert what_binds(member, "/v1/workers/me/erasure") == ["contracts:open", "agencies:member"]
    member.post(f"/v1/agencies/{agency}/leave")
    assert what_binds(member, "/v1/workers/me/erasure") == ["contracts:open"]
    client.post(f"/v1/contracts/{contract['id']}/complete")
    for person in (member, lead):
        assert what_binds(person, "/v1/workers/me/erasure") == []


def test_what_an_ended_contract_still_holds_binds_both_sides(world: World) -> None:
    client, worker, operator = world.client(USD=2_000), world.worker(), world.person("operator")
    contract = world.minute_contract(client, worker, rate="60")
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(2_000)})
    session = worker.post(f"/v1/contracts/{contract['id']}/sessions", {}, status=201)
    world.advance(seconds=60)
    worker.post(f"/v1/sessions/{session['id']}/stop", {})
    worker.post(f"/v1/contracts/{contract['id']}/cancel")
    world.settle()
    assert client.get(f"/v1/contracts/{contract['id']}")["held"] == 60
    assert what_binds(worker, "/v1/workers/me/erasure") == ["contracts:open"]
    reasons = what_binds(operator, f"/v1/clients/{client.id}/erasure")
    assert reasons == ["money:wallet", "contracts:open"]


def test_a_card_that_may_still_pay_binds_its_client(world: World) -> None:
    client, operator = world.client(), world.person("operator")
    top_up = client.post("/v1/wallet/top-ups", {"amount": usd(5_000)})
    assert what_binds(operator, f"/v1/clients/{client.id}/erasure") == ["money:under_way"]
    world.sandbox(f"stripe/pay/{top_up['payment_intent']}")
    world.settle()
    assert what_binds(operator, f"/v1/clients/{client.id}/erasure") == ["money:wallet"]


def test_a_wish_that_was_refused_costs_nobody_their_papers_when_it_is_told_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, runtime = world.worker(), world.system.runtime
    document = {"kind": "other", "name": "licence.pdf", "sha256": "0" * 64, "size_bytes": 4}
    made = worker.post("/v1/workers/me/documents", {**document, "content_type": "image/png"}, status=201)
    with monkeypatch.context() as bound:
        bound.setattr(privacy, "what_binds", lambda *_: ("contracts:open",))
        worker.post("/v1/workers/me/erasure", status=201)
        world.settle()
    assert worker.get("/v1/workers/me/erasure")["status"] == "refused"
    head = runtime.store.head(Erasure, erasure_id(worker.id))
    assert head is not None
    (asked,) = [event for event in head.riding if event.type == EventType.ERASURE_REQUESTED]
    privacy.work(asked, runtime)
    assert worker.get(f"/v1/documents/{made['id']}")["name"] == "licence.pdf"


def test_who_is_forgotten_is_sent_nothing_any_more(world: World) -> None:
    client, operator = world.client(), world.person("operator")
    url = "https://93.184.216.34/hook"
    made = client.post("/v1/webhook-endpoints", {"url": url, "events": ["*"]}, status=201)
    operator.post(f"/v1/clients/{client.id}/erasure", status=201)
    world.farewell()
    found = world.system.runtime.store.read(Endpoint, made["id"])
    assert found is not None
    assert (found[0].status, found[0].secret) == ("deleted", "")


def test_what_a_bank_may_still_return_binds_its_worker(world: World) -> None:
    worker = paid_worker(world)
    (contract,) = worker.get("/v1/contracts")["data"]
    worker.post(f"/v1/contracts/{contract['id']}/complete")
    world.advance(days=3)
    payout = worker.post("/v1/payouts", {}, status=201)["id"]
    world.advance(days=4)
    assert worker.get(f"/v1/payouts/{payout}")["status"] == "paid"
    assert what_binds(worker, "/v1/workers/me/erasure") == ["money:under_way"]
    world.advance(seconds=RETURNED_WITHIN_SECONDS)
    assert what_binds(worker, "/v1/workers/me/erasure") == []


def test_a_client_who_is_forgotten_offers_nothing_and_its_bidders_are_told(world: World) -> None:
    operator, client, worker = world.person("operator"), world.client(), world.worker()
    pay = {"model": "milestone", "budget": usd(100)}
    task, closed = world.task(client, pay), world.task(client, pay)
    paths = (f"/v1/tasks/{each['id']}/bids" for each in (task, closed))
    left, shut = (worker.post(path, {"price": usd(100)}, status=201)["id"] for path in paths)
    client.post(f"/v1/tasks/{closed['id']}/close")
    operator.post(f"/v1/clients/{client.id}/erasure", status=201)
    world.farewell()
    assert worker.get(f"/v1/tasks/{task['id']}")["status"] == "closed"
    for bid_id, code in ((left, "client_left"), (shut, "task_closed")):
        bid = worker.get(f"/v1/bids/{bid_id}")
        assert (bid["status"], bid["declined"]["reason_code"]) == ("expired", code)
        assert bid["declined"]["reason"]


def test_an_offer_that_its_client_takes_back_says_so_and_can_be_appealed(world: World) -> None:
    client, worker = world.client(), world.worker()
    task = world.task(client, {"model": "milestone", "budget": usd(100)})
    bid = worker.post(f"/v1/tasks/{task['id']}/bids", {"price": usd(100)}, status=201)["id"]
    offer = client.post(f"/v1/bids/{bid}/award", status=201)
    client.post(f"/v1/contracts/{offer['id']}/cancel")
    assert worker.get(f"/v1/bids/{bid}")["declined"]["reason_code"] == "offer_cancelled"
    appeal = worker.post("/v1/appeals", {"subject_id": bid, "reason": "look again"}, status=201)
    assert (appeal["reason_code"], appeal["respondent_id"]) == ("offer_cancelled", client.id)
