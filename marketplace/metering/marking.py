"""What a phone tells of the class of its minutes."""

from marketplace.contracts.minute_classes import MARKS_MAX, Mark
from marketplace.metering.session import Session
from marketplace.shared.errors import InvalidRequest
from marketplace.shared.records import replace
from marketplace.work.minute_terms import MinuteClass


def require_classes(session: Session) -> None:
    """Raises InvalidRequest, at `/class`, where the terms know none."""
    if session.terms.classes is None:
        raise InvalidRequest.at("/class", "the task pays all minutes alike")


def marked(session: Session, sequence: int, name: MinuteClass, *, phone_at: int, arrival: int) -> Session:
    """From the phone's `phone_at` on it is this class, until a mark of a higher sequence says otherwise; a
    sequence that is there already changes nothing. Raises InvalidRequest."""
    require_classes(session)
    marks = session.marks or ()
    if any(mark.sequence == sequence for mark in marks):
        return session
    if len(marks) >= MARKS_MAX:
        raise InvalidRequest.at("/class", f"a session changes its class at most {MARKS_MAX} times")
    mark = Mark(sequence, session.effective(phone_at, arrival) - session.started_at, name)
    return replace(session, marks=tuple(sorted((*marks, mark))))
