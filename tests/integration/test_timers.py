"""Timers fire in spite of each other."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest

from chalicelib.measures import STUCK
from chalicelib.schedules import STUCK_AFTER, Firing, fire_all, fire_due
from chalicelib.wakes import WAKES
from marketplace.bidding.bid import Bid
from marketplace.ledger.totals import INSTANT_MAX
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.shared.store import Commit, HeadChange
from marketplace.shared.transaction import Transaction
from marketplace.storage import timers
from marketplace.storage.commit import _Heads
from marketplace.storage.marks import Marks
from marketplace.storage.models import HeadItem
from marketplace.storage.shelves import SHELVES, Shelf
from marketplace.storage.timers import AGAIN_FIRST_SECONDS, AGAIN_MAX_SECONDS, DUE_MAX, look
from sandbox.calendar import scheduled_event
from sandbox.system import System
from tests.bench import Bench
from tests.people import usd
from tests.simulation.mutants import rewritten

MINUTELY = scheduled_event("fire_due", 1_795_323_600)
BROKEN: set[str] = set()
"""The ids of bids whose timers fail."""


@pytest.fixture(scope="module")
def bench(system: System) -> Iterator[Bench]:
    with Bench(system) as bench:
        yield bench


@pytest.fixture
def quiet(bench: Bench) -> Bench:
    """No other timer of this bench runs."""
    while running := look(bench.runtime.settings.due_partitions, now=INSTANT_MAX)[0]:
        with HeadItem.batch_write() as batch:
            for timer in running:
                batch.delete(HeadItem(timer.identifier))
    return bench


@pytest.fixture(autouse=True)
def brittle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The timers of some bids fail."""
    expire = WAKES["bid"]

    def wake(identifier: str, tx: Transaction) -> None:
        if identifier in BROKEN:
            raise RuntimeError(identifier)
        expire(identifier, tx)

    monkeypatch.setitem(WAKES, "bid", wake)


def closed_task(bench: Bench) -> str:
    """One that takes no bids any more."""
    client = bench.client()
    terms = {"title": "Work", "description": "Do it.", "category": "cx"}
    task = client.post("tasks", {**terms, "pay": {"model": "milestone", "budget": usd(100)}})["id"]
    client.post(f"tasks/{task}/close")
    return str(task)


def bids(bench: Bench, number: int, *, due_in: int, broken: bool = True) -> list[str]:
    """That many bids, straight into the table, whose bidding closes then."""
    model = Bid(
        id="",
        task_id=closed_task(bench),
        client_id=new_id("cli"),
        worker_id=new_id("wrk"),
        price=Money(100, "USD"),
        milestones=(),
        message="",
        created_at=bench.now,
        position="p",
        expires_at=bench.now + due_in,
    )
    made = [replace(model, id=new_id("bid")) for _ in range(number)]
    heads = _Heads(Marks(), bench.runtime.settings.due_partitions)
    with HeadItem.batch_write() as batch:
        for bid in made:
            batch.save(heads.put(HeadChange(bid), None)[0])
    BROKEN.update(bid.id for bid in made if broken)
    return [bid.id for bid in made]


def stands_at(identifier: str) -> int:
    """When the timer is looked at next."""
    return int(str(HeadItem.get(identifier).due_key).partition("#")[0])


def test_more_broken_timers_than_one_look_takes_hide_nobody(bench: Bench) -> None:
    bids(bench, DUE_MAX + 1, due_in=1)
    (good,) = bids(bench, 1, due_in=5, broken=False)
    bench.pass_time(10)
    firing = fire_all(bench.runtime)
    assert (firing.fired, firing.put_off, firing.stuck) == (1, DUE_MAX + 1, 0)
    assert bench.read(Bid, good).status == "expired"
    assert fire_all(bench.runtime) == Firing(0, 0, 0, bench.now + AGAIN_FIRST_SECONDS)


