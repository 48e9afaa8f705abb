"""Debts are recovered from payouts within a cap, once, and undone with them."""

import pytest

from marketplace.payouts.payout import PayoutStatus
from marketplace.shared.errors import InsufficientFunds
from tests.fakes.payout_desk import EARNED, PayoutDesk
from tests.fakes.payout_rules import DAY, HELD


def test_what_is_owed_is_recovered_from_payouts_within_the_cap() -> None:
    desk = PayoutDesk(owed=7_000)
    first, second, third = desk.request(10_000), desk.request(10_000), desk.request(10_000)
    assert [desk.payout(name).amount.amount for name in (first, second, third)] == [5_000, 8_000, 10_000]
    assert [desk.payout(name).recovered for name in (first, second, third)] == [5_000, 2_000, 0]
    assert desk.kept("owed") == 0
    desk.drain()
    assert sorted(row.amount.amount for row in desk.stripe.transfers) == [5_000, 8_000, 10_000]
    desk.check()


def test_a_debt_that_a_payout_would_have_settled_is_owed_again_when_it_is_not_sent() -> None:
    desk = PayoutDesk(owed=1_000, rules=HELD)
    cancelled = desk.request(10_000)
    desk.cancel(cancelled)
    assert (desk.kept("available"), desk.kept("owed")) == (EARNED, 1_000)
    refused = desk.request(10_000)
    desk.fault = lambda name: "refuse:account_invalid" if name == "send_transfer" else "ok"
    desk.advance(4 * DAY, step=DAY)
    assert desk.payout(refused).status == PayoutStatus.FAILED
    assert (desk.kept("available"), desk.kept("owed")) == (EARNED, 1_000)
    desk.check()


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_two_payouts_at_once_settle_one_debt_once(moment: int) -> None:
    """One comes in between what the other reads, or just before it commits."""
    desk = PayoutDesk(owed=600)
    inside: list[str] = []

    def second() -> None:
        if desk.touches == moment:
            inside.append(desk.request(1_000))

    desk.meanwhile = second
    outer = desk.request(1_000)
    assert [desk.payout(name).recovered for name in (*inside, outer)] == [500, 100]
    assert desk.kept("owed") == 0
    desk.check()


def test_nothing_goes_out_that_a_debt_makes_smaller_than_a_payout_may_be() -> None:
    desk = PayoutDesk(owed=10_000)
    for small in (100, 198):
        with pytest.raises(InsufficientFunds):
            desk.request(small)
    assert (desk.kept("available"), desk.kept("owed")) == (EARNED, 10_000)
    assert desk.payout(desk.request(200)).amount.amount == 100
    desk.drain()
    desk.check()
