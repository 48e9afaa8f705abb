"""The audit reads the tables and names what breaks a law."""

import json
import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pynamodb.attributes import NumberAttribute
from pynamodb.models import Model

from chalicelib.schedules import audit_ledger
from cli import audit as command
from cli.carry import carry_riders
from marketplace.contracts.contract import Contract
from marketplace.ledger.audit import LAWS, Breach
from marketplace.ledger.totals import Totals
from marketplace.metering.session import Session
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id, renamed
from marketplace.shared.journal import Journal, Posting
from marketplace.storage import audit as tables
from marketplace.storage import audit_evidence, codec, ledger, marks, riding, rollups, seals
from marketplace.storage.audit import Report
from marketplace.storage.audit_spool import Spool
from marketplace.storage.marks import Marks
from marketplace.storage.models import BalanceItem, EventItem, HeadItem, TrailItem
from marketplace.storage.reads import Reads
from marketplace.work.task import Task
from sandbox.system import System
from tests.integration.test_watch import NIGHT
from tests.past import past, seal_all
from tests.people import Caller, World

ROOT = Path(__file__).resolve().parents[2]
DAY = 86_400
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
    world.settle()
    return made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is old enough to have arrived."""
    monkeypatch.setattr(audit_evidence, "PROJECTION_SECONDS_MAX", 0)
    monkeypatch.setattr(riding, "CARRY_SECONDS_MAX", 0)


def breaches_of(world: World, *subjects: str) -> list[tuple[int, str]]:
    """What the audit says about these; other tests leave all sorts of things in the same tables."""
    found = command.audit(world.system.runtime).breaches
    return sorted({(b.law, b.subject) for b in found if any(subject in b.subject for subject in subjects)})


@contextmanager
def changed_head(aggregate: Any, **changes: Any) -> Iterator[None]:
    """A head that somebody has tampered with, for a while."""
    item = HeadItem.get(aggregate.id, consistent_read=True)
    body = item.body
    item.update([HeadItem.body.set(codec.head_body(replace(aggregate, **changes), ()))])
    yield
    item.update([HeadItem.body.set(body)])


@contextmanager
def without(item: Model) -> Iterator[None]:
    """A row that is gone, for a while."""
    item.delete()
    yield
    item.save()


def read(world: World, kind: Any, identifier: str) -> Any:
    found = world.system.runtime.store.read(kind, identifier)
    assert found is not None
    return found[0]


def events_about(identifier: str, *types: str) -> list[EventItem]:
    rows = [json.loads(row.body) for row in TrailItem.query(identifier)]
    return [EventItem.get(row["event"]) for row in rows if row["type"] in types]


def test_honest_work_breaks_no_law(world: World, client: Caller, contract: Any, impatient: None) -> None:
    assert breaches_of(world, client.id, contract["id"], contract["task_id"], contract["worker_id"]) == []


def test_a_balance_that_nobody_posted_is_named(world: World, client: Caller) -> None:
    amount = NumberAttribute(attr_name="USD_wallet")
    BalanceItem(f"client:{client.id}").update([amount.add(1)])
    assert breaches_of(world, client.id) == [(2, f"client:{client.id}:wallet")]
    BalanceItem(f"client:{client.id}").update([amount.add(-1)])
    assert breaches_of(world, client.id) == []


def test_a_journal_that_was_changed_is_named(world: World, client: Caller, contract: Any) -> None:
    (event,) = events_about(contract["id"], "contract.funded")
    kept = event.journal
    event.update([EventItem.journal.set(kept.replace("11000", "11001", 1))])
    assert (1, event.id) in breaches_of(world, event.id)
    event.update([EventItem.journal.set(kept)])


def test_a_contract_that_holds_more_than_it_was_given_is_named(world: World, contract: Any) -> None:
    with changed_head(read(world, Contract, contract["id"]), held=6_001):
        assert breaches_of(world, contract["id"]) == [(3, contract["id"])]


def test_a_seat_given_away_twice_is_named(world: World, contract: Any) -> None:
    with changed_head(read(world, Task, contract["task_id"]), seats_left=1):
        assert breaches_of(world, contract["task_id"]) == [(4, contract["task_id"])]


def test_work_that_was_approved_and_never_handed_in_is_named(world: World, contract: Any) -> None:
    milestone = contract["milestones"][0]["id"]
    (event,) = events_about(milestone, "milestone.submitted")
    with without(event), changed_head(read(world, Contract, contract["id"])):
        assert breaches_of(world, milestone) == [(4, milestone)]


def test_an_effect_that_came_twice_is_named(world: World, client: Caller) -> None:
    top_up = client.get("/v1/wallet/top-ups")["data"][0]["id"]
    (event,) = events_about(top_up, "top_up.succeeded")
    again = codec.event_of(event)
    copy = codec.event_item(replace(again, id=new_id("evt"), written_ms=again.written_ms))
    copy.save()
    assert (5, top_up) in breaches_of(world, top_up)
    copy.delete()
    assert breaches_of(world, top_up) == []


def test_time_that_was_worked_twice_is_named(world: World, client: Caller) -> None:
    worker = world.worker()
    for_minutes = world.minute_contract(client, worker)
    client.post(f"/v1/contracts/{for_minutes['id']}/fund", {"amount": {"amount": 900, "currency": "USD"}})
    sessions = []
    for _ in range(2):
        sessions.append(worker.post(f"/v1/contracts/{for_minutes['id']}/sessions", {})["id"])
        world.advance(seconds=60)
        worker.post(f"/v1/sessions/{sessions[-1]}/stop", {})
    world.settle()
    assert breaches_of(world, *sessions) == []
    later = read(world, Session, sessions[1])
    with changed_head(later, started_at=later.started_at - 30):
        assert breaches_of(world, *sessions) == [(7, sessions[1])]


def test_an_event_that_its_stream_dropped_is_named_and_can_be_carried(
    world: World, client: Caller, impatient: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """The bid is in no event's name: only its task's list knows it."""
    task = world.task(client, {"model": "milestone", "budget": {"amount": 100, "currency": "USD"}})
    worker, price = world.worker(), {"amount": 100, "currency": "USD"}
    bid = worker.post(f"/v1/tasks/{task['id']}/bids", {"price": price, "message": "Hi"}, status=201)["id"]
    world.settle()
    (event,) = events_about(bid, "bid.submitted")
    event.delete()
    assert breaches_of(world, event.id) == [(10, event.id)]
    for heads in ((bid,), ()):
        EventItem(event.id).delete()
        assert carry_riders(world.system.runtime, heads) == 0
        assert capsys.readouterr().out.count(event.id) == 1
        assert EventItem.get(event.id).serialize() == event.serialize()
    assert breaches_of(world, event.id) == []
    world.settle()


def test_a_statement_that_lacks_a_line_or_tells_another_amount_is_named(
    world: World, client: Caller, impatient: None
) -> None:
    account = f"client:{client.id}:wallet"
    (row,) = TrailItem.query(account)
    event = json.loads(row.body)["event"]
    with without(row):
        assert breaches_of(world, event) == [(10, event)]
    row.update([TrailItem.body.set(row.body.replace("20000", "20001"))])
    assert breaches_of(world, event) == [(2, event)]
    row.save()


def test_a_seal_that_is_not_the_sum_of_its_journals_is_named(world: World, history: int) -> None:
    start = LONG_AGO
    Marks().ensure(start * 1_000)
    wrong = Totals.load('{"MRU":{"platform:bank":[5,0],"platform:losses":[0,5]}}')
    seals.put(start, wrong)
    assert breaches_of(world, f"bucket {start}") == [(2, f"bucket {start}")]
    seals.put(start, ledger.fold(start))
    assert breaches_of(world, f"bucket {start}") == []


@pytest.fixture
def history(system: System) -> Iterator[int]:
    """A few days long ago, sealed and rolled up; answers with how many journals."""
    with past():
        for day in range(3):
            written(LONG_AGO + 300 * DAY + day * DAY)
        seal_all(LONG_AGO + 310 * DAY)
        yield 3


def written(at: int) -> Event:
    event_id, losses = new_id("evt"), "platform:losses"
    postings = (Posting("platform:bank", debit=3), Posting(losses, credit=3))
    journal = Journal(renamed(event_id, "jrn"), "MRU", at, "swept", postings)
    plain = Event(event_id, EventType.STRIPE_FEE_POSTED, at, "test", "", ())
    event = replace(plain, journal=journal, written_ms=at * 1_000)
    Marks().ensure(event.written_ms)
    codec.event_item(event).save()
    return event


def test_journals_that_nobody_sealed_are_named(world: World, history: int) -> None:
    start = LONG_AGO + 301 * DAY
    (row,) = TrailItem.query(f"seal#{'2018-10'}", TrailItem.position.startswith(f"{start:012d}"))
    with without(row):
        assert (2, f"bucket {start}") in breaches_of(world, f"bucket {start}")
    assert breaches_of(world, f"bucket {start}") == []


def test_a_rolled_up_day_that_is_not_the_sum_of_its_seals_is_named(world: World, history: int) -> None:
    seals.put_sums("seal#days#2018-10", "2018-10-29", Totals())
    assert (2, "2018-10-29") in breaches_of(world, "2018-10-29")


def test_the_nightly_audit_looks_at_what_is_new_and_again_at_what_is_broken(
    history: int,
    client: Caller,
    contract: Any,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    amount = NumberAttribute(attr_name="USD_wallet")
    whole = audit_ledger(NIGHT, None)
    BalanceItem(f"client:{client.id}").update([amount.add(1)])
    seals.move_cursor("audited", LONG_AGO + 302 * DAY)
    for _ in range(2):
        caplog.clear()
        found = audit_ledger(NIGHT, None)
        told = {vars(record).get("about") for record in caplog.records}
        assert f"client:{client.id}:wallet" in told
        assert contract["id"] not in told
        assert '"AuditBreaches"' in capsys.readouterr().out
        assert found["breaches"] >= 1
        assert 0 < found["events"] < whole["events"]
    BalanceItem(f"client:{client.id}").update([amount.add(-1)])


def memory_for(events: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """The most bytes that a look holds at once, when the index shows so many events."""

    def shown(start: int) -> Iterator[ledger.Indexed]:
        for number in range(events):
            about = (new_id("ses"), f"cli_{number % 7}")
            text = (
                '{"currency":"MRU","description":"x","postings":[{"account":"platform:bank","debit":1},'
                '{"account":"client:cli_1:wallet","credit":1}]}'
            )
            yield ledger.Indexed(new_id("evt"), EventType.SESSION_STOPPED, start, about, text, 0)

    monkeypatch.setattr(marks, "marked", lambda since=0: iter((LONG_AGO,)))
    monkeypatch.setattr(ledger, "events_in", shown)
    tracemalloc.start()
    with Spool() as spool:
        look = tables._Look(NoStore(), spool, 0)  # type: ignore[arg-type]  # as much of one as is asked for
        for _ in look.breaches():
            pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert look.checked[10] == events
    return most


class NoStore:
    def balances_of(self, owners: list[str]) -> dict[str, Any]:
        return {owner: {} for owner in owners}


def test_memory_does_not_grow_with_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tables would answer is made up: only the audit's own memory counts."""
    monkeypatch.setattr(TrailItem, "batch_get", lambda places: ())
    monkeypatch.setattr(riding, "heads", _drained)
    monkeypatch.setattr(Reads, "ids", lambda *given: ())
    monkeypatch.setattr(seals, "cursor", lambda name: 0)
    monkeypatch.setattr(audit_evidence, "wrong_seals", lambda *given: ())
    monkeypatch.setattr(rollups, "rolled", lambda since: ())
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


def test_the_command_runs_from_the_environment(world: World, contract: Any) -> None:
    settings = world.system.runtime.settings.model_dump(exclude_none=True)
    environment = {name.upper(): str(value) for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "-m", "cli", "audit", "--stripe"],
        cwd=ROOT,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == ("breach of law" in done.stdout), done.stderr
    assert "law 1: " in done.stdout
    assert "law 6: " in done.stdout
