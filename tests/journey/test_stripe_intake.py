"""Stripe's webhooks as they arrive: signed, for us, and once."""

import hashlib
import hmac
import json
import uuid
from typing import Any

import httpx
import pytest

from chalicelib.bodies import BODY_BYTES_MAX
from marketplace.gateways.stripe_signature import TOLERANCE_SECONDS
from marketplace.shared.events import EventType
from marketplace.shared.ids import derived_id
from tests.people import World, dollars, usd

PATH = "/v1/stripe/events"


def event(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": f"evt_{uuid.uuid4().hex}",
        "object": "event",
        "type": "customer.created",
        "created": 1,
        "livemode": False,
        "data": {"object": {"id": "cus_1", "object": "customer", "metadata": {"note": "theirs"}}},
    }
    return {**made, **changes}


def send(world: World, content: bytes, *, secret: str, at: int | None = None) -> httpx.Response:
    at = world.system.clock.now() if at is None else at
    digest = hmac.new(secret.encode(), b"%d.%s" % (at, content), hashlib.sha256).hexdigest()
    header = {"Stripe-Signature": f"t={at},v1={'0' * 64},v1={digest}"}
    return world.http.post(PATH, content=content, headers=header)


def platform(world: World) -> str:
    return world.system.runtime.settings.stripe_webhook_secret


def connect(world: World) -> str:
    return world.system.runtime.settings.stripe_connect_webhook_secret


def stored(world: World, told: dict[str, Any]) -> Any:
    return world.system.runtime.store.event(derived_id("evt", "stripe", told["id"]))


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_signed_event_is_stored_once_however_often_it_comes(world: World) -> None:
    told = event()
    for _ in range(3):
        answer = send(world, json.dumps(told).encode(), secret=platform(world))
        assert (answer.status_code, answer.json()) == (200, {"received": True})
    kept = stored(world, told)
    assert (kept.type, kept.actor) == (EventType.STRIPE_EVENT_RECEIVED, "stripe")
    assert kept.details == {
        "stripe_id": told["id"],
        "stripe_type": "customer.created",
        "account": "",
        "object_id": "cus_1",
        "created": 1,
    }
    world.settle()


def test_the_exact_bytes_are_signed(world: World) -> None:
    told = event()
    spaced = json.dumps(told, indent=3).replace("theirs", "thé\\u00efrs").encode()
    assert send(world, spaced, secret=platform(world)).status_code == 200


@pytest.mark.parametrize("late", [-TOLERANCE_SECONDS - 1, TOLERANCE_SECONDS + 1])
def test_an_old_or_early_signature_is_refused(world: World, late: int) -> None:
    told = event()
    answer = send(
        world, json.dumps(told).encode(), secret=platform(world), at=world.system.clock.now() + late
    )
    assert code(answer) == (400, "invalid_signature")
    assert stored(world, told) is None


@pytest.mark.parametrize("secret", ["", "whsec_other"])
def test_another_secret_signs_nothing(world: World, secret: str) -> None:
    assert code(send(world, json.dumps(event()).encode(), secret=secret)) == (400, "invalid_signature")


def test_each_endpoint_signs_its_own_kind_of_event(world: World) -> None:
    ours, theirs = event(), event(account="acct_1")
    assert code(send(world, json.dumps(ours).encode(), secret=connect(world))) == (400, "invalid_signature")
    assert code(send(world, json.dumps(theirs).encode(), secret=platform(world))) == (
        400,
        "invalid_signature",
    )
    assert send(world, json.dumps(theirs).encode(), secret=connect(world)).status_code == 200
    assert stored(world, ours) is None
    assert stored(world, theirs).details["account"] == "acct_1"


@pytest.mark.parametrize(
    ("stage", "account", "expected"),
    [("local", None, 400), ("local", "acct_1", 400), ("live", None, 400), ("live", "acct_1", 200)],
)
def test_an_event_of_the_other_mode_is_refused_or_dropped_and_never_kept(
    world: World, stage: str, account: str | None, expected: int
) -> None:
    told = event(livemode=stage != "live") | ({"account": account} if account else {})
    secret = connect(world) if account else platform(world)
    settings = world.system.runtime.settings
    world.system.runtime.settings = settings.model_copy(update={"stage": stage})
    try:
        answer = send(world, json.dumps(told).encode(), secret=secret)
    finally:
        world.system.runtime.settings = settings
    assert answer.status_code == expected
    assert expected == 200 or answer.json()["code"] == "wrong_mode"
    assert stored(world, told) is None


def test_an_event_that_was_written_anew_is_forged(world: World) -> None:
    sent = json.dumps(event(), indent=2).encode()
    at = world.system.clock.now()
    digest = hmac.new(platform(world).encode(), b"%d.%s" % (at, sent), hashlib.sha256).hexdigest()
    anew = json.dumps(json.loads(sent)).encode()
    answer = world.http.post(PATH, content=anew, headers={"Stripe-Signature": f"t={at},v1={digest}"})
    assert code(answer) == (400, "invalid_signature")


def test_what_is_signed_and_makes_no_sense_is_refused(world: World) -> None:
    assert code(send(world, b"{no", secret=platform(world))) == (400, "invalid_json")
    assert code(send(world, b'{"id": 7}', secret=platform(world))) == (422, "invalid_request")
    assert code(send(world, b" " * (BODY_BYTES_MAX + 1), secret=platform(world))) == (413, "body_too_large")


def test_a_payment_told_twice_is_credited_once_and_its_fee_posted_once(world: World) -> None:
    client = world.client()
    top_up = client.post("/v1/wallet/top-ups", {"amount": usd(7_000)})
    world.advance(seconds=2)
    world.settle()
    before = fees(world)
    world.sandbox(f"stripe/pay/{top_up['payment_intent']}")
    world.advance(seconds=2)
    world.settle()
    marks = {"top_up_id": top_up["id"]}
    told = event(
        type="payment_intent.succeeded", data={"object": {"id": top_up["payment_intent"], "metadata": marks}}
    )
    charge = world.system.runtime.stripe.payments.payment(top_up["payment_intent"])
    booked = event(type="charge.updated", data={"object": {"id": charge.value.charge}})  # type: ignore[union-attr]
    for repeated in (told, booked):
        assert send(world, json.dumps(repeated).encode(), secret=platform(world)).status_code == 200
    world.settle()
    assert client.get("/v1/wallet")["balances"] == [dollars(7_000)]
    assert fees(world) - before == 7_000 * 29 // 1_000 + 30


def fees(world: World) -> int:
    """What Stripe has kept so far, in cents."""
    trial = world.person("finance").get("/v1/finance/trial-balance")
    rows = [
        row
        for currency in trial["currencies"]
        if currency["currency"] == "USD"
        for row in currency["accounts"]
    ]
    return sum(row["balance"] for row in rows if row["id"] == "platform:stripe_fees")


@pytest.mark.parametrize(
    ("content", "refused"),
    [(b'{"id": 5}', (422, "invalid_request")), (b"news of money", (400, "invalid_json"))],
)
def test_what_stripe_has_signed_and_nobody_can_read_raises_an_alarm(
    world: World, capsys: pytest.CaptureFixture[str], content: bytes, refused: tuple[int, str]
) -> None:
    assert code(send(world, content, secret="whsec_of_nobody"))[0] == 400
    assert "UnreadStripeEvents" not in capsys.readouterr().out
    assert code(send(world, content, secret=platform(world))) == refused
    assert "UnreadStripeEvents" in capsys.readouterr().out
