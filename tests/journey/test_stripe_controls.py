"""The sandbox's controls of the local Stripe: the same as those of the program that runs by itself, and as
strict as the API."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.people import World

FAULTS = "/sandbox/stripe/faults"
WEBHOOKS = "/sandbox/stripe/webhooks"
RATES = "/sandbox/stripe/rate-limits"
BALANCE = "GET /v1/balance"


@pytest.fixture
def calm(world: World) -> Iterator[World]:
    """Leaves Stripe as it was found."""
    yield world
    world.system.stripe.faults.clear()
    world.system.stripe.misdeliver(None)
    world.system.stripe.limit_rates()


def balance(world: World) -> int:
    """The status that Stripe answers to a request for its balance."""
    url = f"{world.system.runtime.settings.stripe_api_base}/v1/balance"
    return world.http.get(url, headers={"Authorization": "Bearer sk_test_local"}).status_code


def refused(world: World, path: str, body: Any) -> tuple[int, str, list[str]]:
    """Status, code, and pointers to what is wrong."""
    answer = world.http.post(path, json=body)
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, told["code"], [row["pointer"] for row in told.get("errors", [])]


def test_a_fault_is_planted_strikes_is_listed_and_goes(calm: World) -> None:
    planted = calm.sandbox("stripe/faults", {"endpoint": BALANCE, "kind": "unavailable", "count": 1})
    assert (planted["kind"], planted["fired"]) == ("unavailable", 0)
    assert [balance(calm), balance(calm)] == [503, 200]
    listed = calm.http.get(FAULTS).json()["faults"]
    assert [(row["id"], row["fired"]) for row in listed] == [(planted["id"], 1)]
    assert calm.http.delete(f"{FAULTS}/{planted['id']}").json() == {"faults": []}
    assert calm.http.delete(f"{FAULTS}/{planted['id']}").status_code == 404
    calm.sandbox("stripe/faults", {"endpoint": "*", "kind": "bad_gateway", "probability": 1, "seed": 3})
    assert calm.http.delete(FAULTS).json() == {"faults": []}
    assert balance(calm) == 200


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/endpoint", "/kind"]),
        ({"endpoint": BALANCE, "kind": "earthquake", "count": 1}, ["/kind"]),
        ({"endpoint": BALANCE, "kind": "unavailable", "count": "1"}, ["/count"]),
        ({"endpoint": BALANCE, "kind": "unavailable", "count": 1, "colour": 1}, ["/colour"]),
        ({"endpoint": BALANCE, "kind": "unavailable"}, ["/count", "/probability"]),
        (
            {"endpoint": BALANCE, "kind": "unavailable", "count": 1, "probability": 1},
            ["/count", "/probability"],
        ),
        ({"endpoint": BALANCE, "kind": "unavailable", "probability": 1.5}, ["/probability"]),
        ({"endpoint": "GET /v1/nothing", "kind": "unavailable", "count": 1}, ["/endpoint"]),
    ],
)
def test_a_fault_that_cannot_be_is_422(calm: World, body: Any, pointers: list[str]) -> None:
    assert refused(calm, FAULTS, body) == (422, "invalid_request", pointers)
    assert calm.http.get(FAULTS).json() == {"faults": []}


def test_rates_are_limited_and_set_free_again(calm: World) -> None:
    assert calm.sandbox("stripe/rate-limits", {"per_endpoint": 1}) == {"per_second": None, "per_endpoint": 1}
    assert 429 in [balance(calm) for _ in range(5)]
    assert refused(calm, RATES, {"per_second": 0})[:2] == (422, "invalid_request")
    calm.sandbox("stripe/rate-limits", {"per_second": None, "per_endpoint": None})
    assert {balance(calm) for _ in range(5)} == {200}


def test_webhooks_go_astray_until_told_otherwise(calm: World) -> None:
    shown = calm.sandbox("stripe/webhooks", {"drop": 1, "types": ["payment_intent.*"]})["misdelivery"]
    assert (shown["drop"], shown["duplicate"]) == (1, 0)
    client = calm.client()
    top_up = client.post("/v1/wallet/top-ups", {"amount": {"amount": 5_000, "currency": "USD"}})
    calm.sandbox(f"stripe/pay/{top_up['payment_intent']}")
    calm.settle()
    assert calm.http.delete(WEBHOOKS).json() == {"misdelivery": None}
    assert client.get(f"/v1/wallet/top-ups/{top_up['id']}")["status"] == "requires_payment"
    assert refused(calm, WEBHOOKS, {"duplicate": 7})[:2] == (422, "invalid_request")


def test_a_payment_is_disputed(calm: World) -> None:
    client = calm.client()
    top_up = calm.top_up(client, 5_000)
    body = {"payment_intent": top_up["payment_intent"], "outcome": "needs_response", "amount": 1_000}
    disputed = calm.sandbox("stripe/disputes", body)
    assert disputed["status"] == "needs_response"
    won = calm.sandbox("stripe/disputes", {"payment_intent": top_up["payment_intent"], "outcome": "won"})
    assert won == {"id": disputed["id"], "status": "won"}


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("pay/pi_none", {}, (404, "not_found", [])),
        ("accounts/acct_none/verify", {}, (404, "not_found", [])),
        ("payouts/po_none/fail", {"failure_code": "no_account"}, (404, "not_found", [])),
        ("payouts/po_none/fail", {}, (422, "invalid_request", ["/failure_code"])),
        ("pay/pi_none", {"card": "visa"}, (422, "invalid_request", ["/card"])),
        ("nothing", {}, (404, "not_found", [])),
        ("disputes", {"outcome": "won"}, (422, "invalid_request", ["/payment_intent"])),
    ],
)
def test_a_control_that_cannot_be_played_is_a_problem(
    calm: World, path: str, body: Any, expected: tuple[int, str, list[str]]
) -> None:
    assert refused(calm, f"/sandbox/stripe/{path}", body) == expected


def test_a_payment_that_was_made_cannot_be_made_again(calm: World) -> None:
    top_up = calm.top_up(calm.client(), 5_000)
    path = f"/sandbox/stripe/pay/{top_up['payment_intent']}"
    assert refused(calm, path, {})[:2] == (409, "illegal_transition")
    assert calm.http.post(path, content=b"{").status_code == 400
