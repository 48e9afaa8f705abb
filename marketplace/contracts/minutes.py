"""Clocked time as pay, and what a contract sets aside for the session that runs on it.

    billable = worked seconds that no session before was billed for, rounded up to increments, at least the
               minimum, at most what the caps leave
    gross    = each class's rate for its billable seconds, added up and rounded once, half up; at least the
               floor. What rounding up adds is of the class that was last

A session may work as long as its gross fits into the money that is left; that much is set aside for it,
so nobody else can spend it meanwhile.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil

from marketplace.contracts.minute_classes import Mark, SecondsByClass, Step, seconds_by_class, steps
from marketplace.shared.money import SECONDS_PER, Rate, price
from marketplace.shared.records import dataclass, replace
from marketplace.work.minute_terms import ClassRates, MinuteClass

SESSION_SECONDS_MAX = 366 * 86_400
"""No session runs longer, however much money there is."""
GRANTS_MAX = 20
"""So often may money be added to one session that has classes; what comes later waits for the next one."""


@dataclass(frozen=True)
class Minutes:
    """The terms of one session. `seconds_left` is what the caps leave it, None without a cap; `prepaid` the
    seconds from its start that rounding up has billed before; `floor` its least pay, minor units."""

    rate: Rate
    increment_seconds: int = 1
    minimum_seconds: int = 0
    seconds_left: int | None = None
    prepaid: int | None = None
    floor: int | None = None
    classes: ClassRates | None = None

    @property
    def billed_from(self) -> int:
        """The first of its seconds that may be billed."""
        return self.prepaid or 0

    @property
    def seconds_max(self) -> int:
        """How long the caps let it run."""
        return SESSION_SECONDS_MAX if self.seconds_left is None else self.billed_from + self.seconds_left

    def billable_seconds(self, worked: int) -> int:
        """What `worked` seconds count as."""
        new = max(worked - self.billed_from, 0)
        rounded = rounded_up(new, self.increment_seconds, self.minimum_seconds)
        return rounded if self.seconds_left is None else min(rounded, self.seconds_left)

    def by_class(self, worked: int, marks: Iterable[Mark] = ()) -> Counter[MinuteClass | None]:
        """The billable seconds of each class."""
        return self.first_by_class(self.billable_seconds(worked), worked, marks)

    def first_by_class(
        self, seconds: int, worked: int, marks: Iterable[Mark] = ()
    ) -> Counter[MinuteClass | None]:
        """The same of the first `seconds` billable ones alone."""
        begin = self.billed_from
        return seconds_by_class(steps(marks, worked), begin, begin + seconds)

    def price(self, seconds: SecondsByClass) -> int:
        """What they cost without the floor, minor units."""
        rated = (self.rate_of(name) * count for name, count in seconds.items())
        return price(sum(rated, Decimal(0)), self.rate.per)

    def gross(self, worked: int, marks: Iterable[Mark] = ()) -> int:
        """What `worked` seconds cost, in minor units."""
        return max(self.price(self.by_class(worked, marks)), self.floor or 0)

    def rate_of(self, name: MinuteClass | None) -> Decimal:
        """Minor units for each of the rate's units of time."""
        own = self.classes.of(name) if self.classes else None
        return self.rate.amount_decimal if own is None else own

    def most(self, worked: int) -> int:
        """What `worked` seconds cost if all are of the dearest class, minor units."""
        dearest = max([self.rate.amount_decimal, *(self.classes.own if self.classes else ())])
        return replace(self, rate=replace(self.rate, amount_decimal=dearest), classes=None).gross(worked)

    @property
    def least(self) -> int:
        """What must be there to begin: one increment and the minimum, of whatever class, and the floor; never
        nothing; minor units."""
        return max(1, self.most(self.billed_from + 1))

    def seconds_for(self, amount: int) -> int:
        """How long one may work for `amount` minor units without classes; 0 when it does not even pay the
        beginning."""
        payable = payable_seconds(self.rate, amount)
        if amount < (self.floor or 0) or payable < self.billable_seconds(self.billed_from + 1):
            return 0
        if self.seconds_left is not None and payable >= self.seconds_left:
            return self.seconds_max
        whole = min(payable, SESSION_SECONDS_MAX) // self.increment_seconds * self.increment_seconds
        return self.billed_from + whole

    def seconds_within(self, amount: int, marks: Iterable[Mark]) -> int:
        """How long one may work so that the gross is at most `amount` minor units all the while, if the class
        that is marked last goes on."""
        begin, spent, taken = self.billed_from, Decimal(0), steps(marks)
        for step, following in zip(taken, [*taken[1:], Step(self.seconds_max, None)], strict=True):
            rate, end = self.rate_of(step.name), min(following.second, self.seconds_max)
            begins = max(step.second, begin)
            working = range(step.second + 1, end + 1)
            fitting = _fitting(self, working, amount, spent - rate * begins, rate)
            if fitting < len(working):
                return step.second + fitting
            spent += rate * max(end - begins, 0)
        return self.seconds_max


