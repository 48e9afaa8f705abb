"""The simulator over HTTP on loopback: a thread for each connection."""

import logging
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import ThreadingHTTPServer
from typing import Any

from sandbox.stripe.connection import Connection
from sandbox.stripe.control_door import PREFIX, ControlDoor
from sandbox.stripe.simulator import StripeSimulator
from sandbox.stripe.wire import Request, Response, Silence

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
CONNECTIONS_MAX = 500
"""More than these are dropped as they come."""
WAITING_MAX = 128
WAKE_SECONDS_MAX = 1.0
FINISH_SECONDS_MAX = 1.0


class _Listening(ThreadingHTTPServer):
    """`answer` is what its connections ask."""

    daemon_threads = True
    request_queue_size = WAITING_MAX

    def __init__(self, port: int, answer: Callable[[Request], Response | Silence]) -> None:
        self.answer = answer
        self._connected: set[Any] = set()
        self._guard = threading.Condition()
        super().__init__((HOST, port), Connection)

    def server_bind(self) -> None:
        """Without the look-up of our own name that the base class makes, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.socket.getsockname()[1]

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002  the base class's
        """Keeps track of who is connected."""
        with self._guard:
            if len(self._connected) >= CONNECTIONS_MAX:
                return False
            self._connected.add(request)
            return True

    def shutdown_request(self, request: Any) -> None:
        """Forgets who hangs up."""
        with self._guard:
            self._connected.discard(request)
            self._guard.notify_all()
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002  the base class's
        """Whoever hangs up in the middle of something is no news; anything else is a fault of ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            log.exception("a connection broke")

    def drop_all(self) -> None:
        """Ends every connection; returns when what was under way is finished, or after a second."""
        with self._guard:
            for connection in self._connected:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._guard.wait_for(lambda: not self._connected, FINISH_SECONDS_MAX)


class StripeServer:
    """A simulator being served; made by `serve`."""

    def __init__(self, answer: Callable[[Request], Response | Silence], port: int) -> None:
        """Listens at once. Raises OSError when the port is taken."""
        self._server = _Listening(port, answer)
        self.base_url = f"http://{HOST}:{self._server.server_port}"
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="local-stripe", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._closing.is_set():
            self._server.handle_request()

    def close(self) -> None:
        """Stops listening and drops every connection, those too that a fault holds."""
        self._closing.set()
        with suppress(OSError):  # the thread that waits for a connection gets one, and looks up
            socket.create_connection((HOST, self._server.server_port), WAKE_SECONDS_MAX).close()
        self._thread.join()
        self._server.server_close()
        self._server.drop_all()


def serve(simulator: StripeSimulator, port: int = 0, *, door: ControlDoor | None = None) -> StripeServer:
    """Serves a simulator on loopback, on any free port unless one is given; webhooks still need `run_due`.

    With a `door`, whoever connects may also play card holder, bank and bad luck, under `/_local/`.
    """

    def answer(request: Request) -> Response | Silence:
        if door is not None and request.path.startswith(PREFIX):
            return door.answer(request)
        return simulator.answer(request)

    server = StripeServer(answer, port)
    simulator.served_at(server.base_url)
    return server
