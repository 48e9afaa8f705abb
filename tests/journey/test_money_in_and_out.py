"""From the card to the bank: top-ups, payout accounts, payouts and earnings, over HTTP."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.people import Caller, World, dollars, key, usd


def balance(world_wallet: Any, currency: str = "USD") -> Any:
    return next(row for row in world_wallet["balances"] if row["currency"] == currency)


def paid_worker(world: World, amount: int = 10_000, *, payouts: bool = True) -> Caller:
    """A worker to whom an approved milestone of `amount` cents has just been paid, less the fee."""
    client, worker = world.client(USD=amount * 2), world.worker(payouts=payouts)
    contract = world.milestone_contract(client, worker, amount)
    pay_milestone(client, worker, contract)
    return worker


def pay_milestone(client: Caller, worker: Caller, contract: Any) -> None:
    """The contract's first milestone, from funding to approval."""
    milestone = contract["milestones"][0]
    path = f"/v1/contracts/{contract['id']}/milestones/{milestone['id']}"
    client.post(f"{path}/fund")
    worker.post(f"{path}/submit", {"note": "done"})
    client.post(f"{path}/approve")


def payout_after(world: World, worker: Caller, payout: Any, **span: int) -> Any:
    world.advance(**span)
    world.settle()
    return worker.get(f"/v1/payouts/{payout['id']}")


def test_a_top_up_waits_for_its_card_and_then_fills_the_wallet(world: World) -> None:
    client = world.client()
    top_up = client.post("/v1/wallet/top-ups", {"amount": usd(12_345)}, status=201)
    assert top_up["status"] == "requires_payment"
    assert top_up["payment_intent"].startswith("pi_")
    assert top_up["client_secret"].startswith(top_up["payment_intent"])
    assert client.get("/v1/wallet") == {"balances": []}
    world.sandbox(f"stripe/pay/{top_up['payment_intent']}")
    world.settle()
    assert client.get(f"/v1/wallet/top-ups/{top_up['id']}")["status"] == "succeeded"
    assert client.get("/v1/wallet") == {"balances": [dollars(12_345)]}
    assert [row["id"] for row in client.get("/v1/wallet/top-ups")["data"]] == [top_up["id"]]


def test_a_repeated_top_up_is_one_payment_and_one_answer(world: World) -> None:
    client, named = world.client(), {"Idempotency_Key": uuid.uuid4().hex}
    first = client.call("POST", "/v1/wallet/top-ups", {"amount": usd(5_000)}, **named)
    again = client.call("POST", "/v1/wallet/top-ups", {"amount": usd(5_000)}, **named)
    other = client.call("POST", "/v1/wallet/top-ups", {"amount": usd(5_001)}, **named)
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(client.get("/v1/wallet/top-ups")["data"]) == 1


def test_an_amount_that_stripe_will_not_take_is_refused_the_same_each_time(world: World) -> None:
    client, named = world.client(), {"Idempotency_Key": uuid.uuid4().hex}
    refusals = [client.call("POST", "/v1/wallet/top-ups", {"amount": usd(1)}, **named) for _ in range(2)]
    for refusal in refusals:
        assert (refusal.status_code, refusal.json()["code"]) == (422, "invalid_request")
        assert refusal.json()["errors"][0]["pointer"] == "/amount/amount"
    (failed,) = client.get("/v1/wallet/top-ups")["data"]
    assert (failed["status"], failed["failure"]["code"]) == ("failed", "amount_too_small")


def test_a_top_up_needs_a_key_with_the_scope_for_money(world: World) -> None:
    client = world.client()
    key = client.post("/v1/clients/me/api-keys", {"scopes": ["work"]})["api_key"]
    assert Caller(world.http, key).refused("/v1/wallet/top-ups", {"amount": usd(5_000)}) == (403, "forbidden")


def test_a_payout_account_is_opened_once_and_verified_by_its_owner(world: World) -> None:
    worker = world.worker()
    path = "/v1/workers/me/payout-account"
    assert worker.refused(path, method="GET") == (404, "not_found")
    opened = worker.post(path, status=201)
    assert not opened["payouts_enabled"]
    assert opened["requirements"]
    assert opened["onboarding_url"].startswith("http")
    again = worker.post(path, status=201)
    assert again["stripe_account"] == opened["stripe_account"]
    assert again["onboarding_url"] != opened["onboarding_url"]
    world.sandbox(f"stripe/accounts/{opened['stripe_account']}/verify")
    world.settle()
    assert worker.get(path) == {**again, "payouts_enabled": True, "requirements": []}


