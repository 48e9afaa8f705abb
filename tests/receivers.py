"""Receivers of webhooks on this machine, good and bad."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE_SECONDS = 300


@dataclass
class Received:
    """One request, byte for byte; headers have lower-case names."""

    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def is_signed_with(self, secret: str) -> bool:
        """As the specification tells receivers to verify."""
        at, name = self.headers["webhook-timestamp"], self.headers["webhook-id"]
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = hmac.new(key, f"{name}.{at}.".encode() + self.body, hashlib.sha256).digest()
        given = self.headers["webhook-signature"].split(" ")
        fresh = abs(time.time() - int(at)) < TOLERANCE_SECONDS
        return fresh and any(
            hmac.compare_digest(one, f"v1,{base64.b64encode(expected).decode()}") for one in given
        )


@dataclass
class Receiver:
    """Answers with `status`, or, while `silent` is set, not before it is let go."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    url: str = ""
    let_go: threading.Event = field(default_factory=threading.Event)
    silent: bool = False

    def types(self) -> list[str]:
        return [one.json["type"] for one in self.received]


@contextmanager
def receiver(**options: Any) -> Iterator[Receiver]:
    """Listens for as long as the block runs."""
    state = Receiver(**options)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.received.append(Received(headers, body))
            if state.silent:
                state.let_go.wait(20)
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing to say."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        state.url = f"http://127.0.0.1:{server.server_port}/hook"
        try:
            yield state
        finally:
            state.let_go.set()
            server.shutdown()
