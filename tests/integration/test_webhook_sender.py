"""The sender against receivers that mean no good."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from marketplace.gateways.webhooks import HttpSender
from tests.receivers import receiver

SECONDS = 0.4


def quiet() -> None:
    """Nobody minds how slow it is."""


@contextmanager
def speaking(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that says whatever `speak` says, to one caller."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            try:
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65_536)
                    speak(connection)
            except OSError:
                pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook"


def drip(connection: socket.socket) -> None:
    for _ in range(200):
        connection.sendall(b"H")
        time.sleep(0.02)


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


def no_http(connection: socket.socket) -> None:
    connection.sendall(b"\x00\xff\r\n\r\n")


def forever_continue(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("speak", "code"), [(drip, None), (endless, 200), (no_http, None), (forever_continue, None)]
)
def test_no_receiver_holds_us_longer_or_gives_us_more_than_we_take(
    speak: Callable[[socket.socket], None], code: int | None
) -> None:
    sender = HttpSender(sandbox=True, seconds_max=SECONDS)
    with speaking(speak) as url:
        began = time.monotonic()
        heard = sender.send(url, {}, b"{}", quiet)
    assert time.monotonic() - began < SECONDS + 2
    assert heard.code == code
    assert bool(heard.error) == (code is None)


def test_a_redirect_is_not_followed() -> None:
    with receiver() as target, receiver(status=302, headers={"Location": target.url}) as door:
        heard = HttpSender(sandbox=True).send(door.url, {}, b"{}", quiet)
    assert (heard.code, heard.is_taken, target.received) == (302, False, [])


def test_a_name_that_means_this_machine_by_the_time_it_is_called_is_never_connected_to() -> None:
    with receiver() as inside:
        port = int(inside.url.split(":")[2].split("/")[0])
        answers = iter([["93.184.216.34"], ["127.0.0.1"], ["93.184.216.34", "127.0.0.1"]])
        asked = []

        def resolve(host: str, _: int) -> list[str]:
            asked.append(host)
            return next(answers)

        sender = HttpSender(sandbox=False, resolve=resolve, seconds_max=SECONDS)
        for _ in range(3):
            heard = sender.send(f"https://rebinding.example:{port}/hook", {}, b"{}", quiet)
            assert heard.code is None
    assert asked == ["rebinding.example"] * 3  # each sending looks once, and connects to what it checked
    assert inside.received == []


def test_a_name_that_takes_long_to_resolve_costs_no_more_than_the_attempts_time() -> None:
    release = threading.Event()
    sender = HttpSender(sandbox=False, resolve=lambda *_: [str(release.wait(5))], seconds_max=SECONDS)
    began = time.monotonic()
    assert sender.send("https://slow.example/hook", {}, b"{}", quiet).error == "no answer in time"
    release.set()
    assert time.monotonic() - began < SECONDS + 2
