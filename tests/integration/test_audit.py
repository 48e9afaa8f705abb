"""The audit reads the tables and names what breaks a law."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pynamodb.attributes import NumberAttribute
from pynamodb.models import Model

from cli import audit as command
from cli.carry import carry_riders
from marketplace.contracts.contract import Contract
from marketplace.metering.session import Session, SessionStatus
from marketplace.shared.ids import new_id
from marketplace.storage import audit_evidence, codec, riding
from marketplace.storage.models import BalanceItem, EventItem, HeadItem, TrailItem
from marketplace.work.task import Task
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
        assert set(breaches_of(world, *sessions)) == {(7, sessions[1])}


def test_time_that_is_billed_beyond_its_proof_and_pay_beyond_time_are_named(
    world: World, client: Caller
) -> None:
    worker = world.worker()
    made = world.minute_contract(client, worker)
    client.post(f"/v1/contracts/{made['id']}/fund", {"amount": {"amount": 900, "currency": "USD"}})
    session = worker.post(f"/v1/contracts/{made['id']}/sessions", {})["id"]
    world.advance(seconds=60)
    worker.post(f"/v1/sessions/{session}/stop", {})
    client.post(f"/v1/sessions/{session}/approve")
    world.settle()
    ours = (session, made["id"], client.id)
    head, contract = read(world, Session, session), read(world, Contract, made["id"])
    with changed_head(head, corrected_seconds=5, status=SessionStatus.CORRECTED):
        assert breaches_of(world, *ours) == [(4, session), (7, made["id"]), (7, session)]
    with changed_head(head, paid=head.paid - 1), changed_head(contract, billed_seconds=59):
        assert breaches_of(world, *ours) == [(3, made["id"]), (7, made["id"]), (7, session)]


def test_a_client_who_is_told_of_more_than_its_contracts_hold_is_named(
    world: World, client: Caller, contract: Any
) -> None:
    held = NumberAttribute(attr_name="USD_held")
    BalanceItem(f"holds:{client.id}").update([held.add(1)])
    assert breaches_of(world, client.id) == [(10, client.id)]
    BalanceItem(f"holds:{client.id}").update([held.add(-1)])


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
