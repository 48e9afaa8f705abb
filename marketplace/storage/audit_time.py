"""The audit's look at clocked time: what each session was billed for, and what of it a contract may have."""

from marketplace.contracts.contest import lives
from marketplace.contracts.contract import Contract
from marketplace.contracts.minutes import rounded_up
from marketplace.ledger.audit_minutes import Billed, Caps, EndedSession
from marketplace.metering.claims import CorrectionStatus
from marketplace.metering.session import SILENCE_SECONDS, EndReason, Session, SessionStatus
from marketplace.work.minute_terms import MinuteTerms

_BY_LIMIT = (EndReason.HOLD, EndReason.CAP)
_OVER = (SessionStatus.APPROVED, SessionStatus.CORRECTED)


def billed_by(session: Session) -> Billed:
    """What a session that has ended is billed for."""
    clocked = session.billable_seconds - session.corrected_seconds
    begin = session.started_at + session.terms.billed_from
    return Billed(session.id, session.contract_id, begin, clocked, session.corrected_seconds)


def ended_session(session: Session, ended_at: int) -> EndedSession:
    """All that can be held against a session that has ended. An end by hold or cap lies within silence of the
    last proof, every other one on it."""
    reach = SILENCE_SECONDS if session.end_reason in _BY_LIMIT else 0
    return EndedSession(
        billed=billed_by(session),
        ended_at=ended_at,
        proven_until=session.last_proven_at + reach,
        limit_at=session.limit_at,
        gross=session.gross,
        paid=session.paid,
        is_paid=session.status in _OVER,
        divided=session.contest is not None and not lives(session.contest),
        granted=_granted(session),
        next_started_at=session.next_started_at,
    )


def caps_on(contract: Contract) -> Caps:
    """What limits the time that a contract paid by the minute may bill."""
    minutes = contract.pay.minutes or MinuteTerms()
    return Caps(
        contract.id,
        contract.billed_seconds,
        contract.pay.cap_seconds,
        minutes.cap_seconds_per_day,
        minutes.cap_seconds_per_week,
        minutes.zone,
    )


def _granted(session: Session) -> int:
    correction, terms = session.correction, session.terms
    if correction is None or correction.status != CorrectionStatus.ACCEPTED:
        return 0
    new = max(session.worked_seconds + correction.seconds - terms.billed_from, 0)
    longest = rounded_up(new, terms.increment_seconds, terms.minimum_seconds)
    return max(longest - terms.billable_seconds(session.worked_seconds), 0)
