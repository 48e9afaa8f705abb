"""What was written of our account at Stripe, in the order of the machine's time: which days it is dated in.

    buckets of the time index, from a cursor on ──> {day: when the last of its journals was written}

A walk stops at what is so young that the index may not show all of it yet (as sealing does), unless it is
asked for all there is.
"""

import time
from collections.abc import Callable
from math import inf

from marketplace.reconciliation.days import day_of
from marketplace.shared.accounts import STRIPE
from marketplace.shared.records import dataclass
from marketplace.storage import ledger, marks, statements
from marketplace.storage.buckets import BUCKET_SECONDS, start_of
from marketplace.storage.ledger import LAG_SECONDS

BUCKETS_MAX = 600
"""So many are looked into at a time: more than two days of them."""
PIECE_SECONDS = 60
"""So much of a function's time must be left for another bucket."""


@dataclass(frozen=True)
class Walked:
    """`dated` is by day; what was written before `until`, epoch seconds of the machine, is in it. `is_whole`
    is whether that is as far as was asked for."""

    dated: dict[int, int]
    until: int
    is_whole: bool


def real_ms() -> int:
    """The machine's time, epoch milliseconds."""
    return time.time_ns() // 1_000_000


def walk(since: int, *, settled: bool, left: Callable[[], float] = lambda: inf) -> Walked:
    """From the bucket of `since` on, epoch seconds of the machine; `left` is how many seconds it may still
    take."""
    end = _settled() if settled else real_ms() // 1_000 + BUCKET_SECONDS
    dated: dict[int, int] = {}
    for number, start in enumerate(marks.marked(start_of(since * 1_000))):
        if start >= end:
            break
        if number == BUCKETS_MAX or left() < PIECE_SECONDS:
            return Walked(dated, start, is_whole=False)
        for event in ledger.events_at_once(start):
            journal = event.journal
            if journal is not None and any(one.account == STRIPE for one in journal.postings):
                day = day_of(journal.at)
                dated[day] = max(dated.get(day, 0), event.written_ms)
    return Walked(dated, max(since, end), is_whole=True)


def first_day(since: int) -> int | None:
    """The first day of [since, ...), epoch seconds of business time, in which the account at Stripe was
    posted to."""
    line = next(statements.between(STRIPE, since, statements.EVER.end), None)
    return None if line is None else day_of(line.at)


def _settled() -> int:
    """The end of the last bucket that can grow no more."""
    return start_of(real_ms() - LAG_SECONDS * 1_000) - BUCKET_SECONDS
