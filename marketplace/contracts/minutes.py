"""Clocked time as pay, and what a contract sets aside for the session that runs on it.

    billable = worked seconds rounded up to increments, at least the minimum, at most what the cap leaves
    gross    = the rate for the billable seconds, rounded once, half up

A session may work as long as its gross fits into the money that is left; that much is set aside for it,
so nobody else can spend it meanwhile.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from marketplace.shared.money import SECONDS_PER, Rate

SESSION_SECONDS_MAX = 366 * 86_400
"""No session runs longer, however much money there is."""


@dataclass(frozen=True)
class Minutes:
    """The terms of one session. `seconds_left` is what the contract's cap leaves it, None without a cap."""

    rate: Rate
    increment_seconds: int = 1
    minimum_seconds: int = 0
    seconds_left: int | None = None

    def billable_seconds(self, worked: int) -> int:
        """What `worked` seconds count as."""
        rounded = rounded_up(worked, self.increment_seconds, self.minimum_seconds)
        return rounded if self.seconds_left is None else min(rounded, self.seconds_left)

    def gross(self, worked: int) -> int:
        """What `worked` seconds cost, in minor units."""
        return self.rate.for_seconds(self.billable_seconds(worked))

    @property
    def least(self) -> int:
        """What must be there to begin: one increment and the minimum, never nothing; minor units."""
        return max(1, self.gross(1))

    def seconds_for(self, amount: int) -> int:
        """How long one may work for `amount` minor units; 0 when it does not even pay the beginning."""
        payable = payable_seconds(self.rate, amount)
        if payable < self.billable_seconds(1):
            return 0
        if self.seconds_left is not None and payable >= self.seconds_left:
            return self.seconds_left
        return min(payable, SESSION_SECONDS_MAX) // self.increment_seconds * self.increment_seconds


@dataclass(frozen=True)
class RunningSession:
    """What a contract knows of the session that runs on it: it ends by itself after `seconds_max`."""

    session_id: str
    started_at: int
    terms: Minutes
    seconds_max: int

    @property
    def limit_at(self) -> int:
        """The instant at which the hold or the cap is used up, epoch seconds."""
        return self.started_at + self.seconds_max

    @property
    def allowance(self) -> int:
        """Minor units set aside for it."""
        return self.terms.gross(self.seconds_max)

    @property
    def billable_max(self) -> int:
        """Seconds of the cap set aside for it."""
        return self.terms.billable_seconds(self.seconds_max)


def rounded_up(worked: int, increment_seconds: int, minimum_seconds: int) -> int:
    """Whole increments, at least the minimum."""
    return max(-(-worked // increment_seconds) * increment_seconds, minimum_seconds)


def payable_seconds(rate: Rate, amount: int) -> int:
    """The most seconds that cost at most `amount` minor units; negative when not even none do.

    A price is rounded half up, so `seconds` fit while their exact price is below amount + 1/2.
    """
    beyond = Fraction(2 * amount + 1, 2) * SECONDS_PER[rate.per] / Fraction(rate.amount_decimal)
    return ceil(beyond) - 1
