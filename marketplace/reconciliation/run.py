"""A reconciliation run, and the breaks that it leaves for somebody to explain."""

from dataclasses import field
from enum import StrEnum

from marketplace.reconciliation.matching import Finding, Line, Outcome, Part, counts
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.ids import derived_within
from marketplace.shared.money import Money
from marketplace.shared.months import month_of
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace

BREAKS_MAX = 1_000
"""So many breaks of one run are kept; all of them are counted."""


class RunStatus(StrEnum):
    """From the call to the counts."""

    RUNNING = "running"
    FINISHED = "finished"


@dataclass(frozen=True)
class Reconciliation:
    """The window is [window_start, window_end), epoch seconds of business time; `counts` is by
    outcome, zero until it has finished."""

    id: str
    window_start: int
    window_end: int
    created_at: int
    status: RunStatus = RunStatus.RUNNING
    counts: dict[str, int] = field(default_factory=lambda: counts(()))
    finished_at: int | None = None

    @property
    def compared(self) -> tuple[int, int] | None:
        """What of its window was over when it began, [start, end): what came to light there is kept, for
        somebody to explain. None while it runs, and where it found more than is kept."""
        broken = sum(self.counts.values()) - self.counts[Outcome.MATCHED]
        if self.status != RunStatus.FINISHED or broken > BREAKS_MAX:
            return None
        return self.window_start, min(self.window_end, self.created_at)

    def finished(self, found: dict[str, int], at: int) -> "Reconciliation":
        """Raises IllegalTransition when it has finished before."""
        if self.status != RunStatus.RUNNING:
            raise IllegalTransition("this reconciliation has finished")
        return replace(self, status=RunStatus.FINISHED, counts=found, finished_at=at)


@dataclass(frozen=True)
class Break:
    """A line, or a pair of unequal lines, that did not match. `amount` is what is in question, `happened_at`
    the earlier line's time, `owner` who has to act on it. `resolved_by` gave the `resolution`. `change` is
    what Stripe alone moved on our balance there (minor units, above zero into it), `suspense` the journal
    that says so for the time being; `is_fee` says that Stripe took it as a fee, beside a movement of the same
    line or alone."""

    id: str
    reconciliation_id: str
    outcome: Outcome
    amount: Money
    happened_at: int
    owner: str
    reason: str
    created_at: int
    ledger: str | None = None
    stripe: str | None = None
    resolved_at: int | None = None
    resolved_by: str | None = None
    resolution: Private[str | None] = None
    change: int | None = None
    suspense: str | None = None
    is_fee: bool | None = None

    @property
    def open_in(self) -> str | None:
        """The month of the books that waits for its resolution; None where nobody has to act."""
        is_open = self.resolved_at is None and self.outcome != Outcome.TIMING
        return month_of(self.happened_at) if is_open else None

    def suspended(self, journal_id: str | None) -> "Break":
        """Booked to suspense, or taken back out of it."""
        return replace(self, suspense=journal_id)

    def resolved(self, *, by: str, reason: str | None, at: int) -> "Break":
        """Somebody has explained it. Raises IllegalTransition the second time."""
        if self.resolved_at is not None:
            raise IllegalTransition("this exception is resolved already")
        return replace(self, resolved_at=at, resolved_by=by, resolution=reason)


_OWNERS_AND_REASONS = {
    Outcome.TIMING: ("nobody", "the other side has the same line just outside the window"),
    Outcome.AMOUNT_MISMATCH: ("finance", "both sides have it, with different amounts"),
    Outcome.MISSING_IN_LEDGER: ("payments", "Stripe moved money that the ledger knows nothing of"),
    Outcome.MISSING_IN_STRIPE: ("payments", "the ledger has money that Stripe did not move"),
    Outcome.DUPLICATE: ("finance", "a second line for what is matched already"),
}


def break_of(finding: Finding, run: Reconciliation, at: int) -> Break:
    """What `finding`, which is not a match, leaves behind; its id derives from its lines."""
    ledger, stripe = finding.ledger, finding.stripe
    first = min(finding.lines, key=lambda line: line.at)
    owner, reason = _OWNERS_AND_REASONS[finding.outcome]
    names = (ledger.id if ledger else "", stripe.id if stripe else "")
    return Break(
        id=derived_within("brk", run.id, finding.outcome, *names),
        reconciliation_id=run.id,
        outcome=finding.outcome,
        ledger=ledger.document if ledger else None,
        stripe=stripe.document if stripe else None,
        amount=Money(_in_question(finding, first), first.currency),
        happened_at=first.at,
        owner=owner,
        reason=reason,
        created_at=at,
        change=stripe.amount if stripe and finding.outcome == Outcome.MISSING_IN_LEDGER else None,
        is_fee=True if stripe and stripe.part == Part.FEE else None,
    )


def _in_question(finding: Finding, first: Line) -> int:
    """The difference of two unequal lines of one currency, else the size of the first; minor units."""
    ledger, stripe = finding.ledger, finding.stripe
    if (
        finding.outcome == Outcome.AMOUNT_MISMATCH
        and ledger
        and stripe
        and ledger.currency == stripe.currency
    ):
        return abs(ledger.amount - stripe.amount)
    return abs(first.amount)