def test_a_payout_goes_through_stripe_to_the_bank(world: World) -> None:
    worker = paid_worker(world)
    world.advance(days=3)
    payout = worker.post("/v1/payouts", {}, status=201)
    assert payout["status"] == "pending"
    assert payout["amount"] == usd(9_000)
    world.settle()
    sent = worker.get(f"/v1/payouts/{payout['id']}")
    assert sent["status"] == "sent"
    assert sent["stripe_transfers"][0].startswith("tr_")
    assert sent["stripe_payout"].startswith("po_")
    row = balance(worker.get("/v1/workers/me/earnings"))
    assert (row["available"], row["in_transit"], row["paid"]) == (0, 9_000, 0)
    paid = payout_after(world, worker, payout, days=3)
    assert (paid["status"], paid["reason"], paid["failure"]) == ("paid", None, None)
    assert paid["paid_at"] is not None
    row = balance(worker.get("/v1/workers/me/earnings"))
    assert (row["available"], row["in_transit"], row["paid"]) == (0, 0, 9_000)


def test_a_payout_waits_until_card_money_is_available_at_stripe(world: World) -> None:
    kronor = {"amount": 9_000, "currency": "SEK"}
    client, worker = world.client(SEK=20_000), world.worker(payouts=True)
    contract = world.milestone_contract(client, worker, 10_000, currency="SEK")
    pay_milestone(client, worker, contract)
    payout = worker.post("/v1/payouts", {"amount": kronor}, status=201)
    world.settle()
    waiting = worker.get(f"/v1/payouts/{payout['id']}")
    assert (waiting["status"], waiting["reason"]) == ("pending", "awaiting_funds")
    assert waiting["stripe_transfers"] == []
    sent = payout_after(world, worker, payout, days=2)
    assert (sent["status"], sent["reason"]) == ("sent", None)
    assert payout_after(world, worker, payout, days=2)["status"] == "paid"


def test_money_that_the_bank_returns_waits_at_stripe(world: World) -> None:
    worker = paid_worker(world)
    world.advance(days=3)
    payout = worker.post("/v1/payouts", {}, status=201)
    paid = payout_after(world, worker, payout, days=3)
    world.sandbox(f"stripe/payouts/{paid['stripe_payout']}/fail", {"failure_code": "account_closed"})
    world.settle()
    failed = worker.get(f"/v1/payouts/{payout['id']}")
    assert (failed["status"], failed["reason"]) == ("failed", "bank_failed")
    assert (failed["failure"]["stage"], failed["failure"]["code"]) == ("bank", "account_closed")
    row = balance(worker.get("/v1/workers/me/earnings"))
    assert (row["available"], row["in_transit"], row["paid"]) == (0, 9_000, 0)


def test_finance_finds_what_failed_at_the_bank_and_sends_it_again(world: World) -> None:
    worker, finance = paid_worker(world), world.person("finance")
    world.advance(days=3)
    payout = worker.post("/v1/payouts", {}, status=201)
    sent = payout_after(world, worker, payout)
    world.sandbox(f"stripe/payouts/{sent['stripe_payout']}/fail", {"failure_code": "account_closed"})
    world.settle()
    stuck = {row["id"]: row for row in finance.get("/v1/finance/payouts?limit=100")["data"]}
    assert (stuck[payout["id"]]["status"], stuck[payout["id"]]["worker_id"]) == ("failed", worker.id)
    path = f"/v1/finance/payouts/{payout['id']}/retry"
    assert worker.refused(path) == (403, "forbidden")
    account = worker.get("/v1/workers/me/payout-account")["stripe_account"]
    world.sandbox(f"stripe/accounts/{account}/verify")  # another bank account, in place of the closed one
    world.settle()
    assert finance.post(path)["status"] == "pending"
    assert finance.refused(path) == (409, "illegal_transition")
    assert payout_after(world, worker, payout, days=3)["status"] == "paid"
    assert payout["id"] not in [row["id"] for row in finance.get("/v1/finance/payouts?limit=100")["data"]]


