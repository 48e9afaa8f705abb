"""When the provider of screenings is asked, and what its answers mean."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from chalicelib.types import rfc3339
from marketplace.compliance.screening import (
    LOOK_FIRST_SECONDS,
    LOOK_SECONDS_MAX,
    PATIENCE_SECONDS,
    Finding,
    Screening,
    ScreeningKind,
    ScreeningStatus,
)
from marketplace.gateways.screenings import HostedScreenings
from marketplace.gateways.standard_webhooks import is_signed
from marketplace.shared.errors import ProviderUnavailable

NOW = 1_790_000_000
SECRET = "whsec_c2VjcmV0"
REFERENCE = "scr_1.nonce"
OPEN = Screening("scr_1", "wrk_1", ScreeningKind.TAX_FORM, NOW, NOW, REFERENCE)


def test_looks_come_ever_later_until_the_provider_is_given_up() -> None:
    screening, looks = OPEN, list[int]()
    while (due_at := screening.due_at) is not None and due_at < screening.waits_until:
        looks.append(due_at - NOW)
        screening = screening.looked(due_at)
    pauses = [later - earlier for earlier, later in zip([0, *looks], looks, strict=False)]
    assert pauses[:3] == [LOOK_FIRST_SECONDS, 2 * LOOK_FIRST_SECONDS, 4 * LOOK_FIRST_SECONDS]
    assert pauses == sorted(pauses)
    assert max(pauses) == LOOK_SECONDS_MAX
    assert len(looks) <= PATIENCE_SECONDS // LOOK_SECONDS_MAX + 5
    assert screening.due_at == screening.waits_until == NOW + PATIENCE_SECONDS


@contextmanager
def provider(status: int, answer: Any) -> Iterator[tuple[HostedScreenings, list[bool]]]:
    """Answers like that; whether each question was signed."""
    signed = list[bool]()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            signed.append(is_signed(content, headers, secret=SECRET, now=NOW))
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library calls it so
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/look-up"
        yield HostedScreenings("", url, SECRET, now=lambda: NOW), signed
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def told(status: str, at: int, **more: Any) -> dict[str, Any]:
    return {"id": "e", "reference": REFERENCE, "status": status, "occurred_at": rfc3339(at), **more}


def test_of_what_was_found_in_this_round_the_latest_counts() -> None:
    rows = [
        told("passed", NOW - 5, expires_at=rfc3339(NOW + 9), reason=None),
        told("failed", NOW - 6, reason="name_mismatch"),
        told("failed", NOW, reference="scr_1.other"),
        told("failed", NOW + 86_400),
    ]
    with provider(200, {"data": rows}) as (asked, signed):
        assert asked.look_up(OPEN) == Finding(REFERENCE, ScreeningStatus.PASSED, NOW - 5, NOW + 9)
    assert signed == [True]


@pytest.mark.parametrize(("status", "answer"), [(200, {"data": []}), (404, {"title": "unknown"})])
def test_a_provider_that_has_found_nothing_says_so(status: int, answer: Any) -> None:
    with provider(status, answer) as (asked, _):
        assert asked.look_up(OPEN) is None


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, {}),
        (200, b"<html>"),
        (200, []),
        (200, {"data": [told("maybe", NOW)]}),
        (200, {"data": [told("failed", NOW, reason="Ada is wanted")]}),
    ],
)
def test_an_answer_that_does_not_come_or_cannot_be_read_is_unknown(status: int, answer: Any) -> None:
    with provider(status, answer) as (asked, _), pytest.raises(ProviderUnavailable):
        asked.look_up(OPEN)


def test_a_provider_that_is_not_there_is_unknown() -> None:
    with provider(200, {}) as (asked, _):
        pass
    with pytest.raises(ProviderUnavailable):
        asked.look_up(OPEN)
