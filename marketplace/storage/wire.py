"""One request and its answer over kept connections: what botocore's own session does, with less CPU.

botocore brings urllib3, which looks up proxies, normalizes addresses and sends head and body apart for each
request. To DynamoDB every request goes to one address, is a small POST, and has a short answer. So head and
body leave in one packet here, and nothing is worked out twice. Time-outs, what is raised when no answer came,
and with that botocore's retries, are the same.
"""

import socket
import ssl
from collections import deque
from dataclasses import dataclass
from io import BufferedReader
from select import POLLIN, poll
from typing import Any, cast
from urllib.parse import urlsplit
from weakref import finalize

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)

PORTS = {"http": 80, "https": 443}
LINE_BYTES_MAX = 65_536
HEADERS_MAX = 100


class NotAnAnswer(Exception):
    """The other side closed before its answer was whole, or speaks something else than HTTP/1.1."""


@dataclass(frozen=True)
class _Line:
    """One connection, and what reads from it."""

    socket: socket.socket
    reader: BufferedReader

    def close(self) -> None:
        self.reader.close()
        self.socket.close()

    def was_dropped(self) -> bool:
        """Whether the other side has closed it: nothing else comes without being asked for."""
        watch = poll()
        watch.register(self.socket, POLLIN)
        return bool(watch.poll(0))


class Wire:
    """Takes the place of a client's `http_session`. `cafile` names whom to trust; seconds are for one step
    of a request."""

    def __init__(
        self,
        endpoint_url: str,
        *,
        cafile: str,
        connect_seconds: float,
        read_seconds: float,
        connections_max: int,
    ) -> None:
        url = urlsplit(endpoint_url)
        self._host = str(url.hostname)
        self._port = url.port or PORTS[url.scheme]
        self._head = f" HTTP/1.1\r\nHost: {url.netloc}\r\n".encode()
        self._trust = ssl.create_default_context(cafile=cafile) if url.scheme == "https" else None
        self._connect_seconds = connect_seconds
        self._read_seconds = read_seconds
        self._idle: deque[_Line] = deque()
        self._connections_max = connections_max
        finalize(self, _drop, self._idle)

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """The answer, read whole. Raises EndpointConnectionError, ConnectTimeoutError, SSLError before
        anything was sent; ReadTimeoutError, ConnectionClosedError afterwards."""
        line = self._kept() or self._connected(request.url)
        try:
            line.socket.sendall(self._written(request))
            status, headers, content = _answer(line.reader)
        except TimeoutError as late:
            line.close()
            raise ReadTimeoutError(endpoint_url=request.url, error=late) from late
        except (OSError, ValueError, NotAnAnswer) as broken:
            line.close()
            raise ConnectionClosedError(error=broken, request=request, endpoint_url=request.url) from broken
        except BaseException:  # what is left of the answer must not be read as the next one
            line.close()
            raise
        if headers.get("connection", "").lower() == "close" or len(self._idle) >= self._connections_max:
            line.close()
        else:
            self._idle.append(line)
        return AWSResponse(request.url, status, cast("Any", headers), _Whole(content))

    def close(self) -> None:
        """Drops every connection that nobody uses now; so does whoever forgets the client."""
        _drop(self._idle)

    def _written(self, request: AWSPreparedRequest) -> bytes:
        target = urlsplit(request.url).path or "/"
        lines = [f"{request.method} {target}".encode() + self._head]
        for name, value in request.headers.items():
            lines += (
                name.encode(),
                b": ",
                value if isinstance(value, bytes) else str(value).encode(),
                b"\r\n",
            )
        body: Any = request.body or b""
        return b"".join((*lines, b"\r\n", body if isinstance(body, bytes) else body.encode()))

    def _kept(self) -> _Line | None:
        """The one used last, so that the others grow old; none that was dropped meanwhile."""
        while self._idle:
            try:
                line = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            if not line.was_dropped():
                return line
            line.close()
        return None

    def _connected(self, url: str) -> _Line:
        try:
            line = self._secured(socket.create_connection((self._host, self._port), self._connect_seconds))
        except TimeoutError as late:
            raise ConnectTimeoutError(endpoint_url=url, error=late) from late
        except ssl.SSLError as distrusted:
            raise SSLError(endpoint_url=url, error=distrusted) from distrusted
        except OSError as refused:
            raise EndpointConnectionError(endpoint_url=url, error=refused) from refused
        line.settimeout(self._read_seconds)
        return _Line(line, line.makefile("rb"))

    def _secured(self, plain: socket.socket) -> socket.socket:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._trust is None:
            return plain
        try:
            return self._trust.wrap_socket(plain, server_hostname=self._host)
        except OSError:
            plain.close()
            raise


def _drop(idle: deque[_Line]) -> None:
    while idle:
        idle.pop().close()


class _Whole:
    """A body as AWSResponse wants it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> tuple[bytes]:
        return (self._content,)


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _answer(reader: BufferedReader) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by lower-case name, body. Raises NotAnAnswer, OSError."""
    version, _, rest = _line(reader).partition(" ")
    if not version.startswith("HTTP/1."):
        raise NotAnAnswer("no HTTP")
    headers: dict[str, str] = {}
    while line := _line(reader):
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
        if len(headers) > HEADERS_MAX:
            raise NotAnAnswer("too many headers")
    if version == "HTTP/1.0":
        headers.setdefault("connection", "close")
    return int(rest[:3]), headers, _content(reader, headers)


def _content(reader: BufferedReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _chunks(reader)
    if "content-length" in headers:
        return _exactly(reader, int(headers["content-length"]))
    headers["connection"] = "close"
    return reader.read()


def _chunks(reader: BufferedReader) -> bytes:
    """RFC 9112, 7.1."""
    parts = []
    while size := int(_line(reader).partition(";")[0], 16):
        parts.append(_exactly(reader, size))
        _line(reader)
    while _line(reader):
        pass
    return b"".join(parts)


def _exactly(reader: BufferedReader, size: int) -> bytes:
    content = reader.read(size)
    if len(content) < size:
        raise NotAnAnswer(f"{len(content)} of {size} bytes")
    return content


def _line(reader: BufferedReader) -> str:
    line = reader.readline(LINE_BYTES_MAX)
    if not line.endswith(b"\n"):
        raise NotAnAnswer("the answer breaks off")
    return line.rstrip(b"\r\n").decode("latin-1")
