"""Sends webhooks to urls that strangers wrote.

    name ──resolve──> addresses ──all public?──> connect to one of these ──TLS for the name──> POST ──> status

The name is looked up once, and the connection goes to the very address that was checked: a name that means
something else a moment later gains nothing. Redirects are answers like any other, no proxy is asked, and of
the answer no more than its head and ANSWER_BYTES_MAX are read. All of it ends within SECONDS_MAX.
"""

import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from contextlib import closing
from functools import cache
from http.client import HTTPException, HTTPResponse
from threading import Timer
from typing import Any

from marketplace.notifications.addresses import NotPublic, checked
from marketplace.notifications.destination import Destination, destination
from marketplace.notifications.ports import SLOW_SECONDS, Heard
from marketplace.shared.errors import InvalidRequest

SECONDS_MAX = 15.0
"""The specification recommends 15 to 30."""
RESOLVE_SECONDS_MAX = 5.0
CONNECT_SECONDS_MAX = 5.0
ADDRESSES_MAX = 3
"""How many of a name's addresses are tried."""
ANSWER_BYTES_MAX = 4_096
RESOLVERS = 20
USER_AGENT = "gig-marketplace-webhooks/1"

_WHY: tuple[tuple[type[Exception], str], ...] = (
    (NotPublic, "the address is not public"),
    (InvalidRequest, "the address is not public"),
    (TimeoutError, "no answer in time"),
    (TooSlow, "no answer in time"),
    (ssl.SSLCertVerificationError, "the certificate is not valid"),
    (ssl.SSLError, "TLS could not be agreed upon"),
    (socket.gaierror, "the name could not be resolved"),
    (ConnectionRefusedError, "the connection was refused"),
    (OSError, "the connection failed"),
    (Exception, "the answer was no HTTP"),
)
"""What the log of deliveries says, by the first kind that fits."""

Resolve = Callable[[str, int], list[str]]


class _Deadline:
    """What is left of an attempt's time."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self, at_most: float = SECONDS_MAX) -> float:
        """Seconds. Raises TimeoutError when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, at_most)


class _Answer(io.RawIOBase):
    """A socket's incoming bytes: no receiver holds us longer by sending them one by one."""

    def __init__(self, connection: socket.socket, deadline: _Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Raises TimeoutError when the attempt's time is over."""
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What http.client asks a socket for."""
        del mode
        return io.BufferedReader(self)


class HttpSender:
    """Real HTTP; in a `sandbox` also without TLS, and to this machine."""

    def __init__(
        self,
        *,
        sandbox: bool,
        resolve: Resolve | None = None,
        trust: ssl.SSLContext | None = None,
        seconds_max: float = SECONDS_MAX,
    ) -> None:
        self._sandbox = sandbox
        self._resolve = resolve or _resolve
        self._trust = trust
        self._seconds_max = seconds_max

    def send(self, url: str, headers: Mapping[str, str], body: bytes, when_slow: Callable[[], None]) -> Heard:
        """One attempt; never raises for what the receiver or the net does."""
        warning = Timer(SLOW_SECONDS, when_slow)
        warning.daemon = True
        warning.start()
        try:
            return self._sent(destination(url, sandbox=self._sandbox), headers, body)
        except (NotPublic, InvalidRequest, OSError, TooSlow, HTTPException, ValueError) as failed:
            return Heard(error=next(why for kind, why in _WHY if isinstance(failed, kind)))
        finally:
            warning.cancel()

    def _sent(self, to: Destination, headers: Mapping[str, str], body: bytes) -> Heard:
        deadline = _Deadline(self._seconds_max)
        looked_up = _resolvers().submit(self._resolve, to.host, to.port)
        addresses = looked_up.result(deadline.left(RESOLVE_SECONDS_MAX))
        allowed = checked(addresses, this_machine=self._sandbox)
        with closing(self._connected(to, allowed, deadline)) as connection:
            connection.settimeout(deadline.left())
            connection.sendall(_head(to, headers, len(body)) + body)
            return _heard(connection, deadline)

    def _connected(self, to: Destination, addresses: tuple[str, ...], deadline: _Deadline) -> socket.socket:
        """A connection to one of these addresses and to no other. Raises OSError."""
        failed: OSError = ConnectionError("the name stands for no address")
        for address in addresses[:ADDRESSES_MAX]:
            try:
                wait = deadline.left(CONNECT_SECONDS_MAX)
                plain = socket.create_connection((address, to.port), timeout=wait)
            except OSError as refused:
                failed = refused
                continue
            if to.scheme == "http":
                return plain
            try:
                plain.settimeout(deadline.left())
                return (self._trust or _trust()).wrap_socket(plain, server_hostname=to.host)
            except BaseException:
                plain.close()
                raise
        raise failed


def _head(to: Destination, headers: Mapping[str, str], length: int) -> bytes:
    lines = [
        f"POST {to.target} HTTP/1.1",
        f"Host: {to.authority}",
        "Content-Type: application/json",
        f"Content-Length: {length}",
        f"User-Agent: {USER_AGENT}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _heard(connection: socket.socket, deadline: _Deadline) -> Heard:
    answer: Any = _Answer(connection, deadline)
    response = HTTPResponse(answer, method="POST")
    response.begin()
    heard = Heard(code=response.status, retry_after=_seconds(response.getheader("Retry-After")))
    try:
        response.read(ANSWER_BYTES_MAX)
    except (OSError, HTTPException, ValueError):
        return heard  # what it is has been said
    return heard


def _seconds(told: str | None) -> int:
    """A Retry-After in seconds; one that is a date counts for nothing."""
    return int(told) if told is not None and told.isascii() and told.isdigit() and len(told) < 9 else 0


def _resolve(host: str, port: int) -> list[str]:
    """Every address that the name stands for."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


@cache
def _resolvers() -> ThreadPoolExecutor:
    """Looking a name up cannot be told to end: it is left behind when it takes too long."""
    return ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolver")


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
