"""An appeal: somebody asks a human to look again at one decision about them.

    open ──grant──> granted     and what was decided is undone, as far as it can be: `effect` says how far
      └────deny───> denied

Its id derives from the decision, so there is one appeal against each, whoever races. While it is open, the
other side may say once what it has to say; both read that. Whoever decided first does not decide about the
appeal, and what is decided is final. Instants are epoch seconds.
"""

from enum import StrEnum

from marketplace.shared.errors import AlreadyExists, Forbidden, IllegalTransition
from marketplace.shared.ids import prefix_of
from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after

PREFIX = "apl"
APPEAL_SECONDS = 14 * 86_400
"""How long a rejection can be appealed; what still stands against somebody can be at any time."""


class AppealStatus(StrEnum):
    """Two ends."""

    OPEN = "open"
    GRANTED = "granted"
    DENIED = "denied"


class Effect(StrEnum):
    """What a granted appeal has changed in the same commit; `noted` and `none` have changed nothing: the
    other side is told, or it was undone already."""

    REINSTATED = "reinstated"
    PAID = "paid"
    RATING_REMOVED = "rating_removed"
    RATING_RESTORED = "rating_restored"
    ACCEPTED = "accepted"
    REOPENED = "reopened"
    GIVEN_BACK = "given_back"
    RETURNED = "returned"
    NOTED = "noted"
    NONE = "none"


TRANSITIONS = {
    (AppealStatus.OPEN, "grant"): AppealStatus.GRANTED,
    (AppealStatus.OPEN, "deny"): AppealStatus.DENIED,
}


@dataclass(frozen=True)
class Decision:
    """What is appealed: `key` names it apart from earlier ones about the same subject; `by` is who decided, a
    client's id, an operator, or empty for a machine; `respondent` is the client or worker of the other side,
    who is told, if there is one."""

    key: tuple[str, ...]
    by: str
    reason_code: str
    respondent: str | None = None
    contract_id: str | None = None


@dataclass(frozen=True)
class Verdict:
    """`by` names the human; `effect` is set where the appeal was granted."""

    by: str
    at: int
    reason: Private[str]
    effect: Effect | None = None


@dataclass(frozen=True)
class Statement:
    """What the other side says."""

    at: int
    text: Private[str]


@dataclass(frozen=True)
class Appeal:
    """`by` is the id of who appeals; `position` orders lists; `answer` is the other side's."""

    id: str
    subject_id: str
    by: str
    decision: Decision
    reason: Private[str]
    created_at: int
    position: str
    status: AppealStatus = AppealStatus.OPEN
    verdict: Verdict | None = None
    answer: Statement | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for a human."""
        return self.status == AppealStatus.OPEN

    @property
    def about(self) -> tuple[str, ...]:
        """Whose history its events belong to, the person's first."""
        known = (self.id, self.by, self.subject_id, self.decision.contract_id, self.decision.respondent)
        return tuple(name for name in known if name)

    def answered(self, statement: Statement) -> "Appeal":
        """The other side has said what it has to say. Raises AlreadyExists, IllegalTransition."""
        if self.answer is not None:
            raise AlreadyExists("this appeal has been answered")
        after(TRANSITIONS, self.status, "grant")
        return replace(self, answer=statement)

    def granted(self, verdict: Verdict) -> "Appeal":
        """Raises IllegalTransition; Forbidden for who decided first."""
        return self._ended("grant", verdict)

    def denied(self, verdict: Verdict) -> "Appeal":
        """Raises IllegalTransition; Forbidden for who decided first."""
        return self._ended("deny", verdict)

    def require_open_to(self, operator: str) -> None:
        """Raises IllegalTransition; Forbidden for who decided first."""
        after(TRANSITIONS, self.status, "grant")
        if operator == self.decision.by:
            raise Forbidden("somebody else decides about an appeal than who decided first")

    def _ended(self, step: str, verdict: Verdict) -> "Appeal":
        self.require_open_to(verdict.by)
        return replace(self, status=after(TRANSITIONS, self.status, step), verdict=verdict)


def require_in_time(decided_at: int, at: int) -> None:
    """Raises IllegalTransition for a rejection of too long ago."""
    if at >= decided_at + APPEAL_SECONDS:
        raise IllegalTransition(f"a rejection can be appealed for {APPEAL_SECONDS // 86_400} days")


_ABOUT_MONEY = ("mil", "res")
REVERSAL = "reversal"
"""What tells from a result's rejection that its acceptance was taken back: no dispute undoes that."""


def what_next(appeal: Appeal) -> str:
    """What its sides can expect, in words."""
    if appeal.is_open:
        return "An operator who has not decided about it before will look at it and say why."
    words = "A human has decided, and this is final: the decision cannot be appealed again."
    unpaid = appeal.verdict is None or appeal.verdict.effect != Effect.PAID
    disputable = prefix_of(appeal.subject_id) in _ABOUT_MONEY and appeal.decision.key[-1] != REVERSAL
    if disputable and unpaid:
        return f"{words} Money that is still held for the work can be claimed in a dispute on the contract."
    return words
