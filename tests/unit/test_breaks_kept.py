"""A break is written once; what has closed itself opens again, what somebody has explained does not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from marketplace.reconciliation.breaks import Break, break_of
from marketplace.reconciliation.judging import MET, Closing
from marketplace.reconciliation.matching import Finding, Line, Outcome, Part, Side
from marketplace.reconciliation.run import Reconciliation
from marketplace.reconciliation.suspense import (
    BookToSuspense,
    ReverseJournal,
    book_to_suspense,
    reverse_suspense,
)
from marketplace.reconciliation.use_cases import (
    ResolveBreak,
    close_break,
    keep_breaks,
    reopen_break,
    resolve_break,
)
from marketplace.shared.events import Cause
from marketplace.shared.existing import existing
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from tests.fakes.memory_store import MemoryStore

LINE = Line(Side.STRIPE, "txn_1#movement", 10, "USD", 700, Part.MOVEMENT, ("txn_1",))
RUN = Reconciliation("rec_1", 0, 100, 100)
FOUND = break_of(Finding(Outcome.MISSING_IN_LEDGER, None, LINE), RUN, 100)
EXPLAIN = ResolveBreak(FOUND.id, "known")
CLOSE = Closing(FOUND.id, MET)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def committed(store: MemoryStore, work: Callable[..., Any], *given: Any) -> Any:
    """What one commit of somebody in finance came to."""
    cause = Cause(new_id("evt"), "finance:1", new_id("req"), 200)
    return run(store, cause, lambda tx: work(*given, tx)).result


def does(store: MemoryStore, work: Callable[..., Any], *given: Any) -> Break:
    """The break after such a commit."""
    committed(store, work, *given)
    return existing(store, Break, FOUND.id)


def test_what_has_closed_itself_opens_again_when_it_is_found_again(store: MemoryStore) -> None:
    assert does(store, keep_breaks, [FOUND], "rec_1") == FOUND
    closed = does(store, close_break, CLOSE, "rec_2")
    assert (closed.resolved_by, closed.resolved_in, closed.open_in) == ("reconciliation", "rec_2", None)
    assert committed(store, keep_breaks, [FOUND], "rec_3") == [FOUND.id]
    assert existing(store, Break, FOUND.id) == closed
    assert does(store, reopen_break, FOUND.id, "rec_3") == FOUND
    told = [(event.type, event.about[-1]) for event in store.events.values()]
    assert told == [("exception.resolved", "rec_2"), ("exception.open", "rec_3")]


def test_what_somebody_has_explained_stays_so(store: MemoryStore) -> None:
    does(store, keep_breaks, [FOUND], "rec_1")
    explained = does(store, resolve_break, EXPLAIN)
    for again in (
        (keep_breaks, [FOUND], "rec_2"),
        (close_break, CLOSE, "rec_2"),
        (reopen_break, FOUND.id, "rec_2"),
    ):
        assert does(store, *again) == explained


def test_what_comes_out_of_suspense_waits_to_be_explained_whatever_was_said(store: MemoryStore) -> None:
    does(store, keep_breaks, [FOUND], "rec_1")
    booked = does(store, book_to_suspense, BookToSuspense(FOUND.id, "whose is that?"))
    assert does(store, close_break, CLOSE, "rec_2") == booked
    does(store, resolve_break, EXPLAIN)
    assert booked.suspense is not None
    assert does(store, reverse_suspense, ReverseJournal(booked.suspense, "a test charge")) == FOUND


def test_the_same_line_may_look_otherwise_later(store: MemoryStore) -> None:
    does(store, keep_breaks, [FOUND], "rec_1")
    second = replace(FOUND, outcome=Outcome.DUPLICATE, change=None, reconciliation_id="rec_2", created_at=300)
    kept = does(store, keep_breaks, [second], "rec_2")
    assert (kept.outcome, kept.reconciliation_id, kept.created_at) == (Outcome.DUPLICATE, "rec_1", 100)
