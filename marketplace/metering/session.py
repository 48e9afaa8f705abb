"""A session: one clocked interval of a worker's time on a contract.

    started_at      last_proven_at                          due to fall silent
        |--------- proven ---------|...... silence_seconds ......|
                                                  ^ limit_at: the hold or the cap is used up

Whichever comes first ends it. The limit bills to its own instant, because the last proof lies within
silence of it; silence bills to the last proof. So `ended_at - started_at` is always what was worked. Both
depend on instants alone: a timer that fires late and a heartbeat that finds out come to the same seconds.

Instants are epoch seconds of the product's clock; money is minor units of the contract's currency.
"""

from collections import Counter
from enum import StrEnum

from marketplace.contracts.contest import Contest, ended, lives, require_uncontested, stood_still
from marketplace.contracts.minute_classes import Mark
from marketplace.contracts.minutes import Grant, Minutes, RunningSession, seconds_granted
from marketplace.metering.claims import Correction, Dispute
from marketplace.shared.errors import IllegalTransition, InvalidRequest
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after
from marketplace.work.minute_terms import MinuteClass
from marketplace.work.rejection import Rejection

HEARTBEAT_SECONDS = 60
SILENCE_SECONDS = 180
NO_SEQUENCE = -1
UNCLAIMED_SECONDS = 14 * 86_400
"""How long after the review a disputed rest waits for either side, before an operator is asked."""


class SessionStatus(StrEnum):
    """`approved` and `corrected` are paid whole, `disputed` in part; one that a contest decided about is
    `approved` for what it says."""

    RUNNING = "running"
    STOPPED = "stopped"
    APPROVED = "approved"
    DISPUTED = "disputed"
    CORRECTED = "corrected"


class EndReason(StrEnum):
    """Who or what ended it."""

    WORKER = "worker"
    SILENCE = "silence"
    HOLD = "hold"
    CAP = "cap"


_ENDED = (SessionStatus.STOPPED, SessionStatus.APPROVED, SessionStatus.DISPUTED)

TRANSITIONS = {
    (SessionStatus.RUNNING, "stop"): SessionStatus.STOPPED,
    (SessionStatus.STOPPED, "approve"): SessionStatus.APPROVED,
    (SessionStatus.STOPPED, "dispute"): SessionStatus.DISPUTED,
    (SessionStatus.DISPUTED, "approve"): SessionStatus.APPROVED,
    (SessionStatus.STOPPED, "decide"): SessionStatus.APPROVED,
    (SessionStatus.DISPUTED, "decide"): SessionStatus.APPROVED,
    **{(status, "correct"): SessionStatus.CORRECTED for status in _ENDED},
}


