"""Totals: sealed or folded, early or late, the ledger adds up to the same."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from marketplace.ledger.totals import Sides, Totals
from marketplace.shared.events import Event, EventType
from marketplace.shared.ids import new_id, renamed
from marketplace.shared.journal import Journal, Posting
from marketplace.storage import codec, ledger, marks, seals
from marketplace.storage.buckets import BUCKET_SECONDS
from marketplace.storage.marks import Marks
from marketplace.storage.models import TrailItem
from sandbox.system import System
from tests.past import past

CURRENCY = "MVR"
"""Nobody else in these tests posts in it."""
BANK = "platform:bank"
LONG_AGO = 1_577_836_800
"""2020-01-01: nobody else in these tests wrote anything then."""


@pytest.fixture(autouse=True)
def long_ago(system: System) -> Iterator[None]:
    with past():
        yield


def write(real_seconds: int, amount: int) -> str:
    """A journal that the machine's clock puts at `real_seconds`."""
    event_id = new_id("evt")
    postings = (Posting(BANK, debit=amount), Posting("platform:losses", credit=amount))
    journal = Journal(renamed(event_id, "jrn"), CURRENCY, real_seconds, "swept", postings)
    event = Event(event_id, EventType.STRIPE_FEE_POSTED, real_seconds, "test", "", ())
    Marks().ensure(real_seconds * 1000)
    codec.event_item(replace(event, journal=journal, written_ms=real_seconds * 1000)).save()
    return event_id


def at_the_bank(totals: Totals) -> int:
    return totals.accounts(CURRENCY).get(BANK, Sides()).debits


def test_a_journal_counts_at_once_and_once_however_often_it_is_sealed(system: System) -> None:
    before = at_the_bank(ledger.totals())
    write(LONG_AGO + 10, 7)
    write(LONG_AGO + 10 + 5 * BUCKET_SECONDS, 11)
    now = int(time.time())
    write(now, 13)
    for _ in range(3):
        assert at_the_bank(ledger.totals()) == before + 31
        ledger.seal(now)
        seals.move_cursor("until", 0)
    assert at_the_bank(ledger.totals()) == before + 31
    sealed = dict(seals.of_month("2020-01"))
    assert {LONG_AGO, LONG_AGO + 5 * BUCKET_SECONDS} <= sealed.keys()


def test_a_bucket_that_may_still_grow_is_not_sealed(system: System) -> None:
    now = int(time.time()) // BUCKET_SECONDS * BUCKET_SECONDS - 3 * 86_400
    for age in (0, ledger.LAG_SECONDS):
        write(now - age, 1)
    ledger.seal(now)
    sealed = {start for month in marks.months() for start, _ in seals.of_month(month)}
    assert not {now, now - ledger.LAG_SECONDS} & sealed
    ledger.seal(now + BUCKET_SECONDS)
    sealed = {start for month in marks.months() for start, _ in seals.of_month(month)}
    assert now - ledger.LAG_SECONDS in sealed


def test_an_entry_that_came_after_the_seal_is_counted_a_day_later(system: System) -> None:
    start = LONG_AGO + 40 * BUCKET_SECONDS
    write(start, 1)
    ledger.seal(start + ledger.LAG_SECONDS + BUCKET_SECONDS)
    before = at_the_bank(ledger.totals())
    write(start, 100)
    assert at_the_bank(ledger.totals()) == before
    ledger.seal(start + ledger.AGAIN_SECONDS + BUCKET_SECONDS)
    assert at_the_bank(ledger.totals()) == before + 100


def test_a_seal_in_pieces_is_read_whole_or_not_at_all(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "PIECE_CHARS_MAX", 40)
    start = LONG_AGO - 31 * 86_400
    totals = Totals.load(f'{{"{CURRENCY}":{{"{BANK}":[5,0],"platform:stripe":[0,5]}}}}')
    seals.put(start, totals)
    assert dict(seals.of_month("2019-12"))[start] == totals
    rows = list(TrailItem.query("seal#2019-12"))
    assert len(rows) > 1
    rows[-1].delete()
    assert dict(seals.of_month("2019-12"))[start] is None


def test_only_buckets_that_were_used_are_visited(system: System) -> None:
    write(LONG_AGO + 86_400, 1)
    marked = list(marks.marked())
    assert marked == sorted(set(marked))
    assert LONG_AGO + 86_400 in marked
    assert LONG_AGO + 86_400 + BUCKET_SECONDS not in marked
    assert next(marks.marked(LONG_AGO + 86_401)) > LONG_AGO + 86_400
