"""The local Stripe's bad days: what each fault does to a request, to its effect, and to its key."""

from typing import Any

import pytest
import stripe

from sandbox.stripe import Fault, FaultKind
from tests.contract.local_stripe import DAY, INTENT, KEY, LocalStripe, post, raw

CREATE = "POST /v1/payment_intents"
KEYED: Any = {"headers": {"Idempotency-Key": "k1"}}

WITHOUT_EFFECT = (
    FaultKind.DROPPED_BEFORE,
    FaultKind.SILENT_BEFORE,
    FaultKind.KEY_IN_USE,
    FaultKind.LOCK_TIMEOUT,
    FaultKind.RATE_LIMIT,
    FaultKind.SERVER_ERROR_BEFORE,
    FaultKind.BAD_GATEWAY,
    FaultKind.UNAVAILABLE,
)
WITH_EFFECT = (FaultKind.DROPPED_AFTER, FaultKind.SILENT_AFTER, FaultKind.SERVER_ERROR_AFTER)
SAVED = (FaultKind.DROPPED_AFTER, FaultKind.SILENT_AFTER)


def plant(here: LocalStripe, kind: FaultKind, endpoint: str = CREATE, **how: Any) -> str:
    """A fault that strikes once, unless said otherwise; held connections are held for a moment only."""
    if kind in (FaultKind.SILENT_BEFORE, FaultKind.SILENT_AFTER):
        how.setdefault("seconds", 0.05)
    if "probability" not in how:
        how.setdefault("count", 1)
    return here.simulator.faults.add(Fault(endpoint, kind, **how))


def intents(here: LocalStripe) -> int:
    return len(here.client.v1.payment_intents.list({"limit": 100}).data)


# --- effects and keys


def test_every_kind_is_tried_here() -> None:
    assert {*WITHOUT_EFFECT, *WITH_EFFECT} == {*FaultKind}


@pytest.mark.parametrize("kind", WITHOUT_EFFECT)
def test_a_fault_before_the_effect_leaves_nothing_behind(here: LocalStripe, kind: FaultKind) -> None:
    plant(here, kind)
    with pytest.raises(stripe.StripeError):
        here.intent()
    assert (intents(here), here.event_types()) == (0, [])
    assert here.intent().status == "requires_payment_method", "and it is over"


@pytest.mark.parametrize("kind", WITH_EFFECT)
def test_a_fault_after_the_effect_hides_an_answer_and_nothing_else(
    here: LocalStripe, kind: FaultKind
) -> None:
    plant(here, kind)
    with pytest.raises(stripe.StripeError):
        here.intent()
    assert (intents(here), here.event_types()) == (1, ["payment_intent.created"])


@pytest.mark.parametrize("kind", SAVED)
@pytest.mark.stripe_rule("https://docs.stripe.com/error-low-level")
def test_an_answer_that_was_lost_is_given_again_to_its_key(here: LocalStripe, kind: FaultKind) -> None:
    plant(here, kind)
    with pytest.raises(stripe.APIConnectionError):
        post(here, INTENT, **KEYED)
    again = post(here, INTENT, **KEYED)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert intents(here) == 1


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR_BEFORE, FaultKind.SERVER_ERROR_AFTER])
@pytest.mark.stripe_rule("https://docs.stripe.com/api/idempotent_requests")
def test_a_500_is_saved_under_its_key_and_replayed_for_a_day(here: LocalStripe, kind: FaultKind) -> None:
    plant(here, kind)
    made = int(kind is FaultKind.SERVER_ERROR_AFTER)
    for replayed in (None, "true", "true"):
        answer = raw(here, "POST", "/v1/payment_intents", KEY | {"Idempotency-Key": "k1"}, data=INTENT)
        assert (answer.status_code, answer.json()["error"]["type"]) == (500, "api_error")
        assert answer.headers.get("Idempotent-Replayed") == replayed
        assert answer.headers["Stripe-Should-Retry"] == "false"
    assert intents(here) == made
    here.clock.at += DAY
    post(here, INTENT, **KEYED)
    assert intents(here) == made + 1


@pytest.mark.parametrize(
    "kind", [kind for kind in WITHOUT_EFFECT if kind is not FaultKind.SERVER_ERROR_BEFORE]
)
@pytest.mark.stripe_rule("https://docs.stripe.com/error-low-level")
def test_a_request_that_never_reached_its_endpoint_leaves_its_key_free(
    here: LocalStripe, kind: FaultKind
) -> None:
    plant(here, kind)
    with pytest.raises(stripe.StripeError):
        post(here, INTENT, **KEYED)
    assert "Idempotent-Replayed" not in post(here, INTENT, **KEYED).headers