def test_payouts_are_refused_for_the_reason_that_counts(world: World) -> None:
    worker = paid_worker(world, payouts=False)
    assert worker.refused("/v1/payouts", {}) == (409, "payouts_disabled")
    assert worker.refused("/v1/payouts", {"amount": usd(99)}) == (422, "invalid_request")
    verified = world.worker(payouts=True)
    assert verified.refused("/v1/payouts", {}) == (409, "insufficient_funds")
    assert verified.refused("/v1/payouts", {"amount": usd(100)}) == (409, "insufficient_funds")
    assert verified.call("POST", "/v1/payouts", {}).json()["code"] == "idempotency_key_required"


def test_the_same_money_is_withdrawn_once_however_many_ask_at_once(world: World) -> None:
    worker = paid_worker(world)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: worker.call("POST", "/v1/payouts", {}, **key()), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert balance(worker.get("/v1/workers/me/earnings"))["in_transit"] == 9_000


def test_a_payout_is_its_workers_alone(world: World) -> None:
    worker, other = paid_worker(world), world.worker()
    payout = worker.post("/v1/payouts", {}, status=201)
    assert other.refused(f"/v1/payouts/{payout['id']}", method="GET") == (404, "not_found")
    assert other.get("/v1/payouts")["data"] == []
    assert [row["id"] for row in worker.get("/v1/payouts")["data"]] == [payout["id"]]


def test_earnings_in_review_are_net_of_the_fee(world: World) -> None:
    client, worker = world.client(USD=20_000), world.worker()
    contract = world.milestone_contract(client, worker, 10_000)
    milestone = contract["milestones"][0]["id"]
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(10_000)})
    world.settle()
    assert balance(client.get("/v1/wallet")) == dollars(10_000, held=10_000)
    worker.post(f"/v1/contracts/{contract['id']}/milestones/{milestone}/submit", {"note": "done"})
    world.settle()
    row = balance(worker.get("/v1/workers/me/earnings"))
    assert row == {
        "currency": "USD",
        "accruing": 0,
        "in_review": 9_000,
        "available": 0,
        "in_transit": 0,
        "paid": 0,
        "owed": 0,
    }


def test_a_running_session_accrues_and_a_stopped_one_is_in_review(world: World) -> None:
    client, worker = world.client(USD=20_000), world.worker()
    contract = world.minute_contract(client, worker, rate="50")
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(10_000)})
    session = worker.post(f"/v1/contracts/{contract['id']}/sessions", {"at": world.in_seconds(0)}, status=201)
    world.advance(seconds=120)
    beat = {"sequence": 1, "at": world.in_seconds(0)}
    worker.post(f"/v1/sessions/{session['id']}/heartbeat", beat)
    row = balance(worker.get("/v1/workers/me/earnings"))
    assert (row["accruing"], row["in_review"]) == (90, 0)
    worker.post(f"/v1/sessions/{session['id']}/stop")
    world.settle()
    row = balance(worker.get("/v1/workers/me/earnings"))
    assert (row["accruing"], row["in_review"]) == (0, 90)


def test_every_step_of_a_payout_is_on_its_trace(world: World) -> None:
    worker = paid_worker(world)
    world.advance(days=3)
    payout = worker.post("/v1/payouts", {}, status=201)
    paid = payout_after(world, worker, payout, days=3)
    finance = world.person("finance")
    for start in (payout["id"], paid["stripe_transfers"][0], paid["stripe_payout"]):
        chain = finance.get(f"/v1/finance/trace/{start}")["chain"]
        kinds = [link["kind"] for link in chain]
        assert kinds[0] == "request"
        assert {"event", "journal", "payout", "transfer", "bank_payout"} <= set(kinds)


def test_an_unsigned_webhook_is_refused_before_it_is_read(world: World) -> None:
    for content, signature in ((b"{not json", ""), (b"{}", "t=1,v1=00")):
        answer: httpx.Response = world.http.post(
            "/v1/stripe/events", content=content, headers={"Stripe-Signature": signature}
        )
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_signature")
