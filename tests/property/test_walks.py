"""A copy and an erasure that take many messages come to the same as in one go, whatever dies, comes twice,
late or in disorder; and no message does more than its part."""

import json
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.api.clients import ApiKeyView, key_fields
from chalicelib.work import copying, forgotten, privacy, ties, whose_copy
from chalicelib.work.copying import Leg, Limits, part_after, plainly
from chalicelib.work.forgotten import Forgotten
from chalicelib.work.walks import chained, listed, lists_of, turned
from marketplace.access.clients import ApiKey, Client
from marketplace.people import copying as copies
from marketplace.people import forgetting
from marketplace.people.forgetting import RequestErasure
from marketplace.people.privacy import (
    PARTS_PER_COMMIT,
    STILL_SECONDS,
    Erasure,
    Export,
    ExportPart,
    erasure_id,
    export_id,
    part_id,
)
from marketplace.shared.events import Cause, Event, EventType
from marketplace.shared.ids import derived_id, new_id
from marketplace.shared.running import run
from marketplace.shared.store import Commit
from marketplace.shared.transaction import Transaction
from marketplace.storage.keys import CLIENT_KEYS, Listing
from tests.fakes.memory_store import MemoryStore

AT = 1_790_000_000
OWNER = derived_id("cli", "walker")
OWN = listed(CLIENT_KEYS)
FOUND = (
    OWN,
    lists_of(OWN, CLIENT_KEYS),
    chained(OWN, turned(lists_of(OWN, CLIENT_KEYS), lambda _, one: one)),
)
"""A list, a list of each in it, and both in one; keys stand here for what there is of somebody."""


class Killed(BaseException):
    """The process is no more."""


@dataclass
class MortalStore(MemoryStore):
    """Dies around its commits as `fates` say, one for each: before, after, or (False) not at all."""

    fates: list[Any] = field(default_factory=list)
    commits: int = 0

    def commit(self, commit: Commit) -> None:
        fate = self.fates.pop() if self.fates else False
        if fate == "before":
            raise Killed
        super().commit(commit)
        self.commits += 1
        if fate == "after":
            raise Killed


@dataclass
class ListReads:
    """Lists by the heads of a store; `seen` counts the pages that were read."""

    store: MemoryStore
    pages: int = 0

    def page(
        self, items: Listing[Any], key: str, *, limit: int, before: str | None = None
    ) -> tuple[list[Any], str | None]:
        self.pages += 1
        if items.kind is not ApiKey:
            return [], None
        names = [name for name in self.store.heads if name.startswith("key_")]
        rows = [self.store.read(ApiKey, name) for name in sorted(names, reverse=True)]
        mine = [row[0] for row in rows if row and row[0].client_id == key]
        rest = [row for row in mine if before is None or row.id < before]
        return rest[:limit], rest[limit - 1].id if len(rest) > limit else None


def key_view(key: ApiKey) -> ApiKeyView:
    return ApiKeyView(**key_fields(key, AT))


LEGS = tuple(Leg(found, plainly(key_view)) for found in FOUND)


def stocked(tree: list[int]) -> tuple[MortalStore, Any]:
    """A client with so many keys, each with so many below it."""
    store = MortalStore(clock=AT)

    def keep(*things: Any) -> None:
        run(store, Cause(new_id("evt"), "", "", AT, repeatable=False), lambda tx: tx.save(*things))

    keep(Client(OWNER, "Acme", "US", "ops@acme.example", AT))
    for below in tree:
        outer = new_id("key")
        keep(ApiKey(outer, OWNER, ("work",), "x", AT))
        for _ in range(below):
            keep(ApiKey(new_id("key"), outer, ("work",), "x", AT))
    store.commits = 0
    clock = SimpleNamespace(now=lambda: AT)
    return store, SimpleNamespace(store=store, reads=ListReads(store), clock=clock)


TREES = st.lists(st.integers(0, 5), max_size=6)


@settings(max_examples=40)
@given(tree=TREES, places=st.integers(1, 9), characters=st.integers(1, 2_000))
def test_whatever_the_limits_the_parts_are_the_whole(tree: list[int], places: int, characters: int) -> None:
    _, runtime = stocked(tree)
    whole = json.loads(part_after(runtime, OWNER, LEGS, "", Limits(10**9, 10**9)).content or "[]")
    rows: list[Any] = []
    after: str | None = ""
    while after is not None:
        part = part_after(runtime, OWNER, LEGS, after, Limits(characters, places))
        some = json.loads(part.content or "[]")
        assert len(some) <= places
        assert len(part.content) <= characters + 2 * len(some) or len(some) == 1
        rows, after = [*rows, *some], part.after
    assert rows == whole
    assert len(whole) == 2 * (len(tree) + sum(tree))


@st.composite
def upsets(draw: st.DrawFn) -> tuple[list[int], list[Any], list[int]]:
    """What there is, where processes die, and which of the messages so far comes (again) next."""
    fates = st.lists(st.sampled_from(["before", "after", False, False]), max_size=30)
    return draw(TREES), draw(fates), draw(st.lists(st.integers(0, 40), max_size=30))


def begun(store: MortalStore, work: Any, at: int = AT) -> None:
    run(store, Cause(new_id("evt"), OWNER, "", at), work)
    store.commits = 0


