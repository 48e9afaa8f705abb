"""The audit reads the tables and names what breaks a law."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pynamodb.attributes import NumberAttribute

from cli import audit as command
from marketplace.contracts.contract import Contract
from marketplace.ledger.audit import Breach
from marketplace.ledger.totals import Totals
from marketplace.storage import audit as tables
from marketplace.storage import codec, ledger, seals
from marketplace.storage.marks import Marks
from marketplace.storage.models import BalanceItem, HeadItem
from marketplace.work.task import Task
from tests.people import Caller, World

ROOT = Path(__file__).resolve().parents[2]
LONG_AGO = 1_514_764_800
"""2018-01-01: nothing was ever posted then."""


@pytest.fixture
def client(world: World) -> Caller:
    return world.client(USD=20_000)


@pytest.fixture
def contract(world: World, client: Caller) -> Any:
    """Funded, worked, and half of it approved."""
    worker = world.worker()
    made = world.milestone_contract(client, worker, 5_000, 6_000)
    client.post(f"/v1/contracts/{made['id']}/fund", {"amount": {"amount": 11_000, "currency": "USD"}})
    path = f"/v1/contracts/{made['id']}/milestones/{made['milestones'][0]['id']}"
    worker.post(f"{path}/submit", {"note": "Done"})
    client.post(f"{path}/approve")
    return made


def breaches_of(world: World, *subjects: str) -> list[tuple[int, str]]:
    """What the audit says about these; other tests leave all sorts of things in the same tables."""
    found = command.audit(world.system.runtime)
    return sorted({(b.law, b.subject) for b in found if any(subject in b.subject for subject in subjects)})


@contextmanager
def changed_head(aggregate: Any, **changes: Any) -> Iterator[None]:
    """A head that somebody has tampered with, for a while."""
    item = HeadItem.get(aggregate.id, consistent_read=True)
    body = item.body
    item.update([HeadItem.body.set(codec.head_body(replace(aggregate, **changes), ()))])
    yield
    item.update([HeadItem.body.set(body)])


def read(world: World, kind: Any, identifier: str) -> Any:
    found = world.system.runtime.store.read(kind, identifier)
    assert found is not None
    return found[0]


def test_honest_work_breaks_no_law(world: World, client: Caller, contract: Any) -> None:
    assert breaches_of(world, client.id, contract["id"], contract["task_id"], contract["worker_id"]) == []


def test_a_balance_that_nobody_posted_is_named(world: World, client: Caller) -> None:
    amount = NumberAttribute(attr_name="USD_wallet")
    BalanceItem(f"client:{client.id}").update([amount.add(1)])
    assert breaches_of(world, client.id) == [(2, f"client:{client.id}:wallet")]
    BalanceItem(f"client:{client.id}").update([amount.add(-1)])
    assert breaches_of(world, client.id) == []


def test_a_contract_that_holds_more_than_it_was_given_is_named(world: World, contract: Any) -> None:
    with changed_head(read(world, Contract, contract["id"]), held=6_001):
        assert breaches_of(world, contract["id"]) == [(3, contract["id"])]


def test_a_seat_given_away_twice_is_named(world: World, contract: Any) -> None:
    with changed_head(read(world, Task, contract["task_id"]), seats_left=1):
        assert breaches_of(world, contract["task_id"]) == [(4, contract["task_id"])]


def test_a_seal_that_is_not_the_sum_of_its_journals_is_named(world: World) -> None:
    start = LONG_AGO
    Marks().ensure(start * 1_000)
    wrong = Totals.load('{"MRU":{"platform:bank":[5,0],"platform:losses":[0,5]}}')
    seals.put(start, wrong)
    assert breaches_of(world, f"bucket {start}") == [(2, f"bucket {start}")]
    seals.put(start, ledger.fold(start))
    assert breaches_of(world, f"bucket {start}") == []


@pytest.mark.parametrize(("breaches", "code"), [([], 0), ([Breach(2, "client:x:wallet", "is off")], 1)])
def test_the_command_names_each_breach_and_fails(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    breaches: list[Breach],
    code: int,
) -> None:
    monkeypatch.setattr(tables, "audit", lambda store: breaches)
    assert command.report_audit(world.system.runtime) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[:-1] == ["law 2: client:x:wallet: is off"][: len(breaches)]
    assert lines[-1] == ("breaches: 1" if breaches else "all laws hold")


def test_the_command_runs_from_the_environment(world: World) -> None:
    settings = world.system.runtime.settings.model_dump(exclude_none=True)
    environment = {name.upper(): str(value) for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "-m", "cli", "audit"],
        cwd=ROOT,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == (0 if "all laws hold" in done.stdout else 1), done.stderr
    assert done.stdout.strip()
