"""Over HTTP: money that failed at the bank is fetched back, and a payout goes out within the hour."""

from tests.journey.test_payout_policies import paid_worker
from tests.people import World


def test_what_failed_at_the_bank_is_fetched_back_and_withdrawn_again(world: World) -> None:
    worker, finance = paid_worker(world), world.person("finance")
    world.advance(days=3)
    payout = worker.post("/v1/payouts", {}, status=201)
    world.settle()
    sent = worker.get(f"/v1/payouts/{payout['id']}")
    world.sandbox(f"stripe/payouts/{sent['stripe_payout']}/fail", {"failure_code": "account_closed"})
    world.settle()
    body = {"amount": {"amount": 4_000, "currency": "USD"}, "reason": "the account is closed"}
    asked = finance.post(f"/v1/finance/payouts/{payout['id']}/reverse", body)
    assert (asked["reason"], asked["reversal"]["status"]) == ("being_reversed", "pending")
    world.settle()
    left = worker.get(f"/v1/payouts/{payout['id']}")
    (reversal,) = left["reversals"]
    assert (left["status"], reversal["amount"]["amount"], reversal["settled"]["amount"]) == (
        "failed",
        4_000,
        0,
    )
    (row,) = worker.get("/v1/workers/me/earnings")["balances"]
    assert (row["available"], row["in_transit"], row["paid"]) == (4_000, 5_000, 0)
    chain = finance.get(f"/v1/finance/trace/{payout['id']}")["chain"]
    assert reversal["transfer_reversal"] in [link["id"] for link in chain]


def test_a_payout_goes_out_at_once_where_the_bank_takes_it(world: World) -> None:
    worker = paid_worker(world)
    world.advance(days=3)
    refused = worker.refused("/v1/payouts", {"method": "instant"})
    assert refused == (409, "instant_payouts_unsupported")
    account = worker.get("/v1/workers/me/payout-account")["stripe_account"]
    world.sandbox(f"stripe/accounts/{account}/bank", {"currency": "usd", "instant": True})
    world.settle()
    payout = worker.post("/v1/payouts", {"method": "instant"}, status=201)
    assert (payout["amount"]["amount"], payout["deductions"][0]["amount"]["amount"]) == (8_910, 90)
    world.advance(hours=1)
    assert worker.get(f"/v1/payouts/{payout['id']}")["status"] == "paid"
