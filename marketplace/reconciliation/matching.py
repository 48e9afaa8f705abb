"""Pairs the lines of two sides by the ids they share, and says what became of each line.

Each of Stripe's balance transactions is one line, or two when Stripe took a fee: the fee is a journal of
its own. A ledger line is one posting to our account at Stripe. The two sides are read `SLACK_SECONDS` beyond
the window on both ends: what lies out there answers for nothing, and is only there to be found by a line
inside whose partner fell on the other side of the edge.

    1  same id, same amount   matched; timing when one of the two lies outside
    2  the same, with a line from further away that is known to have no partner   timing
    3  same id, same sign     amount_mismatch
    4  left over              duplicate of a pair, or missing on the other side

Ids are tried from the most specific on: the balance transaction's own, then that of the charge, transfer
or payout behind it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import product

from marketplace.shared.records import dataclass

SLACK_SECONDS = 5 * 86_400
"""How far apart the two sides may be written: Stripe repeats a webhook for up to three days (Stripe:
/webhooks, "Retry behavior"), and our own last look for a payment that nobody told us of is on the fourth."""


class Side(StrEnum):
    """Who keeps the line."""

    LEDGER = "ledger"
    STRIPE = "stripe"


class Part(StrEnum):
    """A movement of money, or Stripe's fee for it."""

    MOVEMENT = "movement"
    FEE = "fee"


class Outcome(StrEnum):
    """What became of a line."""

    MATCHED = "matched"
    TIMING = "timing"
    AMOUNT_MISMATCH = "amount_mismatch"
    MISSING_IN_LEDGER = "missing_in_ledger"
    MISSING_IN_STRIPE = "missing_in_stripe"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Line:
    """`amount` is minor units of `currency`, positive into our balance at Stripe; `keys` are ids at Stripe,
    the most specific first; `inside` says whether `at` lies in the window. What is in suspense may stand for
    either part: None."""

    side: Side
    id: str
    at: int
    currency: str
    amount: int
    part: Part | None = None
    keys: tuple[str, ...] = ()
    inside: bool = True

    @property
    def document(self) -> str:
        """The journal or balance transaction that the line is a part of: its id up to `#`."""
        return self.id.partition("#")[0]

    @property
    def parts(self) -> tuple[Part, ...]:
        """What it may stand for."""
        return tuple(Part) if self.part is None else (self.part,)


@dataclass(frozen=True)
class Finding:
    """One pair, or one line that stands alone."""

    outcome: Outcome
    ledger: Line | None
    stripe: Line | None

    @property
    def lines(self) -> tuple[Line, ...]:
        """One or two."""
        return tuple(line for line in (self.ledger, self.stripe) if line is not None)


def match(ledger: Iterable[Line], stripe: Iterable[Line], beside: Iterable[Line] = ()) -> list[Finding]:
    """Every line inside the window stands in exactly one finding; lines outside only as a partner. So do
    those `beside`, of either side, and only where nothing nearer fits exactly."""
    table = _Table(ledger, stripe)
    exact = table.pair(_is_same)
    exact += table.pair_beside(beside)
    unequal = table.pair(lambda ours, theirs: (ours.amount > 0) == (theirs.amount > 0))
    findings = [Finding(_exact(ours, theirs), ours, theirs) for ours, theirs in exact]
    findings += [Finding(Outcome.AMOUNT_MISMATCH, ours, theirs) for ours, theirs in unequal]
    taken = {mark for pair in exact + unequal for line in pair for mark in _marks(line)}
    for line in table.left():
        if any(mark in taken for mark in _marks(line)):
            findings.append(_alone(Outcome.DUPLICATE, line))
        else:
            findings.append(_alone(_MISSING[line.side], line))
    return [finding for finding in findings if any(line.inside for line in finding.lines)]


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each outcome, all of them named."""
    found = Counter(finding.outcome for finding in findings)
    return {outcome.value: found[outcome] for outcome in Outcome}


_MISSING = {Side.LEDGER: Outcome.MISSING_IN_STRIPE, Side.STRIPE: Outcome.MISSING_IN_LEDGER}


def _is_same(ours: Line, theirs: Line) -> bool:
    return ours.amount == theirs.amount and ours.currency == theirs.currency


def _exact(ours: Line, theirs: Line) -> Outcome:
    return Outcome.MATCHED if ours.inside == theirs.inside else Outcome.TIMING


def _alone(outcome: Outcome, line: Line) -> Finding:
    ledger, stripe = (line, None) if line.side == Side.LEDGER else (None, line)
    return Finding(outcome, ledger, stripe)


def _marks(line: Line) -> list[tuple[str, Part, str, int]]:
    """What a second line for the same thing would have in common with it."""
    return [(key, part, line.currency, line.amount) for key in line.keys for part in line.parts]


class _Table:
    """The lines that have no partner yet."""

    def __init__(self, ledger: Iterable[Line], stripe: Iterable[Line]) -> None:
        self._ledger = sorted(ledger, key=_order)
        self._stripe = sorted(stripe, key=_order)
        self._used: set[tuple[Side, str]] = set()
        self._by_key: dict[tuple[str, Part | None], list[Line]] = defaultdict(list)
        for line in self._ledger:
            for key, part in product(line.keys, line.parts):
                self._by_key[key, part].append(line)

    def pair(self, fits: Callable[[Line, Line], bool]) -> list[tuple[Line, Line]]:
        """Pairs of (ledger, Stripe) that share an id and fit; each line has one partner at most."""
        pairs: list[tuple[Line, Line]] = []
        for rank in range(max((len(line.keys) for line in self._stripe), default=0)):
            for theirs in self._unused(self._stripe):
                for ours in self._candidates(theirs, rank):
                    if fits(ours, theirs):
                        self._used |= {(ours.side, ours.id), (theirs.side, theirs.id)}
                        pairs.append((ours, theirs))
                        break
        return pairs

    def pair_beside(self, lines: Iterable[Line]) -> list[tuple[Line, Line]]:
        """Exact pairs of a line that is inside and left, and one of these."""
        further = list(lines)
        if not further:
            return []
        inside = [line for line in self.left() if line.inside]
        table = _Table(*(_of(side, further, inside) for side in Side))
        pairs = [pair for pair in table.pair(_is_same) if pair[0].inside != pair[1].inside]
        self._used |= {(line.side, line.id) for pair in pairs for line in pair}
        return pairs

    def left(self) -> list[Line]:
        """Those without a partner."""
        return self._unused(self._ledger) + self._unused(self._stripe)

    def _candidates(self, theirs: Line, rank: int) -> list[Line]:
        """Unused ledger lines under the id of that rank; those on the same side of the edge come first."""
        found = self._by_key[theirs.keys[rank], theirs.part] if rank < len(theirs.keys) else []
        return sorted(self._unused(found), key=lambda ours: ours.inside != theirs.inside)

    def _unused(self, lines: Sequence[Line]) -> list[Line]:
        return [line for line in lines if (line.side, line.id) not in self._used]


def _of(side: Side, *lines: Sequence[Line]) -> list[Line]:
    return [line for some in lines for line in some if line.side == side]


def _order(line: Line) -> tuple[int, str]:
    return line.at, line.id
