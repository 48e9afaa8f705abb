"""The command itself: ready, two at once, stopped by a signal, and there again with its state."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.stripe_spec import DOCUMENT
from tests.people import dollars

STOP_SECONDS_MAX = 5
TOP_UP = {"amount": {"amount": 5_000, "currency": "USD"}}


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    command = [sys.executable, "-m", "sandbox", "serve", "--spec", str(DOCUMENT), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout is not None
        ready = re.fullmatch(r"ready (http://127\.0\.0\.1:\d+)\n", process.stdout.readline())
        assert ready is not None
        with httpx.Client(base_url=ready[1], timeout=30) as http:
            yield process, http
    finally:
        process.kill()
        process.communicate()


def stop(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Asks it to stop; it and everything it started is gone in time."""
    cloud = descendants(process.pid)
    assert cloud
    began = time.monotonic()
    process.send_signal(number)
    assert process.wait(STOP_SECONDS_MAX) == 0
    assert time.monotonic() - began < STOP_SECONDS_MAX
    assert not [pid for pid in cloud if Path(f"/proc/{pid}").exists()]


def descendants(pid: int) -> list[int]:
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *descendants(int(child))]
    return found


def post(http: httpx.Client, path: str, body: Any = None, token: str = "", key: str = "k") -> Any:
    headers = {"Idempotency-Key": key} | ({"Authorization": f"Bearer {token}"} if token else {})
    answer = http.post(path, json=body or {}, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_and_leaves_nothing_behind(number: signal.Signals) -> None:
    with serving("--port", "0") as (process, http):
        assert http.get("/health").json()["status"] == "ok"
        stop(process, number)


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "sandbox", "serve", "--port", str(port)]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ran.returncode != 0
    assert ran.stderr == f"cannot serve on port {port}: {os.strerror(98)}\n"


def test_with_a_folder_the_state_is_there_again_at_another_port(tmp_path: Path) -> None:
    with serving("--port", "0", "--data", str(tmp_path)) as (process, http):
        operator = post(http, "/sandbox/tokens", {"subject": "o", "role": "operator"})["token"]
        body = {"name": "Acme", "country": "US", "email": "a@acme.example"}
        client = post(http, "/v1/clients", body, operator)["api_key"]
        top_up = post(http, "/v1/wallet/top-ups", TOP_UP, client)
        post(http, "/sandbox/clock/freeze")
        post(http, "/sandbox/clock/advance", {"seconds": 86_400})
        now = http.get("/sandbox/clock").json()
        post(http, f"/sandbox/stripe/pay/{top_up['payment_intent']}")
        stop(process, signal.SIGTERM)
    with serving("--port", str(free_port()), "--data", str(tmp_path)) as (_, http):
        assert http.get("/sandbox/clock").json() == now
        assert post(http, "/v1/clients", body, operator)["api_key"] is None
        assert post(http, "/sandbox/settle") == {"drained": True}
        wallet = http.get("/v1/wallet", headers={"Authorization": f"Bearer {client}"}).json()
        assert wallet["balances"] == [dollars(5_000)]
        assert post(http, "/v1/wallet/top-ups", TOP_UP, client) == top_up
        lines = http.get("/v1/wallet/entries", headers={"Authorization": f"Bearer {client}"}).json()["data"]
        assert len(lines) == 1
