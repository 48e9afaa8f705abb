"""The fault matrix: every call that the product makes at Stripe, on every kind of bad day, over the wire.

Whatever goes wrong, the money goes from the card to the bank once, and both books say the same.
"""

import uuid
from collections.abc import Iterator
from itertools import product
from typing import Any

import httpx
import pytest

from marketplace.gateways import stripe_calls
from marketplace.gateways.stripe import StripeGateway
from sandbox.stripe.faults import FaultKind
from tests.journey.test_money_in_and_out import pay_milestone
from tests.people import Caller, World, dollars, usd

TOP_UPS = "/v1/wallet/top-ups"
ACCOUNT = "/v1/workers/me/payout-account"
TIMES = 2
"""The library repeats a call once by itself; that must not be what saves us."""
READ_TIMEOUT_SECONDS = 0.5
REPEATS_MAX = 5

WRITES = (
    "POST /v1/payment_intents",
    "POST /v1/accounts",
    "POST /v1/account_links",
    "POST /v1/transfers",
    "POST /v1/payouts",
)
READS = (
    "GET /v1/payment_intents/*",
    "GET /v1/charges/*",
    "GET /v1/accounts/*",
    "GET /v1/payouts/*",
    "GET /v1/balance",
)
LOOKS = {
    "GET /v1/payment_intents": "POST /v1/payment_intents",
    "GET /v1/accounts": "POST /v1/accounts",
    "GET /v1/transfers": "POST /v1/transfers",
    "GET /v1/payouts": "POST /v1/payouts",
}
"""A look-up, and the call whose answer must get lost for anybody to look."""
OF_READS = (
    FaultKind.DROPPED_BEFORE,
    FaultKind.SILENT_BEFORE,
    FaultKind.RATE_LIMIT,
    FaultKind.SERVER_ERROR_BEFORE,
    FaultKind.BAD_GATEWAY,
)
"""Reads have no effect to be before or after, and no key."""


@pytest.fixture
def impatient(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Our side waits half a second for an answer, and not at all before the library's own repetition."""
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.001)
    monkeypatch.setattr("stripe._http_client.HTTPClient.MAX_DELAY", 0.001)
    monkeypatch.setattr(stripe_calls, "READ_TIMEOUT_SECONDS", READ_TIMEOUT_SECONDS)
    runtime, kept = world.system.runtime, world.system.runtime.stripe
    settings = runtime.settings
    runtime.stripe = StripeGateway.connect(
        api_key=settings.stripe_api_key,
        api_base=settings.stripe_api_base,
        return_url=f"{settings.public_base_url}/payout-account",
    )
    yield
    runtime.stripe = kept
    world.system.stripe.faults.clear()


def insistent(caller: Caller, path: str, body: Any = None) -> Any:
    """What a good client does: the same call with the same key until the answer is not a 503 or a 409."""
    named = {"Idempotency_Key": uuid.uuid4().hex}
    for _ in range(REPEATS_MAX):
        answer = caller.call("POST", path, body, **named)
        if answer.status_code not in (409, 503):
            assert answer.status_code == 201, answer.text
            return answer.json()
    raise AssertionError(f"still {answer.text} after {REPEATS_MAX} calls")


def card_to_bank(world: World) -> None:
    """A client pays a card, a worker is paid a milestone and withdraws it; then everything is looked at."""
    client, worker = world.client(), world.worker()
    top_up = insistent(client, TOP_UPS, {"amount": usd(20_000)})
    world.sandbox(f"stripe/pay/{top_up['payment_intent']}")
    account = insistent(worker, ACCOUNT)["stripe_account"]
    world.sandbox(f"stripe/accounts/{account}/verify")
    world.advance(days=3)
    world.settle()
    pay_milestone(client, worker, world.milestone_contract(client, worker, 10_000))
    payout = worker.post("/v1/payouts", {}, status=201)
    world.settle()
    world.advance(hours=2)
    world.advance(days=5)
    world.settle()
    ended = worker.get(f"/v1/payouts/{payout['id']}")
    assert (ended["status"], ended["amount"]) == ("paid", usd(9_000))
    assert client.get("/v1/wallet")["balances"] == [dollars(10_000)]
    holds_at_stripe(world, top_up, payout, account)


def holds_at_stripe(world: World, top_up: Any, payout: Any, account: str) -> None:
    """Stripe has one charge, one transfer and one effective bank payout for all that was asked."""
    intents = at_stripe(world, "payment_intents")
    assert [row["status"] for row in intents if row["metadata"]["top_up_id"] == top_up["id"]] == ["succeeded"]
    (transfer,) = at_stripe(world, f"transfers?transfer_group={payout['id']}")
    assert (transfer["amount"], transfer["destination"]) == (9_000, account)
    sent = [row for row in at_stripe(world, "payouts", account) if row["status"] != "failed"]
    assert [(row["amount"], row["status"]) for row in sent] == [(9_000, "paid")]


def at_stripe(world: World, path: str, account: str | None = None) -> list[Any]:
    """The newest hundred of a list, as Stripe itself shows it."""
    headers = {"Authorization": "Bearer sk_test_local"} | ({"Stripe-Account": account} if account else {})
    url = f"{world.system.runtime.settings.stripe_api_base}/v1/{path}"
    mark = "&" if "?" in path else "?"
    rows: list[Any] = httpx.get(f"{url}{mark}limit=100", headers=headers).json()["data"]
    return rows


@pytest.mark.parametrize(("call", "kind"), [*product(WRITES, FaultKind), *product(READS, OF_READS)])
def test_a_call_that_goes_wrong_moves_money_once(
    world: World, impatient: None, call: str, kind: FaultKind
) -> None:
    world.sandbox("stripe/faults", {"endpoint": call, "kind": kind, "count": TIMES})
    card_to_bank(world)


@pytest.mark.parametrize(("look", "kind"), product(LOOKS, OF_READS))
def test_a_look_up_that_goes_wrong_after_a_lost_answer_moves_money_once(
    world: World, impatient: None, look: str, kind: FaultKind
) -> None:
    world.sandbox("stripe/faults", {"endpoint": LOOKS[look], "kind": FaultKind.DROPPED_AFTER, "count": TIMES})
    world.sandbox("stripe/faults", {"endpoint": look, "kind": kind, "count": TIMES})
    card_to_bank(world)
