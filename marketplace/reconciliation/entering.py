"""Enters exceptions that were found before there were lists of the open ones by month.

    run, newest first ──> its open exceptions are written again ──> `before` moves on ──> ... ──> done

Whoever writes an exception enters it; those that nobody has touched since the upgrade would stand in no list.
"""

from collections.abc import Sequence

from marketplace.reconciliation.breaks import Break
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transaction import Transaction

PREFIX = "ent"
ENTERING_ID = f"{PREFIX}_breaks"
RUNS_PER_STEP = 25
"""So many runs are gone through at a time; each keeps at most `BREAKS_MAX` exceptions."""


@dataclass(frozen=True)
class Entering:
    """How far it has come: everything from `before` on, a position in the list of runs, has been entered."""

    id: str = ENTERING_ID
    before: str | None = None
    done: bool = False

    def moved_on(self, before: str | None) -> "Entering":
        """To where the next page of runs begins, if there is one."""
        return replace(self, before=before, done=before is None)


def enter_breaks(identifiers: Sequence[str], tx: Transaction) -> None:
    """Written as they are, they get their places in the lists of today."""
    found = (tx.find(Break, identifier) for identifier in identifiers)
    tx.save(*(one for one in found if one is not None and one.open_in is not None))


def move_on(seen: Entering, before: str | None, tx: Transaction) -> None:
    """Nothing where somebody else has moved it since it was `seen`."""
    if (tx.find(Entering, ENTERING_ID) or Entering()) == seen:
        tx.save(seen.moved_on(before))
