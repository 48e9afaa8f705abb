"""Fee schedules and agencies over HTTP: who pays what, who sees it, and who gets it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from cli import audit as command
from marketplace.contracts.fee_schedules import CALENDAR_ID, NOTICE_SECONDS
from marketplace.storage.meter import Meter
from marketplace.storage.models import HeadItem
from tests.people import Caller, World, key, usd

TIERS: dict[str, Any] = {"currency": "USD", "tiers": [{"above": 50_000, "basis_points": 1_000}]}
SCHEDULE: dict[str, Any] = {"basis_points": 2_000, "client_basis_points": 300, "currencies": [TIERS]}

Publish = Callable[..., Any]


@pytest.fixture
def publish(world: World) -> Iterator[Publish]:
    """Publishes schedules and lets the notice pass; afterwards there are none: other tests hire too."""
    operator = world.person("operator")

    def made(**more: Any) -> Any:
        schedule = operator.post("/v1/fee-schedules", {**SCHEDULE, **more}, status=201)
        world.advance(seconds=NOTICE_SECONDS)
        return schedule

    yield made
    with suppress(HeadItem.DoesNotExist):
        HeadItem.get(CALENDAR_ID).delete()


def hand_in(client: Caller, worker: Caller, contract: Any) -> str:
    """Funds the contract's first milestone and hands it in; its path."""
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "done"})
    return path


def figure(worker: Caller, name: str) -> int:
    """One of the worker's earnings, in cents."""
    rows = worker.get("/v1/workers/me/earnings")["balances"]
    return next((row[name] for row in rows if row["currency"] == "USD"), 0)


def breaches(world: World, *subjects: str) -> list[Any]:
    """What the audit says about these."""
    found = command.audit(world.system.runtime).breaches
    return [breach for breach in found if any(subject in breach.subject for subject in subjects)]


def test_a_contract_keeps_the_fees_of_the_day_it_was_offered(world: World, publish: Publish) -> None:
    client, worker = world.client(USD=101_800), world.worker()
    before = world.milestone_contract(client, worker, 40_000)
    schedule = publish()
    publish(basis_points=0, effective_at=world.in_seconds(3_600))
    contract = world.milestone_contract(client, worker, 60_000)
    told = {**SCHEDULE, "currencies": [{"fixed": 0, "minimum": 0, **TIERS}], "id": schedule["id"]}
    assert schedule.items() >= told.items()
    assert contract["fees"] == {
        "schedule_id": schedule["id"],
        "basis_points": 2_000,
        "tiers": TIERS["tiers"],
        "fixed": 0,
        "minimum": 0,
        "client_basis_points": 300,
        "client_held": 0,
        "client_earned": 0,
    }
    path = hand_in(client, worker, contract)
    world.settle()
    rows = client.get("/v1/wallet")["balances"]
    assert [(row["available"], row["held"], row["fees_held"]) for row in rows] == [(40_000, 60_000, 1_800)]
    assert figure(worker, "in_review") == 49_000  # 20 % of 500.00, 10 % of 100.00
    client.post(f"{path}/approve")
    paid = client.get(f"/v1/contracts/{contract['id']}")
    assert (paid["fees"]["client_held"], paid["fees"]["client_earned"]) == (0, 1_800)
    client.post(f"{hand_in(client, worker, before)}/approve")
    assert (before["fees"], before["fee_basis_points"]) == (None, 1_000)
    assert figure(worker, "available") == 49_000 + 36_000
    assert not breaches(world, contract["id"], before["id"], worker.id, client.id)


def test_the_clients_fee_must_be_in_the_wallet_too(world: World, publish: Publish) -> None:
    publish()
    client, worker = world.client(USD=10_299), world.worker()
    contract = world.milestone_contract(client, worker, 10_000)
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    assert client.refused(f"{path}/fund") == (409, "insufficient_funds")
    world.top_up(client, 51)
    client.post(f"{path}/fund")
    client.post(f"{path}/cancel")
    assert client.get("/v1/wallet")["balances"][0]["available"] == 10_350
    assert not breaches(world, contract["id"], client.id)


