"""The local Stripe over a restart, and as a program of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from sandbox.stripe import StripeSimulator
from tests.contract.local_stripe import DAY, Inbox, LocalStripe, SettableClock, on

SECRET = "whsec_platform"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    yield inbox
    inbox.close()


# --- over a restart


def test_everything_survives_a_restart(tmp_path: Path, inbox: Inbox) -> None:
    file = tmp_path / "deep" / "stripe.json"
    clock = SettableClock()
    before = LocalStripe.start(clock, file)
    before.simulator.register_webhook(inbox.url, SECRET, connect=True)
    worker = before.worker_with(30_000)
    payout = before.payout(worker, 10_000)
    keyed: Any = {"idempotency_key": "k1"}
    customer = before.client.v1.customers.create({}, keyed)
    before.paid(5_000)
    shown = snapshot(before, worker)
    inbox.received.clear()
    told = len(before.event_types(worker))
    before.simulator.fail_payout(payout.id, "no_account")
    undelivered = before.event_types(worker)[told:]
    before.simulator.save()
    before.close()

    after = LocalStripe.start(clock, file)
    assert "payout.failed" in undelivered
    assert after.event_types(worker)[told:] == undelivered
    assert shown["intents"] == snapshot(after, worker)["intents"]
    assert after.client.v1.customers.create({}, keyed).id == customer.id
    assert after.balance(worker) == {"usd": (30_000, 0)}
    after.simulator.run_due()
    assert inbox.types() == ["account.external_account.updated", "account.updated", "payout.failed"]
    pending = after.balance()["usd"][1]
    assert pending == 5_000 - 175
    after.after(2 * DAY)
    assert after.balance()["usd"][1] == 0, "money goes on becoming available"
    assert after.intent().id not in shown["intents"], "ids go on, too"
    after.close()


def snapshot(here: LocalStripe, worker: str) -> dict[str, list[str]]:
    intents = here.client.v1.payment_intents.list({"limit": 100}).data
    payouts = here.client.v1.payouts.list(options=on(worker)).data
    return {"intents": [row.id for row in intents], "payouts": [row.id for row in payouts]}


def test_a_webhook_that_is_on_its_way_while_the_state_is_saved_is_delivered_after_the_restart(
    tmp_path: Path, inbox: Inbox
) -> None:
    file, clock = tmp_path / "stripe.json", SettableClock()
    before = LocalStripe.start(clock, file)
    before.simulator.register_webhook(inbox.url, SECRET, connect=False)
    intent = before.intent()
    inbox.meanwhile = before.simulator.save
    before.simulator.run_due()
    before.close()
    inbox.meanwhile = lambda: None
    assert StripeSimulator(clock=clock, state_file=file).run_due() == 1
    assert [received.event["data"]["object"]["id"] for received in inbox.received] == [intent.id] * 2


def test_a_state_that_cannot_be_read_is_refused_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "stripe.json"
    file.write_text('{"format": 99}')
    with pytest.raises(ValueError, match="99"):
        StripeSimulator(clock=SettableClock(), state_file=file)
    assert file.read_text() == '{"format": 99}'


def test_saving_replaces_the_file_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "stripe.json"
    simulator = StripeSimulator(clock=SettableClock(), state_file=file)
    simulator.save()
    first = file.stat().st_ino
    simulator.save()
    assert file.stat().st_ino != first
    assert list(tmp_path.iterdir()) == [file]


def test_two_simulators_with_the_same_history_make_the_same_ids() -> None:
    first, second = LocalStripe.start(), LocalStripe.start()
    assert [first.intent().id, first.intent().client_secret] == [
        second.intent().id,
        second.intent().client_secret,
    ]
    assert first.intent().id != first.intent().id
    first.close()
    second.close()


# --- on its own


def run_alone(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sandbox.stripe", *arguments]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def test_alone_it_says_when_it_is_ready_and_remembers_over_a_stop(tmp_path: Path) -> None:
    file = tmp_path / "stripe.json"
    made = []
    for _ in range(2):
        with run_alone("--state", str(file)) as alone:
            assert alone.stdout is not None
            ready, base_url = alone.stdout.readline().split()
            client = stripe.StripeClient("sk_test_x", base_addresses={"api": base_url})
            known = [row.id for row in client.v1.customers.list().data]
            made.append(client.v1.customers.create().id)
            alone.send_signal(signal.SIGTERM)
            assert (ready, alone.wait(5)) == ("ready", 0)
    assert known == made[:1]


def test_alone_on_a_taken_port_it_says_so_in_one_line_and_fails() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with run_alone("--port", str(taken.getsockname()[1])) as alone:
            _, complaint = alone.communicate(timeout=5)
    assert alone.returncode == 1
    assert complaint.startswith("cannot start: ")
    assert complaint.count("\n") == 1
