"""Whatever a queue delivers after its person has been forgotten, it writes nothing of them again."""

import json
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.work import announce, matching, notifications, privacy, reputation
from marketplace.matching.track import NO_TRACK
from marketplace.notifications.delivery import Delivery
from marketplace.notifications.use_cases import (
    CreateEndpoint,
    OwnEndpoint,
    SendTest,
    create_endpoint,
    delete_endpoint,
    send_test,
)
from marketplace.people.privacy import ExportPart, export_id, part_id
from marketplace.people.standing import Standing, standing_id
from marketplace.shared.events import Cause, Event
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.storage import codec
from marketplace.storage.models import TrailItem
from sandbox.system import System
from tests.fakes.memory_store import MemoryStore
from tests.journey.test_forgotten import ID
from tests.people import Caller, World, usd
from tests.saying import MARK, watched

AT = 1_790_000_000


@pytest.fixture(scope="module")
def gone(system: System) -> Iterator[tuple[World, Caller, list[Event]]]:
    """A worker who has been forgotten, and all events until then."""
    with World(system) as world:
        yield world, *_forgotten(world)


def _forgotten(world: World) -> tuple[Caller, list[Event]]:
    client, worker = world.client(), world.person("worker")
    made = client.post("/v1/webhook-endpoints", {"url": "https://93.184.216.34/hook", "events": ["*"]})
    client.call("DELETE", f"/v1/webhook-endpoints/{made['id']}")
    with watched(world.system) as kept:
        profile = {"name": f"Ada {MARK}", "country": "US", "languages": ["en"], "headline": MARK}
        skills = [{"name": MARK, "level": 3}]
        worker.id = worker.post("/v1/workers", {**profile, "skills": skills}, status=201)["id"]
        task = world.task(client, {"model": "milestone", "budget": usd(100)})
        contract = world.contract(client, worker, task, {"price": usd(100), "message": MARK})
        path = f"/v1/contracts/{contract['id']}"
        client.post(f"{path}/complete")
        for side in (client, worker):
            side.post(f"{path}/ratings", {"overall": 2, "comment": MARK})
        worker.post("/v1/workers/me/export")
        world.settle()
        assert world.system.runtime.reads.track(worker.id) != NO_TRACK
        worker.post("/v1/workers/me/erasure")
        world.farewell()
    assert worker.get("/v1/workers/me/erasure")["status"] == "erased"
    found = (world.system.runtime.store.event(name) for name in set(ID.findall("".join(kept.texts))))
    return worker, [event for event in found if event is not None]


def late(events: list[Event]) -> Iterator[Event]:
    """Each again, and each as one that nobody has worked on yet."""
    for event in events:
        yield event
        yield replace(event, id=new_id("evt"), answer=None, journal=None)


def test_matching_knows_nothing_of_them_any_more(gone: tuple[World, Caller, list[Event]]) -> None:
    world, worker, events = gone
    runtime = world.system.runtime
    for event in late(events):
        if worker.id in event.about or event.type.value.startswith("contract."):
            matching.together([event], runtime)
            matching.work(event, runtime)
    assert runtime.reads.track(worker.id) == NO_TRACK
    assert [row.body for row in TrailItem.query(f"track|{worker.id}")] == ["{}"]
    assert list(TrailItem.query(f"hired|{worker.id}")) == []


def test_their_reputation_is_figures(gone: tuple[World, Caller, list[Event]]) -> None:
    world, worker, events = gone
    for event in late(events):
        reputation.work(event, world.system.runtime)
    found = world.system.runtime.store.read(Standing, standing_id(worker.id))
    assert found is not None
    assert MARK not in codec.dump(found[0])


def test_clients_are_told_nothing_that_they_said(
    gone: tuple[World, Caller, list[Event]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _, events = gone
    told: list[Any] = []
    monkeypatch.setattr(announce, "_tell", lambda event, data, *_: told.append(data))
    announce.announce(list(late(events)), world.system.runtime)
    assert {row["object"] for row in told} >= {"bid", "contract", "rating"}
    assert MARK not in json.dumps(told)


def test_no_copy_of_them_is_prepared(gone: tuple[World, Caller, list[Event]]) -> None:
    world, worker, events = gone
    for event in late(events):
        privacy.work(event, world.system.runtime)
    found = world.system.runtime.store.read(ExportPart, part_id(export_id(worker.id), 0))
    assert found is not None
    assert found[0].content == ""


def test_what_waits_for_an_endpoint_of_a_forgotten_client_is_dropped() -> None:
    store, client_id, endpoint_id, delivery_id = (
        MemoryStore(clock=AT),
        new_id("cli"),
        new_id("whk"),
        new_id("dlv"),
    )

    def commit(work: Any) -> None:
        run(store, Cause(new_id("evt"), "", "", AT), work)

    commit(lambda tx: create_endpoint(CreateEndpoint(endpoint_id, client_id, "https://x", ("*",)), tx))
    test = SendTest(endpoint_id, client_id, delivery_id, "test", lambda *_: MARK)
    commit(lambda tx: send_test(test, tx))
    (pending,) = [event for event in store.events.values() if delivery_id in event.about]
    commit(lambda tx: delete_endpoint(OwnEndpoint(endpoint_id, client_id), tx))
    runtime: Any = SimpleNamespace(store=store, clock=SimpleNamespace(now=lambda: AT))
    notifications.work(pending, runtime)
    found = store.read(Delivery, delivery_id)
    assert found is not None
    assert found[0].status == "dropped"
