"""A card's bank takes money back: who pays it, whose work waits, and how it ends, over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest

from app import app
from sandbox.calendar import Calendar, Daily, declared
from tests.journey.test_refunds import REFUNDS, alone, at_stripe, outcomes, wallet
from tests.people import Caller, World, dollars, usd

CHARGEBACKS = "/v1/wallet/chargebacks"
pytestmark = pytest.mark.usefixtures("hours_of_its_own")
INQUIRED = "pm_card_createDisputeInquiry"
"""A card whose bank asks first. (Stripe: /testing#disputes)"""


def dispute(world: World, top_up: Any, outcome: str = "needs_response", **more: Any) -> None:
    body = {"payment_intent": top_up["payment_intent"], "outcome": outcome, **more}
    world.sandbox("stripe/disputes", body)
    world.settle()


def only(client: Caller) -> Any:
    (chargeback,) = client.get(CHARGEBACKS)["data"]
    return chargeback


def holding(world: World, client: Caller, *amounts: int) -> list[Any]:
    """Contracts paid by the minute, each holding so much, the oldest first."""
    contracts = []
    for amount in amounts:
        contract = world.minute_contract(client, world.worker(), rate="60")
        contracts.append(client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(amount)}))
    world.settle()
    return contracts


def seen(client: Caller, contract: Any) -> Any:
    return client.get(f"/v1/contracts/{contract['id']}")


def test_a_chargeback_takes_wallet_then_holds_and_a_won_one_gives_each_back(world: World) -> None:
    client = alone(world).client()
    top_up = world.top_up(client, 10_000)
    old, young = holding(world, client, 3_000, 5_000)
    dispute(world, top_up)
    opened = only(client)
    assert (opened["status"], opened["amount"]) == ("needs_response", usd(10_000))
    assert opened["taken"] == {
        "wallet": 2_000, "holds": 8_000, "owed": 0, "written_off": 0, "frozen_contracts": 2,
    }  # fmt: skip
    assert wallet(client) == dollars(0)
    for contract, amount in ((old, 3_000), (young, 5_000)):
        frozen = seen(client, contract)
        assert (frozen["held"], frozen["charged_back"], frozen["frozen_by"]) == (0, amount, [opened["id"]])
    dispute(world, top_up, "won")
    won = only(client)
    assert (won["status"], won["taken"]["frozen_contracts"]) == ("won", 0)
    assert wallet(client)["available"] == 2_000
    for contract, amount in ((old, 3_000), (young, 5_000)):
        thawed = seen(client, contract)
        assert (thawed["held"], thawed["charged_back"], thawed["frozen_by"]) == (amount, 0, [])
    assert outcomes(world) == []


def test_the_newest_contract_pays_first_and_what_nobody_has_is_owed(world: World) -> None:
    client = world.client()
    top_up = world.top_up(client, 10_000)
    old, young = holding(world, client, 4_000, 6_000)
    dispute(world, top_up, amount=6_500)
    assert (seen(client, young)["held"], seen(client, old)["held"]) == (0, 3_500)
    dispute(world, top_up, "lost")
    assert (seen(client, old)["frozen_by"], seen(client, young)["frozen_by"]) == ([], [])
    dispute(world, top_up, "needs_response")
    second = client.get(CHARGEBACKS)["data"][0]
    assert second["amount"] == usd(3_500)
    assert (second["taken"]["holds"], wallet(client)["receivable"]) == (3_500, 0)


def test_what_is_owed_bars_spending_and_is_settled_by_the_next_top_up(world: World) -> None:
    client, worker = alone(world).client(), world.worker()
    top_up = world.top_up(client, 9_000)
    contract = world.milestone_contract(client, worker, 9_000)
    (milestone,) = contract["milestones"]
    path = f"/v1/contracts/{contract['id']}/milestones/{milestone['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "done"})
    world.settle()
    dispute(world, top_up)
    owing = only(client)
    assert (owing["taken"]["holds"], owing["taken"]["owed"]) == (0, 9_000)
    assert wallet(client)["receivable"] == 9_000
    client.post(f"{path}/approve")  # work that was handed in is paid, and its worker never debited
    world.settle()
    earned = worker.get("/v1/workers/me/earnings")["balances"][0]
    assert (earned["available"], earned["owed"]) == (8_100, 0)
    dispute(world, top_up, "lost")
    body = {"top_up_id": top_up["id"], "amount": usd(1)}
    assert client.refused(REFUNDS, body) == (422, "invalid_request")
    fresh = world.top_up(client, 12_000)
    assert (wallet(client)["receivable"], wallet(client)["available"]) == (0, 3_000)
    client.post(REFUNDS, {"top_up_id": fresh["id"], "amount": usd(3_000)}, status=201)
    world.settle()
    assert outcomes(world) == []


