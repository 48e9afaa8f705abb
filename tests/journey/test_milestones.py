"""Work paid by the milestone: from the wallet through the hold to the worker's balance."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.people import Caller, World, key, usd


@pytest.fixture
def client(world: World) -> Caller:
    return world.client(USD=100_000)


@pytest.fixture
def worker(world: World) -> Caller:
    return world.worker()


def path_of(contract: dict[str, object], row: int, step: str) -> str:
    milestones: list[dict[str, str]] = contract["milestones"]  # type: ignore[assignment]
    return f"/v1/contracts/{contract['id']}/milestones/{milestones[row]['id']}/{step}"


def money_of(client: Caller, contract_id: str) -> tuple[int, ...]:
    contract = client.get(f"/v1/contracts/{contract_id}")
    return tuple(contract[name] for name in ("funded", "held", "released", "returned"))


def available(client: Caller) -> int:
    return int(client.get("/v1/wallet")["balances"][0]["available"])


def test_an_approved_milestone_pays_the_net_and_the_hold_falls_by_the_gross(
    world: World, client: Caller, worker: Caller
) -> None:
    contract = world.milestone_contract(client, worker, 30_005, 20_000)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(50_005)})
    assert available(client) == 49_995
    worker.post(path_of(contract, 0, "submit"), {"note": "Done"})
    assert client.post(path_of(contract, 0, "approve"))["status"] == "approved"
    assert money_of(client, contract["id"]) == (50_005, 20_000, 30_005, 0)
    assert worker.get("/v1/workers/me/earnings")["balances"][0]["available"] == 30_005 - 3_001


def test_funding_covers_planned_milestones_in_order_and_exactly(
    world: World, client: Caller, worker: Caller
) -> None:
    contract = world.milestone_contract(client, worker, 10_000, 20_000)
    path = f"/v1/contracts/{contract['id']}/fund"
    assert client.refused(path, {"amount": usd(15_000)}) == (422, "invalid_request")
    assert client.refused(path, {"amount": {"amount": 10_000, "currency": "EUR"}})[1] == "currency_mismatch"
    funded = client.post(path, {"amount": usd(10_000)})
    assert [row["status"] for row in funded["milestones"]] == ["funded", "planned"]


def test_more_than_the_wallet_holds_is_refused_and_nothing_moves(world: World, worker: Caller) -> None:
    poor = world.client(USD=10_000)
    contract = world.milestone_contract(poor, worker, 10_001)
    assert poor.refused(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(10_001)}) == (
        409,
        "insufficient_funds",
    )
    assert available(poor) == 10_000
    assert money_of(poor, contract["id"]) == (0, 0, 0, 0)


def test_silence_approves_when_the_review_ends_and_changes_asked_stop_the_clock(
    world: World, client: Caller, worker: Caller
) -> None:
    contract = world.milestone_contract(client, worker, 10_000, 5_000)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(15_000)})
    for row in (0, 1):
        worker.post(path_of(contract, row, "submit"), {"note": "Done"})
    client.post(path_of(contract, 1, "request-changes"), {"reason": "Typos"})
    world.advance(days=14)
    rows = client.get(f"/v1/contracts/{contract['id']}")["milestones"]
    assert [row["status"] for row in rows] == ["approved", "funded"]
    assert money_of(client, contract["id"]) == (15_000, 5_000, 10_000, 0)


def test_both_sides_read_what_was_handed_in_last(world: World, client: Caller, worker: Caller) -> None:
    contract = world.milestone_contract(client, worker, 10_000)
    path = path_of(contract, 0, "")[:-1]
    assert client.get(path)["submission"] is None
    client.post(f"{path}/fund")
    for note in ("First", "Second"):
        worker.post(f"{path}/submit", {"note": note, "attachments": ["report.pdf"]})
        if note == "First":
            client.post(f"{path}/request-changes", {"reason": "Typos"})
    for caller in (client, worker):
        handed_in = caller.get(path)["submission"]
        assert (handed_in["note"], handed_in["attachments"]) == ("Second", ["report.pdf"])
    assert world.worker().refused(path, method="GET") == (404, "not_found")


def test_racing_approvals_with_different_keys_pay_once(world: World, client: Caller, worker: Caller) -> None:
    contract = world.milestone_contract(client, worker, 10_000, 80_000)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(90_000)})
    worker.post(path_of(contract, 0, "submit"))
    path = path_of(contract, 0, "approve")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.call("POST", path, **key()), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert worker.get("/v1/workers/me/earnings")["balances"][0]["available"] == 9_000


def test_racing_calls_with_one_key_have_one_effect_and_one_answer(
    world: World, client: Caller, worker: Caller
) -> None:
    contract = world.milestone_contract(client, worker, 10_000)
    one = key()
    path = f"/v1/contracts/{contract['id']}/fund"
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: client.call("POST", path, {"amount": usd(10_000)}, **one), range(8))
        )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert available(client) == 90_000


def test_a_key_stands_for_the_call_however_its_path_is_written(
    world: World, client: Caller, worker: Caller
) -> None:
    contract = world.milestone_contract(client, worker, 10_000, 10_000)
    one, path = key(), f"/v1/contracts/{contract['id']}/fund"
    first = client.call("POST", path, {"amount": usd(10_000)}, **one)
    again = client.call("POST", f"{path}/", {"amount": usd(10_000)}, **one)
    assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
    assert available(client) == 90_000


def test_a_cancelled_milestone_gives_its_money_back(world: World, client: Caller, worker: Caller) -> None:
    contract = world.milestone_contract(client, worker, 10_000, 5_000)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(15_000)})
    client.post(path_of(contract, 0, "cancel"))
    assert money_of(client, contract["id"]) == (15_000, 5_000, 0, 10_000)
    assert available(client) == 95_000


def test_ending_a_contract_returns_what_is_held_but_not_while_work_waits_for_its_answer(
    world: World, client: Caller, worker: Caller
) -> None:
    contract = world.milestone_contract(client, worker, 10_000, 5_000)
    path = f"/v1/contracts/{contract['id']}"
    client.post(f"{path}/fund", {"amount": usd(15_000)})
    worker.post(path_of(contract, 0, "submit"))
    assert client.refused(f"{path}/complete") == (409, "illegal_transition")
    assert client.refused(f"{path}/cancel") == (409, "illegal_transition")
    client.post(path_of(contract, 0, "approve"))
    ended = client.post(f"{path}/complete")
    assert (ended["status"], ended["held"], ended["returned"]) == ("completed", 0, 5_000)
    assert available(client) == 90_000


def test_a_bonus_comes_out_of_the_wallet_less_the_fee(world: World, client: Caller, worker: Caller) -> None:
    contract = world.milestone_contract(client, worker, 10_000)
    client.post(f"/v1/contracts/{contract['id']}/bonus", {"amount": usd(1_005), "reason": "Kind"}, status=201)
    assert available(client) == 98_995
    assert worker.get("/v1/workers/me/earnings")["balances"][0]["available"] == 1_005 - 101


def test_neither_side_can_touch_anothers_contract_nor_take_the_others_steps(
    world: World, client: Caller, worker: Caller
) -> None:
    contract = world.milestone_contract(client, worker, 10_000)
    stranger, other = world.client(), world.worker()
    fund = f"/v1/contracts/{contract['id']}/fund"
    assert stranger.refused(fund, {"amount": usd(10_000)}) == (404, "not_found")
    assert other.refused(path_of(contract, 0, "submit"), {}) == (404, "not_found")
    assert worker.refused(fund, {"amount": usd(10_000)}) == (403, "forbidden")
    assert client.refused(path_of(contract, 0, "submit"), {}) == (403, "forbidden")
    assert other.refused(f"/v1/contracts/{contract['id']}", method="GET") == (404, "not_found")


def test_a_key_without_the_money_scope_moves_none_and_makes_and_takes_no_better_one(
    world: World, client: Caller, worker: Caller
) -> None:
    contract = world.milestone_contract(client, worker, 10_000)
    made = client.post("/v1/clients/me/api-keys", {"scopes": ["work"]}, status=201)
    clerk = Caller(world.http, made["api_key"])
    first = client.get("/v1/clients/me/api-keys")["data"][-1]["id"]
    assert clerk.refused("/v1/clients/me/api-keys", {"scopes": ["money"]}) == (403, "forbidden")
    assert clerk.refused(f"/v1/clients/me/api-keys/{first}", method="DELETE") == (403, "forbidden")
    assert clerk.get(f"/v1/contracts/{contract['id']}")["id"] == contract["id"]
    assert clerk.refused(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(1)}) == (403, "forbidden")
    client.call("DELETE", f"/v1/clients/me/api-keys/{made['id']}")
    assert clerk.refused("/v1/clients/me", method="GET") == (401, "unauthenticated")
