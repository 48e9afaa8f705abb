"""What Stripe moved is in suspense line by line: a fee is one of its own, whatever stands beside it."""

from typing import Any

import pytest

from marketplace.gateways.stripe_books import BalanceTransaction
from marketplace.reconciliation import sides
from marketplace.reconciliation.breaks import Break, break_of
from marketplace.reconciliation.matching import Finding, Outcome, match
from marketplace.reconciliation.run import Reconciliation
from marketplace.reconciliation.sides import Window, lines_of, stripe_lines
from marketplace.reconciliation.suspense import BookToSuspense, book_to_suspense
from marketplace.shared.errors import DomainError
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from marketplace.shared.store import Commit, HeadChange
from tests.fakes.memory_store import MemoryStore
from tests.simulation.mutants import rewritten

WINDOW = Window(0, 1_000)
RUN = Reconciliation("rec_1", WINDOW.start, WINDOW.end, 1_000)


def findings(store: MemoryStore, row: BalanceTransaction) -> list[Finding]:
    journals = [event.journal for event in store.events.values() if event.journal]
    return match([line for one in journals for line in lines_of(one, WINDOW)], stripe_lines(row, WINDOW))


def booked(store: MemoryStore, found: Break) -> None:
    store.commit(Commit((HeadChange(found),), {}, None))
    cause = Cause(new_id("evt"), "finance:1", new_id("req"), 10)
    run(store, cause, lambda tx: book_to_suspense(BookToSuspense(found.id, "whose is that?"), tx))


@pytest.mark.parametrize(
    ("amount", "fee", "is_fee"), [(-1_500, 1_500, False), (-1_500, 700, False), (-200, 0, True)]
)
def test_every_line_that_is_in_suspense_is_matched(amount: int, fee: int, is_fee: bool) -> None:  # noqa: FBT001
    store = MemoryStore()
    row = BalanceTransaction("txn_1", amount, fee, "USD", "du_1", 10, is_fee)
    for finding in findings(store, row):
        assert finding.outcome == Outcome.MISSING_IN_LEDGER
        booked(store, break_of(finding, RUN, 20))
    assert {finding.outcome for finding in findings(store, row)} == {Outcome.MATCHED}


@pytest.mark.deep
@pytest.mark.parametrize(
    ("function", "right", "wrong"),
    [
        (sides.ledger_line, "None if against == (SUSPENSE,) else known", "known"),
        (book_to_suspense, "if found.is_fee", "if False"),
        (break_of, "stripe.part == Part.FEE", "False"),
    ],
)
def test_a_planted_bug_is_noticed(function: Any, right: str, wrong: str) -> None:
    with rewritten(function, right, wrong)(), pytest.raises((AssertionError, DomainError)):
        test_every_line_that_is_in_suspense_is_matched(-1_500, 1_500, False)  # noqa: FBT003
