"""What the client says to the minutes of a session, and what they pay."""

import pytest

from marketplace.metering.pay import accruing, in_review
from marketplace.metering.session import Session, SessionStatus
from marketplace.shared.errors import (
    IllegalTransition,
    InvalidRequest,
)
from marketplace.shared.events import EventType
from tests.shifts import Shift


def test_approval_pays_once_and_splits_the_fee() -> None:
    shift = Shift(rate="50")
    session = shift.worked(180)
    assert shift.approve(session).status == SessionStatus.APPROVED
    with pytest.raises(IllegalTransition):
        shift.approve(session)
    assert (shift.available, shift.contract.released, shift.contract.reserved) == (135, 150, 0)


def test_silence_approves_after_the_review_even_when_the_contract_has_ended() -> None:
    shift = Shift(rate="60", funds=1_000)
    session = shift.worked(300)
    ended = shift.end("complete")
    assert (ended.held, ended.returned) == (300, 700)
    shift.advance(7 * 86_400)
    assert shift.session(session.id).status == SessionStatus.APPROVED
    assert shift.events[-1].type == EventType.SESSION_APPROVED
    assert shift.events[-1].at == session.review_ends_at
    assert (shift.contract.held, shift.contract.released, shift.available) == (0, 300, 270)


def test_a_session_of_no_seconds_is_approved_without_a_journal() -> None:
    shift = Shift()
    session = shift.stop(shift.start())
    assert shift.approve(session).paid == 0
    assert all(event.journal is None for event in shift.events if event.type == EventType.SESSION_APPROVED)


def test_a_dispute_pays_the_accepted_seconds_and_holds_the_rest_until_approved() -> None:
    shift = Shift(rate="55")
    session = shift.worked(101)
    assert session.gross == 93
    disputed = shift.dispute(session, 50)
    assert (disputed.status, disputed.paid, disputed.rest) == (SessionStatus.DISPUTED, 46, 47)
    assert (shift.contract.reserved, disputed.due_at) == (47, disputed.unclaimed_at)
    assert in_review(disputed, shift.contract).net + shift.available == 84
    shift.advance(20 * 86_400)
    shift.approve(disputed)
    assert (shift.contract.reserved, shift.contract.released, shift.available) == (0, 93, 84)


def test_a_dispute_accepts_fewer_seconds_than_there_are() -> None:
    shift = Shift()
    session = shift.worked(60)
    with pytest.raises(InvalidRequest):
        shift.dispute(session, 60)
    assert shift.dispute(session, 0).paid == 0


def test_accruing_is_the_net_of_what_is_proven_so_far() -> None:
    shift = Shift(rate="60", funds=90, asleep=True)
    session = shift.work(shift.start(), 60)
    assert accruing(session, shift.contract, shift.now).net == 54
    shift.fund(60)
    shift.advance(60)
    assert accruing(session, shift.contract, shift.now).net == 54
    shift.advance(60)
    assert accruing(session, shift.contract, shift.now).net == 135
    ended: Session = shift.beat(session, 9)
    assert (accruing(ended, shift.contract, shift.now).net, in_review(ended, shift.contract).net) == (0, 135)
