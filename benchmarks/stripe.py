"""Times the local Stripe and our intake of its webhooks: `python -m benchmarks.stripe`.

Everything is on one machine and in one run, so the ratios say more than the milliseconds.
"""

import hashlib
import hmac
import http.client
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit

import httpx
import stripe

from sandbox.system import System

CALLS = 500
STARTS = 5
KEY = {"Authorization": "Bearer sk_test_x"}


def main() -> None:
    """Prints a row for each thing timed: median, 99th percentile, and the median against the first row's."""
    starts = [_start_seconds() for _ in range(STARTS)]
    print(f"{'starts alone':44} {median(starts) * 1000:8.0f} ms (median of {STARTS})")
    with _alone() as base:
        client = stripe.StripeClient("sk_test_x", base_addresses={"api": base})
        raw = http.client.HTTPConnection(urlsplit(base).netloc)
        _table(
            {
                "the balance, over a kept connection": lambda: _get(raw, "/v1/balance"),
                "the balance, by the stripe library": client.v1.balance.retrieve,
                "a payment intent, by the stripe library": lambda: client.v1.payment_intents.create(
                    {"amount": 1000, "currency": "usd"}
                ),
                "the 100 newest events, by the stripe library": lambda: client.v1.events.list({"limit": 100}),
            }
        )
        raw.close()
    with System() as system, httpx.Client(base_url=system.base_url) as caller:
        secret = system.runtime.settings.stripe_webhook_secret
        _table(
            {
                "our intake: a genuine event, kept": lambda: _tell(caller, system, secret),
                "our intake: a forged event, refused": lambda: _tell(caller, system, "whsec_other"),
            }
        )


def _table(timed: dict[str, Callable[[], Any]]) -> None:
    first: float | None = None
    for name, call in timed.items():
        call()
        seconds = sorted(_seconds(call) for _ in range(CALLS))
        middle, slow = median(seconds), quantiles(seconds, n=100)[98]
        first = first or middle
        print(f"{name:44} {middle * 1000:8.2f} ms p50 {slow * 1000:8.2f} ms p99 {middle / first:6.2f} x")


def _seconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


@contextmanager
def _alone() -> Iterator[str]:
    """The address of a local Stripe in a process of its own."""
    program = [sys.executable, "-m", "sandbox.stripe"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[1]
        finally:
            process.terminate()


def _start_seconds() -> float:
    start = time.perf_counter()
    with _alone():
        return time.perf_counter() - start


def _get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path, headers=KEY)
    return connection.getresponse().read()


def _tell(caller: httpx.Client, system: System, secret: str) -> None:
    event = {
        "id": f"evt_{uuid.uuid4().hex}",
        "object": "event",
        "type": "customer.created",
        "created": 1,
        "livemode": False,
        "data": {"object": {"id": "cus_1", "object": "customer"}},
    }
    content, at = json.dumps(event).encode(), system.clock.now()
    digest = hmac.new(secret.encode(), b"%d.%s" % (at, content), hashlib.sha256).hexdigest()
    caller.post("/v1/stripe/events", content=content, headers={"Stripe-Signature": f"t={at},v1={digest}"})


if __name__ == "__main__":
    main()
