"""What the tests of the local Stripe start from: a clock that moves when told, a client, an inbox."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from sandbox.stripe import StripeServer, StripeSimulator, serve
from tests.stripe_proof import proof

START = 1_790_000_000
DAY = 24 * 3600
WAIT_SECONDS_MAX = 20
WAIT_LOOK_SECONDS = 0.01
ANY_URL = "https://example.com/"
KEY = {"Authorization": "Bearer sk_test_x"}
MANUAL = {"payouts": {"schedule": {"interval": "manual"}}}
INTENT = {"amount": 100, "currency": "usd"}


@dataclass
class SettableClock:
    """Stands still until a test moves it."""

    at: int = START

    def now(self) -> int:
        return self.at


@dataclass
class LocalStripe:
    """A simulator being served, and the real library pointed at it."""

    clock: SettableClock
    simulator: StripeSimulator
    server: StripeServer
    client: stripe.StripeClient

    @classmethod
    def start(cls, clock: SettableClock | None = None, state_file: Path | None = None) -> "LocalStripe":
        clock = clock or SettableClock()
        simulator = StripeSimulator(clock=clock, state_file=state_file, inspector=proof())
        server = serve(simulator)
        return cls(clock, simulator, server, client_of(server))

    def close(self) -> None:
        self.server.close()

    def after(self, seconds: int) -> int:
        """Moves the clock and does what has come due."""
        self.clock.at += seconds
        return self.simulator.run_due()

    def intent(self, amount: int = 10_000, currency: str = "usd", **more: Any) -> stripe.PaymentIntent:
        params: Any = {"amount": amount, "currency": currency, **more}
        return self.client.v1.payment_intents.create(params)

    def confirmed(
        self, card: str, amount: int = 10_000, currency: str = "usd", **more: Any
    ) -> stripe.PaymentIntent:
        """An intent whose card is charged at once, with the test card of that name."""
        return self.intent(
            amount, currency, confirm=True, payment_method=card, payment_method_types=["card"], **more
        )

    def paid(self, amount: int = 10_000, currency: str = "usd") -> stripe.Charge:
        """A charge that has been paid and booked; its money is still pending."""
        intent = self.intent(amount, currency)
        self.simulator.pay(intent.id)
        self.after(1)
        charge = self.client.v1.payment_intents.retrieve(intent.id).latest_charge
        return self.client.v1.charges.retrieve(str(charge))

    def funded(self, amount: int = 100_000, currency: str = "usd") -> None:
        """Makes money available on the platform: `amount` minus the card fee."""
        self.paid(amount, currency)
        self.after(2 * DAY)

    def worker(self, **more: Any) -> stripe.Account:
        """A connected account that has not been onboarded; it is paid out manually unless told otherwise."""
        params: Any = {"type": "express", "country": "US", "settings": MANUAL, **more}
        return self.client.v1.accounts.create(params)

    def verified_worker(self) -> str:
        account = self.worker()
        self.simulator.verify(account.id)
        return account.id

    def worker_with(self, amount: int, currency: str = "usd") -> str:
        """A verified account that holds `amount`; the platform has been given as much as that takes."""
        self.funded(max(2 * amount, 100_000), currency)
        worker = self.verified_worker()
        self.transfer(worker, amount, currency)
        return worker

    def transfer(self, worker: str, amount: int, currency: str = "usd", **more: Any) -> stripe.Transfer:
        params: Any = {"amount": amount, "currency": currency, "destination": worker, **more}
        return self.client.v1.transfers.create(params)

    def payout(self, worker: str, amount: int, currency: str = "usd") -> stripe.Payout:
        return self.client.v1.payouts.create({"amount": amount, "currency": currency}, on(worker))

    def balance(self, worker: str | None = None) -> dict[str, tuple[int, int]]:
        """Currency → (available, pending)."""
        balance = self.client.v1.balance.retrieve(options=on(worker))
        pending = {row.currency: row.amount for row in balance.pending}
        return {row.currency: (row.amount, pending[row.currency]) for row in balance.available}

    def transactions(self, worker: str | None = None) -> list[stripe.BalanceTransaction]:
        return self.client.v1.balance_transactions.list({"limit": 100}, on(worker)).data

    def event_types(self, worker: str | None = None) -> list[str]:
        """All event types so far, oldest first."""
        return [event.type for event in reversed(self.client.v1.events.list({"limit": 100}, on(worker)).data)]


def comes_true(condition: Callable[[], object]) -> bool:
    """Whether what another thread or process is about to do is done within some seconds."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not condition() and time.monotonic() < deadline:
        time.sleep(WAIT_LOOK_SECONDS)
    return bool(condition())


def client_of(server: StripeServer) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_x", base_addresses={"api": server.base_url})


def on(worker: str | None) -> Any:
    """Request options that act for a connected account."""
    return {} if worker is None else {"stripe_account": worker}


def refusal(of: pytest.ExceptionInfo[stripe.StripeError]) -> tuple[int | None, str | None, str | None]:
    """Status, code and parameter of a refusal."""
    return of.value.http_status, of.value.code, getattr(of.value, "param", None)


def raw(here: LocalStripe, method: str, path: str, headers: Any = None, **more: Any) -> requests.Response:
    """A request that the library would not send."""
    headers = KEY if headers is None else headers
    return requests.request(method, here.server.base_url + path, headers=headers, timeout=5, **more)


def post(here: LocalStripe, params: dict[str, Any], path: str = "payment_intents", **options: Any) -> Any:
    """A creating request, past the library's types; the raw answer with its headers."""
    return here.client.raw_request("post", f"/v1/{path}", **params, **options)


@dataclass(frozen=True)
class Received:
    """A webhook as it arrived."""

    path: str
    signature: str
    body: bytes

    @property
    def event(self) -> Any:
        return json.loads(self.body)

    def signed_with(self, secret: str) -> bool:
        """Whether the real library accepts the signature, however long ago it was made."""
        verify: Any = stripe.WebhookSignature.verify_header
        try:
            verify(self.body.decode(), self.signature, secret, tolerance=None)
        except stripe.SignatureVerificationError:
            return False
        return True


@dataclass
class Inbox:
    """An HTTP server that keeps what it is sent, runs `meanwhile`, then answers `status`."""

    received: list[Received] = field(default_factory=list)
    status: int = 200
    meanwhile: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                inbox.received.append(Received(self.path, self.headers["Stripe-Signature"], body))
                inbox.meanwhile()
                self.send_response(inbox.status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def types(self) -> list[str]:
        return [received.event["type"] for received in self.received]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
