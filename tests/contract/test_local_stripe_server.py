"""The local Stripe as an HTTP server: bytes that are no HTTP, too much of everything, and a clean end."""

import json
import socket
import threading
import time
from typing import Any

import pytest
import requests
import stripe

from sandbox.stripe import StripeSimulator, serve
from sandbox.stripe.connection import BODY_BYTES_MAX, DISCARDED_BYTES_MAX
from tests.contract.local_stripe import INTENT, KEY, LocalStripe, SettableClock, comes_true, raw

HOST = "127.0.0.1"
BEARER = f"Authorization: {KEY['Authorization']}\r\n"


def connected(here: LocalStripe) -> socket.socket:
    return socket.create_connection((HOST, int(here.server.base_url.rpartition(":")[2])), 5)


def told(connection: socket.socket) -> bytes:
    """All that comes until the other side hangs up."""
    received = b""
    while read := connection.recv(65_536):
        received += read
    return received


def exchange(here: LocalStripe, sent: str | bytes) -> tuple[int, Any]:
    """Status and JSON of the answer to raw bytes after which the server hangs up."""
    with connected(here) as connection:
        connection.sendall(sent.encode("latin-1") if isinstance(sent, str) else sent)
        head, _, body = told(connection).partition(b"\r\n\r\n")
    assert b"Content-Type: application/json" in head
    return int(head.split()[1]), json.loads(body)


# --- what is no HTTP


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("hello\r\n\r\n", 400),
        ("GET /v1/balance HTTP/x.y\r\n\r\n", 400),
        ("GET /v1/balance oops HTTP/1.1\r\n\r\n", 400),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 tls\r\n\r\n", 400),
        (f"GET /{'a' * 70_000} HTTP/1.1\r\n\r\n", 414),
        (f"GET / HTTP/1.1\r\nA: {'a' * 70_000}\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\n" + "A: b\r\n" * 200 + "\r\n", 431),
        ("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n", 400),
        (f"POST / HTTP/1.1\r\nContent-Length: {'9' * 5000}\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
    ],
)
def test_what_is_no_http_is_refused_in_stripe_s_shape(here: LocalStripe, sent: str, status: int) -> None:
    answered, body = exchange(here, sent)
    assert answered == status
    assert body["error"]["type"] == "invalid_request_error"
    assert body["error"]["message"]
    assert here.client.v1.balance.retrieve().object == "balance", "others are served on"


def test_a_body_that_is_too_large_is_413_and_read_so_that_the_answer_arrives(here: LocalStripe) -> None:
    for size in (BODY_BYTES_MAX + 1, DISCARDED_BYTES_MAX // 2):
        answer = raw(here, "POST", "/v1/payment_intents", data=b"a" * size)
        assert (answer.status_code, answer.json()["error"]["type"]) == (413, "invalid_request_error")
    assert raw(here, "POST", "/v1/payment_intents", data=b"a" * BODY_BYTES_MAX).status_code == 400


def test_who_hangs_up_in_the_middle_of_a_body_changes_nothing(here: LocalStripe) -> None:
    with connected(here) as connection:
        connection.sendall(b"POST /v1/payment_intents HTTP/1.1\r\n")
        connection.sendall(BEARER.encode() + b"Content-Length: 500\r\n\r\namount=100&currency=usd")
        connection.shutdown(socket.SHUT_WR)
        assert told(connection) == b""
    assert here.client.v1.payment_intents.list().data == []


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "OPTIONS", "BREW"])
def test_another_method_is_no_endpoint(here: LocalStripe, method: str) -> None:
    answer = raw(here, method, "/v1/balance")
    assert answer.status_code == 404
    if method == "HEAD":
        assert (answer.content, int(answer.headers["Content-Length"]) > 0) == (b"", True)
    else:
        message = answer.json()["error"]["message"]
        assert message.startswith(f"Unrecognized request URL ({method}: /v1/balance)")


# --- connections


def test_a_connection_is_kept_and_requests_on_it_are_answered_in_order(here: LocalStripe) -> None:
    with connected(here) as connection:
        one = f"GET /v1/events/evt_%d HTTP/1.1\r\nHost: x\r\n{BEARER}\r\n"
        last = one.replace("Host", "Connection: close\r\nHost")
        connection.sendall((one % 1 + one % 2 + last % 3).encode())
        answered = told(connection).decode()
    assert answered.count("HTTP/1.1 404 Not Found") == 3
    assert [answered.index(f"No such event: 'evt_{number}'") for number in (1, 2, 3)] == sorted(
        answered.index(f"No such event: 'evt_{number}'") for number in (1, 2, 3)
    )


