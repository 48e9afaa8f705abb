"""The audit as a command: what it says, and how much memory it takes."""

import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli import audit as command
from marketplace.ledger.audit import LAWS, Breach
from marketplace.settings import Settings
from marketplace.shared.events import EventType
from marketplace.shared.ids import new_id
from marketplace.storage import audit as tables
from marketplace.storage import audit_evidence, ledger, marks, riding, rollups, seals
from marketplace.storage.audit import Report
from marketplace.storage.audit_spool import Spool
from marketplace.storage.models import HeadItem, TrailItem
from marketplace.storage.reads import Reads
from sandbox.system import System
from tests.bench import Bench
from tests.people import World

ROOT = Path(__file__).resolve().parents[2]
OK = 0
LONG_AGO = 1_514_764_800


def memory_for(events: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """The most bytes that a look holds at once, when the index shows so many events."""

    def shown(start: int) -> Iterator[ledger.Indexed]:
        for number in range(events):
            about = (new_id("ses"), f"cli_{number % 7}")
            text = (
                '{"currency":"MVR","description":"x","postings":[{"account":"platform:bank","debit":1},'
                '{"account":"client:cli_1:wallet","credit":1}]}'
            )
            yield ledger.Indexed(new_id("evt"), EventType.SESSION_STOPPED, start, about, text, 0)

    monkeypatch.setattr(marks, "marked", lambda since=0: iter((LONG_AGO,)))
    monkeypatch.setattr(ledger, "events_in", shown)
    tracemalloc.start()
    with Spool() as spool:
        look = tables.WholeLook(NoStore(), spool)  # type: ignore[arg-type]  # as much of one as is asked for
        for _ in look.breaches():
            pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert look.checked[10] == events
    return most


class NoStore:
    connection = None

    def balances_of(self, owners: list[str]) -> dict[str, Any]:
        return {owner: {} for owner in owners}

    def balances(self, owner: str) -> dict[str, Any]:
        return {}


def test_memory_does_not_grow_with_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tables would answer is made up: only the audit's own memory counts."""
    monkeypatch.setattr(TrailItem, "batch_get", lambda places: ())
    monkeypatch.setattr(riding, "heads", _drained)
    monkeypatch.setattr(Reads, "ids", lambda *given: ())
    monkeypatch.setattr(Reads, "every", lambda *given: ())
    monkeypatch.setattr(seals, "cursor", lambda name: 0)
    monkeypatch.setattr(audit_evidence, "wrong_seals", lambda *given: ())
    monkeypatch.setattr(rollups, "rolled", lambda: ())
    few = memory_for(250, monkeypatch)
    assert memory_for(1_000, monkeypatch) < few * 1.3


def _drained(ids: Iterator[str]) -> Iterator[HeadItem]:
    for _ in ids:
        pass
    return iter(())


def test_the_command_says_what_was_looked_at_and_what_was_not(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    looked = Counter(dict.fromkeys(LAWS, 3))
    for breaches, checked, code, last in (
        ([], looked, 0, "all laws hold"),
        ([Breach(2, "client:x:wallet", "is off")], looked, 1, "breaches: 1"),
        ([], looked - Counter({7: 3}), 0, "no breach; nothing to look at for law 7"),
        ([], Counter(), 2, "there are no events: are these the tables that you mean?"),
    ):
        report = Report(breaches, checked)
        monkeypatch.setattr(tables, "audit", lambda store, report=report: report)
        assert command.report_audit(world.system.runtime) == code
        lines = capsys.readouterr().out.splitlines()
        assert lines[-1] == last
        assert ("breach of law 2: client:x:wallet: is off" in lines) == bool(breaches)
        assert sum(line.endswith("NOTHING to look at") for line in lines) == len(LAWS) - len(checked)


def test_the_command_runs_from_the_environment(system: System) -> None:
    with Bench(system) as bench:
        client = bench.client()
        bench.card_paid(client, 5_000)()
        bench.carry()
        done = _from_outside(bench.runtime.settings)
    assert done.returncode == OK, done.stdout + done.stderr
    assert "law 1: " in done.stdout
    assert "law 6: " in done.stdout


def _from_outside(chosen: Settings) -> "subprocess.CompletedProcess[str]":
    settings = chosen.model_dump(exclude_none=True)
    environment = {name.upper(): str(value) for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "cli", "audit", "--stripe"],
        cwd=ROOT,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
