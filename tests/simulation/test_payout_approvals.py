"""Holds and approvals: what keeps a payout from being sent, and who lets it go."""

import pytest

from marketplace.payouts.payout import PayoutStatus, Reason
from marketplace.payouts.timing import BANK_SECONDS
from marketplace.shared.errors import AlreadyApproved, IllegalTransition
from marketplace.shared.events import EventType
from tests.fakes.crashing_store import START
from tests.fakes.payout_desk import PayoutDesk
from tests.fakes.payout_rules import DAY, HELD, PEOPLE, STRICT, WATCHED, waits


def test_the_first_days_of_an_account_hold_its_payouts_until_their_instant() -> None:
    desk = PayoutDesk(rules=HELD)
    payout_id = desk.request()
    desk.drain()
    assert waits(desk, payout_id) == (PayoutStatus.PENDING, Reason.HELD_NEW_ACCOUNT)
    assert desk.payout(payout_id).expected_at == START + 3 * DAY + BANK_SECONDS
    desk.clock.at = START + 3 * DAY - 1
    desk.fire()
    desk.drain()
    assert desk.stripe.sent_keys == []
    desk.clock.at += 5_000
    desk.fire()
    freed = next(event for event in desk.store.events.values() if event.type == EventType.PAYOUT_DUE)
    assert freed.at == START + 3 * DAY
    desk.drain()
    assert waits(desk, payout_id) == (PayoutStatus.SENT, None)
    later = desk.request()
    assert waits(desk, later) == (PayoutStatus.PENDING, None)
    desk.check()


def test_a_large_payout_goes_on_when_two_different_people_have_approved_it() -> None:
    desk = PayoutDesk(rules=WATCHED)
    large, small = desk.request(5_001), desk.request(5_000)
    desk.drain()
    assert waits(desk, large) == (PayoutStatus.PENDING, Reason.NEEDS_APPROVAL)
    assert waits(desk, small) == (PayoutStatus.SENT, None)
    desk.approve(large, "finance:a")
    with pytest.raises(AlreadyApproved):
        desk.approve(large, "finance:a")
    desk.advance(3 * DAY, step=DAY)
    assert waits(desk, large) == (PayoutStatus.PENDING, Reason.NEEDS_APPROVAL)
    desk.approve(large, "finance:b")
    desk.drain()
    assert waits(desk, large) == (PayoutStatus.SENT, None)
    with pytest.raises(IllegalTransition):
        desk.approve(large, "finance:c")
    actors = [event.actor for event in desk.store.events.values() if event.type == EventType.PAYOUT_APPROVED]
    assert actors == ["finance:a", "finance:b"]
    desk.check()


@pytest.mark.parametrize("approve_first", [True, False])
def test_a_payout_that_is_held_and_large_waits_for_both(approve_first: bool) -> None:  # noqa: FBT001
    desk = PayoutDesk(rules=STRICT)
    payout_id = desk.request()
    if approve_first:
        desk.approve(payout_id, "finance:a")
        desk.approve(payout_id, "finance:b")
        desk.drain()
        assert waits(desk, payout_id) == (PayoutStatus.PENDING, Reason.HELD_NEW_ACCOUNT)
    desk.advance(2 * DAY, step=6 * 3_600)
    if not approve_first:
        assert waits(desk, payout_id) == (PayoutStatus.PENDING, Reason.NEEDS_APPROVAL)
        desk.approve(payout_id, "finance:a")
        desk.approve(payout_id, "finance:b")
        desk.drain()
    assert waits(desk, payout_id) == (PayoutStatus.SENT, None)


def test_a_large_payout_that_failed_at_the_bank_is_sent_again_when_somebody_else_agrees() -> None:
    desk = PayoutDesk(rules=WATCHED)
    payout_id = desk.request()
    for person in PEOPLE[:2]:
        desk.approve(payout_id, person)
    desk.drain()
    desk.stripe.fail(desk.payout(payout_id).bank.stripe_id or "")
    desk.drain()
    desk.retry(payout_id, "finance:c")
    desk.drain()
    assert waits(desk, payout_id) == (PayoutStatus.PENDING, Reason.NEEDS_APPROVAL)
    assert f"{payout_id}:payout:2" not in desk.stripe.sent_keys
    with pytest.raises(AlreadyApproved):
        desk.approve(payout_id, "finance:c")
    with pytest.raises(IllegalTransition):
        desk.cancel(payout_id)
    desk.approve(payout_id, "finance:a")
    desk.advance(3 * DAY, step=DAY)
    assert waits(desk, payout_id) == (PayoutStatus.PAID, None)
    assert len(desk.stripe.transfers) == 1
    desk.check()
