"""Whatever bytes arrive, the answer is Stripe's: an object, or an error in its shape, and never a 500."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.stripe import StripeSimulator
from sandbox.stripe.state import State
from sandbox.stripe.wire import Request, Response
from tests.contract.local_stripe import ANY_URL, DAY, KEY, LocalStripe, SettableClock
from tests.contract.stripe_requests import requests_to_endpoints
from tests.stripe_proof import proof

EXAMPLES = 60
REFUSALS = {400, 401, 402, 403, 404, 409}

bounded = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""About two seconds for both tests, without the time to compile the document."""

methods = st.sampled_from(["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "BREW"])
segments = st.text(max_size=12) | st.sampled_from(["v1", "balance", "acct_1", "..", "{id}", "*", ""])
paths = st.builds(lambda parts: "/" + "/".join(parts), st.lists(segments, max_size=5))
header_names = st.sampled_from(
    ["authorization", "content-type", "stripe-account", "stripe-version", "idempotency-key", "accept"]
)
headers = st.dictionaries(header_names, st.text(max_size=300) | st.just(KEY["Authorization"]), max_size=6)


@cache
def lived_in() -> tuple[int, dict[str, Any]]:
    """The instant and the state of a Stripe in which something of everything has happened."""
    here = LocalStripe.start()
    worker = here.worker_with(30_000)
    here.payout(worker, 10_000)
    here.client.v1.refunds.create({"charge": here.paid(5_000).id, "amount": 1_000})
    here.simulator.dispute(str(here.paid(7_000).payment_intent))
    here.intent(customer=here.client.v1.customers.create({"name": "Ada"}).id)
    here.confirmed("pm_card_authenticationRequired")
    here.client.v1.webhook_endpoints.create({"url": ANY_URL, "enabled_events": ["*"]})
    here.close()
    return here.clock.at, here.simulator._state.to_json()


def ids() -> dict[str, list[str]]:
    """Of everything there is, by kind."""
    found: dict[str, list[str]] = {}
    for _, kind, rows in lived_in()[1]["shelves"]:
        found.setdefault(kind, []).extend(row["id"] for row in rows[:3])
    return {kind: some for kind, some in found.items() if kind != "event"}


def must_be_stripes(simulator: StripeSimulator, request: Request) -> Response:
    answer = simulator.answer(request)
    assert isinstance(answer, Response)
    assert answer.headers["Content-Type"] == "application/json"
    body: Any = json.loads(answer.body)
    if answer.status != 200:
        assert answer.status in REFUSALS, body
        assert proof().spec.object_problems("error", body) == []
        assert body["error"]["message"]
    return answer


@bounded
@given(methods, paths, st.text(max_size=60), headers, st.binary(max_size=200))
def test_no_request_at_all_breaks_it(
    method: str, path: str, query: str, given_headers: dict[str, str], body: bytes
) -> None:
    simulator = StripeSimulator(clock=SettableClock(), inspector=proof())
    must_be_stripes(simulator, Request(method, path, query, given_headers, body))


@bounded
@given(st.lists(st.deferred(lambda: requests_to_endpoints(ids())), min_size=1, max_size=4))
def test_no_parameters_break_an_endpoint_or_the_books(requests: list[Request]) -> None:
    at, stored = lived_in()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "stripe.json"
        file.write_text(json.dumps(stored), encoding="utf-8")
        clock = SettableClock(at)
        simulator = StripeSimulator(clock=clock, state_file=file, inspector=proof())
    for request in requests:
        must_be_stripes(simulator, request)
    clock.at += 10 * DAY
    must_be_stripes(simulator, Request("GET", "/v1/balance", headers={"authorization": KEY["Authorization"]}))
    assert simulator._state.balances == State.from_json(simulator._state.to_json()).balances
