"""The fault matrix: every call that the product makes at Stripe, on every kind of bad day, over the wire.

Whatever goes wrong, the money goes from the card to the bank once, and both books say the same. The calls of
one way from card to bank go wrong together; `make test-deep` lets each go wrong alone as well. A fault that
was not met proves nothing, and fails the test.
"""

import uuid
from collections.abc import Iterable, Iterator
from itertools import chain, product
from typing import Any

import httpx
import pytest

from marketplace.gateways import stripe_calls
from marketplace.gateways.stripe import StripeGateway
from sandbox import pump
from sandbox.stripe.faults import Fault, FaultKind
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
ANSWERED = (FaultKind.SERVER_ERROR_AFTER,)
"""The same key gets the saved answer again, and then it is looked up: there is no second time."""


@pytest.fixture
def impatient(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Our side waits half a second for an answer, and not at all before the library's own repetition, nor
    before a message that failed comes again."""
    monkeypatch.setattr(pump, "RETRY_SECONDS", 0)
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
    ours = [row for row in intents if row["metadata"].get("top_up_id") == top_up["id"]]
    assert [row["status"] for row in ours] == ["succeeded"]
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


def outlived(world: World, faults: Iterable[Fault]) -> None:
    """Everything goes wrong as often as it is asked to, and the money moves once."""
    stripe = world.system.stripe
    for fault in faults:
        stripe.faults.add(fault)
    card_to_bank(world)
    met = ((planted.fault, planted.fired) for planted in stripe.faults.list())
    unmet = [fault for fault, times in met if times < (1 if fault.kind in ANSWERED else TIMES)]
    assert not unmet, f"nothing of this happened: {unmet}"


def lost(look: str) -> Fault:
    """What makes somebody look."""
    return Fault(LOOKS[look], FaultKind.DROPPED_AFTER, TIMES)


@pytest.mark.parametrize("kind", FaultKind)
def test_calls_that_go_wrong_move_money_once(world: World, impatient: None, kind: FaultKind) -> None:
    outlived(world, (Fault(call, kind, TIMES) for call in WRITES))


@pytest.mark.parametrize("kind", OF_READS)
def test_reads_that_go_wrong_move_money_once(world: World, impatient: None, kind: FaultKind) -> None:
    outlived(world, (Fault(call, kind, TIMES) for call in READS))


@pytest.mark.parametrize("kind", OF_READS)
def test_look_ups_that_go_wrong_after_lost_answers_move_money_once(
    world: World, impatient: None, kind: FaultKind
) -> None:
    outlived(world, chain.from_iterable((lost(look), Fault(look, kind, TIMES)) for look in LOOKS))


@pytest.mark.deep
@pytest.mark.parametrize(("call", "kind"), [*product(WRITES, FaultKind), *product(READS, OF_READS)])
def test_a_call_that_alone_goes_wrong_moves_money_once(
    world: World, impatient: None, call: str, kind: FaultKind
) -> None:
    outlived(world, (Fault(call, kind, TIMES),))


@pytest.mark.deep
@pytest.mark.parametrize(("look", "kind"), product(LOOKS, OF_READS))
def test_a_look_up_that_alone_goes_wrong_after_a_lost_answer_moves_money_once(
    world: World, impatient: None, look: str, kind: FaultKind
) -> None:
    outlived(world, (lost(look), Fault(look, kind, TIMES)))
