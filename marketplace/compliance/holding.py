"""What one worker has of one qualification, and the attempts at its exam.

    none ──pass, grant──> held ──expire (timer)──> expired ──pass, grant──> held
                          held ──revoke──> revoked ──grant──> held
                          revoked ──an appeal is granted──> held; expired, if its time is over
    held ──pass, grant──> held   renewed

What was taken back by a human comes back only by a human: a revoked one is not regained by an exam.

    attempt: running ──submit──> passed, failed
             running ──its time is up (timer)──> expired, which counts as failed
"""

from enum import StrEnum

from marketplace.compliance.qualification import ExamTerms, Qualification
from marketplace.shared.errors import AlreadyExists, IllegalTransition
from marketplace.shared.ids import derived_id
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after


class HoldingStatus(StrEnum):
    """`none` while there were only attempts."""

    NONE = "none"
    HELD = "held"
    EXPIRED = "expired"
    REVOKED = "revoked"


TRANSITIONS = {
    **{(status, "grant"): HoldingStatus.HELD for status in HoldingStatus},
    **{
        (status, "pass"): HoldingStatus.HELD
        for status in (HoldingStatus.NONE, HoldingStatus.HELD, HoldingStatus.EXPIRED)
    },
    (HoldingStatus.HELD, "expire"): HoldingStatus.EXPIRED,
    (HoldingStatus.HELD, "revoke"): HoldingStatus.REVOKED,
    (HoldingStatus.REVOKED, "give back"): HoldingStatus.HELD,
    (HoldingStatus.REVOKED, "expire"): HoldingStatus.EXPIRED,
}


class RevocationCode(StrEnum):
    """Why a qualification was taken back."""

    QUALITY = "quality"
    CONDUCT = "conduct"
    FRAUD = "fraud"
    GRANTED_IN_ERROR = "granted_in_error"
    REQUESTED = "requested"
    OTHER = "other"


