"""The simulator over HTTP: a WSGI application, and waitress to serve it on loopback."""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast

from waitress import wasyncore
from waitress.server import create_server

from sandbox.stripe.api import Request
from sandbox.stripe.simulator import StripeSimulator

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

HOST = "127.0.0.1"
THREADS = 8
BODY_BYTES_MAX = 1024 * 1024
POLL_SECONDS = 0.5

REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    500: "Internal Server Error",
}

Application = Callable[["WSGIEnvironment", "StartResponse"], Iterable[bytes]]


def application(simulator: StripeSimulator) -> Application:
    """The WSGI application of a simulator."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        response = simulator.answer(_request(environ))
        headers = [*response.headers.items(), ("Content-Length", str(len(response.body)))]
        start_response(f"{response.status} {REASONS[response.status]}", headers)
        return [response.body]

    return answer


def _request(environ: "WSGIEnvironment") -> Request:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"],
        query=environ.get("QUERY_STRING", ""),
        headers=headers,
        body=environ["wsgi.input"].read(length),
    )


class StripeServer:
    """A simulator being served; made by `serve`."""

    def __init__(self, simulator: StripeSimulator, port: int) -> None:
        """Listens at once. Raises OSError when the port is taken."""
        self._sockets: dict[Any, Any] = {}
        listening = create_server(
            application(simulator),
            map=self._sockets,
            host=HOST,
            port=port,
            threads=THREADS,
            max_request_body_size=BODY_BYTES_MAX,
            ident="local-stripe",
        )
        self._server = cast("Any", listening)  # its type stubs lack effective_port and pull_trigger
        self.base_url = f"http://{HOST}:{self._server.effective_port}"
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="local-stripe", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._closing.is_set():
            wasyncore.loop(timeout=POLL_SECONDS, map=self._sockets, count=1)

    def close(self) -> None:
        """Stops listening and drops every connection."""
        self._closing.set()
        self._server.pull_trigger()
        self._thread.join()
        self._server.task_dispatcher.shutdown()
        for channel in list(self._sockets.values()):
            channel.close()


def serve(simulator: StripeSimulator, port: int = 0) -> StripeServer:
    """Serves a simulator on loopback, on any free port unless one is given; webhooks still need `run_due`."""
    return StripeServer(simulator, port)