def test_a_frozen_contract_pays_what_is_in_review_and_takes_no_new_work(world: World) -> None:
    client, worker = world.client(), world.worker()
    top_up = world.top_up(client, 9_000)
    contract = world.milestone_contract(client, worker, 4_000, 5_000)
    first, second = (
        f"/v1/contracts/{contract['id']}/milestones/{row['id']}" for row in contract["milestones"]
    )
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(9_000)})
    worker.post(f"{first}/submit", {"note": "done"})
    world.settle()
    dispute(world, top_up)
    frozen = seen(client, contract)
    assert (frozen["held"], frozen["charged_back"], len(frozen["frozen_by"])) == (4_000, 5_000, 1)
    assert worker.refused(f"{second}/submit", {"note": "more"}) == (409, "illegal_transition")
    assert client.refused(f"{first}/request-changes", {"reason": "no"}) == (409, "illegal_transition")
    client.post(f"{first}/approve")
    dispute(world, top_up, "lost")
    assert seen(client, contract)["frozen_by"], "it is lost, and 4,000 are still owed"
    world.top_up(client, 9_000)
    thawed = seen(client, contract)
    assert (thawed["frozen_by"], thawed["held"]) == ([], 0)
    assert [row["status"] for row in thawed["milestones"]] == ["approved", "planned"]
    client.post(f"{second}/fund")
    worker.post(f"{second}/submit", {"note": "more"})


def test_a_running_session_keeps_what_it_may_use_and_no_other_starts(world: World) -> None:
    client, worker = world.client(), world.worker()
    top_up = world.top_up(client, 10_000)
    contract = world.minute_contract(client, worker, rate="60", cap_seconds=3_600)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(10_000)})
    path = f"/v1/contracts/{contract['id']}/sessions"
    session = worker.post(path, {"at": world.in_seconds(0)}, status=201)
    world.settle()
    dispute(world, top_up)
    assert seen(client, contract)["held"] == 3_600  # an hour at a cent a second, which is the cap
    world.advance(seconds=60)
    worker.post(f"/v1/sessions/{session['id']}/heartbeat", {"sequence": 1, "at": world.in_seconds(0)})
    worker.post(f"/v1/sessions/{session['id']}/stop")
    assert worker.refused(path, {"at": world.in_seconds(0)}) == (409, "illegal_transition")
    client.post(f"/v1/sessions/{session['id']}/approve")
    world.settle()
    assert worker.get("/v1/workers/me/earnings")["balances"][0]["available"] == 54


def test_an_inquiry_takes_nothing(world: World) -> None:
    client = world.client()
    made = client.post("/v1/wallet/top-ups", {"amount": usd(5_000)})
    at_stripe(world, f"payment_intents/{made['payment_intent']}/confirm", payment_method=INQUIRED)
    world.advance(seconds=60)
    world.settle()
    inquiry = only(client)
    assert (inquiry["status"], inquiry["taken"]) == ("inquiry_needs_response", None)
    assert wallet(client)["available"] == 5_000
    dispute(world, made, "won")
    assert (only(client)["status"], wallet(client)["available"]) == ("inquiry_closed", 5_000)


def test_the_bank_reads_what_the_client_says_once(world: World) -> None:
    client, other = world.client(), world.client()
    top_up = world.top_up(client, 5_000)
    dispute(world, top_up)
    path = f"{CHARGEBACKS}/{only(client)['id']}/evidence"
    assert other.refused(path, {"text": "mine"}) == (404, "not_found")
    given = client.post(path, {"text": "winning_evidence"})
    assert given["evidence"] == "given"
    assert client.refused(path, {"text": "more"}) == (409, "already_exists")
    world.settle()
    assert (only(client)["status"], only(client)["evidence"]) == ("under_review", "submitted")
    world.advance(seconds=60)
    world.settle()
    assert (only(client)["status"], wallet(client)["available"]) == ("won", 5_000)


def test_finance_writes_off_what_nobody_will_pay(world: World) -> None:
    client, finance = world.client(), world.person("finance")
    top_up = world.top_up(client, 5_000)
    worker = world.worker()
    contract = world.minute_contract(client, worker)
    client.post(f"/v1/contracts/{contract['id']}/bonus", {"amount": usd(5_000), "reason": "thanks"})
    world.settle()
    dispute(world, top_up)
    path = f"/v1/finance/chargebacks/{only(client)['id']}/write-off"
    assert finance.refused(path, {"reason": "gone"}) == (409, "illegal_transition")
    dispute(world, top_up, "lost")
    assert client.refused(path, {"reason": "please"}) == (403, "forbidden")
    assert finance.post(path, {"reason": "the company is gone"})["taken"]["written_off"] == 5_000
    assert wallet(client)["receivable"] == 0
    assert finance.refused(path, {"reason": "again"}) == (409, "illegal_transition")
    assert worker.get("/v1/workers/me/earnings")["balances"][0]["owed"] == 0
    named = [row["id"] for row in finance.get("/v1/finance/chargebacks?limit=100")["data"]]
    assert only(client)["id"] in named


@pytest.fixture
def list_disputes(world: World) -> Iterator[Daily]:
    """The only thing that is done every night."""
    passing = world.system.time
    (schedule,) = (one for one in declared(app) if one.name == "list_disputes")
    usual, passing.calendar = passing.calendar, Calendar(world.system.clock, [schedule])
    yield schedule
    passing.calendar = usual


def test_a_dispute_whose_webhooks_are_lost_is_found_by_the_nightly_list(
    world: World, list_disputes: Daily
) -> None:
    client = world.client()
    top_up = world.top_up(client, 5_000)
    world.sandbox("stripe/webhooks", {"drop": 1.0})
    try:
        dispute(world, top_up)
        assert client.get(CHARGEBACKS)["data"] == []
        world.advance(seconds=list_disputes.after(world.system.clock.now()) - world.system.clock.now())
    finally:
        world.http.delete("/sandbox/stripe/webhooks")
    world.settle()
    assert (only(client)["status"], wallet(client)["available"]) == ("needs_response", 0)
