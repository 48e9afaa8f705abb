"""A month of the books, from when somebody closed it.

    (open) ──close──> closed ──sum up──> closed, with its totals

Why nothing posts into a closed month. A journal of a month that was over `PRESENT_SECONDS` ago is committed
under the condition that the books are still as they were read, and closing changes the books. Any other is
of a month that was not over then, and closing waits until no function that may still hold one is alive:

    month's end      + PRESENT_SECONDS         + what a function lives          SETTLING_SECONDS
    ─────┼───────────────────┼──────────────────────────┼────────────────────────────┼──────────>
         │ dated unasked     │ commits of these come in │ (machines' clocks differ)  │ can be closed

The totals are written down later: by then the ledger's index shows everything that was committed before.
"""

import hashlib

from marketplace.closing.coverage import Days
from marketplace.ledger.totals import Totals
from marketplace.shared.months import month_end, month_start
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace

PREFIX = "prd"
SETTLING_SECONDS = 3_600
"""From so long after its end on a month can be closed: twice `PRESENT_SECONDS` and the 900 s that a function
lives at most."""
SUM_UP_SECONDS = 900
"""So long after it was closed its totals are written down: the ledger's index follows the table within a
second, as a rule (storage/ledger.py, LAG_SECONDS)."""


@dataclass(frozen=True)
class PeriodSums:
    """One currency, minor units: `debits` (equal to the credits) of all journals up to the month's end, and
    how much of that was `posted` in the months that were closed with this one."""

    currency: str
    debits: int
    posted: int


@dataclass(frozen=True)
class Forced:
    """Why it was closed although something stood in the way: `missing` days that no reconciliation had
    compared, and so many `exceptions` that nobody had explained."""

    reason: Private[str]
    missing: tuple[Days, ...] = ()
    exceptions: int = 0


@dataclass(frozen=True)
class Period:
    """A closed month. `closed_from` is the first instant that was closed with it: the month's, or an earlier
    one where nothing was dated in between. `event` closed it; `fingerprint` is the trial balance's at its end
    (`sums_of`). Where `closed_by` forced it, `forced` says over what, and why."""

    id: str
    month: str
    closed_from: int
    closed_at: int
    closed_by: str
    event: str
    sums: tuple[PeriodSums, ...] | None = None
    fingerprint: str | None = None
    forced: Forced | None = None

    @property
    def starts_at(self) -> int:
        """Epoch seconds of business time, its first instant."""
        return month_start(self.month)

    @property
    def ends_at(self) -> int:
        """The first instant after it."""
        return month_end(self.month)

    @property
    def sum_up_at(self) -> int | None:
        """When its totals are due; None once it has them."""
        return self.closed_at + SUM_UP_SECONDS if self.sums is None else None

    def summed_up(self, before: Totals, at_end: Totals) -> "Period":
        """With its totals: `before` what was closed already, and `at_end` the month's."""
        sums = tuple(
            PeriodSums(
                currency=currency,
                debits=at_end.sums(currency).debits,
                posted=at_end.sums(currency).debits - before.sums(currency).debits,
            )
            for currency in at_end.currencies
        )
        return replace(self, sums=sums, fingerprint=fingerprint(at_end))


def period_id(month: str) -> str:
    """Of the month's period."""
    return f"{PREFIX}_{month}"


def fingerprint(totals: Totals) -> str:
    """The same for the same sides of the same accounts, and for nothing else."""
    lines = (f"{currency} {account} {sides.debits} {sides.credits}\n" for currency, account, sides in totals)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