@dataclass(frozen=True)
class Session:
    """`clock_offset` is what turns the phone's clock into ours; `last_sequence` is the newest heartbeat's;
    `timer_at` is when the timer of a running session looks next, and heartbeats leave it alone; `paid` is
    gross; `corrected_seconds` are billable ones beyond what the clock proved; `next_started_at` is when
    the worker's next session began; `agency_id` is who shares in it; where the terms have classes, `marks`
    say which its minutes are of, and `grants` what it may cost."""

    id: str
    contract_id: str
    client_id: str
    worker_id: str
    terms: Minutes
    seconds_max: int
    review_seconds: int
    started_at: int
    clock_offset: int
    last_proven_at: int
    timer_at: int
    last_sequence: int = NO_SEQUENCE
    status: SessionStatus = SessionStatus.RUNNING
    ended_at: int | None = None
    end_reason: EndReason | None = None
    paid: int = 0
    corrected_seconds: int = 0
    next_started_at: int | None = None
    agency_id: str | None = None
    dispute: Dispute | None = None
    correction: Correction | None = None
    marks: tuple[Mark, ...] | None = None
    grants: tuple[Grant, ...] | None = None
    contest: Contest | None = None

    @property
    def currency(self) -> str:
        """ISO 4217, the contract's."""
        return self.terms.rate.currency

    @property
    def limit_at(self) -> int:
        """When the hold or the cap is used up, if the class that was said last goes on."""
        return self.started_at + self.limit_seconds

    @property
    def limit_seconds(self) -> int:
        """How long it may run."""
        if self.grants is None:
            return self.seconds_max
        granted = RunningSession(self.id, self.started_at, self.terms, self.seconds_max, self.grants)
        return seconds_granted(granted, self.marks or ())

    @property
    def silent_at(self) -> int:
        """When a gap after the last proof is too long: one of exactly SILENCE_SECONDS is still proven."""
        return self.last_proven_at + SILENCE_SECONDS + 1

    @property
    def worked_seconds(self) -> int:
        """What the clock has proven so far."""
        return (self.last_proven_at if self.ended_at is None else self.ended_at) - self.started_at

    @property
    def billable_seconds(self) -> int:
        """What that counts as under the terms, with what a correction added."""
        return self.terms.billable_seconds(self.worked_seconds) + self.corrected_seconds

    @property
    def by_class(self) -> Counter[MinuteClass | None]:
        """The billable seconds of each class; what rounding up adds is of the one that was last."""
        found = self.terms.by_class(self.worked_seconds, self.marks or ())
        if self.corrected_seconds and self.correction:
            found[self.correction.name] += self.corrected_seconds
        return found

    @property
    def gross(self) -> int:
        """What the billable seconds cost: rounded once for the whole session, and at least the floor."""
        return max(self.terms.price(self.by_class), self.terms.floor or 0)

    @property
    def rest(self) -> int:
        """What is reserved for it and not paid yet."""
        return self.gross - self.paid if self.in_review else 0

    @property
    def is_running(self) -> bool:
        """Whether the worker is clocked in."""
        return self.status == SessionStatus.RUNNING

    @property
    def in_review(self) -> bool:
        """Whether it has ended and not all of it is paid."""
        return self.status in (SessionStatus.STOPPED, SessionStatus.DISPUTED)

    @property
    def earns_for(self) -> str | None:
        """In whose list of what is still to be paid it stands: the worker's, once it has ended, or from its
        start on the agency's, which has no clock of its own to find it by."""
        if self.agency_id is not None and self.is_running:
            return self.agency_id
        return (self.agency_id or self.worker_id) if self.in_review else None

    @property
    def review_ends_at(self) -> int | None:
        """When the client's silence approves it."""
        if self.status != SessionStatus.STOPPED or self.ended_at is None:
            return None
        return self.ended_at + self.review_seconds

    @property
    def unclaimed_at(self) -> int | None:
        """When an operator is asked about the rest that the client has disputed and nobody has spoken for."""
        if self.status != SessionStatus.DISPUTED or self.ended_at is None or not self.rest:
            return None
        return self.ended_at + self.review_seconds + UNCLAIMED_SECONDS

    @property
    def due_at(self) -> int | None:
        """When its next clock runs out; during a contest none runs."""
        if self.is_running:
            return self.timer_at
        return None if lives(self.contest) else self.review_ends_at or self.unclaimed_at

    def proven_by(self, sequence: int, *, phone_at: int, arrival: int) -> "Session":
        """After a heartbeat: duplicates and old ones change nothing, and proofs only move forward."""
        if sequence <= self.last_sequence:
            return self
        proven = max(self.last_proven_at, self.effective(phone_at, arrival))
        return replace(self, last_sequence=sequence, last_proven_at=proven)

    def effective(self, phone_at: int, arrival: int) -> int:
        """The instant that a heartbeat proves: not later than it arrived, not before the start."""
        return max(min(arrival, phone_at + self.clock_offset), self.started_at)

    def with_limit(self, running: RunningSession) -> "Session":
        """The limit that the contract gives it now."""
        return replace(self, terms=running.terms, seconds_max=running.seconds_max, grants=running.grants)

    def settled(self, at: int) -> "Session":
        """What has come due by `at`: its end by the limit or by silence, dated by when it was."""
        if not self.is_running or at < min(self.limit_at, self.silent_at):
            return self
        if self.limit_at < self.silent_at:
            capped = self.terms.seconds_left is not None and self.limit_seconds == self.terms.seconds_max
            return self._ended(self.limit_at, EndReason.CAP if capped else EndReason.HOLD)
        return self._ended(self.last_proven_at, EndReason.SILENCE)

    def stopped(self, at: int) -> "Session":
        """The worker clocks out, which proves the time until then. Raises IllegalTransition."""
        proven = max(self.last_proven_at, at)
        return replace(self._ended(proven, EndReason.WORKER), last_proven_at=proven)

    def rearmed(self) -> "Session":
        """The timer looks again when the session may next come to its end."""
        return replace(self, timer_at=min(self.limit_at, self.silent_at))

    def approved(self) -> "Session":
        """Paid whole. Raises IllegalTransition."""
        require_uncontested(self.contest)
        return replace(self, status=after(TRANSITIONS, self.status, "approve"), paid=self.gross)

    def disputed(self, seconds: int, why: Rejection) -> "Session":
        """Paid for the first `seconds`, which the client accepts, without the floor. Raises InvalidRequest,
        IllegalTransition, also when silence has approved it and no timer has said so yet."""
        self._require_review(why.at)
        require_uncontested(self.contest)
        status = after(TRANSITIONS, self.status, "dispute")
        accepted = self.terms.first_by_class(seconds, self.worked_seconds, self.marks or ())
        paid, billable = self.terms.price(accepted), self.billable_seconds
        if seconds > billable or (seconds == billable and paid >= self.gross):
            raise InvalidRequest.at("/seconds", f"must be below the {billable} billable seconds")
        return replace(self, status=status, paid=paid, dispute=Dispute(seconds, why.reason, why.code))

    def corrected(self, added_seconds: int, correction: Correction) -> "Session":
        """Paid whole, with billable seconds that the clock had not proven. Raises IllegalTransition."""
        require_uncontested(self.contest)
        status = after(TRANSITIONS, self.status, "correct")
        longer = replace(self, status=status, corrected_seconds=added_seconds, correction=correction)
        return replace(longer, paid=longer.gross)

    def contested(self, by: str, at: int) -> "Session":
        """Something else decides about its rest. Raises IllegalTransition when there is none, or silence has
        approved it."""
        require_uncontested(self.contest)
        self._require_review(at)
        if not self.in_review or not self.rest:
            raise IllegalTransition("nothing of the session waits to be paid")
        return replace(self, contest=Contest(by, at))

    def freed(self, at: int) -> "Session":
        """As it was before; its clock goes on where it stood."""
        later = self.review_seconds + stood_still(self.contest, at)
        return replace(self, contest=None, review_seconds=later)

    def decided(self, to_worker: int) -> "Session":
        """The worker gets so much of the rest, gross, and nothing more. Raises IllegalTransition."""
        status = after(TRANSITIONS, self.status, "decide")
        contest = ended(self.contest, to_worker)
        return replace(self, status=status, paid=self.paid + to_worker, contest=contest)

    def _require_review(self, at: int) -> None:
        if self.review_ends_at is not None and at >= self.review_ends_at:
            raise IllegalTransition("the review has ended")

    def _ended(self, at: int, reason: EndReason) -> "Session":
        status = after(TRANSITIONS, self.status, "stop")
        return replace(self, status=status, ended_at=at, end_reason=reason)
