"""One HTTP/1.1 connection: requests in, answers out in one write each, and the silences of faults."""

import json
import selectors
import socket
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Protocol, cast
from urllib.parse import unquote

from sandbox.stripe.errors import StripeError
from sandbox.stripe.wire import Request, Response, Silence

BODY_BYTES_MAX = 1024 * 1024
DISCARDED_BYTES_MAX = 16 * 1024 * 1024
"""Of too large a body, so much is read and thrown away: clients read no answer before they have sent."""
DISCARDED_AT_ONCE = 64 * 1024
LENGTH_DIGITS_MAX = 18
IDLE_SECONDS_MAX = 120
HELD_LOOK_SECONDS = 0.05
"""How often a held connection is looked at, for whether it was released."""


class Answers(Protocol):
    """What a connection belongs to."""

    def answer(self, request: Request) -> Response | Silence:
        """Answers one request; never raises."""


class Connection(BaseHTTPRequestHandler):
    """Runs in a thread of its own until either side hangs up."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS_MAX
    disable_nagle_algorithm = True

    def __getattr__(self, name: str) -> Any:
        """`do_GET` and so on, for any method: what is no endpoint is for the API to say."""
        if name.startswith("do_"):
            return self._respond
        raise AttributeError(name)

    def _respond(self) -> None:
        try:
            body = self._body()
        except StripeError as refused:
            self._refuse(refused)
            return
        path, _, query = self._target().partition("?")
        answer = cast("Answers", self.server).answer(
            Request(self.command, unquote(path), query, self._headers(), body)
        )
        if isinstance(answer, Silence):
            self._keep_silent(answer)
        else:
            self._send(answer.status, answer.headers, answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is no HTTP, in Stripe's shape."""
        status = HTTPStatus(code)
        self._refuse(StripeError(status, f"{message or status.phrase}{f': {explain}' if explain else ''}"))

    def log_message(self, *_: Any) -> None:
        """Silent."""

    def _target(self) -> str:
        """Path and query, which a proxy's client sends behind scheme and host."""
        target = self.path.partition("#")[0]
        if target.startswith("/"):
            return target
        return "/" + target.partition("://")[2].partition("/")[2]

    def _headers(self) -> dict[str, str]:
        """Lower case; a value that was folded over lines is one line again."""
        return {
            name.lower(): " ".join(map(str.strip, value.splitlines())) for name, value in self.headers.items()
        }

    def _body(self) -> bytes:
        """Raises StripeError 400, 411 or 413, or ConnectionError when the client hangs up."""
        if "transfer-encoding" in self.headers:
            raise StripeError(411, "A body needs a Content-Length: chunks are not read here.")
        length, *others = {*self.headers.get_all("content-length", ["0"])}
        if others or not (length.isascii() and length.isdecimal()) or len(length) > LENGTH_DIGITS_MAX:
            raise StripeError(400, "Invalid Content-Length.")
        if int(length) > BODY_BYTES_MAX:
            self._discard(int(length))
            raise StripeError(413, f"A request has at most {BODY_BYTES_MAX} bytes.")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionError
        return body

    def _discard(self, length: int) -> None:
        left = min(length, DISCARDED_BYTES_MAX)
        while left > 0 and (read := self.rfile.read(min(left, DISCARDED_AT_ONCE))):
            left -= len(read)

    def _refuse(self, refused: StripeError) -> None:
        """Answers and hangs up: where the next request would begin is not known."""
        self.close_connection = True
        body = json.dumps({"error": refused.error()}).encode()
        self._send(refused.status, {"Content-Type": "application/json", "Connection": "close"}, body)

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        lines = [
            f"{self.protocol_version} {status} {HTTPStatus(status).phrase}",
            *(f"{name}: {value}" for name, value in headers.items()),
            f"Content-Length: {len(body)}",
        ]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
        self.wfile.write(head if self.command == "HEAD" else head + body)

    def _keep_silent(self, silence: Silence) -> None:
        """Until the client hangs up, the time is over, or the silence is released; then hangs up."""
        self.close_connection = True
        until = time.monotonic() + silence.held_seconds
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.connection, selectors.EVENT_READ)
            while (left := until - time.monotonic()) > 0 and not silence.released.is_set():
                if waiting.select(min(left, HELD_LOOK_SECONDS)):
                    if self._hung_up():
                        return
                    silence.released.wait(HELD_LOOK_SECONDS)

    def _hung_up(self) -> bool:
        try:
            return not self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True
