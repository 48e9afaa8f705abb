"""The program on its own when things end badly: endpoints that hang, being killed, files of another kind."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.stripe import couriers
from sandbox.stripe.alone import Judge
from sandbox.stripe.clock import AdvancingClock
from sandbox.stripe.state import read_state
from tests.contract.local_stripe import DAY, WAIT_SECONDS_MAX, Inbox, comes_true
from tests.contract.test_local_stripe_program import running


def test_an_endpoint_that_hangs_keeps_neither_the_others_waiting_nor_the_end(tmp_path: Path) -> None:
    released, state = threading.Event(), tmp_path / "stripe.json"
    hanging, well = Inbox(meanwhile=lambda: released.wait(30)), Inbox()
    hooks = ("--webhook", f"{hanging.url}=whsec_1", "--webhook", f"{well.url}=whsec_2")
    try:
        with running("--state", str(state), *hooks) as program:
            for _ in range(3):
                program.client.v1.customers.create()
            assert comes_true(lambda: len(well.received) == 3)
            asked_at = time.monotonic()
            assert program.stop() == (0, "")
            assert time.monotonic() - asked_at < 3
    finally:
        released.set()
        hanging.close()
        well.close()
    undelivered = [row["account"] for row in json.loads(state.read_text())["post"]]
    assert len(undelivered) == 3, "what was on its way, and what waited behind it, goes out after a restart"
    assert len(set(undelivered)) == 1


def test_an_advance_waits_for_every_endpoint_but_one_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(couriers, "PATIENCE_SECONDS", 0.1)
    released = threading.Event()
    delivered: list[str] = []
    here = couriers.Couriers()

    def hang() -> None:
        released.wait(WAIT_SECONDS_MAX)

    here.carry("hanging", hang)
    here.carry("well", lambda: delivered.append("first"))
    here.rest()
    here.carry("hanging", lambda: delivered.append("last"))
    here.carry("well", lambda: delivered.append("second"))
    here.rest()
    assert delivered == ["first", "second"]
    released.set()
    assert comes_true(lambda: delivered[-1] == "last")


def test_what_happened_is_on_disk_a_second_later(tmp_path: Path) -> None:
    state = tmp_path / "stripe.json"
    with running("--state", str(state)) as program:
        customer = program.client.v1.customers.create().id
        assert comes_true(lambda: customer in state.read_text())


def test_an_advanced_clock_and_its_state_survive_being_killed_together(tmp_path: Path) -> None:
    state = str(tmp_path / "stripe.json")
    with running("--state", state) as program:
        intent = program.client.v1.payment_intents.create({"amount": 1_000, "currency": "usd"}).id
        program.call("POST", f"pay/{intent}")
        ahead = program.call("POST", "clock/advance", seconds=30 * DAY)["now"]
        program.process.kill()
    with running("--state", state) as program:
        assert 0 <= program.call("GET", "clock")["now"] - ahead < 20
        assert program.client.v1.balance.retrieve().available[0].amount == 1_000 - 59


@pytest.mark.parametrize("read", [read_state, AdvancingClock, Judge])
@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "5", '"x"', '{"format": 2, "paths": []}', "[" * 100_000]
)
def test_a_file_of_another_kind_is_refused_by_name(
    tmp_path: Path, read: Callable[[Path], object], text: str
) -> None:
    other = tmp_path / "other.json"
    other.write_text(text)
    with pytest.raises(ValueError, match=r"^\S+/other\.json: ") as refused:
        read(other)
    assert "\n" not in str(refused.value)
