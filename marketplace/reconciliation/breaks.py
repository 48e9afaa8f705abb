"""A break: a line that did not match, or a pair of unequal ones, until somebody or something explains it.

    found ──> open ──somebody resolves it──> resolved
               │ ^                               │ what held it in suspense is taken back
               │ └───────────────────────────────┘
               │ ^
               v │ found again
      closed: a later comparison sees both sides

Its id derives from its lines, so whoever compares again finds the same break. What somebody has resolved
stays so when it is found again; what has closed itself does not.
"""

from marketplace.reconciliation.matching import SLACK_SECONDS, Finding, Line, Outcome, Part
from marketplace.reconciliation.run import Reconciliation
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.ids import derived_id
from marketplace.shared.money import Money
from marketplace.shared.months import month_of
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace

COMPARISON = "reconciliation"
"""Who resolves a break that closes itself."""


@dataclass(frozen=True)
class Break:
    """A line, or a pair of unequal lines, that did not match. `amount` is what is in question, `happened_at`
    the earlier line's time, `owner` who has to act on it. `resolved_by` gave the `resolution`. `change` is
    what Stripe alone moved on our balance there (minor units, above zero into it), `suspense` the journal
    that says so for the time being; `is_fee` says that Stripe took it as a fee, beside a movement of the same
    line or alone. `lines` are what did not match, `reconciliation_id` the run that found them first, and
    `resolved_in` the one that saw both sides, where it closed itself."""

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
    lines: tuple[Line, ...] = ()
    resolved_in: str | None = None

    @property
    def open_in(self) -> str | None:
        """The month of the books that waits for its resolution; None where nobody has to act."""
        is_open = self.resolved_at is None and self.outcome != Outcome.TIMING
        return month_of(self.happened_at) if is_open else None

    @property
    def far_from(self) -> str | None:
        """The month of the earlier line, of a pair that lies further apart than a comparison reads."""
        return month_of(min(self._instants)) if self._is_far else None

    @property
    def far_to(self) -> str | None:
        """The month of the later one."""
        return month_of(max(self._instants)) if self._is_far else None

    @property
    def _instants(self) -> list[int]:
        return [line.at for line in self.lines]

    @property
    def _is_far(self) -> bool:
        instants = self._instants if self.outcome == Outcome.TIMING else ()
        return bool(instants) and max(instants) - min(instants) >= SLACK_SECONDS

    @property
    def has_closed_itself(self) -> bool:
        """Then it opens again when it is found again."""
        return self.resolved_in is not None

    def suspended(self, journal_id: str) -> "Break":
        """Booked to suspense."""
        return replace(self, suspense=journal_id)

    def taken_back(self) -> "Break":
        """Out of suspense again: whatever was said of it before, it waits to be explained."""
        return replace(self.reopened(), suspense=None)

    def resolved(self, *, by: str, reason: str | None, at: int) -> "Break":
        """Somebody has explained it. Raises IllegalTransition the second time."""
        if self.resolved_at is not None:
            raise IllegalTransition("this exception is resolved already")
        return replace(self, resolved_at=at, resolved_by=by, resolution=reason)

    def closed(self, *, run: str, reason: str, at: int) -> "Break":
        """A later comparison has found its lines elsewhere. Raises IllegalTransition where it is resolved."""
        return replace(self.resolved(by=COMPARISON, reason=reason, at=at), resolved_in=run)

    def reopened(self) -> "Break":
        """Nobody has resolved it; what was said before stays in its history."""
        return replace(self, resolved_at=None, resolved_by=None, resolution=None, resolved_in=None)

    def found_again(self, found: "Break") -> "Break":
        """As the same lines look now: a line that was missing may turn out to be a second one."""
        return replace(
            self,
            outcome=found.outcome,
            owner=found.owner,
            reason=found.reason,
            change=found.change,
            lines=found.lines,
        )


_OWNERS_AND_REASONS = {
    Outcome.TIMING: ("nobody", "the other side has the same line just outside the window"),
    Outcome.AMOUNT_MISMATCH: ("finance", "both sides have it, with different amounts"),
    Outcome.MISSING_IN_LEDGER: ("payments", "Stripe moved money that the ledger knows nothing of"),
    Outcome.MISSING_IN_STRIPE: ("payments", "the ledger has money that Stripe did not move"),
    Outcome.DUPLICATE: ("finance", "a second line for what is matched already"),
}


def break_of(finding: Finding, run: Reconciliation, at: int) -> Break:
    """What `finding`, which is not a match, leaves behind."""
    ledger, stripe = finding.ledger, finding.stripe
    first = min(finding.lines, key=lambda line: line.at)
    owner, reason = _OWNERS_AND_REASONS[finding.outcome]
    return Break(
        id=derived_id("brk", *(line.id for line in finding.lines)),
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
        lines=finding.lines,
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
