"""The demo's manners over HTTP: what it sends again, and what it says when an answer is not as promised."""

from collections.abc import Callable

import httpx
import pytest

from marketplace_client import MarketplaceError
from sandbox.demo.answers import Bid, Nothing
from sandbox.demo.client import RETRIES, Marketplace


def marketplace(answer: Callable[[httpx.Request], httpx.Response]) -> Marketplace:
    return Marketplace(httpx.Client(base_url="http://market", transport=httpx.MockTransport(answer)))


def test_a_passing_failure_is_tried_again_with_the_same_key() -> None:
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) == 1:
            raise httpx.ConnectError("refused", request=request)
        if len(keys) == 2:
            return httpx.Response(503, headers={"Retry-After": "0"})
        return httpx.Response(201, json={"id": "bid_1", "status": "submitted"})

    assert marketplace(answer).post("/v1/tasks/task_1/bids", Bid, {}, token="t").id == "bid_1"
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_a_call_without_a_key_is_sent_once() -> None:
    calls: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(503, json={"code": "provider_unavailable", "detail": "Stripe sleeps"})

    with pytest.raises(MarketplaceError):
        marketplace(answer).post("/sandbox/clock/advance", Nothing, {"seconds": 1}, keyed=False)
    assert ["Idempotency-Key" in call.headers for call in calls] == [False]


def test_attempts_end() -> None:
    market = marketplace(lambda _: httpx.Response(429, headers={"Retry-After": "0"}))
    with pytest.raises(MarketplaceError, match="answered 429"):
        market.get("/v1/wallet", Nothing, token="t")
    assert market.calls == RETRIES.attempts_max


def test_an_unexpected_answer_names_call_status_code_and_detail() -> None:
    problem = {
        "status": 422,
        "code": "invalid_request",
        "detail": "The request does not fit.",
        "errors": [{"pointer": "/price/amount", "detail": "must be positive"}],
    }
    market = marketplace(lambda _: httpx.Response(422, json=problem))
    with pytest.raises(MarketplaceError) as stopped:
        market.post("/v1/tasks/task_1/bids", Bid, {}, token="t")
    assert str(stopped.value) == (
        "POST /v1/tasks/task_1/bids answered 422, invalid_request: The request does not fit.; "
        "/price/amount: must be positive"
    )


def test_an_answer_without_a_promised_field_is_unexpected() -> None:
    market = marketplace(lambda _: httpx.Response(201, json={"id": "bid_1"}))
    with pytest.raises(MarketplaceError, match="answered 201, but status: Field required"):
        market.post("/v1/tasks/task_1/bids", Bid, {}, token="t")
