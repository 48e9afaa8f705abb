"""Cancels: what is cancelled is never sent, and what may be under way is not cancelled."""

import pytest

from marketplace.payouts.payout import PayoutStatus, Reason
from marketplace.payouts.rules import PayoutRules
from marketplace.shared.errors import IllegalTransition
from tests.fakes.payout_desk import EARNED, PayoutDesk
from tests.fakes.payout_rules import DAY, HELD, STRICT, WATCHED, waits


@pytest.mark.parametrize("rules", [HELD, WATCHED, STRICT])
def test_what_waits_can_be_cancelled_and_is_then_never_sent(rules: PayoutRules) -> None:
    desk = PayoutDesk(rules=rules)
    payout_id = desk.request()
    desk.cancel(payout_id)
    assert desk.kept("available") == EARNED
    for refused in (desk.cancel, desk.retry):
        with pytest.raises(IllegalTransition):
            refused(payout_id)
    desk.advance(5 * DAY, step=DAY)
    assert desk.stripe.sent_keys == []
    desk.check()


def test_what_awaits_funds_can_be_cancelled_between_two_tries_and_not_during_one() -> None:
    desk = PayoutDesk(funds=0)
    payout_id = desk.request()
    with pytest.raises(IllegalTransition):
        desk.cancel(payout_id)
    desk.drain()
    assert waits(desk, payout_id) == (PayoutStatus.PENDING, Reason.AWAITING_FUNDS)
    desk.clock.at += DAY
    desk.fire()
    assert desk.messages
    with pytest.raises(IllegalTransition):
        desk.cancel(payout_id)
    desk.drain()
    desk.cancel(payout_id)
    desk.stripe.fund("USD", EARNED)
    desk.advance(3 * DAY, step=6 * 3_600)
    desk.check()


@pytest.mark.parametrize("fault", ["down", "lost", "late", "error", "broken"])
def test_a_send_of_unknown_outcome_cannot_be_cancelled(fault: str) -> None:
    desk = PayoutDesk()
    desk.fault = lambda _: fault
    payout_id = desk.request()
    desk.work()
    assert desk.payout(payout_id).status == PayoutStatus.UNKNOWN
    with pytest.raises(IllegalTransition):
        desk.cancel(payout_id)


def test_a_message_that_comes_late_finds_a_cancelled_payout_and_does_nothing() -> None:
    desk = PayoutDesk(funds=0)
    payout_id = desk.request()
    late = desk.messages[:]
    desk.drain()
    desk.cancel(payout_id)
    desk.stripe.fund("USD", EARNED)
    desk.messages += late
    desk.drain()
    assert len(desk.stripe.sent_keys) == 1
    desk.check()


@pytest.mark.parametrize("moment", range(12))
def test_of_a_cancel_and_a_try_that_race_whoever_commits_first_wins(moment: int) -> None:
    """The cancel comes between any two touches of store and Stripe by the one who lets it go and sends."""
    desk = PayoutDesk(funds=0)
    payout_id = desk.request()
    desk.drain()
    desk.stripe.available_now["USD"] = EARNED
    desk.clock.at += DAY
    last = desk.touches + moment
    desk.meanwhile = lambda: desk.touches == last and desk.perhaps(lambda: desk.cancel(payout_id))
    desk.fire()
    desk.drain()
    assert bool(desk.stripe.transfers) == (payout_id not in desk.cancelled)
    desk.check()
