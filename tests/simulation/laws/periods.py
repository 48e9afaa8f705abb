"""Closed months: nothing is posted into one, and what comes late is dated to the first open instant."""

from collections.abc import Iterable

from marketplace.ledger.totals import Totals
from marketplace.shared.books import BOOKS_ID
from marketplace.shared.events import Event
from marketplace.shared.store import Commit


def posted_in_time(event: Event, closed_until: int) -> None:
    """Law 1, of a journal that is committed when everything before `closed_until` is closed."""
    at = event.journal.at if event.journal else event.at
    assert at >= closed_until, f"law 1: {event.id} is posted at {at}, closed until {closed_until}"
    assert at in (event.at, closed_until), f"law 1: {event.id} of {event.at} is posted at {at}"


def closed_until(commit: Commit, before: int) -> int:
    """Up to where the books are closed after a commit. Law 1: nobody opens them again."""
    for change in commit.heads:
        if change.aggregate.id == BOOKS_ID:
            now = int(change.aggregate.closed_until)
            assert now > before, f"law 1: the books were closed until {before}, and are until {now}"
            return now
    return before


def totals_before(events: Iterable[Event], instant: int) -> Totals:
    """What all journals dated before it come to."""
    journals = (event.journal for event in events)
    return Totals.of(journal for journal in journals if journal and journal.at < instant)