@dataclass(frozen=True)
class Holding:
    """`reason` is why it was granted or revoked, for its worker; `by` is whose act that was. `attempts` were
    begun in all, `tries` of them since it was last passed; `running` is the attempt under way; `name` is the
    qualification's; `revocations` counts how often it was taken back, `revoked_for` is the last reason as a
    code. Instants are epoch seconds."""

    id: str
    qualification_id: str
    worker_id: str
    created_at: int
    status: HoldingStatus = HoldingStatus.NONE
    client_id: str | None = None
    granted_at: int | None = None
    expires_at: int | None = None
    reason: Private[str | None] = None
    by: str | None = None
    attempts: int = 0
    tries: int = 0
    next_try_at: int | None = None
    running: str | None = None
    name: str | None = None
    revocations: int | None = None
    revoked_for: RevocationCode | None = None

    @property
    def reason_code(self) -> RevocationCode | None:
        """Why it was taken back; of what was before there were codes, that nobody gave one."""
        taken = self.status == HoldingStatus.REVOKED
        return (self.revoked_for or RevocationCode.OTHER) if taken else None

    def holds(self, at: int) -> bool:
        """Whether it counts at `at`, also before its timer has told."""
        return self.status == HoldingStatus.HELD and (self.expires_at is None or at < self.expires_at)

    @property
    def due_at(self) -> int | None:
        """When it expires, while it is held."""
        return self.expires_at if self.status == HoldingStatus.HELD else None

    def given(self, step: str, *, by: str, reason: str | None, at: int, until: int | None) -> "Holding":
        """After a pass or a grant, until `until`. Raises IllegalTransition."""
        return replace(
            self,
            status=after(TRANSITIONS, self.status, step),
            granted_at=at,
            expires_at=until,
            reason=reason,
            by=by,
            tries=0,
            next_try_at=None,
            revoked_for=None,
        )

    def revoked(self, *, by: str, code: RevocationCode, reason: str) -> "Holding":
        """Taken back. Raises IllegalTransition."""
        status, count = after(TRANSITIONS, self.status, "revoke"), (self.revocations or 0) + 1
        return replace(self, status=status, reason=reason, by=by, revocations=count, revoked_for=code)

    def given_back(self, *, by: str, reason: str, at: int) -> "Holding":
        """After a granted appeal: held as before, or expired where its time was over meanwhile, and then it
        can be earned again. Raises IllegalTransition."""
        over = self.expires_at is not None and at >= self.expires_at
        status = after(TRANSITIONS, self.status, "expire" if over else "give back")
        return replace(self, status=status, reason=reason, by=by, revoked_for=None)

    def tried_again(self) -> "Holding":
        """After a granted appeal against a mark: that attempt does not count, and another may begin now."""
        return replace(self, tries=max(self.tries - 1, 0), next_try_at=None)

    def expired(self) -> "Holding":
        """Its time is over. Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, "expire"))

    def begun(self, terms: ExamTerms, at: int) -> "Holding":
        """With one attempt more under way. Raises AlreadyExists, IllegalTransition."""
        if self.running is not None:
            raise IllegalTransition(f"the attempt {self.running} is under way")
        if self.status == HoldingStatus.REVOKED:
            raise IllegalTransition("it was taken back, and is only granted again by its owner")
        if self.holds(at) and self.expires_at is None:
            raise AlreadyExists("you hold this qualification for good")
        if self.tries >= terms.attempts_max:
            raise IllegalTransition(f"all {terms.attempts_max} attempts are used up")
        if self.next_try_at is not None and at < self.next_try_at:
            raise IllegalTransition(f"the next attempt may begin in {self.next_try_at - at} s")
        number = self.attempts + 1
        return replace(self, attempts=number, tries=self.tries + 1, running=attempt_id(self.id, number))

    def ended(self, terms: ExamTerms, at: int) -> "Holding":
        """With no attempt under way; the next one has to wait."""
        return replace(self, running=None, next_try_at=at + terms.wait_seconds)


class AttemptStatus(StrEnum):
    """`expired` when its time was up before answers came."""

    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Attempt:
    """At version `terms.version` of the exam, from `started_at` to `ends_at`, epoch seconds; `answers` are
    places of choices by question."""

    id: str
    qualification_id: str
    worker_id: str
    number: int
    terms: ExamTerms
    started_at: int
    ends_at: int
    status: AttemptStatus = AttemptStatus.RUNNING
    answers: tuple[tuple[int, ...], ...] | None = None
    score_basis_points: int | None = None
    ended_at: int | None = None

    @property
    def due_at(self) -> int | None:
        """When its time is up, while it runs."""
        return self.ends_at if self.status == AttemptStatus.RUNNING else None

    def submitted(self, answers: tuple[tuple[int, ...], ...], score: int, at: int) -> "Attempt":
        """Marked. Raises IllegalTransition when it is over."""
        if self.status != AttemptStatus.RUNNING or at >= self.ends_at:
            raise IllegalTransition("the attempt is over")
        passed = score >= self.terms.pass_basis_points
        status = AttemptStatus.PASSED if passed else AttemptStatus.FAILED
        return replace(self, status=status, answers=answers, score_basis_points=score, ended_at=at)


def attempt_of(holding: Holding, terms: ExamTerms, at: int) -> Attempt:
    """The attempt that has just begun."""
    return Attempt(
        id=attempt_id(holding.id, holding.attempts),
        qualification_id=holding.qualification_id,
        worker_id=holding.worker_id,
        number=holding.attempts,
        terms=terms,
        started_at=at,
        ends_at=at + terms.time_limit_seconds,
    )


def nothing_of(qualification: Qualification, worker_id: str, at: int) -> Holding:
    """Before the first attempt or grant."""
    identifier = holding_id(qualification.id, worker_id)
    return Holding(
        identifier,
        qualification.id,
        worker_id,
        at,
        client_id=qualification.client_id,
        name=qualification.name,
    )


def holding_id(qualification_id: str, worker_id: str) -> str:
    """One for each qualification and worker."""
    return derived_id("hol", qualification_id, worker_id)


def attempt_id(holding_id: str, number: int) -> str:
    """The id of a worker's attempt of that number."""
    return derived_id("att", holding_id, str(number))
