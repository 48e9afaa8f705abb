"""Calls that need Stripe's word, on days when Stripe gives none: nothing is done twice, nothing is lost."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from marketplace.shared.outcomes import Done, Outcome, Unknown
from tests.people import World, usd

PATH = "/v1/wallet/top-ups"
ACCOUNT = "/v1/workers/me/payout-account"
SILENCE = Unknown("APIConnectionError", "no answer")


@dataclass
class Moody:
    """A port that answers `moods` in turn, then as it is: `down` does nothing, `lost` does it silently."""

    port: Any
    moods: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **named: Any) -> Outcome[Any]:
            mood = self.moods.pop(0) if self.moods else "ok"
            if mood == "down":
                return SILENCE
            if mood == "busy":
                return Unknown("idempotency_key_in_use", "still running")
            answer = getattr(self.port, name)(*args, **named)
            return SILENCE if mood == "lost" else answer

        return call


@contextmanager
def stripe_in_a_mood(world: World, **moods: list[str]) -> Iterator[None]:
    """Ports of Stripe, by name, with their moods."""
    runtime = world.system.runtime
    kept = runtime.stripe
    ports: Any = {name: Moody(getattr(kept, name), list(moody)) for name, moody in moods.items()}
    runtime.stripe = replace(kept, **ports)
    try:
        yield
    finally:
        runtime.stripe = kept


def named() -> dict[str, str]:
    return {"Idempotency_Key": uuid.uuid4().hex}


@pytest.mark.parametrize("mood", ["down", "lost"])
def test_the_same_key_resumes_a_top_up_that_stripe_did_not_answer(world: World, mood: str) -> None:
    client, key, body = world.client(), named(), {"amount": usd(5_000)}
    with stripe_in_a_mood(world, payments=[mood]):
        down = client.call("POST", PATH, body, **key)
        assert (down.status_code, down.json()["code"]) == (503, "provider_unavailable")
        (waiting,) = client.get(PATH)["data"]
        assert (waiting["status"], waiting["payment_intent"]) == ("requested", None)
        other = client.call("POST", PATH, {"amount": usd(5_001)}, **key)
        assert other.json()["code"] == "idempotency_key_reused"
        resumed = client.call("POST", PATH, body, **key)
    assert (resumed.status_code, resumed.json()["status"]) == (201, "requires_payment")
    assert resumed.json()["id"] == waiting["id"]
    again = client.call("POST", PATH, body, **key)
    assert again.content == resumed.content
    assert again.headers["Idempotent-Replayed"] == "true"
    opened = [row for row in _intents(world) if row["metadata"].get("top_up_id") == waiting["id"]]
    assert [row["id"] for row in opened] == [resumed.json()["payment_intent"]]


def test_a_call_whose_first_one_still_runs_is_told_so(world: World) -> None:
    client, key = world.client(), named()
    with stripe_in_a_mood(world, payments=["busy"]):
        busy = client.call("POST", PATH, {"amount": usd(5_000)}, **key)
    assert (busy.status_code, busy.json()["code"]) == (409, "idempotency_in_progress")


def test_a_top_up_that_never_reached_stripe_expires(world: World) -> None:
    client, key, body = world.client(), named(), {"amount": usd(5_000)}
    with stripe_in_a_mood(world, payments=["down"]):
        client.call("POST", PATH, body, **key)
    world.advance(hours=23)
    world.settle()
    (expired,) = client.get(PATH)["data"]
    assert expired["status"] == "expired"
    late = client.call("POST", PATH, body, **key)
    assert (late.status_code, late.json()) == (201, expired)


@pytest.mark.parametrize("mood", ["down", "lost"])
def test_the_same_account_is_opened_after_stripe_was_silent(world: World, mood: str) -> None:
    worker = world.worker()
    with stripe_in_a_mood(world, accounts=[mood]):
        assert worker.refused(ACCOUNT) == (503, "provider_unavailable")
        assert worker.refused(ACCOUNT, method="GET") == (404, "not_found")
        opened = worker.post(ACCOUNT, status=201)
    assert worker.get(ACCOUNT)["stripe_account"] == opened["stripe_account"]
    accounts = world.system.runtime.stripe.accounts
    state = accounts.account(opened["stripe_account"])
    assert isinstance(state, Done)
    assert state.value.worker_id == worker.id


def test_an_account_without_a_link_yet_gets_one_on_the_next_call(world: World) -> None:
    worker = world.worker()
    with stripe_in_a_mood(world, accounts=["ok", "down"]):
        assert worker.refused(ACCOUNT) == (503, "provider_unavailable")
    assert worker.post(ACCOUNT, status=201)["onboarding_url"] is not None


def test_a_payment_that_nobody_told_of_is_found_a_day_later(world: World) -> None:
    client = world.client()
    top_up = client.post(PATH, {"amount": usd(5_000)})
    world.system.stripe.register_webhook("http://127.0.0.1:9/nowhere", "whsec_x", connect=False)
    world.sandbox(f"stripe/pay/{top_up['payment_intent']}")
    settings = world.system.runtime.settings
    url = f"{world.system.base_url}/v1/stripe/events"
    world.settle()
    assert client.get(f"{PATH}/{top_up['id']}")["status"] == "requires_payment"
    world.advance(days=1)
    world.settle()
    try:
        assert client.get(f"{PATH}/{top_up['id']}")["status"] == "succeeded"
        assert client.get("/v1/wallet")["balances"][0]["available"] == 5_000
    finally:
        world.system.stripe.register_webhook(url, settings.stripe_webhook_secret, connect=False)


def _intents(world: World) -> Any:
    base = world.system.runtime.settings.stripe_api_base
    url = f"{base}/v1/payment_intents?limit=100"
    return world.http.get(url, headers={"Authorization": "Bearer sk_test_local"}).json()["data"]
