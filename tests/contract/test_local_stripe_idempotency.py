"""The local Stripe's idempotency keys, through the real library over HTTP."""

import threading
from typing import Any

import pytest
import stripe

from tests.contract.local_stripe import DAY, INTENT, KEY, LocalStripe, SettableClock, on, post, raw


@pytest.mark.stripe_rule("https://docs.stripe.com/api/idempotent_requests")
def test_the_same_key_and_parameters_replay_the_first_answer(here: LocalStripe) -> None:
    first, second = (post(here, INTENT, headers={"Idempotency-Key": "k1"}) for _ in range(2))
    assert second.data == first.data
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Original-Request"] == first.headers["Request-Id"] != second.headers["Request-Id"]
    assert second.headers["Idempotency-Key"] == "k1"
    assert len(here.client.v1.payment_intents.list().data) == 1


@pytest.mark.stripe_rule("https://docs.stripe.com/api/idempotent_requests")
def test_the_same_key_with_other_parameters_or_for_another_endpoint_is_refused(here: LocalStripe) -> None:
    keyed: Any = {"headers": {"Idempotency-Key": "k1"}}
    post(here, INTENT, **keyed)
    for params, path in ((INTENT | {"amount": 101}, "payment_intents"), (INTENT, "payouts")):
        with pytest.raises(stripe.IdempotencyError) as refused:
            post(here, params, path, **keyed)
        assert refused.value.http_status == 400
    assert len(here.client.v1.payment_intents.list().data) == 1


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/authentication")
def test_a_key_belongs_to_its_account(here: LocalStripe) -> None:
    keyed: Any = {"idempotency_key": "k1"}
    ours = here.client.v1.customers.create({}, keyed)
    theirs = here.client.v1.customers.create({}, keyed | on(here.worker().id))
    assert ours.id != theirs.id


@pytest.mark.stripe_rule("https://docs.stripe.com/error-low-level")
def test_a_refusal_that_was_executed_is_replayed_even_when_it_would_now_succeed(here: LocalStripe) -> None:
    worker = here.verified_worker()
    keyed: Any = {"idempotency_key": "pay_1:transfer:1"}
    wish: Any = {"amount": 100, "currency": "usd", "destination": worker}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.transfers.create(wish, keyed)
    here.intent(payment_method_types=["card"], payment_method="pm_card_bypassPending", confirm=True)
    here.after(1)
    with pytest.raises(stripe.InvalidRequestError) as replayed:
        here.client.v1.transfers.create(wish, keyed)
    assert refused.value.code == replayed.value.code == "balance_insufficient"
    assert replayed.value.headers is not None
    assert replayed.value.headers["Idempotent-Replayed"] == "true"
    assert here.client.v1.transfers.create(wish, {"idempotency_key": "pay_1:transfer:2"}).amount == 100


@pytest.mark.stripe_rule("https://docs.stripe.com/api/idempotent_requests")
def test_a_request_that_does_not_fit_leaves_its_key_free(here: LocalStripe) -> None:
    keyed: Any = {"headers": {"Idempotency-Key": "k1"}}
    with pytest.raises(stripe.InvalidRequestError):
        post(here, INTENT | {"colour": "red"}, **keyed)
    assert "Idempotent-Replayed" not in post(here, INTENT, **keyed).headers


@pytest.mark.stripe_rule("https://docs.stripe.com/api/idempotent_requests")
def test_a_key_is_forgotten_after_a_day_of_the_simulator_s_clock(here: LocalStripe) -> None:
    keyed: Any = {"idempotency_key": "k1"}
    first = here.client.v1.customers.create({}, keyed)
    here.clock.at += DAY - 1
    assert here.client.v1.customers.create({}, keyed).id == first.id
    here.clock.at += 1
    assert here.client.v1.customers.create({}, keyed).id != first.id


@pytest.mark.stripe_rule("https://docs.stripe.com/api/idempotent_requests")
def test_a_key_that_is_too_long_is_refused(here: LocalStripe) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="255"):
        here.client.v1.customers.create({}, {"idempotency_key": "k" * 256})


@pytest.mark.stripe_rule("https://docs.stripe.com/api/idempotent_requests")
def test_a_key_has_no_effect_on_a_get_or_a_delete(here: LocalStripe) -> None:
    keyed = KEY | {"Idempotency-Key": "k1"}
    endpoint = here.client.v1.webhook_endpoints.create(
        {"url": "https://example.com/", "enabled_events": ["*"]}
    )
    for _ in range(2):
        for path in ("/v1/balance", "/v1/events"):
            answer = raw(here, "GET", path, keyed)
            assert (answer.status_code, "Idempotent-Replayed" in answer.headers) == (200, False)
    statuses = [
        raw(here, "DELETE", f"/v1/webhook_endpoints/{endpoint.id}", keyed).status_code for _ in range(2)
    ]
    assert statuses == [200, 404], "the second one is no replay"


class HeldClock(SettableClock):
    """Can be made to stop whoever asks it the time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go = threading.Event(), threading.Event()
        self.go.set()

    def now(self) -> int:
        self.asked.set()
        assert self.go.wait(5)
        return self.at


@pytest.mark.stripe_rule("https://docs.stripe.com/error-low-level")
def test_a_key_whose_first_request_still_runs_is_409() -> None:
    clock = HeldClock()
    here = LocalStripe.start(clock)
    answers: list[Any] = []
    keyed: Any = {"headers": {"Idempotency-Key": "k1"}}
    clock.go.clear()
    first = threading.Thread(target=lambda: answers.append(post(here, INTENT, **keyed)))
    first.start()
    assert clock.asked.wait(5)
    try:
        with pytest.raises(stripe.APIError) as refused:
            post(here, INTENT, **keyed)
    finally:
        clock.go.set()
        first.join()
    assert refused.value.http_status == 409
    assert refused.value.error is not None
    assert refused.value.error.code == "idempotency_key_in_use"
    [first_answer] = answers
    assert post(here, INTENT, **keyed).data == first_answer.data, "the first request was not harmed"
    here.close()


@pytest.mark.stripe_rule("https://docs.stripe.com/api/idempotent_requests")
def test_racing_requests_with_one_key_have_one_effect(here: LocalStripe) -> None:
    codes: list[int] = []

    def race() -> None:
        headers = KEY | {"Idempotency-Key": "k1"}
        codes.append(raw(here, "POST", "/v1/payment_intents", headers, data=INTENT).status_code)

    racers = [threading.Thread(target=race) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert set(codes) <= {200, 409}
    assert 200 in codes
    assert len(here.client.v1.payment_intents.list().data) == 1