def test_a_broken_timer_is_looked_at_ever_later_and_has_its_effect_as_of_when_it_was_due(
    quiet: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (broken,) = bids(quiet, 1, due_in=1)
    due_at = quiet.now + 1
    quiet.pass_time(1)
    waits, alarms = [], []
    for _ in range(8):
        alarms.append(fire_due(MINUTELY, None)["stuck"])
        waits.append(stands_at(broken) - quiet.now)
        quiet.pass_time(waits[-1])
    assert waits == [60, 120, 240, 480, 960, 1_920, AGAIN_MAX_SECONDS, AGAIN_MAX_SECONDS]
    assert alarms == [0] * STUCK_AFTER + [1] * (8 - STUCK_AFTER)
    assert counted(capsys.readouterr().out) == 8 - STUCK_AFTER
    monkeypatch.undo()
    assert fire_due(MINUTELY, None) == {"fired": 1, "stuck": 0}
    head = quiet.store.head(Bid, broken)
    assert head is not None
    assert (head.aggregate.status, head.riding[-1].at) == ("expired", due_at)


def test_a_change_puts_a_timer_that_had_failed_where_it_belongs(quiet: Bench) -> None:
    (broken,) = bids(quiet, 1, due_in=1)
    quiet.pass_time(1)
    fire_all(quiet.runtime)
    head = quiet.store.head(Bid, broken)
    assert head is not None
    later = replace(head.aggregate, expires_at=quiet.now + 7)
    quiet.store.commit(Commit((HeadChange(later, head),), Counter(), None))
    assert stands_at(broken) == quiet.now + 7


def test_a_timer_that_is_moved_while_it_fails_stays_where_it_was_moved_to(quiet: Bench) -> None:
    moved_while_it_fails(quiet)


def moved_while_it_fails(quiet: Bench) -> None:
    (broken,) = bids(quiet, 1, due_in=1)
    quiet.pass_time(1)
    found = seen(quiet, broken, now=quiet.now)
    head = quiet.store.head(Bid, broken)
    assert head is not None
    later = replace(head.aggregate, expires_at=quiet.now + 7)
    quiet.store.commit(Commit((HeadChange(later, head),), Counter(), None))
    assert not timers.put_off(found, now=quiet.now)
    assert stands_at(broken) == quiet.now + 7


def seen(bench: Bench, identifier: str, *, now: int) -> timers.Timer:
    """The timer, as a look finds it then."""
    due, _ = timers.look(bench.runtime.settings.due_partitions, now=now)
    (timer,) = (one for one in due if one.identifier == identifier)
    return timer


def failing_again_and_again(quiet: Bench) -> None:
    (broken,) = bids(quiet, 1, due_in=1)
    due_at = quiet.now + 1
    for wait in (1, 60, 120):
        quiet.pass_time(wait)
        fire_all(quiet.runtime)
    timer = seen(quiet, broken, now=quiet.now + 240)
    assert (timer.due_at, timer.failures) == (due_at, 3)
    assert stands_at(broken) == quiet.now + 240


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        (", condition=HeadItem.due_key == timer.key", "", moved_while_it_fails),
        ("return False", "return True", moved_while_it_fails),
        ("{timer.due_at:012d}", "{now:012d}", failing_again_and_again),
        ("timer.failures + 1", "1", failing_again_and_again),
        ("now + wait", "timer.due_at + wait", failing_again_and_again),
    ],
)
def test_a_bug_in_putting_off_is_noticed(
    quiet: Bench, old: str, new: str, check: Callable[[Bench], None]
) -> None:
    check(quiet)
    with rewritten(timers.put_off, old, new)(), pytest.raises(AssertionError):
        check(quiet)


def test_every_clock_has_somebody_who_wakes() -> None:
    no_clock = Shelf(Bid, "bid").due_at
    assert {shelf.prefix for shelf in SHELVES if shelf.due_at is not no_clock} == set(WAKES)


def counted(printed: str) -> int:
    """How many stuck timers the metrics tell of."""
    rows = []
    for text in printed.splitlines():
        with suppress(ValueError):
            rows.append(json.loads(text))
    return sum(int(row[STUCK][0]) for row in rows if STUCK in row)
