"""Clocked time, counted a second time: what is billed, of which class, on which day, and what it costs."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from marketplace.contracts.contract import Contract
from marketplace.metering.session import Session
from marketplace.shared.local_days import split
from tests.simulation.laws.fees import half_up

SHIFT_GAP_SECONDS = 4 * 3_600
SESSION_SECONDS_MAX = 366 * 86_400
GRANTS_MAX = 20


@dataclass
class MinuteLaws:
    """`billed` are the stretches of time that each contract was billed for; `prepaid` the seconds at a
    session's start that lie in one, `floors` the least that a session pays."""

    billed: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    prepaid: dict[str, int] = field(default_factory=dict)
    floors: dict[str, int] = field(default_factory=dict)

    def copy(self) -> "MinuteLaws":
        """The same time."""
        billed = defaultdict(list, {contract: list(rows) for contract, rows in self.billed.items()})
        return MinuteLaws(billed, dict(self.prepaid), dict(self.floors))

    def began(self, session: Session, contract: Contract) -> None:
        """What the terms promise this session, by what was billed before it."""
        until = max((end for _, end in self.billed[contract.id]), default=None)
        rounding = contract.pay.increment_seconds > 1 or contract.pay.minimum_seconds
        over = 0 if until is None else max(until - session.started_at, 0)
        self.prepaid[session.id] = over if rounding else 0
        terms = contract.pay.minutes
        first = until is None or session.started_at - until >= SHIFT_GAP_SECONDS
        self.floors[session.id] = (terms.minimum_pay or 0) if terms and first else 0

    def ended(self, session: Session, contract: Contract) -> None:
        """Law 7: no second is billed twice, or beyond a cap of its local day or week; the hold is used up."""
        begin = session.started_at + self.prepaid[session.id]
        seconds = self.billable(session)
        stretch = (begin, begin + seconds) if seconds else (session.started_at, session.started_at)
        for one, other in self.billed[contract.id]:
            apart = other <= stretch[0] or stretch[1] <= one
            assert apart or not seconds, f"law 7: {session.id} is billed for time that was billed before"
        self.billed[contract.id].append(stretch)
        self._calendar(contract)
        for earlier, grant in pairwise(session.grants or ()):
            if grant.at < (session.ended_at or 0):
                spent = self.gross(session, worked=grant.at - session.started_at)
                assert spent <= earlier.amount, f"law 7: {session.id} ran on with money that came too late"
        if session.end_reason == "hold" and session.grants and len(session.grants) == 1:
            more = self.gross(session, worked=(session.ended_at or 0) - session.started_at + 1)
            there = session.grants[0].amount
            assert more > there, f"law 7: {session.id} ended by its hold, though {more} of {there} would do"

    def corrected(self, session: Session, now: int) -> None:
        """Law 7: a correction is of time that has passed, and not of the next session's."""
        begin = session.started_at + self.prepaid[session.id]
        until = begin + self.billable(session) + session.corrected_seconds
        there = session.next_started_at or now
        assert until <= there, f"law 7: {session.id} is corrected until {until}, the next began at {there}"

    def _calendar(self, contract: Contract) -> None:
        terms = contract.pay.minutes
        if terms is None or not (terms.cap_seconds_per_day or terms.cap_seconds_per_week):
            return
        days: Counter[Any] = Counter()
        for begin, end in self.billed[contract.id]:
            days.update(dict(split(begin, end, terms.time_zone or "UTC")))
        weeks: Counter[Any] = Counter()
        for day, seconds in days.items():
            weeks[day - timedelta(days=day.weekday())] += seconds
        for cap, sums in ((terms.cap_seconds_per_day, days), (terms.cap_seconds_per_week, weeks)):
            most = max(sums.values(), default=0)
            assert cap is None or most <= cap, f"law 7: {contract.id} bills {most} s, its cap is {cap} s"

    def billable(self, session: Session, worked: int | None = None) -> int:
        """What the proven time counts as, without a correction."""
        if worked is None:
            assert session.ended_at is not None
            worked = session.ended_at - session.started_at
        terms, prepaid = session.terms, self.prepaid[session.id]
        new = max(worked - prepaid, 0)
        rounded = -(-new // terms.increment_seconds) * terms.increment_seconds
        if not prepaid:
            rounded = max(rounded, terms.minimum_seconds)
        return rounded if terms.seconds_left is None else min(rounded, terms.seconds_left)

    def whole(self, session: Session) -> int:
        """All that it pays, minor units."""
        return self.gross(session, corrected=session.corrected_seconds)

    def gross(self, session: Session, *, worked: int | None = None, corrected: int = 0) -> int:
        """What it costs, were `worked` its length; at least the floor, rounded once."""
        exact = self._exact(session, self.billable(session, worked), worked)
        name = session.correction.name if session.correction else None
        exact += _rate(session, name) * corrected
        return max(half_up(exact / 60), self.floors[session.id])

    def accepted(self, session: Session, seconds: int) -> int:
        """What the first of its seconds cost, without the floor."""
        return half_up(self._exact(session, seconds, None) / 60)

    def _exact(self, session: Session, seconds: int, worked: int | None) -> Fraction:
        """Rated seconds from the first billable one on, piece by piece between two marks."""
        if worked is None:
            worked = (session.ended_at or 0) - session.started_at
        begin = self.prepaid[session.id]
        marks = [mark for mark in session.marks or () if mark.second < max(worked, 1)]
        cuts = sorted(
            {begin, begin + seconds, *(m.second for m in marks if begin < m.second < begin + seconds)}
        )
        total = Fraction(0)
        for start, end in pairwise(cuts):
            said = max((mark for mark in marks if mark.second <= start), default=None)
            total += _rate(session, said.name if said else None) * (end - start)
        return total


def check_reach(contract: Contract, now: int) -> None:
    """Law 7: a session that still runs at `now` may use whatever is free, unless a chargeback contests it."""
    running = contract.running
    if running is None or contract.chargebacks.frozen_by or running.limit_at <= now:
        return
    terms, there = running.terms, contract.held - contract.reserved
    if running.grants is not None:
        aside, most = running.grants[-1].amount, terms.most(running.seconds_max)
        used = there == aside or aside >= most or len(running.grants) == GRANTS_MAX
    else:
        more = terms.gross(running.seconds_max + terms.increment_seconds)
        used = more > there or running.seconds_max >= min(terms.seconds_max, SESSION_SECONDS_MAX)
    assert used, f"law 7: {contract.id} lets {running.session_id} not use all of {there}"


def _rate(session: Session, name: Any) -> Fraction:
    classes = session.terms.classes
    own = getattr(classes, str(name)) if classes and name else None
    return _exactly(session.terms.rate.amount_decimal if own is None else own)


@cache
def _exactly(amount: Decimal) -> Fraction:
    return Fraction(amount)