def worked_off(store: MortalStore, runtime: Any, order: list[int]) -> list[Event]:
    """Messages in any order, some again; then each until nothing new is told. Who died comes again."""

    def deliver(event: Event) -> None:
        try:
            privacy.work(event, runtime)
        except Killed:
            return

    for pick in order:
        events = list(store.events.values())
        deliver(events[pick % len(events)])
    store.fates = []
    told: dict[str, Event] = {}
    while fresh := [event for event in store.events.values() if event.id not in told]:
        told |= {event.id: event for event in fresh}
        for event in fresh:
            deliver(event)
    return list(told.values())


@settings(max_examples=60)
@given(upset=upsets())
def test_a_copy_comes_to_the_same_whatever_dies_and_however_messages_come(
    upset: tuple[list[int], list[Any], list[int]],
) -> None:
    tree, fates, order = upset
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(whose_copy, "legs_of", lambda _: LEGS)
        patched.setattr(copying, "Limits", lambda: Limits(10**9, 3))
        store, runtime = stocked(tree)
        whole = json.loads(part_after(runtime, OWNER, LEGS, "", Limits(10**9, 10**9)).content or "[]")
        begun(store, lambda tx: copies.request_export(OWNER, Client, tx))
        store.fates = fates
        worked_off(store, runtime, order)
    found = store.read(Export, export_id(OWNER))
    assert found is not None
    export: Export = found[0]
    assert (export.status, export.complete) == ("ready", True)
    parts = [store.read(ExportPart, part_id(export.id, number)) for number in range(export.parts)]
    assert [row for part in parts if part for row in json.loads(part[0].content)] == whole
    assert all(part and len(json.loads(part[0].content)) <= 3 for part in parts)


def forget_key(identifier: str, tx: Transaction) -> None:
    tx.forget(replace(tx.get(ApiKey, identifier), secret_hash=""))


@settings(max_examples=60)
@given(upset=upsets())
def test_an_erasure_comes_to_the_same_whatever_dies_and_however_messages_come(
    upset: tuple[list[int], list[Any], list[int]],
) -> None:
    tree, fates, order = upset
    with pytest.MonkeyPatch.context() as patched:
        legs = tuple(Forgotten(ApiKey, found, forget_key) for found in FOUND[:2])
        patched.setattr(forgotten, "OF_CLIENTS", legs)
        patched.setattr(forgotten, "PLACES_PER_STEP_MAX", 3)
        patched.setattr(ties, "PLACES_PER_STEP_MAX", 1)
        store, runtime = stocked(tree)
        begun(store, lambda tx: forgetting.request_erasure(RequestErasure(OWNER, Client, OWNER, ()), tx))
        store.fates = fates
        worked_off(store, runtime, order)
        for _ in range(2):
            begun(store, lambda tx: forgetting.wake_erasure(erasure_id(OWNER), tx), at=AT + STILL_SECONDS)
        told = worked_off(store, runtime, order)
    found = store.read(Erasure, erasure_id(OWNER))
    assert found is not None
    assert (found[0].status, found[0].forgotten) == ("erased", len(tree) + sum(tree))
    assert [event.type for event in told].count(EventType.PERSON_ERASED) == 1
    left = [store.read(ApiKey, name) for name in store.heads if name.startswith("key_")]
    assert all(one and one[0].secret_hash == "" for one in left)


def test_a_step_costs_the_same_however_much_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    legs = (Forgotten(ApiKey, OWN, forget_key),)
    monkeypatch.setattr(forgotten, "OF_CLIENTS", legs)
    monkeypatch.setattr(whose_copy, "legs_of", lambda _: LEGS[:1])
    store, runtime = stocked([0] * 320)
    begun(store, lambda tx: copies.request_export(OWNER, Client, tx))
    _steps(store, runtime, commits_max=1, pages_max=3)
    begun(store, lambda tx: forgetting.request_erasure(RequestErasure(OWNER, Client, OWNER, ()), tx))
    _steps(store, runtime, commits_max=1, pages_max=6, least=1)
    begun(store, lambda tx: forgetting.wake_erasure(erasure_id(OWNER), tx), at=AT + STILL_SECONDS)
    _steps(store, runtime, commits_max=forgotten.PLACES_PER_STEP_MAX + 1, pages_max=6)


def _steps(store: MortalStore, runtime: Any, *, commits_max: int, pages_max: int, least: int = 4) -> None:
    """Every message that is told from here on, each counted."""
    told = len(store.events) - 1
    steps = 0
    while told < len(store.events):
        commits, pages = store.commits, runtime.reads.pages
        privacy.work(list(store.events.values())[told], runtime)
        assert store.commits - commits <= commits_max
        assert runtime.reads.pages - pages <= pages_max
        told, steps = told + 1, steps + 1
    assert steps >= least


def test_the_parts_of_a_copy_whose_time_is_over_go_some_at_a_time() -> None:
    store, runtime = stocked([])
    begun(store, lambda tx: copies.request_export(OWNER, Client, tx))
    identifier, count = export_id(OWNER), 2 * PARTS_PER_COMMIT + 1
    for step in range(count):
        more = str(step) if step < count - 1 else None
        begun(
            store, lambda tx, at=step, to=more: copies.add_part(copies.AddPart(identifier, at, "[1]", to), tx)
        )
    run(
        store,
        Cause(new_id("evt"), "", "", AT + 8 * 86_400, repeatable=False),
        lambda tx: copies.wake_export(identifier, tx),
    )
    _steps_left = worked_off(store, runtime, [])
    assert len(_steps_left) > 3
    parts = [store.read(ExportPart, part_id(identifier, number)) for number in range(count)]
    assert [part[0].content for part in parts if part] == [""] * count