def test_a_replay_meets_bad_days_on_the_wire_too_but_none_of_the_endpoint_s(here: LocalStripe) -> None:
    first = post(here, INTENT, **KEYED)
    endpoint = plant(here, FaultKind.SERVER_ERROR_AFTER)
    wire = plant(here, FaultKind.DROPPED_AFTER)
    with pytest.raises(stripe.APIConnectionError):
        post(here, INTENT, **KEYED)
    assert post(here, INTENT, **KEYED).data == first.data
    fired = {planted.id: planted.fired for planted in here.simulator.faults.list()}
    assert fired == {endpoint: 0, wire: 1}


def test_a_request_that_does_not_fit_cannot_break_the_endpoint(here: LocalStripe) -> None:
    plant(here, FaultKind.SERVER_ERROR_BEFORE)
    with pytest.raises(stripe.InvalidRequestError):
        here.intent(colour="red")
    with pytest.raises(stripe.APIError):
        here.intent()


def test_a_refusal_can_get_lost_as_well(here: LocalStripe) -> None:
    plant(here, FaultKind.DROPPED_AFTER)
    with pytest.raises(stripe.APIConnectionError):
        here.intent(colour="red")


def test_who_may_not_ask_meets_no_fault(here: LocalStripe) -> None:
    plant(here, FaultKind.SERVER_ERROR_BEFORE, "*")
    plant(here, FaultKind.DROPPED_BEFORE, "*")
    assert raw(here, "GET", "/v1/balance", {}).status_code == 401
    assert raw(here, "GET", "/v1/nothing").status_code == 404
    assert [planted.fired for planted in here.simulator.faults.list()] == [0, 0]


# --- what is answered


@pytest.mark.parametrize(
    ("kind", "status", "code", "error"),
    [
        (FaultKind.KEY_IN_USE, 409, "idempotency_key_in_use", stripe.APIError),
        (FaultKind.LOCK_TIMEOUT, 429, "lock_timeout", stripe.RateLimitError),
        (FaultKind.RATE_LIMIT, 429, "rate_limit", stripe.RateLimitError),
        (FaultKind.SERVER_ERROR_BEFORE, 500, None, stripe.APIError),
    ],
)
def test_the_library_understands_what_a_fault_answers(
    here: LocalStripe, kind: FaultKind, status: int, code: str | None, error: type[stripe.StripeError]
) -> None:
    plant(here, kind)
    with pytest.raises(error) as refused:
        here.intent()
    assert refused.value.http_status == status
    assert refused.value.error is not None
    assert getattr(refused.value.error, "code", None) == code


@pytest.mark.parametrize(
    ("kind", "default"),
    [
        (FaultKind.KEY_IN_USE, None),
        (FaultKind.LOCK_TIMEOUT, "true"),
        (FaultKind.RATE_LIMIT, None),
        (FaultKind.SERVER_ERROR_BEFORE, "false"),
        (FaultKind.SERVER_ERROR_AFTER, "false"),
    ],
)
def test_the_advice_to_retry_is_true_false_or_the_kind_s_own(
    here: LocalStripe, kind: FaultKind, default: str | None
) -> None:
    for should_retry, header in ((None, default), (True, "true"), (False, "false")):
        plant(here, kind, should_retry=should_retry)
        answer = raw(here, "POST", "/v1/payment_intents", data=INTENT)
        assert answer.headers.get("Stripe-Should-Retry") == header


@pytest.mark.stripe_rule("https://docs.stripe.com/rate-limits")
def test_a_lock_timeout_is_no_rate_limit_and_the_library_tries_again_by_itself(
    here: LocalStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.001)
    plant(here, FaultKind.LOCK_TIMEOUT)
    assert "Stripe-Rate-Limited-Reason" not in raw(here, "POST", "/v1/payment_intents", data=INTENT).headers
    plant(here, FaultKind.LOCK_TIMEOUT)
    insistent = stripe.StripeClient(
        "sk_test_x", base_addresses={"api": here.server.base_url}, max_network_retries=1
    )
    assert insistent.v1.payment_intents.create({"amount": 100, "currency": "usd"}).amount == 100
    plant(here, FaultKind.RATE_LIMIT)
    with pytest.raises(stripe.RateLimitError):
        insistent.v1.payment_intents.create({"amount": 100, "currency": "usd"})


@pytest.mark.parametrize(("kind", "status"), [(FaultKind.BAD_GATEWAY, 502), (FaultKind.UNAVAILABLE, 503)])
def test_a_proxy_answers_in_html_and_names_no_request(
    here: LocalStripe, kind: FaultKind, status: int
) -> None:
    plant(here, kind)
    answer = raw(here, "POST", "/v1/payment_intents", data=INTENT)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html")
    assert "Request-Id" not in answer.headers
