"""What the sides say about a session's seconds beyond what the clock proved."""

from enum import StrEnum

from marketplace.shared.private import Private
from marketplace.shared.records import dataclass, replace
from marketplace.shared.transitions import after
from marketplace.work.minute_terms import MinuteClass
from marketplace.work.rejection import Rejection, RejectionCode


@dataclass(frozen=True)
class Dispute:
    """The client accepts the first `seconds` of the billable ones, and says why not more, in a code too; the
    rest stays held."""

    seconds: int
    reason: Private[str]
    code: RejectionCode | None = None


class CorrectionStatus(StrEnum):
    """A declined one may be asked for anew."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


TRANSITIONS = {
    (CorrectionStatus.ASKED, "accept the correction"): CorrectionStatus.ACCEPTED,
    (CorrectionStatus.ASKED, "decline the correction"): CorrectionStatus.DECLINED,
}


@dataclass(frozen=True)
class Correction:
    """The worker asks for `seconds` after the session's end that the phone could not prove in time, all of
    one class (None: none was said); `turned_down` is why the client has not accepted."""

    seconds: int
    reason: Private[str]
    asked_at: int
    status: CorrectionStatus = CorrectionStatus.ASKED
    name: MinuteClass | None = None
    turned_down: Rejection | None = None

    def accepted(self) -> "Correction":
        """Raises IllegalTransition."""
        return replace(self, status=after(TRANSITIONS, self.status, "accept the correction"))

    def declined(self, why: Rejection) -> "Correction":
        """Raises IllegalTransition."""
        status = after(TRANSITIONS, self.status, "decline the correction")
        return replace(self, status=status, turned_down=why)
