"""The local Stripe's bad days: which requests a fault strikes, how often, and how long it keeps silent."""

import threading
import time
from typing import Any

import pytest
import stripe

from sandbox.stripe import Fault, FaultKind, UnknownObject
from sandbox.stripe.faults import HELD_SECONDS_MAX, PLANTED_MAX
from tests.contract.local_stripe import INTENT, LocalStripe, client_of, comes_true, on, raw
from tests.contract.test_local_stripe_faults import CREATE, intents, plant

# --- where and how often


@pytest.mark.parametrize(
    ("endpoint", "status"),
    [
        ("*", 502),
        ("GET /v1/payouts/*", 502),
        ("GET /v1/payouts/{payout}", 502),
        ("* /v1/payouts/*", 502),
        ("GET /v1/payouts/po_1", 502),
        ("GET /v1/payouts/po_2", 404),
        ("GET /v1/payouts", 404),
        ("POST /v1/payouts", 404),
        ("GET /v1/transfers/*", 404),
    ],
)
def test_a_fault_strikes_the_endpoint_it_names(here: LocalStripe, endpoint: str, status: int) -> None:
    plant(here, FaultKind.BAD_GATEWAY, endpoint)
    assert raw(here, "GET", "/v1/payouts/po_1").status_code == status


@pytest.mark.parametrize(
    "endpoint", ["", "POST", "POST /v1/nothing", "PUT /v1/payouts", "/v1/payouts", "POST /v1/payouts/"]
)
def test_a_fault_needs_an_endpoint_that_there_is(here: LocalStripe, endpoint: str) -> None:
    with pytest.raises(ValueError, match="no endpoint"):
        plant(here, FaultKind.BAD_GATEWAY, endpoint)


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        (FaultKind.RATE_LIMIT, {"count": None}),
        (FaultKind.RATE_LIMIT, {"count": 1, "probability": 0.5}),
        (FaultKind.RATE_LIMIT, {"count": 0}),
        (FaultKind.RATE_LIMIT, {"probability": 0.0}),
        (FaultKind.RATE_LIMIT, {"probability": 1.1}),
        (FaultKind.RATE_LIMIT, {"probability": float("nan")}),
        (FaultKind.RATE_LIMIT, {"count": 1, "seconds": 1.0}),
        (FaultKind.SILENT_AFTER, {"count": 1, "seconds": 0.0}),
        (FaultKind.SILENT_AFTER, {"count": 1, "seconds": HELD_SECONDS_MAX + 1}),
        (FaultKind.DROPPED_AFTER, {"count": 1, "should_retry": True}),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(kind: FaultKind, how: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"count|probability|seconds|should_retry"):
        Fault(CREATE, kind, **how)


def test_a_fault_strikes_as_often_as_it_was_told_and_counts(here: LocalStripe) -> None:
    plant(here, FaultKind.UNAVAILABLE, count=3)
    statuses = [raw(here, "POST", "/v1/payment_intents", data=INTENT).status_code for _ in range(5)]
    assert statuses == [503, 503, 503, 200, 200]
    [planted] = here.simulator.faults.list()
    assert planted.fired == 3


def test_a_fault_of_chance_strikes_alike_for_the_same_seed(here: LocalStripe) -> None:
    def strikes(seed: int) -> list[int]:
        here.simulator.faults.clear()
        plant(here, FaultKind.UNAVAILABLE, probability=0.3, seed=seed)
        return [raw(here, "POST", "/v1/payment_intents", data=INTENT).status_code for _ in range(40)]

    first = strikes(7)
    assert 3 < first.count(503) < 25
    assert strikes(7) == first
    assert strikes(8) != first


def test_the_oldest_fault_that_strikes_wins(here: LocalStripe) -> None:
    plant(here, FaultKind.BAD_GATEWAY)
    plant(here, FaultKind.UNAVAILABLE)
    statuses = [raw(here, "POST", "/v1/payment_intents", data=INTENT).status_code for _ in range(3)]
    assert statuses == [502, 503, 200]


def test_faults_can_be_taken_away_one_by_one_or_all(here: LocalStripe) -> None:
    first, second = (plant(here, FaultKind.UNAVAILABLE) for _ in range(2))
    here.simulator.faults.remove(first)
    assert [planted.id for planted in here.simulator.faults.list()] == [second]
    with pytest.raises(UnknownObject):
        here.simulator.faults.remove(first)
    here.simulator.faults.clear()
    assert here.simulator.faults.list() == []
    assert here.intent().amount == 10_000


def test_there_is_room_for_a_hundred_faults(here: LocalStripe) -> None:
    for _ in range(PLANTED_MAX):
        plant(here, FaultKind.UNAVAILABLE)
    with pytest.raises(ValueError, match="100"):
        plant(here, FaultKind.UNAVAILABLE)


def test_a_fault_strikes_whatever_the_account(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    plant(here, FaultKind.DROPPED_AFTER, "POST /v1/payouts")
    with pytest.raises(stripe.APIConnectionError):
        here.payout(worker, 1_000)
    assert len(here.client.v1.payouts.list(options=on(worker)).data) == 1


# --- silence


@pytest.mark.parametrize("kind", [FaultKind.SILENT_BEFORE, FaultKind.SILENT_AFTER])
def test_a_silent_stripe_is_waited_for_until_the_client_gives_up(here: LocalStripe, kind: FaultKind) -> None:
    plant(here, kind, seconds=HELD_SECONDS_MAX)
    impatient = stripe.StripeClient(
        "sk_test_x",
        base_addresses={"api": here.server.base_url},
        http_client=stripe.RequestsClient(timeout=0.2),
    )
    began = time.monotonic()
    with pytest.raises(stripe.APIConnectionError):
        impatient.v1.payment_intents.create({"amount": 100, "currency": "usd"})
    assert 0.15 < time.monotonic() - began < 5
    assert intents(here) == int(kind is FaultKind.SILENT_AFTER)


@pytest.mark.parametrize("end", ["clear", "remove", "close"])
def test_a_held_connection_is_let_go_of_when_its_fault_or_the_server_goes(end: str) -> None:
    here = LocalStripe.start()
    fault = plant(here, FaultKind.SILENT_BEFORE, seconds=HELD_SECONDS_MAX)
    errors: list[stripe.StripeError] = []

    def wait() -> None:
        try:
            client_of(here.server).v1.payment_intents.create({"amount": 100, "currency": "usd"})
        except stripe.StripeError as error:
            errors.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert comes_true(lambda: here.simulator.faults.list()[0].fired)
    {
        "clear": here.simulator.faults.clear,
        "remove": lambda: here.simulator.faults.remove(fault),
        "close": here.close,
    }[end]()
    waiting.join(5)
    assert not waiting.is_alive()
    assert [type(error) for error in errors] == [stripe.APIConnectionError]
    if end != "close":
        here.close()


def test_others_are_answered_while_one_is_held(here: LocalStripe) -> None:
    plant(here, FaultKind.SILENT_BEFORE, seconds=HELD_SECONDS_MAX)

    def wait() -> None:
        with pytest.raises(stripe.APIConnectionError):
            here.intent()

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert comes_true(lambda: here.simulator.faults.list()[0].fired)
    assert client_of(here.server).v1.balance.retrieve().object == "balance"
    here.simulator.faults.clear()
    waiting.join(5)
    assert not waiting.is_alive()
