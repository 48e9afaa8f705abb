"""What a comparison says of the breaks that are open: which are found, which again, and which have closed.

    found now                     ──> open (one break, however many runs find it)
    not found, its lines are seen ──> closed: they match now, or stand in another break
    not found, nor its lines      ──> open: this comparison says nothing of it

Only a line that was seen closes a break; one that a list did not show this time does not.
"""

from collections.abc import Iterable, Sequence

from marketplace.reconciliation.breaks import Break, break_of
from marketplace.reconciliation.matching import Finding, Line, Outcome
from marketplace.reconciliation.run import BREAKS_MAX, Reconciliation
from marketplace.reconciliation.sides import Window
from marketplace.shared.records import dataclass, replace

MET = "both sides have it now"
ELSEWHERE = "what is left of it is another exception now"


@dataclass(frozen=True)
class Closing:
    """Why a break is none any more."""

    break_id: str
    reason: str


@dataclass(frozen=True)
class Judgement:
    """`found` are breaks as this run sees them, those that somebody must act on first; `closings` end breaks
    that were open before."""

    found: tuple[Break, ...]
    closings: tuple[Closing, ...]


def beside(window: Window, known: Iterable[Break]) -> list[Line]:
    """The lines of known breaks that lie beyond what is read for the window: a line inside, which came much
    later, may be the other side of an open one, or is known to be. A duplicate waits for no other side."""
    return [
        replace(line, inside=False)
        for one in known
        if one.suspense is None and one.outcome != Outcome.DUPLICATE
        for line in one.lines
        if not window.reads(line.at)
    ]


def judge(
    findings: Sequence[Finding], still_open: Sequence[Break], run: Reconciliation, at: int
) -> Judgement:
    """At most BREAKS_MAX are found, timing last."""
    unmatched = [finding for finding in findings if finding.outcome != Outcome.MATCHED]
    unmatched.sort(key=lambda finding: finding.outcome == Outcome.TIMING)
    before = {_looks(one): one.id for one in still_open if not one.lines}
    every = [_known(break_of(finding, run, at), before) for finding in unmatched]
    names = {one.id for one in every}
    seen = {line.id: finding.outcome for finding in findings for line in finding.lines}
    closings = [
        Closing(one.id, _reason(seen[line.id] for line in one.lines))
        for one in still_open
        if one.lines and one.suspense is None and one.id not in names and _all_seen(one, seen)
    ]
    return Judgement(tuple(every[:BREAKS_MAX]), tuple(closings))


def _all_seen(one: Break, seen: dict[str, Outcome]) -> bool:
    return all(line.id in seen for line in one.lines)


def _reason(outcomes: Iterable[Outcome]) -> str:
    return MET if all(one in (Outcome.MATCHED, Outcome.TIMING) for one in outcomes) else ELSEWHERE


def _looks(one: Break) -> tuple[object, ...]:
    return one.outcome, one.ledger, one.stripe, one.amount, one.is_fee


def _known(found: Break, before: dict[tuple[object, ...], str]) -> Break:
    """Under the name that it had when a break's id told of the run that found it."""
    return replace(found, id=before.get(_looks(found), found.id))