def test_contracts_of_one_pair_that_are_approved_at_once_share_one_way_up_the_tiers(
    world: World, publish: Publish
) -> None:
    publish(client_basis_points=0)
    client, worker = world.client(USD=120_000), world.worker()
    contracts = [world.milestone_contract(client, worker, 30_000) for _ in range(4)]
    paths = [hand_in(client, worker, contract) for contract in contracts]
    with ThreadPoolExecutor(len(paths)) as pool:
        list(pool.map(lambda path: client.post(f"{path}/approve"), paths))
    assert figure(worker, "available") == 120_000 - 10_000 - 7_000
    assert not breaches(world, worker.id, *(contract["id"] for contract in contracts))


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"basis_points": 10_001}, "/basis_points"),
        ({"basis_points": 12.5}, "/basis_points"),
        ({"effective_at": "2020-01-01T00:00:00Z"}, "/effective_at"),
        ({"currencies": [TIERS, TIERS]}, "/currencies/1/currency"),
        ({"currencies": [{**TIERS, "tiers": TIERS["tiers"] * 2}]}, "/currencies/0/tiers"),
        ({"currencies": [{**TIERS, "minimum": -1}]}, "/currencies/0/minimum"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(world: World, changed: Any, pointer: str) -> None:
    answer = world.person("operator").call("POST", "/v1/fee-schedules", {**SCHEDULE, **changed}, **key())
    assert answer.status_code == 422
    assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]


def test_only_operators_set_fees_and_the_same_key_sets_them_once(world: World, publish: Publish) -> None:
    assert world.client().refused("/v1/fee-schedules", SCHEDULE) == (403, "forbidden")
    operator, once = world.person("operator"), key()
    first, second = (operator.call("POST", "/v1/fee-schedules", SCHEDULE, **once).json() for _ in range(2))
    assert first == second
    listed = operator.get("/v1/fee-schedules?limit=100")["data"]
    assert [row["id"] for row in listed].count(first["id"]) == 1
    assert operator.get(f"/v1/fee-schedules/{first['id']}") == first


def test_an_agency_shares_what_its_contract_earns_by_the_shares_of_its_day(world: World) -> None:
    client, lead, other = world.client(USD=20_000), world.worker(), world.worker()
    agency = agency_of(lead, other, 2_500)
    task = world.task(client, {"model": "milestone", "budget": usd(10_001)})
    bid = {"price": usd(10_001), "message": "We can", "agency_id": agency["id"]}
    contract = world.contract(client, other, task, bid)
    assert contract["agency"] == {
        "id": agency["id"],
        "version": 2,
        "shares": [
            {"worker_id": lead.id, "basis_points": 7_500},
            {"worker_id": other.id, "basis_points": 2_500},
        ],
    }
    path = hand_in(client, other, contract)
    assert (figure(lead, "in_review"), figure(other, "in_review")) == (6_751, 2_250)
    other.post(f"/v1/agencies/{agency['id']}/leave")
    client.post(f"{path}/approve")
    for worker, part in ((lead, 6_751), (other, 2_250)):
        assert (figure(worker, "in_review"), figure(worker, "available")) == (0, part)
    assert lead.get(f"/v1/agencies/{agency['id']}")["version"] == 3
    assert other.get("/v1/agencies")["data"] == []
    assert not breaches(world, contract["id"], lead.id, other.id)


def test_members_see_their_part_of_a_session_while_it_runs_and_until_it_is_paid(world: World) -> None:
    client, lead, other = world.client(USD=20_000), world.worker(), world.worker()
    agency = agency_of(lead, other, 4_000)
    rate = {"amount_decimal": "60", "currency": "USD", "per": "minute"}
    task = world.task(client, {"model": "per_minute", "rate": rate})
    bid = {"price": rate, "message": "We can", "agency_id": agency["id"]}
    contract = world.contract(client, other, task, bid)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(10_000)})
    session = other.post(f"/v1/contracts/{contract['id']}/sessions", {})
    world.advance(seconds=100)
    other.post(f"/v1/sessions/{session['id']}/heartbeat", {"sequence": 1, "at": world.in_seconds(0)})
    parts = ((lead, 54), (other, 36))  # 1.00, a tenth of it ours
    assert all(figure(worker, "accruing") == part for worker, part in parts)
    other.post(f"/v1/sessions/{session['id']}/stop")
    assert all(figure(worker, "in_review") == part for worker, part in parts)
    client.post(f"/v1/sessions/{session['id']}/approve")
    assert all(figure(worker, "available") == part for worker, part in parts)


def agency_of(lead: Caller, other: Caller, share: int) -> Any:
    """Founded by one, joined by the other, who may bid."""
    agency = lead.post("/v1/agencies", {"name": "Night owls"}, status=201)
    path = f"/v1/agencies/{agency['id']}"
    body = {"worker_id": other.id, "share_basis_points": share, "may_bid": True}
    lead.post(f"{path}/members", body, status=201)
    return other.post(f"{path}/accept")


