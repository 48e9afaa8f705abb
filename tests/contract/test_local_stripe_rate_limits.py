"""The local Stripe's rate limits: off until somebody wants them, in real time, as Stripe documents them."""

import pytest
import stripe

from sandbox.stripe import rate_limits
from sandbox.stripe.errors import StripeError
from sandbox.stripe.rate_limits import RateLimits
from tests.contract.local_stripe import INTENT, KEY, LocalStripe, post, raw

BALANCE = "GET /v1/balance"
EVENTS = "GET /v1/events"


class Timer:
    """Real seconds, as a test wants them."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def fitting(limits: RateLimits, operation: str, tries: int) -> int:
    """How many of so many requests at once are let through."""
    through = 0
    for _ in range(tries):
        try:
            limits.spend(operation)
        except StripeError:
            continue
        through += 1
    return through


def test_there_is_no_limit_until_one_is_set() -> None:
    assert fitting(RateLimits(), BALANCE, 1_000) == 1_000


@pytest.mark.stripe_rule("https://docs.stripe.com/rate-limits")
def test_so_many_requests_a_second_are_let_through_and_more_as_time_passes() -> None:
    timer = Timer()
    limits = RateLimits(timer)
    limits.set(per_second=rate_limits.LIVE_PER_SECOND, per_endpoint=None)
    assert fitting(limits, BALANCE, 300) == 100
    timer.at += 0.25
    assert fitting(limits, BALANCE, 300) == 25
    timer.at += 60
    assert fitting(limits, BALANCE, 300) == 100, "no more than a second's worth is saved up"


@pytest.mark.stripe_rule("https://docs.stripe.com/rate-limits")
def test_each_operation_has_a_limit_of_its_own_and_counts_against_the_global_one() -> None:
    limits = RateLimits(Timer())
    limits.set(per_second=40, per_endpoint=rate_limits.PER_ENDPOINT)
    assert (fitting(limits, BALANCE, 30), fitting(limits, EVENTS, 30)) == (25, 10)


def test_setting_limits_fills_the_buckets_and_none_takes_the_limit_away() -> None:
    limits = RateLimits(Timer())
    limits.set(per_second=2, per_endpoint=None)
    assert fitting(limits, BALANCE, 5) == 2
    limits.set(per_second=3, per_endpoint=None)
    assert fitting(limits, BALANCE, 5) == 3
    limits.set(per_second=None, per_endpoint=None)
    assert fitting(limits, BALANCE, 50) == 50


def test_a_limit_below_one_a_second_lets_one_through_now_and_then() -> None:
    timer = Timer()
    limits = RateLimits(timer)
    limits.set(per_second=0.5, per_endpoint=None)
    assert fitting(limits, BALANCE, 5) == 1
    timer.at += 1
    assert fitting(limits, BALANCE, 5) == 0
    timer.at += 1
    assert fitting(limits, BALANCE, 5) == 1


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf"), 10**400])
def test_a_limit_that_cannot_be_is_refused_and_changes_nothing(here: LocalStripe, wrong: float) -> None:
    here.simulator.limit_rates(per_second=7)
    with pytest.raises(ValueError, match="above 0"):
        here.simulator.limit_rates(per_second=wrong)
    with pytest.raises(ValueError, match="above 0"):
        here.simulator.limit_rates(per_endpoint=wrong)
    assert here.simulator.rate_limits == (7, None)


@pytest.mark.stripe_rule("https://docs.stripe.com/rate-limits")
def test_a_request_beyond_a_rate_limit_is_429_and_says_which_limit(here: LocalStripe) -> None:
    here.simulator.limit_rates(per_second=1)
    here.client.v1.balance.retrieve()
    with pytest.raises(stripe.RateLimitError) as refused:
        here.client.v1.balance.retrieve()
    assert (refused.value.http_status, refused.value.error and refused.value.error.code) == (
        429,
        "rate_limit",
    )
    assert refused.value.headers is not None
    assert refused.value.headers["Stripe-Rate-Limited-Reason"] == "global-rate"
    assert "Retry-After" not in refused.value.headers
    here.simulator.limit_rates(per_endpoint=1)
    reasons = [raw(here, "GET", "/v1/balance").headers.get("Stripe-Rate-Limited-Reason") for _ in range(2)]
    assert reasons == [None, "endpoint-rate"]


@pytest.mark.stripe_rule("https://docs.stripe.com/error-low-level")
def test_a_rate_limited_request_does_nothing_and_leaves_its_key_free(here: LocalStripe) -> None:
    here.simulator.limit_rates(per_second=1)
    here.client.v1.balance.retrieve()
    refused = raw(here, "POST", "/v1/payment_intents", KEY | {"Idempotency-Key": "k1"}, data=INTENT)
    here.simulator.limit_rates()
    assert refused.status_code == 429
    assert "Idempotent-Replayed" not in post(here, INTENT, headers={"Idempotency-Key": "k1"}).headers


def test_objects_of_one_endpoint_share_its_limit(here: LocalStripe) -> None:
    here.simulator.limit_rates(per_endpoint=1)
    statuses = [raw(here, "GET", f"/v1/charges/ch_{number}").status_code for number in range(2)]
    assert statuses == [404, 429]


def test_who_may_not_ask_and_what_is_no_endpoint_counts_for_nothing(here: LocalStripe) -> None:
    here.simulator.limit_rates(per_second=1)
    assert raw(here, "GET", "/v1/balance", {}).status_code == 401
    assert raw(here, "GET", "/v1/nothing").status_code == 404
    assert raw(here, "GET", "/v1/balance").status_code == 200