def _fitting(terms: Minutes, working: range, amount: int, before: Decimal, rate: Decimal) -> int:
    """How many of these ends of work, all in one class, cost at most `amount`: they never get cheaper."""

    def dear(worked: int) -> bool:
        billable = terms.billable_seconds(worked)
        cost = before + rate * (terms.billed_from + billable) if billable else Decimal(0)
        return price(cost, terms.rate.per) > amount

    if not working or not dear(working[-1]):
        return len(working)
    near = _near(terms, working, amount, before, rate)
    if dear(working[near]) and not (near and dear(working[near - 1])):
        return near
    return bisect_left(working, 1, key=dear)


def _near(terms: Minutes, working: range, amount: int, before: Decimal, rate: Decimal) -> int:
    """How many that should be, by division: right where neither a minimum nor a cap cuts in."""
    if not rate:
        return 0
    spare = Decimal(2 * amount + 1) * SECONDS_PER[terms.rate.per] / 2 - before
    billable = ceil(spare / rate) - 1 - terms.billed_from
    end = terms.billed_from + billable // terms.increment_seconds * terms.increment_seconds
    return min(max(end + 1 - working.start, 0), len(working) - 1)


@dataclass(frozen=True)
class Grant:
    """From `at` on, `amount` minor units are set aside in all."""

    at: int
    amount: int


@dataclass(frozen=True)
class RunningSession:
    """What a contract knows of the session that runs on it: it ends by itself after `seconds_max` at the
    latest. With classes only the session knows when its money is used up: the contract knows how much it was
    granted, and when, for money that comes after that instant comes too late."""

    session_id: str
    started_at: int
    terms: Minutes
    seconds_max: int
    grants: tuple[Grant, ...] | None = None

    @property
    def limit_at(self) -> int:
        """The instant at which the hold or the cap is used up, at the latest; epoch seconds."""
        return self.started_at + self.seconds_max

    @property
    def allowance(self) -> int:
        """Minor units set aside for it."""
        return self.grants[-1].amount if self.grants else self.terms.gross(self.seconds_max)

    @property
    def billable_max(self) -> int:
        """Seconds of the cap set aside for it."""
        return self.terms.billable_seconds(self.seconds_max)

    def granted(self, headroom: int, at: int) -> "RunningSession":
        """With classes: set aside is what it has, and of the `headroom` beside it all that it could need."""
        if self.grants is None or len(self.grants) >= GRANTS_MAX:
            return self
        amount = min(self.allowance + headroom, self.terms.most(self.seconds_max))
        if amount <= self.allowance:
            return self
        return replace(self, grants=(*self.grants, Grant(at, amount)))


def began(session_id: str, at: int, terms: Minutes, headroom: int) -> RunningSession:
    """A session that starts at `at` with all the money that is free."""
    if terms.classes is None:
        return RunningSession(session_id, at, terms, terms.seconds_for(headroom))
    most = min(headroom, terms.most(terms.seconds_max))
    return RunningSession(session_id, at, terms, terms.seconds_max, (Grant(at, most),))


def seconds_granted(running: RunningSession, marks: Iterable[Mark]) -> int:
    """How long a session with these marks may run: a grant counts if it came while those before it lasted."""
    if running.grants is None:
        return running.seconds_max
    first, *later = running.grants
    seconds = running.terms.seconds_within(first.amount, marks)
    for grant in later:
        if grant.at >= running.started_at + seconds:
            break
        seconds = running.terms.seconds_within(grant.amount, marks)
    return seconds


def rounded_up(worked: int, increment_seconds: int, minimum_seconds: int) -> int:
    """Whole increments, at least the minimum."""
    return max(-(-worked // increment_seconds) * increment_seconds, minimum_seconds)


def payable_seconds(rate: Rate, amount: int) -> int:
    """The most seconds that cost at most `amount` minor units; negative when not even none do.

    A price is rounded half up, so `seconds` fit while their exact price is below amount + 1/2.
    """
    beyond = Fraction(2 * amount + 1, 2) * SECONDS_PER[rate.per] / Fraction(rate.amount_decimal)
    return ceil(beyond) - 1
