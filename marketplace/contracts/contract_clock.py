"""A contract's clock: the time it was billed for, and the session that runs on what it has left.

    free = allowance + headroom               held and not reserved: the running session's, and the rest
    cap  = billed + billable_max + cap_left   the same with seconds, where there is a cap

The contract keeps what is changed here as fields of its own.
"""

from marketplace.contracts.billed_time import BilledTime, after, room
from marketplace.contracts.minutes import SESSION_SECONDS_MAX, Minutes, RunningSession, began
from marketplace.shared.errors import IllegalTransition, InsufficientFunds
from marketplace.shared.records import dataclass, replace
from marketplace.work.minute_terms import MinuteTerms
from marketplace.work.terms import Pay


@dataclass(frozen=True)
class ContractClock:
    """`free` is minor units of the pay's currency, on the account `hold`; `billed_seconds` counts against the
    cap; `billed` is what the next session must know of the last ones."""

    pay: Pay
    hold: str
    free: int
    billed_seconds: int = 0
    billed: BilledTime | None = None
    running: RunningSession | None = None

    @property
    def headroom(self) -> int:
        """Free money that no session has a claim on, minor units."""
        return self.free - (self.running.allowance if self.running else 0)

    @property
    def cap_left(self) -> int | None:
        """Billable seconds that the contract's cap leaves beside the running session; None without a cap."""
        spoken_for = self.billed_seconds + (self.running.billable_max if self.running else 0)
        return None if self.pay.cap_seconds is None else self.pay.cap_seconds - spoken_for

    def terms_at(self, at: int) -> Minutes:
        """The terms of a session that starts at `at`. Raises IllegalTransition unless paid by the minute."""
        if self.pay.rate is None:
            raise IllegalTransition("the contract is not paid by the minute")
        billed = self.billed
        prepaid = max(billed.until - at, 0) if billed else 0
        left, minutes = self.cap_left, self.pay.minutes or MinuteTerms()
        if minutes.has_calendar_caps:
            most = SESSION_SECONDS_MAX if left is None else max(left, 0)
            left = room(billed, at + prepaid, minutes, most)
        return Minutes(
            self.pay.rate,
            self.pay.increment_seconds,
            0 if prepaid else self.pay.minimum_seconds,
            left,
            prepaid=prepaid or None,
            floor=minutes.minimum_pay if billed is None or billed.begins_shift(at) else None,
            classes=minutes.classes,
        )

    def started(self, session_id: str, *, at: int) -> "ContractClock":
        """A session starts with all that is left. Raises IllegalTransition, InsufficientFunds."""
        terms = self.terms_at(at)
        if terms.seconds_left == 0:
            raise IllegalTransition("the cap of the contract, the day or the week is used up")
        if self.headroom < terms.least:
            raise InsufficientFunds(self.hold)
        return replace(self, running=began(session_id, at, terms, self.headroom))

    def stopped(self, *, billable_seconds: int, ended_at: int) -> "ContractClock":
        """The session has ended, and is billed for."""
        return replace(
            self,
            running=None,
            billed_seconds=self.billed_seconds + billable_seconds,
            billed=self._billed_after(billable_seconds, ended_at),
        )

    def _billed_after(self, billable_seconds: int, ended_at: int) -> BilledTime | None:
        """What the next session must know once the running one has ended; None where it can make no
        difference."""
        if self.running is None:
            return self.billed
        minutes, begin = self.pay.minutes, self.running.started_at + self.running.terms.billed_from
        now = after(self.billed, begin, billable_seconds, minutes)
        counts = minutes is not None and (minutes.has_calendar_caps or minutes.minimum_pay)
        return now if counts or now.until > ended_at else None

    def beside_running(self, at: int) -> "ContractClock":
        """As if nobody had clocked in, as long as the running session's limit is to come. What a session with
        classes was granted stays its own."""
        running = self.running
        freed = running is not None and running.grants is None and at < running.limit_at
        return replace(self, running=None) if freed else self

    def rearmed(self, at: int) -> "ContractClock":
        """The running session's limit, from what is left now; one that has passed by `at` stays.

        Raises InsufficientFunds when too little is left for what it may have worked by `at`.
        """
        alone = self.beside_running(at)
        if self.running is None:
            return self
        if alone.running == self.running:
            return replace(self, running=self.running.granted(self.headroom, at))
        terms = alone.terms_at(self.running.started_at)
        running = replace(self.running, terms=terms, seconds_max=terms.seconds_for(alone.headroom))
        if running.limit_at <= at:
            raise InsufficientFunds(self.hold)
        return replace(self, running=running)
