"""Our gateway against the local Stripe over HTTP: what time, banks and bad days bring."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from marketplace.gateways import stripe_calls
from marketplace.gateways.stripe import StripeGateway
from marketplace.payouts.ports import BankPayout
from marketplace.shared.errors import ProviderUnavailable
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Outcome, Refused, Unknown, known
from sandbox.stripe.forms import decode
from tests.contract.local_stripe import DAY, START, LocalStripe
from tests.contract.stripe_there import connect
from tests.stripe_proof import proof

USD = Money(5_000, "USD")


@pytest.fixture
def gateway(here: LocalStripe) -> StripeGateway:
    return connect(here.server.base_url)


def opened(gateway: StripeGateway, key: str = "top_1:create:1", amount: Money = USD) -> Outcome[Any]:
    return gateway.payments.open_payment(key=key, top_up_id="top_1", client_id="cli_1", amount=amount)


def transfer(gateway: StripeGateway, account: str, *, attempt: int = 1, amount: Money = USD) -> Outcome[str]:
    return gateway.rail.send_transfer(
        key=f"pay_1:transfer:{attempt}", payout_id="pay_1", attempt=attempt, account=account, amount=amount
    )


def to_bank(gateway: StripeGateway, account: str, *, attempt: int = 1) -> Outcome[BankPayout]:
    return gateway.rail.send_to_bank(
        key=f"pay_1:payout:{attempt}", payout_id="pay_1", attempt=attempt, account=account, amount=USD
    )


def test_a_bank_payout_is_followed_until_the_bank_returns_it(
    here: LocalStripe, gateway: StripeGateway
) -> None:
    here.funded()
    account = here.verified_worker()
    known(transfer(gateway, account))
    bank = known(to_bank(gateway, account))
    assert bank.arrives_at == here.clock.now() + 2 * DAY
    here.after(2 * DAY)
    assert known(gateway.rail.bank_payout(account=account, bank_payout_id=bank.id)).is_paid
    here.simulator.fail_payout(bank.id, "account_closed")
    failed = known(gateway.rail.bank_payout(account=account, bank_payout_id=bank.id))
    assert (failed.has_failed, failed.failure_code) == (True, "account_closed")


def test_what_the_state_of_an_account_forbids_is_refused(here: LocalStripe, gateway: StripeGateway) -> None:
    refusals = [transfer(gateway, here.verified_worker()), to_bank(gateway, here.worker().id)]
    codes = [refusal.code for refusal in refusals if isinstance(refusal, Refused)]
    assert codes == ["balance_insufficient", "payouts_not_allowed"]


def test_the_books_are_read_page_by_page(here: LocalStripe, gateway: StripeGateway) -> None:
    for _ in range(3):
        here.paid(1_000)
    rows = list(gateway.books.balance_transactions(START, here.clock.now() + 1))
    assert [(row.amount, row.fee, row.currency) for row in rows] == [(1_000, 59, "USD")] * 3
    assert all(row.source is not None and row.source.startswith("ch_") for row in rows)
    assert list(gateway.books.balance_transactions(START, rows[-1].created)) == []
    assert known(gateway.books.available()) == {"USD": 0}


def test_a_payout_to_our_own_bank_has_a_line_for_what_went_and_for_what_came_back(
    here: LocalStripe, gateway: StripeGateway
) -> None:
    here.funded()
    made = here.client.v1.payouts.create({"amount": 700, "currency": "usd"})
    (went,) = known(gateway.own_payouts.lines_of(made.id))
    assert (went.payout, went.change, went.fee, went.currency) == (made.id, -700, 0, "USD")
    here.after(2 * DAY)
    here.simulator.fail_payout(made.id, "account_closed")
    lines = known(gateway.own_payouts.lines_of(made.id))
    assert [(line.payout, line.change) for line in lines] == [(made.id, -700), (made.id, 700)]
    assert known(gateway.own_payouts.lines_since(made.created)) == lines
    assert known(gateway.own_payouts.lines_since(made.created + DAY)) == ()


class Sulking:
    """A server that answers every request with one status and body, or not at all."""

    def __init__(self, status: int, body: str) -> None:
        asked = self.asked = []  # type: list[str]

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked.append(self.headers["Idempotency-Key"])
                form = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                proof().request(self.command, self.path, decode(form))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (500, '{"error": {"type": "api_error", "message": "oops"}}', "APIError"),
        (502, "<html>bad gateway</html>", "APIError"),
        (
            409,
            '{"error": {"type": "invalid_request_error", "code": "idempotency_key_in_use", "message": ""}}',
            "idempotency_key_in_use",
        ),
        (
            429,
            '{"error": {"type": "invalid_request_error", "code": "lock_timeout", "message": "busy"}}',
            "lock_timeout",
        ),
        (403, '{"error": {"type": "invalid_request_error", "message": "restricted key"}}', "PermissionError"),
        (
            401,
            '{"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}',
            "AuthenticationError",
        ),
    ],
)
def test_an_answer_that_does_not_tell_is_unknown(
    status: int, body: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.001)
    sulking = Sulking(status, body)
    try:
        unknown = opened(connect(sulking.base))
    finally:
        sulking.close()
    assert isinstance(unknown, Unknown)
    assert unknown.code == code
    assert unknown.is_in_progress == (status == 409)
    assert set(sulking.asked) == {"top_1:create:1"}


def test_silence_is_unknown_and_unread_books_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.001)
    gateway = connect("http://127.0.0.1:9")
    assert isinstance(opened(gateway), Unknown)
    with pytest.raises(ProviderUnavailable):
        list(gateway.books.balance_transactions(0, 1))


def test_a_slow_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe_calls, "READ_TIMEOUT_SECONDS", 0.05)
    monkeypatch.setattr(stripe_calls, "NETWORK_RETRIES_MAX", 0)
    listening = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    try:
        unknown = opened(connect(f"http://127.0.0.1:{listening.server_port}"))
    finally:
        listening.server_close()
    assert isinstance(unknown, Unknown)
    assert unknown.code == "APIConnectionError"