def test_a_path_may_be_escaped_and_may_name_the_whole_address(here: LocalStripe) -> None:
    intent = here.intent()
    escaped = intent.id.replace("_", "%5F")
    assert raw(here, "GET", f"/v1/payment_intents/{escaped}").json()["id"] == intent.id
    sent = f"GET http://api.stripe.com/v1/balance HTTP/1.1\r\nConnection: close\r\n{BEARER}\r\n"
    assert exchange(here, sent)[1]["object"] == "balance"


def test_a_client_that_asks_before_it_sends_a_body_is_told_to_go_on(here: LocalStripe) -> None:
    with connected(here) as connection:
        head = f"POST /v1/customers HTTP/1.1\r\nConnection: close\r\n{BEARER}Expect: 100-continue\r\n"
        connection.sendall(f"{head}Content-Length: 8\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n")
        connection.sendall(b"name=Ada")
        assert b'"name": "Ada"' in told(connection)


def test_a_header_over_two_lines_comes_back_as_one(here: LocalStripe) -> None:
    sent = f"GET /v1/nothing HTTP/1.1\r\nConnection: close\r\nIdempotency-Key: a\r\n b\r\n{BEARER}\r\n"
    with connected(here) as connection:
        connection.sendall(sent.encode())
        assert b"\r\nIdempotency-Key: a b\r\n" in told(connection)


def test_closing_drops_every_connection_and_frees_the_port() -> None:
    here = LocalStripe.start()
    idle = connected(here)
    here.client.v1.balance.retrieve()
    began = time.monotonic()
    here.close()
    assert time.monotonic() - began < 1
    assert told(idle) == b""
    idle.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(here.server.base_url, timeout=1)
    port = int(here.server.base_url.rpartition(":")[2])
    again = serve(StripeSimulator(clock=SettableClock()), port)
    assert again.base_url == here.server.base_url
    again.close()


def test_a_taken_port_is_an_error_at_once(here: LocalStripe) -> None:
    with pytest.raises(OSError, match="in use"):
        serve(here.simulator, int(here.server.base_url.rpartition(":")[2]))


def test_it_listens_on_loopback_only(here: LocalStripe) -> None:
    assert here.server.base_url.startswith(f"http://{HOST}:")
    listening = here.server._server.socket.getsockname()
    assert listening[0] == HOST


def test_more_connections_than_there_is_room_for_are_dropped_and_the_rest_served(
    here: LocalStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.stripe.server.CONNECTIONS_MAX", 20)
    crowd = [connected(here) for _ in range(20)]
    with connected(here) as late:
        assert told(late) == b""
    for one in crowd:
        one.close()
    assert comes_true(lambda: not here.server._server._connected)
    assert here.client.v1.balance.retrieve().object == "balance"


def test_many_at_once_are_all_answered(here: LocalStripe) -> None:
    statuses: list[int] = []

    def ask() -> None:
        with requests.Session() as session:
            for _ in range(10):
                answer = session.post(
                    f"{here.server.base_url}/v1/payment_intents", data=INTENT, headers=KEY, timeout=10
                )
                statuses.append(answer.status_code)

    crowd = [threading.Thread(target=ask) for _ in range(16)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert statuses == [200] * 160
    listed = here.client.v1.payment_intents.list({"limit": 100}).auto_paging_iter()
    assert len({intent.id for intent in listed}) == 160


def test_without_a_door_there_are_no_controls(here: LocalStripe) -> None:
    assert raw(here, "GET", "/_local/faults").status_code == 404


@pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
def test_the_library_talks_over_its_other_client_too(here: LocalStripe) -> None:
    client = stripe.HTTPXClient(allow_sync_methods=True)
    other = stripe.StripeClient("sk_test_x", base_addresses={"api": here.server.base_url}, http_client=client)
    assert other.v1.payment_intents.create({"amount": 100, "currency": "usd"}).amount == 100
    client.close()  # type: ignore[no-untyped-call]
