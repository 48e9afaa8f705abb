"""The audit holds sealed and rolled-up sums to their journals."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from marketplace.ledger.totals import Totals
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id, renamed
from marketplace.shared.journal import Journal, Posting
from marketplace.storage import codec, ledger, seals
from marketplace.storage.marks import Marks
from marketplace.storage.models import TrailItem
from sandbox.system import System
from tests.integration.test_audit import breaches_of, without
from tests.past import past, seal_all
from tests.people import World

DAY = 86_400
LONG_AGO = 1_514_764_800
"""2018-01-01: nothing was ever posted then."""


def test_a_seal_that_is_not_the_sum_of_its_journals_is_named(world: World, history: int) -> None:
    start = LONG_AGO
    Marks().ensure(start * 1_000)
    wrong = Totals.load('{"MVR":{"platform:bank":[5,0],"platform:losses":[0,5]}}')
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
    journal = Journal(renamed(event_id, "jrn"), "MVR", at, "swept", postings)
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
