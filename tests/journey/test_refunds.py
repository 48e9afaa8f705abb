"""Unspent money goes back to the card, over HTTP."""

from typing import Any

import httpx
import pytest

from sandbox.stripe.faults import FaultKind
from tests.people import Caller, World, usd

REFUNDS = "/v1/wallet/refunds"
pytestmark = pytest.mark.usefixtures("hours_of_its_own")


def wallet(client: Caller, currency: str = "USD") -> dict[str, int]:
    rows = client.get("/v1/wallet")["balances"]
    return next(row for row in rows if row["currency"] == currency)


def refund(client: Caller, top_up: Any, amount: int) -> Any:
    return client.post(REFUNDS, {"top_up_id": top_up["id"], "amount": usd(amount)}, status=201)


def alone(world: World) -> World:
    """Hours after what other tests did to the books."""
    world.advance(hours=7)
    return world


def outcomes(world: World, *, seconds: int = 120) -> list[Any]:
    """What reconciliation finds of the last `seconds`, but for what matches."""
    world.advance(seconds=60)  # charges are booked a moment after they are paid
    finance = world.person("finance")
    body = {"from": world.in_seconds(-seconds), "to": world.in_seconds(1)}
    run = finance.post("/v1/finance/reconciliations", body, status=201)
    world.settle()
    return list(finance.get(f"/v1/finance/reconciliations/{run['id']}/exceptions?limit=100")["data"])


def at_stripe(world: World, path: str, **form: str) -> None:
    """What somebody does at Stripe itself, past us."""
    base, key = world.http.get("/sandbox").json()["stripe_base"], world.system.runtime.settings.stripe_api_key
    made = httpx.post(f"{base}/v1/{path}", data=form, headers={"Authorization": f"Bearer {key}"})
    assert made.status_code == 200, made.text


def test_unspent_money_goes_back_to_the_card_in_parts_and_never_more(world: World) -> None:
    client = alone(world).client()
    top_up = world.top_up(client, 10_000)
    with world.system.time.standing_still():
        part = refund(client, top_up, 4_000)
        assert part["status"] == "requested"
        assert (wallet(client)["available"], wallet(client)["refunding"]) == (6_000, 4_000)
    world.settle()
    done = client.get(f"{REFUNDS}/{part['id']}")
    assert (done["status"], done["stripe_refund"][:3]) == ("succeeded", "re_")
    assert (wallet(client)["available"], wallet(client)["refunding"]) == (6_000, 0)
    beyond = {"top_up_id": top_up["id"], "amount": usd(6_001)}
    assert client.refused(REFUNDS, beyond) == (422, "invalid_request")
    rest = refund(client, top_up, 6_000)
    world.settle()
    assert client.refused(REFUNDS, {**beyond, "amount": usd(1)}) == (422, "invalid_request")
    assert [row["id"] for row in client.get(REFUNDS)["data"]] == [rest["id"], part["id"]]
    assert outcomes(world) == []
    chain = world.person("finance").get(f"/v1/finance/trace/{done['stripe_refund']}")["chain"]
    kinds = {link["kind"] for link in chain}
    assert {"request", "journal", "top_up", "refund", "card_refund", "balance_transaction"} <= kinds


def test_spent_money_and_other_peoples_top_ups_are_not_refunded(world: World) -> None:
    client, worker, other = world.client(), world.worker(), world.client()
    top_up = world.top_up(client, 10_000)
    contract = world.minute_contract(client, worker)
    client.post(f"/v1/contracts/{contract['id']}/fund", {"amount": usd(9_000)})
    body = {"top_up_id": top_up["id"], "amount": usd(1_001)}
    assert client.refused(REFUNDS, body) == (409, "insufficient_funds")
    assert other.refused(REFUNDS, body) == (404, "not_found")
    assert client.refused(REFUNDS, {**body, "top_up_id": contract["id"]}) == (404, "not_found")
    yen = {"amount": 5, "currency": "JPY"}
    assert client.refused(REFUNDS, {**body, "amount": yen}) == (422, "currency_mismatch")
    waiting = client.post("/v1/wallet/top-ups", {"amount": usd(5_000)})
    unpaid = {"top_up_id": waiting["id"], "amount": usd(100)}
    assert client.refused(REFUNDS, unpaid) == (409, "illegal_transition")


def test_a_refund_that_the_bank_sends_back_is_in_the_wallet_again(world: World) -> None:
    client = alone(world).client()
    top_up = world.top_up(client, 10_000)
    asked = refund(client, top_up, 10_000)
    world.settle()
    done = client.get(f"{REFUNDS}/{asked['id']}")
    assert done["status"] == "succeeded"
    world.sandbox(f"stripe/refunds/{done['stripe_refund']}/fail", {"failure_reason": "lost_or_stolen_card"})
    world.settle()
    failed = client.get(f"{REFUNDS}/{asked['id']}")
    assert (failed["status"], failed["failure"]["code"]) == ("failed", "lost_or_stolen_card")
    assert wallet(client)["available"] == 10_000
    again = refund(client, top_up, 10_000)
    world.settle()
    assert client.get(f"{REFUNDS}/{again['id']}")["status"] == "succeeded"
    assert outcomes(world) == []


OFTEN = (FaultKind.DROPPED_AFTER, FaultKind.SERVER_ERROR_AFTER)
KINDS = [*OFTEN, *(pytest.param(kind, marks=pytest.mark.deep) for kind in FaultKind if kind not in OFTEN)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_refund_is_made_once_however_its_answer_is_lost(world: World, kind: FaultKind) -> None:
    client = alone(world).client()
    top_up = world.top_up(client, 7_000)
    world.sandbox("stripe/faults", {"endpoint": "POST /v1/refunds", "kind": kind.value, "count": 2})
    asked = refund(client, top_up, 7_000)
    world.settle()
    world.http.delete("/sandbox/stripe/faults")
    assert client.get(f"{REFUNDS}/{asked['id']}")["status"] in ("requested", "succeeded")
    assert wallet(client)["available"] == 0
    world.advance(hours=5)
    world.settle()
    assert client.get(f"{REFUNDS}/{asked['id']}")["status"] == "succeeded"
    assert (wallet(client)["available"], wallet(client)["refunding"]) == (0, 0)
    assert outcomes(world, seconds=6 * 3_600) == []


def test_a_refund_made_in_the_dashboard_is_missing_in_the_ledger(world: World) -> None:
    client = alone(world).client()
    top_up = world.top_up(client, 8_000)
    at_stripe(world, "refunds", payment_intent=top_up["payment_intent"], amount="3000")
    world.settle()
    assert wallet(client)["available"] == 8_000
    (broken,) = outcomes(world)
    assert (broken["class"], broken["amount"]) == ("missing_in_ledger", usd(3_000))
    beyond = refund(client, top_up, 8_000)  # Stripe has less left of this top-up than we know
    world.settle()
    assert client.get(f"{REFUNDS}/{beyond['id']}")["status"] == "failed"
    assert wallet(client)["available"] == 8_000
