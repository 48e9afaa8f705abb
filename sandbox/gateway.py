"""API Gateway on loopback: HTTP in, the Lambda proxy event to the Chalice application, HTTP out.

The application is the one that is deployed; it is called as Lambda would call it. Chalice keeps the
current request on the application object, which threads would overwrite for each other, so the object
takes the class that Chalice's own local server uses, which keeps it per thread.
"""

import base64
import threading
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs

from chalice.app import Chalice
from chalice.local import CustomLocalChalice, LambdaContext
from waitress import wasyncore
from waitress.server import create_server

from chalicelib.headers import SECURITY
from chalicelib.problems import PROBLEM_TYPE, render
from marketplace.shared.ids import new_id
from sandbox.paths import Paths

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

HOST = "127.0.0.1"
THREADS = 16
BODY_BYTES_MAX = 10 * 1024 * 1024
"""API Gateway's own limit."""
POLL_SECONDS = 0.5
MEMORY_MB = 512
TIMEOUT_MS = 29_000

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]
Sent = Callable[[], dict[str, str]]
"""A request's headers, by lower-case names, for who needs them."""
Controls = Callable[[str, str, bytes, Sent], Answer | None]

_REASONS = {200: "OK", 201: "Created"}


class Gateway:
    """Serves one application, and the sandbox's own controls before it."""

    def __init__(self, app: Chalice, controls: Controls, wrote: Callable[[], None]) -> None:
        """`wrote` is called after each request that may have changed something."""
        app.__class__ = CustomLocalChalice
        self._app = app
        self._controls = controls
        self._wrote = wrote
        self._paths = Paths(app.routes)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The WSGI application."""
        method, path = environ["REQUEST_METHOD"], environ["REQUEST_URI"].partition("?")[0]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        played = self._controls(method, path, body, lambda: _headers(environ))
        status, headers, answer = played or self._invoke(environ, path, body)
        start_response(f"{status} {_REASONS.get(status, 'Status')}", headers)
        return [] if method == "HEAD" else [answer]

    def _invoke(self, environ: "WSGIEnvironment", path: str, body: bytes) -> Answer:
        method = environ["REQUEST_METHOD"]
        found = self._paths.match(path)
        if found is None:
            return problem(404, "not_found", "there is no such path")
        route, captured = found
        if method not in self._app.routes[route]:
            return problem(405, "method_not_allowed", "this path does not know that method")
        event = _event(environ, path, body, route, captured)
        context = LambdaContext("api", MEMORY_MB, TIMEOUT_MS)
        answer = self._app(event, context)
        if method != "GET":
            self._wrote()
        headers = [(name, str(value)) for name, value in answer["headers"].items()]
        text = answer.get("body") or ""
        content = base64.b64decode(text) if answer.get("isBase64Encoded") else str(text).encode()
        return int(answer["statusCode"]), headers, content


def problem(status: int, code: str, detail: str) -> Answer:
    """A problem of the gateway's own."""
    headers = [("Content-Type", PROBLEM_TYPE), ("Request-Id", new_id("req")), *SECURITY.items()]
    return status, headers, render(status, code, detail).encode()


def _headers(environ: "WSGIEnvironment") -> dict[str, str]:
    return {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
    }


def _event(
    environ: "WSGIEnvironment", path: str, body: bytes, resource: str, captured: dict[str, str]
) -> dict[str, Any]:
    """The REST API's Lambda proxy event."""
    headers = _headers(environ)
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    try:
        text, encoded = body.decode(), False
    except UnicodeDecodeError:
        text, encoded = base64.b64encode(body).decode(), True
    return {
        "resource": resource,
        "path": path,
        "httpMethod": environ["REQUEST_METHOD"],
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": captured,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": environ["REQUEST_METHOD"],
            "path": path,
            "stage": "local",
            "requestId": str(uuid.uuid4()),
            "identity": {"sourceIp": environ.get("REMOTE_ADDR", "")},
        },
        "body": text,
        "isBase64Encoded": encoded,
    }


class HttpServer:
    """A WSGI application on a loopback port, in threads of this process."""

    def __init__(self, port: int) -> None:
        """Takes the port at once; requests wait until `serve`. Raises OSError when it is in use."""
        self._sockets: dict[Any, Any] = {}
        self._application: Callable[..., Iterable[bytes]] | None = None
        server: Any = cast(
            "Any",
            create_server(
                self._answer,
                map=self._sockets,
                host=HOST,
                port=port,
                threads=THREADS,
                max_request_body_size=BODY_BYTES_MAX,
                ident="gig-marketplace",
            ),
        )
        self._server = server
        self.base_url = f"http://{HOST}:{self._server.effective_port}"
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def serve(self, application: Callable[..., Iterable[bytes]]) -> None:
        """Begins to answer."""
        self._application = application
        self._thread = threading.Thread(target=self._loop, name="http", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops listening and drops every connection."""
        self._closing.set()
        if self._thread is not None:
            self._server.pull_trigger()
            self._thread.join()
        self._server.task_dispatcher.shutdown(timeout=1)
        for channel in list(self._sockets.values()):
            channel.close()

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self._application is None:
            raise RuntimeError("the server does not serve yet")
        return self._application(environ, start_response)

    def _loop(self) -> None:
        while not self._closing.is_set():
            wasyncore.loop(timeout=POLL_SECONDS, map=self._sockets, count=1)
