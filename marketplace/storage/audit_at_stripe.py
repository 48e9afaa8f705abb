"""Law 6: Stripe's balance transactions and the ledger, window by window, as a reconciliation matches them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

from marketplace.ledger.audit import Breach
from marketplace.reconciliation.matching import SLACK_SECONDS, Outcome, match
from marketplace.reconciliation.sides import BalanceTransaction, Window, stripe_lines
from marketplace.shared.accounts import STRIPE
from marketplace.shared.records import replace
from marketplace.storage import statements
from marketplace.storage.audit_look import Report
from marketplace.storage.stripe_account import ledger_lines

WINDOW_SECONDS = 30 * 86_400
"""The lines of one window, and of the slack around it, are in memory at a time."""


class Books(Protocol):
    """Stripe's side."""

    def balance_transactions(self, start: int, end: int) -> Iterable[BalanceTransaction]:
        """Those created in [start, end), epoch seconds."""
        ...


def audit_at_stripe(books: Books, now: int, report: Report) -> Report:
    """The report with what law 6 adds. What is younger than the slack may still be on its way at Stripe or
    here, and is left to the next audit. Raises what `books` raise."""
    found, checked = list(report.breaches), Counter(report.checked)
    for window in _windows(now - SLACK_SECONDS):
        stripe = [
            line
            for transaction in books.balance_transactions(window.read_from, window.read_to)
            for line in stripe_lines(transaction, window)
        ]
        for finding in match(ledger_lines(window), stripe):
            checked[6] += 1
            if finding.outcome not in (Outcome.MATCHED, Outcome.TIMING):
                names = " and ".join(line.document for line in finding.lines)
                found.append(Breach(6, finding.lines[0].document, f"{finding.outcome}: {names}"))
    return replace(report, breaches=sorted(found), checked=checked)


def _windows(end: int) -> Iterator[Window]:
    first = next(statements.between(STRIPE, 0, end), None)
    start = end if first is None else first.at
    while start < end:
        yield Window(start, min(start + WINDOW_SECONDS, end))
        start += WINDOW_SECONDS
