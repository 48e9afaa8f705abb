"""Payouts that wait, are cancelled, settle a debt or follow a schedule, over HTTP."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from marketplace.payouts.schedule import SPREAD_SECONDS
from marketplace.shared import accounts
from marketplace.shared.events import Cause, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.journal import Posting
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from tests.people import Caller, World, key, usd

SCHEDULE = "/v1/workers/me/payout-schedule"


@contextmanager
def rules(world: World, **chosen: Any) -> Iterator[None]:
    """The deployment pays out by other rules for a while."""
    runtime = world.system.runtime
    kept = runtime.settings
    named = {f"payout_{name}": value for name, value in chosen.items()}
    runtime.settings = kept.model_copy(update=named)
    try:
        yield
    finally:
        runtime.settings = kept


def paid_worker(world: World, amount: int = 10_000) -> Caller:
    """A verified worker to whom `amount` cents less the fee have just been paid; Stripe has the money."""
    client, worker = world.client(USD=amount), world.worker(payouts=True)
    earn(client, worker, world, amount)
    return worker


def earn(client: Caller, worker: Caller, world: World, amount: int) -> None:
    contract = world.milestone_contract(client, worker, amount)
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "done"})
    client.post(f"{path}/approve")


def owes(world: World, worker: Caller, amount: int) -> None:
    """Work that was paid out has been taken back since."""
    cause = Cause(new_id("evt"), "test", new_id("req"), world.system.clock.now())

    def take_back(tx: Transaction) -> None:
        rows = Posting(accounts.owed(worker.id), debit=amount), Posting(accounts.LOSSES, credit=amount)
        tx.post("USD", "taken back", rows)
        tx.publish(EventType.CALL_ANSWERED, about=(worker.id,))

    run(world.system.runtime.store, cause, take_back)


def earnings(worker: Caller) -> Any:
    return worker.get("/v1/workers/me/earnings")["balances"][0]


def waiting(worker: Caller, payout: Any) -> tuple[str, str | None]:
    found = worker.get(f"/v1/payouts/{payout['id']}")
    return found["status"], found["reason"]


def stuck(finance: Caller) -> dict[str, Any]:
    return {row["id"]: row for row in finance.get("/v1/finance/payouts?limit=100")["data"]}


def test_a_payout_of_a_new_account_waits_and_then_goes_by_itself(world: World) -> None:
    with rules(world, hold_seconds=3 * 86_400):
        worker, finance = paid_worker(world), world.person("finance")
        payout = worker.post("/v1/payouts", {}, status=201)
        assert (payout["status"], payout["reason"]) == ("pending", "held_new_account")
        assert payout["expected_at"] == world.in_seconds(5 * 86_400)
        world.advance(days=2, hours=23)
        assert waiting(worker, payout) == ("pending", "held_new_account")
        assert stuck(finance)[payout["id"]]["approvals_needed"] == 0
        world.advance(hours=2)
        world.settle()
        assert waiting(worker, payout) == ("sent", None)
        earn(world.client(USD=2_000), worker, world, 2_000)
        assert worker.post("/v1/payouts", {}, status=201)["reason"] is None


def test_two_different_people_approve_a_large_payout(world: World) -> None:
    with rules(world, approval_above=8_999):
        worker = paid_worker(world)
        first, second = world.person("finance"), world.person("finance")
        world.advance(days=3)
        payout = worker.post("/v1/payouts", {}, status=201)
        assert (payout["status"], payout["reason"]) == ("pending", "needs_approval")
        path, named = f"/v1/finance/payouts/{payout['id']}/approve", {"Idempotency_Key": uuid.uuid4().hex}
        for nobody in (worker, world.client(), world.person("operator")):
            assert nobody.refused(path) == (403, "forbidden")
        assert first.call("POST", path).json()["code"] == "idempotency_key_required"
        answers = [first.call("POST", path, **named) for _ in range(2)]
        assert answers[0].content == answers[1].content
        assert answers[1].headers["Idempotent-Replayed"] == "true"
        assert first.refused(path) == (409, "already_approved")
        world.advance(days=1)
        row = stuck(second)[payout["id"]]
        assert (row["reason"], row["approvals_needed"], len(row["approvals"])) == ("needs_approval", 2, 1)
        assert row["expected_at"] >= world.in_seconds(2 * 86_400)
        approved = second.post(path)
        assert (approved["status"], approved["reason"], len(approved["approvals"])) == ("pending", None, 2)
        world.settle()
        assert waiting(worker, payout) == ("sent", None)
        assert second.refused(path) == (409, "illegal_transition")
        chain = first.get(f"/v1/finance/trace/{payout['id']}")["chain"]
        assert sum("payout.approved" in link["detail"] for link in chain) == 2


def test_two_people_may_approve_at_the_same_moment_and_one_of_them_only_once(world: World) -> None:
    with rules(world, approval_above=1_000):
        worker = paid_worker(world)
        people = [world.person("finance"), world.person("finance")]
        payout = worker.post("/v1/payouts", {}, status=201)
        path = f"/v1/finance/payouts/{payout['id']}/approve"
        with ThreadPoolExecutor(6) as pool:
            codes = list(pool.map(lambda n: people[n % 2].call("POST", path, **key()).status_code, range(6)))
        assert sorted(codes) == [200, 200, 409, 409, 409, 409]


def test_what_waits_is_cancelled_and_its_money_available_again(world: World) -> None:
    with rules(world, hold_seconds=3 * 86_400):
        worker, finance = paid_worker(world), world.person("finance")
        payout = worker.post("/v1/payouts", {}, status=201)
        path = f"/v1/finance/payouts/{payout['id']}/cancel"
        for nobody in (worker, world.client(), world.person("operator")):
            assert nobody.refused(path) == (403, "forbidden")
        assert finance.refused(f"/v1/finance/payouts/{new_id('pay')}/cancel") == (404, "not_found")
        assert finance.call("POST", path).json()["code"] == "idempotency_key_required"
        cancelled = finance.post(path, status=200)
        assert (cancelled["status"], cancelled["reason"]) == ("cancelled", None)
        assert (earnings(worker)["available"], earnings(worker)["in_transit"]) == (9_000, 0)
        for step in ("cancel", "approve", "retry"):
            wrong = f"/v1/finance/payouts/{payout['id']}/{step}"
            assert finance.refused(wrong) == (409, "illegal_transition")
        world.advance(days=5)
        world.settle()
        found = worker.get(f"/v1/payouts/{payout['id']}")
        assert (found["status"], found["stripe_transfers"]) == ("cancelled", [])
        assert payout["id"] not in stuck(finance)
        again = worker.post("/v1/payouts", {}, status=201)
        world.settle()
        assert waiting(worker, again) == ("sent", None)


def test_what_may_be_on_its_way_is_not_cancelled(world: World) -> None:
    worker, finance = paid_worker(world), world.person("finance")
    world.advance(days=3)
    payout = worker.post("/v1/payouts", {}, status=201)
    path = f"/v1/finance/payouts/{payout['id']}/cancel"
    assert finance.refused(path) == (409, "illegal_transition")
    world.settle()
    assert finance.refused(path) == (409, "illegal_transition")
    world.advance(days=3)
    assert waiting(worker, payout) == ("paid", None)
    assert finance.refused(path) == (409, "illegal_transition")


def test_what_awaits_funds_is_cancelled_before_they_come(world: World) -> None:
    client, worker = world.client(NOK=20_000), world.worker(payouts=True)
    contract = world.milestone_contract(client, worker, 10_000, currency="NOK")
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "done"})
    client.post(f"{path}/approve")
    payout = worker.post("/v1/payouts", {}, status=201)
    world.settle()
    assert waiting(worker, payout) == ("pending", "awaiting_funds")
    world.person("finance").post(f"/v1/finance/payouts/{payout['id']}/cancel")
    world.advance(days=4)
    assert waiting(worker, payout) == ("cancelled", None)
    assert earnings(worker)["available"] == 9_000


def test_a_debt_is_settled_from_a_payout_and_says_so(world: World) -> None:
    worker = paid_worker(world)
    world.advance(days=3)
    owes(world, worker, 5_000)
    assert earnings(worker)["owed"] == 5_000
    payout = worker.post("/v1/payouts", {"amount": usd(8_000)}, status=201)
    assert payout["amount"] == usd(4_000)
    assert payout["deductions"] == [{"reason": "owed", "amount": usd(4_000)}]
    assert (earnings(worker)["available"], earnings(worker)["owed"]) == (1_000, 1_000)
    world.advance(days=3)
    world.settle()
    assert waiting(worker, payout) == ("paid", None)
    assert earnings(worker)["paid"] == 4_000


def test_payouts_at_once_settle_one_debt_to_the_cent(world: World) -> None:
    worker = paid_worker(world)
    owes(world, worker, 1_500)
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda _: worker.call("POST", "/v1/payouts", {"amount": usd(1_000)}, **key()), range(6))
        )
    assert [answer.status_code for answer in answers] == [201] * 6
    settled = [row["amount"]["amount"] for answer in answers for row in answer.json()["deductions"]]
    assert settled == [500] * 3
    row = earnings(worker)
    assert (row["available"], row["in_transit"], row["owed"]) == (3_000, 4_500, 0)


def test_a_schedule_is_chosen_shown_and_replaced(world: World) -> None:
    worker = world.worker()
    begun = worker.get(SCHEDULE)
    assert (begun["interval"], begun["anchor"], begun["minimum"], begun["next_at"]) == (
        "manual",
        None,
        None,
        None,
    )
    weekly = worker.call("PUT", SCHEDULE, {"interval": "weekly", "anchor": "friday", "minimum": usd(500)})
    chosen = weekly.json()
    assert (weekly.status_code, chosen["id"]) == (200, begun["id"])
    assert (chosen["interval"], chosen["anchor"], chosen["minimum"]) == ("weekly", "friday", usd(500))
    assert world.in_seconds(0) < chosen["next_at"] <= world.in_seconds(7 * 86_400 + SPREAD_SECONDS)
    assert worker.get(SCHEDULE) == chosen
    monthly = worker.call("PUT", SCHEDULE, {"interval": "monthly"}).json()
    assert (monthly["anchor"], monthly["minimum"]) == (1, None)
    assert worker.call("PUT", SCHEDULE, {"interval": "manual"}).json()["next_at"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/interval"),
        ({"interval": "hourly"}, "/interval"),
        ({"interval": "weekly", "anchor": 5}, "/anchor"),
        ({"interval": "monthly", "anchor": "friday"}, "/anchor"),
        ({"interval": "monthly", "anchor": 32}, "/anchor"),
        ({"interval": "monthly", "anchor": True}, "/anchor"),
        ({"interval": "daily", "anchor": "friday"}, "/anchor"),
        ({"interval": "daily", "anchor": None}, "/anchor"),
        ({"interval": "daily", "minimum": usd(99)}, "/minimum/amount"),
        ({"interval": "daily", "paused": True}, "/paused"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(world: World, body: Any, pointer: str) -> None:
    answer = world.worker().call("PUT", SCHEDULE, body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


def test_a_schedule_is_a_workers_own(world: World) -> None:
    for nobody in (world.client(), world.person("finance")):
        assert nobody.refused(SCHEDULE, method="GET") == (403, "forbidden")
        assert nobody.refused(SCHEDULE, {"interval": "daily"}, method="PUT") == (403, "forbidden")


def test_earnings_are_paid_out_by_schedule_in_each_currency_from_its_minimum_on(world: World) -> None:
    worker = paid_worker(world)
    client = world.client(EUR=20_000)
    contract = world.milestone_contract(client, worker, 20_000, currency="EUR")
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "done"})
    client.post(f"{path}/approve")
    chosen = worker.call("PUT", SCHEDULE, {"interval": "daily", "minimum": usd(9_001)}).json()
    world.advance(days=1)
    world.settle()
    (euros,) = worker.get("/v1/payouts")["data"]
    assert euros["amount"] == {"amount": 18_000, "currency": "EUR"}
    assert euros["requested_at"] == chosen["next_at"]
    worker.call("PUT", SCHEDULE, {"interval": "daily"})
    world.advance(days=4)
    world.settle()
    listed = worker.get("/v1/payouts")["data"]
    assert [row["amount"] for row in listed] == [usd(9_000), {"amount": 18_000, "currency": "EUR"}]
    assert earnings(worker)["available"] == 0
    kinds = [
        link["kind"] for link in world.person("finance").get(f"/v1/finance/trace/{euros['id']}")["chain"]
    ]
    assert {"event", "journal", "payout", "transfer"} <= set(kinds)


def test_a_scheduled_payout_waits_until_its_worker_has_an_account(world: World) -> None:
    client, worker = world.client(USD=10_000), world.worker()
    earn(client, worker, world, 10_000)
    worker.call("PUT", SCHEDULE, {"interval": "daily"})
    world.advance(days=3)
    assert worker.get("/v1/payouts")["data"] == []
    account = worker.post("/v1/workers/me/payout-account")["stripe_account"]
    world.sandbox(f"stripe/accounts/{account}/verify")
    world.settle()
    world.advance(days=1)
    world.settle()
    assert [row["status"] for row in worker.get("/v1/payouts")["data"]] == ["sent"]
