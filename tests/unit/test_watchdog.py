"""What the watchdog calls too long, and what it leaves alone."""

from dataclasses import replace

import pytest

from marketplace.payouts.payout import Payout
from marketplace.payouts.ports import BankPayout
from marketplace.payouts.watchdog import (
    AT_STRIPE_SECONDS,
    UNFUNDED_SECONDS,
    UNKNOWN_SECONDS,
    left_at_stripe,
    overdue,
)
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Refused, Unknown

AT = 1_790_000_000
DAY = 86_400


def payout() -> Payout:
    return Payout.requested("pay_1", "wrk_1", "acct_1", Money(5_000, "USD"), AT)


def failed() -> Payout:
    sent = payout().transfer_answered(Done("tr_1"), AT)
    sent = sent.bank_answered(Done(BankPayout("po_1", "pending", AT + 2 * DAY, "pay_1", 1)), AT)
    return sent.bank_failed(BankPayout("po_1", "failed", AT, "pay_1", 1), AT + DAY)


def test_what_nobody_knows_for_hours_is_named() -> None:
    unknown = payout().transfer_answered(Unknown("api_connection_error", "?"), AT)
    assert list(overdue([unknown], AT + UNKNOWN_SECONDS)) == []
    (found,) = overdue([unknown], AT + UNKNOWN_SECONDS + 1)
    assert "nobody knows" in found.detail


def test_what_waits_for_funds_is_named_however_often_it_is_tried_again() -> None:
    waiting = payout()
    for hours in range(0, 24 * 6, 6):
        waiting = waiting.looked_after(AT + hours * 3_600)
        waiting = waiting.transfer_answered(Refused("balance_insufficient", "no"), AT + hours * 3_600)
    assert list(overdue([waiting], AT + UNFUNDED_SECONDS)) == []
    (found,) = overdue([waiting], AT + UNFUNDED_SECONDS + 1)
    assert "no funds" in found.detail


@pytest.mark.parametrize(
    ("country", "seconds"), [("US", AT_STRIPE_SECONDS), ("DE", AT_STRIPE_SECONDS), ("TH", 5 * DAY)]
)
def test_what_lies_at_stripe_is_named_long_before_stripe_forbids_it(country: str, seconds: int) -> None:
    assert list(overdue([failed()], AT + 999 * DAY)) == []
    assert left_at_stripe(failed(), country, AT + seconds) is None
    found = left_at_stripe(failed(), country, AT + seconds + 1)
    assert found is not None
    assert found.amount == Money(5_000, "USD")
    assert left_at_stripe(replace(payout(), sweep_at=None), country, AT + 999 * DAY) is None
