"""What was written of our account at Stripe, and when, and which exceptions that left: the machine's time is
how many events there are."""

from typing import Any

from marketplace.reconciliation.days import day_of
from marketplace.reconciliation.matching import Line
from marketplace.reconciliation.sides import Window, lines_of
from marketplace.shared.accounts import STRIPE
from marketplace.storage.stripe_account import without_reversals
from marketplace.storage.written_journals import Walked

EVENT_MS = 1_000_000
"""Between two events, so that what the product allows for clocks and indexes is less."""


def written_ms(world: Any) -> int:
    """The machine's time now."""
    return len(world.store.events) * EVENT_MS


def walk(world: Any, since: int) -> Walked:
    """Everything since then, epoch seconds of the machine."""
    dated: dict[int, int] = {}
    for number, event in enumerate(list(world.store.events.values())):
        at, journal = number * EVENT_MS, event.journal
        if journal and at >= since * 1_000 and any(one.account == STRIPE for one in journal.postings):
            dated[day_of(journal.at)] = at
    return Walked(dated, written_ms(world) // 1_000, is_whole=True)


def first_day(world: Any, since: int) -> int | None:
    """The first day from then on in which our account at Stripe was posted to."""
    posted = (event.journal for event in world.store.events.values() if event.journal)
    days = [
        day_of(one.at)
        for one in posted
        if one.at >= since and any(posting.account == STRIPE for posting in one.postings)
    ]
    return min(days, default=None)


def ledger_lines(world: Any, window: Window) -> list[Line]:
    """Our postings to the account at Stripe in that time."""
    journals = [event.journal for event in world.store.events.values() if event.journal]
    lines = [line for one in journals if window.reads(one.at) for line in lines_of(one, window)]
    return without_reversals({line.id: line for line in lines})


def open_breaks(world: Any) -> list[Any]:
    """Exceptions that wait to be explained, and are not in suspense."""
    return [row for row in world.heads("brk") if row.open_in is not None and row.suspense is None]