def test_an_agency_is_its_members_and_each_of_them_joins_once(world: World) -> None:
    lead, other, stranger = (world.worker() for _ in range(3))
    agency = lead.post("/v1/agencies", {"name": "Night owls"}, status=201)
    path = f"/v1/agencies/{agency['id']}"
    offer = {"worker_id": other.id, "share_basis_points": 6_000}
    lead.post(f"{path}/members", offer, status=201)
    for step in ("accept", "decline", "leave"):
        assert stranger.refused(f"{path}/{step}") == (404, "not_found")
    assert stranger.refused(path, method="GET") == (404, "not_found")
    not_what_was_shown = {"share_basis_points": 7_000}
    assert other.refused(f"{path}/accept", not_what_was_shown) == (409, "illegal_transition")
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: other.call("POST", f"{path}/accept", **key()), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 5
    joined = other.get(path)
    assert joined["version"] == 2
    assert [row["share_basis_points"] for row in joined["members"]] == [4_000, 6_000]
    assert other.refused(f"{path}/members", offer)[0] == 403
    assert lead.refused(f"{path}/leave") == (409, "illegal_transition")
    too_much = {"worker_id": stranger.id, "share_basis_points": 4_001}
    assert lead.refused(f"{path}/members", too_much) == (422, "invalid_request")
    nobody = {"worker_id": other.id[:-4] + "zzzz", "share_basis_points": 1}
    assert lead.refused(f"{path}/members", nobody) == (422, "invalid_request")


def test_only_who_may_bids_for_an_agency_and_who_has_left_accepts_nothing(world: World) -> None:
    client, lead, other, stranger = world.client(), *(world.worker() for _ in range(3))
    agency = agency_of(lead, other, 5_000)
    bids = f"/v1/tasks/{world.task(client, {'model': 'milestone', 'budget': usd(100)})['id']}/bids"
    bid = {"price": usd(100), "message": "", "agency_id": agency["id"]}
    assert stranger.refused(bids, bid) == (404, "not_found")
    offer = client.post(f"/v1/bids/{other.post(bids, bid, status=201)['id']}/award", status=201)
    lead.post(f"/v1/agencies/{agency['id']}/members/{other.id}/remove")
    assert other.refused(f"/v1/contracts/{offer['id']}/accept", {}) == (409, "illegal_transition")
    lead.post(
        f"/v1/agencies/{agency['id']}/members", {"worker_id": other.id, "share_basis_points": 1}, status=201
    )
    other.post(f"/v1/agencies/{agency['id']}/accept")
    other.post(f"/v1/contracts/{offer['id']}/decline")
    assert other.refused(bids, bid) == (403, "forbidden")


def test_members_open_what_their_agency_works_on_and_everybody_sees_its_name(world: World) -> None:
    client, lead, other, late, stranger = world.client(), *(world.worker() for _ in range(4))
    agency = agency_of(lead, other, 5_000)
    task = world.task(client, {"model": "milestone", "budget": usd(100)})
    bid = {"price": usd(100), "message": "", "agency_id": agency["id"]}
    contract = world.contract(client, other, task, bid)
    path = f"/v1/agencies/{agency['id']}"
    other.post(f"{path}/leave")
    lead.post(f"{path}/members", {"worker_id": late.id, "share_basis_points": 1}, status=201)
    assert late.refused(f"/v1/contracts/{contract['id']}", method="GET") == (404, "not_found")
    late.post(f"{path}/accept")
    for reader in (client, lead, other, late):
        assert reader.get(f"/v1/contracts/{contract['id']}")["worker_id"] == other.id
        assert reader.get(f"/v1/contracts/{contract['id']}/sessions")["data"] == []
    assert stranger.refused(f"/v1/contracts/{contract['id']}", method="GET") == (404, "not_found")
    assert lead.refused(f"/v1/contracts/{contract['id']}/pause")[0] == 403
    assert lead.refused(f"/v1/contracts/{contract['id']}/complete") == (404, "not_found")
    assert [row["id"] for row in late.get(f"{path}/contracts")["data"]] == [contract["id"]]
    assert other.refused(f"{path}/contracts", method="GET") == (404, "not_found")
    profile = client.get(f"{path}/profile")
    assert (profile["name"], [row["id"] for row in profile["members"]]) == ("Night owls", [lead.id, late.id])


def test_only_tiers_make_an_approval_dearer(world: World, publish: Publish) -> None:
    """Contract, event, the worker's balance; tiers are one head more."""
    spent = []
    for currencies in ([], [TIERS]):
        publish(currencies=currencies)
        client, worker = world.client(USD=70_000), world.worker()
        path = hand_in(client, worker, world.milestone_contract(client, worker, 60_000))
        world.settle()
        with Meter(world.system.runtime.store.connection.client) as meter:
            client.post(f"{path}/approve")
        commits = [r for r in meter.requests if r.operation == "TransactWriteItems"]
        spent += [len(r.asked["TransactItems"]) for r in commits if HeadItem.Meta.table_name in r.tables]
    assert spent == [3, 4]
