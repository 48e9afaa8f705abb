"""The ledger against Stripe: everything matches, and what does not is named and explained."""

from typing import Any

import pytest

from chalicelib.types import rfc3339
from chalicelib.work.settlements import work
from marketplace.ledger import postings
from marketplace.shared.events import Cause, EventType
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.shared.transaction import Transaction
from tests.people import Caller, World

DAY = 86_400
LONG_AGO = 1_559_347_200
"""2019-06-01: before anything that happened at Stripe."""
CLASSES = {"matched", "timing", "amount_mismatch", "missing_in_ledger", "missing_in_stripe", "duplicate"}


@pytest.fixture
def finance(world: World) -> Caller:
    return world.person("finance")


@pytest.fixture
def quiet(world: World) -> int:
    """An instant after which whatever happens belongs to this test."""
    world.advance(days=5)
    return world.system.clock.now()


def reconcile(world: World, finance: Caller, start: int, end: int) -> Any:
    window = {"from": rfc3339(start), "to": rfc3339(end)}
    started = finance.post("/v1/finance/reconciliations", window, status=201)
    assert started["status"] == "running"
    world.settle()
    return finance.get(f"/v1/finance/reconciliations/{started['id']}")


def post_a_fee(world: World, at: int, amount: int) -> str:
    """A fee that Stripe never took; the event's id."""
    event_id = new_id("evt")

    def posted(tx: Transaction) -> None:
        tx.post("USD", "Stripe's fee", postings.stripe_fee(amount), references=("txn_nobody",))
        tx.publish(EventType.STRIPE_FEE_POSTED, about=("txn_nobody",))

    run(world.system.runtime.store, Cause(event_id, "test", new_id("req"), at), posted)
    return event_id


def test_a_day_s_business_matches_line_by_line(world: World, finance: Caller, quiet: int) -> None:
    client = world.client(USD=30_000, JPY=40_000)
    worker = world.worker(payouts=True)
    contract = world.milestone_contract(client, worker, 20_000)
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "Done"})
    client.post(f"{path}/approve")
    worker.post("/v1/payouts", {})
    world.advance(days=9)
    run = reconcile(world, finance, quiet, world.system.clock.now())
    assert run["status"] == "finished"
    assert set(run["counts"]) == CLASSES
    two_charges_their_fees_and_a_transfer = 5
    assert run["counts"] == {**dict.fromkeys(CLASSES, 0), "matched": two_charges_their_fees_and_a_transfer}
    assert finance.get(f"/v1/finance/reconciliations/{run['id']}/exceptions")["data"] == []


def test_an_instant_payout_that_the_bank_returns_matches_with_the_fee_that_comes_back(
    world: World, finance: Caller, quiet: int
) -> None:
    client, worker = world.client(USD=30_000), world.worker(payouts=True)
    contract = world.milestone_contract(client, worker, 20_000)
    path = f"/v1/contracts/{contract['id']}/milestones/{contract['milestones'][0]['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "Done"})
    client.post(f"{path}/approve")
    account = worker.get("/v1/workers/me/payout-account")["stripe_account"]
    world.sandbox(f"stripe/accounts/{account}/bank", {"currency": "usd", "instant": True})
    world.advance(days=4)
    payout = worker.post("/v1/payouts", {"method": "instant"}, status=201)
    world.advance(hours=1)
    sent = worker.get(f"/v1/payouts/{payout['id']}")
    world.sandbox(f"stripe/payouts/{sent['stripe_payout']}/fail", {"failure_code": "account_closed"})
    world.settle()
    run = reconcile(world, finance, quiet, world.system.clock.now() + 1)
    a_charge_and_a_transfer_with_their_fees_and_one_that_came_back = 5
    found = {
        **dict.fromkeys(CLASSES, 0),
        "matched": a_charge_and_a_transfer_with_their_fees_and_one_that_came_back,
    }
    assert run["counts"] == found


def test_an_edge_between_a_charge_and_its_journal_does_not_look_like_a_loss(
    world: World, finance: Caller, quiet: int
) -> None:
    world.client(USD=30_000)
    world.advance(hours=1)
    edge = next(
        row["created"]
        for row in map(vars, world.system.runtime.stripe.books.balance_transactions(quiet, quiet + 3_600))
    )
    for window in ((quiet, edge), (edge, edge + DAY)):
        counts = reconcile(world, finance, *window)["counts"]
        assert counts["missing_in_ledger"] == counts["missing_in_stripe"] == 0
    assert reconcile(world, finance, quiet, edge + DAY)["counts"]["matched"] == 2


def test_what_stripe_does_not_know_is_an_exception_until_somebody_explains_it(
    world: World, finance: Caller
) -> None:
    event_id = post_a_fee(world, LONG_AGO + 60, 123)
    run = reconcile(world, finance, LONG_AGO, LONG_AGO + DAY)
    assert run["counts"]["missing_in_stripe"] >= 1
    path = f"/v1/finance/reconciliations/{run['id']}/exceptions"
    mine = [row for row in finance.get(path)["data"] if row["ledger"] == event_id.replace("evt_", "jrn_")]
    (found,) = mine
    assert (found["class"], found["stripe"], found["status"]) == ("missing_in_stripe", None, "open")
    assert found["amount"] == {"amount": 123, "currency": "USD"}
    assert found["age_seconds"] == world.system.clock.now() - LONG_AGO - 60
    assert found["owner"]
    assert found["reason"]
    resolve = f"/v1/finance/exceptions/{found['id']}/resolve"
    assert finance.refused(resolve, {"reason": ""}) == (422, "invalid_request")
    resolved = finance.post(resolve, {"reason": "posted by a test"})
    assert (resolved["status"], resolved["resolution"]) == ("resolved", "posted by a test")
    assert finance.refused(resolve, {"reason": "again"}) == (409, "illegal_transition")
    assert {row["id"]: row["status"] for row in finance.get(path)["data"]}[found["id"]] == "resolved"


def test_working_on_a_run_twice_finds_and_counts_the_same(world: World, finance: Caller) -> None:
    for amount in (7, 8):
        post_a_fee(world, LONG_AGO + 3 * DAY, amount)
    run = reconcile(world, finance, LONG_AGO + 2 * DAY, LONG_AGO + 4 * DAY)
    path = f"/v1/finance/reconciliations/{run['id']}"
    before = finance.get(path), finance.get(f"{path}/exceptions")
    one = finance.get(f"{path}/exceptions?limit=1")
    rest = finance.get(f"{path}/exceptions?limit=100&cursor={one['next_cursor']}")
    assert [*one["data"], *rest["data"]] == before[1]["data"]
    assert (len(one["data"]), rest["next_cursor"]) == (1, None)
    history = finance.get(f"/v1/finance/trace/{run['id']}")["chain"]
    started = next(link["id"] for link in history if link["detail"].startswith("reconciliation.running"))
    event = world.system.runtime.store.event(started)
    assert event is not None
    work(event, world.system.runtime)
    assert (finance.get(path), finance.get(f"{path}/exceptions")) == before


def test_a_window_has_a_length_and_a_run_has_a_key(world: World, finance: Caller) -> None:
    window = {"from": rfc3339(LONG_AGO), "to": rfc3339(LONG_AGO)}
    path = "/v1/finance/reconciliations"
    assert finance.refused(path, window) == (422, "invalid_request")
    assert finance.call("POST", path, window).json()["code"] == "idempotency_key_required"
    assert finance.refused(f"{path}/rec_01k00000000000000000000000", method="GET") == (404, "not_found")
    assert finance.refused("/v1/finance/exceptions/brk_x/resolve", {"reason": "x"}) == (404, "not_found")
