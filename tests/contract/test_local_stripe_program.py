"""`python -m sandbox.stripe` for tests in any language: its options, and its controls over HTTP."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from infra.stripe_spec import DOCUMENT
from sandbox.stripe import FaultKind
from tests.contract.local_stripe import DAY, Inbox, comes_true
from tests.contract.test_local_stripe_alone import run_alone

START_SECONDS_MAX = 10


@dataclass
class Program:
    """The running program, and whoever talks to it."""

    process: subprocess.Popen[str]
    base_url: str

    @property
    def client(self) -> stripe.StripeClient:
        return stripe.StripeClient("sk_test_x", base_addresses={"api": self.base_url})

    def call(self, method: str, path: str, **body: Any) -> Any:
        """A control that must work."""
        answer = requests.request(method, f"{self.base_url}/_local/{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, data: bytes | None = None, **body: Any) -> tuple[int, Any]:
        """Status and error of a control that must not work."""
        kept = {"data": data} if data is not None else {"json": body}
        answer = requests.request(method, f"{self.base_url}/_local/{path}", timeout=10, **kept)
        return answer.status_code, answer.json()["error"]

    def stop(self) -> tuple[int, str]:
        """Exit code and what was complained of."""
        self.process.send_signal(signal.SIGTERM)
        complaints = self.process.communicate(timeout=5)[1]
        return self.process.returncode, complaints


@contextmanager
def running(*arguments: str) -> Iterator[Program]:
    with run_alone(*arguments) as process:
        try:
            assert process.stdout is not None
            yield Program(process, process.stdout.readline().split()[1])
        finally:
            process.kill()


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with running() as program:
        yield program


# --- options


def test_events_go_to_the_hooks_of_the_command_line(tmp_path: Path) -> None:
    ours, theirs = Inbox(), Inbox()
    hooks = ("--webhook", f"{ours.url}?a=b=whsec_1", "--connect-webhook", f"{theirs.url}=whsec_2")
    with running(*hooks) as program:
        account = program.client.v1.accounts.create({"type": "express", "country": "US"}).id
        program.client.v1.customers.create()
        program.call("POST", f"accounts/{account}/verify")
        assert comes_true(lambda: ours.received and theirs.received)
    ours.close()
    theirs.close()
    assert (ours.received[0].path, ours.received[0].signed_with("whsec_1")) == ("/hook?a=b", True)
    assert theirs.received[0].signed_with("whsec_2")
    assert theirs.received[0].event["account"] == account


def test_with_a_document_everything_said_is_held_to_it_and_counted() -> None:
    with running("--spec", str(DOCUMENT)) as program:
        program.client.v1.payment_intents.create({"amount": 100, "currency": "usd"})
        status, complaints = program.stop()
    assert (status, complaints.count("\n")) == (0, 1)
    assert complaints.startswith("held to Stripe's document: 1 requests, ")
    assert complaints.endswith("; 0 strays\n")


def test_what_is_not_in_the_document_is_printed_and_fails_the_program(tmp_path: Path) -> None:
    other = tmp_path / "openapi.json"
    forged = DOCUMENT.read_text(encoding="utf-8").replace('"livemode"', '"lifemode"')
    other.write_text(forged, encoding="utf-8")
    with running("--spec", str(other)) as program:
        program.client.v1.balance.retrieve()
        status, complaints = program.stop()
    assert status == 1
    assert "not in Stripe's document: balance at" in complaints
    assert "0 strays" not in complaints


@pytest.mark.parametrize("text", ["{", "null", '{"ahead": "far"}'])
def test_files_of_another_kind_are_refused_in_one_line(tmp_path: Path, text: str) -> None:
    other, clock = tmp_path / "other.json", tmp_path / "state.clock"
    other.write_text(text)
    clock.write_text(text)
    kinds = (("--spec", other, other), ("--state", other, other), ("--state", tmp_path / "state", clock))
    for option, given, wrong in kinds:
        with run_alone(option, str(given)) as process:
            _, complaint = process.communicate(timeout=START_SECONDS_MAX)
        assert process.returncode == 1
        assert complaint.startswith(f"cannot start: {wrong}: ")
        assert complaint.count("\n") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ("--spec", "nowhere.json"),
        ("--webhook", "http://127.0.0.1:1/hook"),
        ("--webhook", "nowhere=whsec_x"),
        ("--port", "70000"),
        ("--port", "x"),
    ],
)
def test_an_option_that_makes_no_sense_ends_it_with_a_line_that_says_so(wrong: tuple[str, str]) -> None:
    with run_alone(*wrong) as process:
        _, complaint = process.communicate(timeout=START_SECONDS_MAX)
    assert process.returncode in (1, 2)
    assert wrong[1] in complaint.splitlines()[-1]


# --- its clock


def test_its_clock_is_real_time_until_it_is_advanced(program: Program) -> None:
    before = program.call("GET", "clock")["now"]
    assert abs(before - time.time()) < 5
    after = program.call("POST", "clock/advance", seconds=DAY)["now"]
    assert DAY <= after - before < DAY + 5
    assert program.client.v1.customers.create().created >= after


def test_what_comes_due_while_the_clock_advances_happens_at_its_own_instant(program: Program) -> None:
    intent = program.client.v1.payment_intents.create({"amount": 1_000, "currency": "eur"})
    assert program.call("POST", f"pay/{intent.id}") == {"id": intent.id, "status": "succeeded"}
    program.call("POST", "clock/advance", seconds=5 * DAY)
    events = program.client.v1.events.list({"type": "balance.available"}).data
    assert 2 * DAY <= events[0].created - intent.created <= 3 * DAY


def test_the_clock_stays_ahead_over_a_restart(tmp_path: Path) -> None:
    file = str(tmp_path / "stripe.json")
    with running("--state", file) as program:
        ahead = program.call("POST", "clock/advance", seconds=30 * DAY)["now"]
        assert program.stop()[0] == 0
    with running("--state", file) as program:
        assert 0 <= program.call("GET", "clock")["now"] - ahead < 20


@pytest.mark.parametrize("seconds", [-1, 1.5, "1", None, True, 10**12])
def test_the_clock_refuses_other_steps(program: Program, seconds: Any) -> None:
    assert program.refused("POST", "clock/advance", seconds=seconds)[0] == 422


# --- its controls


def test_faults_are_planted_listed_and_cleared(program: Program) -> None:
    planted = program.call("POST", "faults", endpoint="GET /v1/balance", kind="unavailable", count=2)
    assert (planted["kind"], planted["fired"], planted["count"]) == ("unavailable", 0, 2)
    with pytest.raises(stripe.APIError):
        program.client.v1.balance.retrieve()
    [listed] = program.call("GET", "faults")["faults"]
    assert (listed["id"], listed["fired"]) == (planted["id"], 1)
    assert program.call("DELETE", f"faults/{planted['id']}") == {"faults": []}
    assert program.client.v1.balance.retrieve().object == "balance"
    program.call("POST", "faults", endpoint="*", kind="bad_gateway", probability=1)
    assert program.call("DELETE", "faults") == {"faults": []}


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_kind_of_fault_can_be_planted(program: Program, kind: FaultKind) -> None:
    assert program.call("POST", "faults", endpoint="*", kind=kind, count=1)["kind"] == kind
    program.call("DELETE", "faults")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"endpoint": "*"},
        {"endpoint": "*", "kind": "earthquake", "count": 1},
        {"endpoint": "*", "kind": "unavailable"},
        {"endpoint": "*", "kind": "unavailable", "count": 1, "probability": 0.5},
        {"endpoint": "*", "kind": "unavailable", "probability": 0},
        {"endpoint": "*", "kind": "unavailable", "probability": "often"},
        {"endpoint": "*", "kind": "unavailable", "count": True},
        {"endpoint": "*", "kind": ["unavailable"], "count": 1},
        {"endpoint": "POST /v1/nothing", "kind": "unavailable", "count": 1},
        {"endpoint": "*", "kind": "unavailable", "count": 1, "colour": "red"},
    ],
)
def test_a_fault_that_cannot_be_is_422_and_not_planted(program: Program, body: dict[str, Any]) -> None:
    status, error = program.refused("POST", "faults", **body)
    assert (status, error["type"], bool(error["message"])) == (422, "invalid_request_error", True)
    assert program.call("GET", "faults") == {"faults": []}


def test_rate_limits_are_set_shown_and_taken_away(program: Program) -> None:
    assert program.call("POST", "rate-limits", per_second=5) == {"per_second": 5, "per_endpoint": None}
    statuses = [requests.get(f"{program.base_url}/v1/balance", auth=("sk_test_x", ""), timeout=5).status_code
                for _ in range(8)]  # fmt: skip
    assert 429 in statuses
    assert program.refused("POST", "rate-limits", per_second=0)[0] == 422
    assert program.call("GET", "rate-limits")["per_second"] == 5
    off = {"per_second": None, "per_endpoint": None}
    assert program.call("POST", "rate-limits", **off) == off


def test_misdelivery_is_set_shown_and_ended(program: Program) -> None:
    shown = program.call("POST", "webhooks", duplicate=0.5, types=["charge.*"])["misdelivery"]
    assert (shown["duplicate"], shown["drop"], shown["types"]) == (0.5, 0.0, ["charge.*"])
    assert program.refused("POST", "webhooks", duplicate=2)[0] == 422
    assert program.refused("POST", "webhooks", types="charge.*")[0] == 422
    assert program.call("GET", "webhooks") == {"misdelivery": shown}
    assert program.call("DELETE", "webhooks") == {"misdelivery": None}


@pytest.mark.parametrize(
    ("method", "path", "data", "status"),
    [
        ("POST", "pay/pi_none", b"", 404),
        ("POST", "payouts/po_none/fail", b'{"failure_code": "no_account"}', 404),
        ("DELETE", "faults/fault_0", b"", 404),
        ("POST", "nothing", b"", 404),
        ("GET", "", b"", 404),
        ("PUT", "faults", b"", 404),
        ("POST", "faults", b"{", 400),
        ("POST", "faults", b"[]", 400),
        ("POST", "faults", b"\xff", 400),
        ("POST", "rate-limits", b'{"per_second": NaN}', 400),
        ("POST", "faults", b"[" * 100_000, 400),
    ],
)
def test_a_control_that_cannot_be_played_says_why_in_stripe_s_shape(
    program: Program, method: str, path: str, data: bytes, status: int
) -> None:
    answered, error = program.refused(method, path, data)
    assert (answered, error["type"], bool(error["message"])) == (status, "invalid_request_error", True)


def test_what_an_object_s_state_does_not_allow_is_409(program: Program) -> None:
    intent = program.client.v1.payment_intents.create({"amount": 1_000, "currency": "usd"})
    program.call("POST", f"pay/{intent.id}")
    assert program.refused("POST", f"pay/{intent.id}")[0] == 409
