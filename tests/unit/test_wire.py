"""The connection to DynamoDB answers as botocore's own does, and raises what botocore retries."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.exceptions import (
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from marketplace.storage.wire import Wire

HOST = "127.0.0.1"
READ_SECONDS = 0.3
CHUNKED = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4;x=1\r\n":1}\r\n0\r\n\r\n'
Script = Callable[[socket.socket], object]


def _whole(text: bytes, *, more: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s" % (len(text), more, text)


def _answers(*answers: bytes) -> Script:
    """One after the other on one connection, which is then closed."""

    def script(line: socket.socket) -> None:
        for answer in answers:
            asked = line.recv(65_536)
            assert asked.startswith(b"POST / HTTP/1.1\r\nHost: 127.0.0.1:")
            assert asked.endswith(b"\r\n\r\n{}")
            line.sendall(answer)

    return script


@contextmanager
def _server(*scripts: Script, trust: ssl.SSLContext | None = None) -> Iterator[int]:
    """Each script is one connection's."""
    listener = socket.create_server((HOST, 0))

    def serve() -> None:
        for script in scripts:
            line, _ = listener.accept()
            try:
                with trust.wrap_socket(line, server_side=True) if trust else line as spoken:
                    script(spoken)
            except OSError:
                continue  # the caller has gone

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    thread.join(5)
    listener.close()


@contextmanager
def _wire(port: int, *, scheme: str = "http", cafile: str = "") -> Iterator[Wire]:
    url = f"{scheme}://{HOST}:{port}"
    wire = Wire(url, cafile=cafile, connect_seconds=2, read_seconds=READ_SECONDS, connections_max=2)
    yield wire
    wire.close()


def _request() -> AWSPreparedRequest:
    return AWSRequest(
        method="POST", url=f"http://{HOST}/", headers={"X-Amz-Target": "GetItem"}, data=b"{}"
    ).prepare()


def test_one_connection_serves_many_requests() -> None:
    with _server(_answers(_whole(b"1"), CHUNKED, _whole(b""), _whole(b"4"))) as port, _wire(port) as wire:
        said = [wire.send(_request()) for _ in range(4)]
    assert [answer.content for answer in said] == [b"1", b'{"a":1}', b"", b"4"]
    assert {answer.status_code for answer in said} == {200}
    assert said[0].headers["content-length"] == "1"


def test_a_connection_that_was_closed_meanwhile_is_not_used() -> None:
    closing = _whole(b"3", more=b"Connection: close\r\n")
    scripts = (_answers(_whole(b"1")), _answers(b"HTTP/1.1 200 OK\r\n\r\n2"), _answers(closing))
    with _server(*scripts) as port, _wire(port) as wire:
        assert wire.send(_request()).content == b"1"
        while not wire._idle[0].was_dropped():
            pass
        assert [wire.send(_request()).content for _ in range(2)] == [b"2", b"3"]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhalf",
        b"220 smtp\r\n",
        CHUNKED[:-9],
    ],
)
def test_an_answer_that_breaks_off_is_no_answer(answer: bytes) -> None:
    with _server(_answers(answer)) as port, _wire(port) as wire, pytest.raises(ConnectionClosedError):
        wire.send(_request())


def test_silence_ends() -> None:
    over = threading.Event()
    with _server(lambda _: over.wait(5)) as port, _wire(port) as wire:
        with pytest.raises(ReadTimeoutError):
            wire.send(_request())
        over.set()


def test_nobody_there() -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
    with _wire(port) as wire, pytest.raises(EndpointConnectionError):
        wire.send(_request())


def test_only_who_is_trusted_is_spoken_to(tmp_path: Path) -> None:
    ours, theirs = _certified(tmp_path / "ours.pem"), _certified(tmp_path / "theirs.pem")
    with (
        _server(_answers(_whole(b"1")), trust=ours[1]) as port,
        _wire(port, scheme="https", cafile=ours[0]) as wire,
    ):
        assert wire.send(_request()).content == b"1"
    heard: list[bytes] = []
    with (
        _server(lambda line: heard.append(line.recv(1)), trust=theirs[1]) as port,
        _wire(port, scheme="https", cafile=ours[0]) as wire,
        pytest.raises(SSLError),
    ):
        wire.send(_request())
    assert heard == []


def _certified(file: Path) -> tuple[str, ssl.SSLContext]:
    """A certificate of 127.0.0.1's, and who shows it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address(HOST))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, file.stem)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    own = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + own)
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(file)
    return str(file), shown
