"""The ledger's side of a reconciliation: every posting to our account at Stripe in a window.

The statement in the trail is projected from events, a moment after them. So the journals of the last
minutes are read from the time index as well, and a line that both show counts once.
"""

import time
from collections.abc import Mapping

from marketplace.reconciliation.matching import Line
from marketplace.reconciliation.sides import Window, ledger_line, lines_of
from marketplace.shared.accounts import STRIPE
from marketplace.storage import ledger, statements

PROJECTION_SECONDS_MAX = 900
"""An event that is older (real time) and still not projected has raised an alarm."""


def ledger_lines(window: Window) -> list[Line]:
    """The lines that reconciling `window` needs, its slack included."""
    lines = {}
    for row in statements.between(STRIPE, window.read_from, window.read_to):
        line = ledger_line(
            row.journal_id,
            row.number,
            at=row.at,
            currency=row.currency,
            amount=row.debit - row.credit,
            against=row.against,
            references=row.references,
            window=window,
        )
        lines[line.id] = line
    for _, journal in ledger.journals_since(int(time.time()) - PROJECTION_SECONDS_MAX):
        if window.reads(journal.at):
            lines |= {line.id: line for line in lines_of(journal, window)}
    return without_reversals(lines)


def without_reversals(lines: Mapping[str, Line]) -> list[Line]:
    """A journal and its reverse, which names it, stand for nothing at Stripe; a second reverse would."""
    documents = {line.document for line in lines.values()}
    reverse_of: dict[str, str] = {}
    for line in sorted(lines.values(), key=lambda line: (line.at, line.id)):
        for key in documents.intersection(line.keys):
            reverse_of.setdefault(key, line.document)
    gone = {*reverse_of, *reverse_of.values()}
    return [line for line in lines.values() if line.document not in gone]
