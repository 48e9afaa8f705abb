"""What a contract's pay and its billed time make of a session that starts, and of one that has ended."""

from marketplace.contracts.billed_time import BilledTime, after, room
from marketplace.contracts.minutes import SESSION_SECONDS_MAX, Minutes, RunningSession
from marketplace.shared.errors import IllegalTransition
from marketplace.work.minute_terms import MinuteTerms
from marketplace.work.terms import Pay


def terms_at(pay: Pay, billed: BilledTime | None, cap_left: int | None, at: int) -> Minutes:
    """The terms of a session that starts at `at`; `cap_left` is what the contract's cap leaves.

    Raises IllegalTransition unless it is paid by the minute.
    """
    if pay.rate is None:
        raise IllegalTransition("the contract is not paid by the minute")
    prepaid = max(billed.until - at, 0) if billed else 0
    left, minutes = cap_left, pay.minutes or MinuteTerms()
    if minutes.has_calendar_caps:
        most = SESSION_SECONDS_MAX if cap_left is None else max(cap_left, 0)
        left = room(billed, at + prepaid, minutes, most)
    return Minutes(
        pay.rate,
        pay.increment_seconds,
        0 if prepaid else pay.minimum_seconds,
        left,
        prepaid=prepaid or None,
        floor=minutes.minimum_pay if billed is None or billed.begins_shift(at) else None,
        classes=minutes.classes,
    )


def billed_after(
    pay: Pay, billed: BilledTime | None, running: RunningSession | None, billable_seconds: int, ended_at: int
) -> BilledTime | None:
    """What the next session must know once this one has ended; None where it can make no difference."""
    if running is None:
        return billed
    begin = running.started_at + running.terms.billed_from
    now = after(billed, begin, billable_seconds, pay.minutes)
    counts = pay.minutes is not None and (pay.minutes.has_calendar_caps or pay.minutes.minimum_pay)
    return now if counts or now.until > ended_at else None
