"""The payout's rules: what a leg may do when, and which steps there are."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.payouts.payout import Need, Payout, PayoutStatus, Reason, Stage, affordable, minimum
from marketplace.payouts.ports import BankPayout
from marketplace.shared.errors import IllegalTransition
from marketplace.shared.leg import (
    FIRST_LOOK_SECONDS,
    KEY_SECONDS_MAX,
    LOOK_PAUSE_SECONDS_MAX,
    MISS_CONCLUSIVE_SECONDS,
    Leg,
)
from marketplace.shared.money import Money
from marketplace.shared.outcomes import Done, Refused, Unknown

AT = 1_790_000_000
NO_ANSWER = Unknown("APIConnectionError", "timed out")
NO_FUNDS = Refused("balance_insufficient", "insufficient funds")


def payout(identifier: str = "pay_1", amount: int = 9_000) -> Payout:
    return Payout.requested(identifier, "wrk_1", "acct_1", Money(amount, "USD"), AT)


def bank(state: str = "pending") -> BankPayout:
    return BankPayout("po_1", state, AT + 86_400, "pay_1", 1, "account_closed" if state == "failed" else "")


def sent() -> Payout:
    return payout().transfer_answered(Done("tr_1"), AT).bank_answered(Done(bank()), AT)


@given(age=st.integers(min_value=0, max_value=KEY_SECONDS_MAX - 1))
def test_an_attempt_is_sent_again_under_its_key_while_stripe_keeps_it(age: int) -> None:
    assert not Leg(AT).must_look(AT + age)


@given(age=st.integers(min_value=KEY_SECONDS_MAX, max_value=10**9))
def test_an_old_attempt_is_looked_up_first_and_a_miss_counts_only_after_ten_minutes(age: int) -> None:
    leg = Leg(AT)
    assert leg.must_look(AT + age)
    assert leg.miss_conclusive_at == AT + KEY_SECONDS_MAX + MISS_CONCLUSIVE_SECONDS


@given(resends=st.integers(min_value=0, max_value=200))
def test_a_lost_send_is_looked_for_soon_and_then_ever_more_patiently(resends: int) -> None:
    leg = Leg(AT).lost(AT)
    for _ in range(resends):
        leg = leg.resending(AT)
    assert leg.must_look(AT)
    assert leg.attempt == 1
    pause = leg.look_at - AT
    assert (
        pause == FIRST_LOOK_SECONDS
        if not resends
        else MISS_CONCLUSIVE_SECONDS <= pause <= LOOK_PAUSE_SECONDS_MAX
    )


def test_only_a_definite_no_raises_the_attempt() -> None:
    lost = payout().transfer_answered(NO_ANSWER, AT)
    assert (lost.status, lost.transfer.attempt) == (PayoutStatus.UNKNOWN, 1)
    short = payout().transfer_answered(NO_FUNDS, AT + 5)
    assert (short.status, short.reason, short.transfer.attempt) == (
        PayoutStatus.PENDING,
        Reason.AWAITING_FUNDS,
        2,
    )
    assert short.awaits_funds
    assert (short.transfer.planned_at, short.bank.planned_at, short.bank.attempt) == (AT + 5, AT + 5, 1)


def test_funds_that_the_workers_account_lacks_are_waited_for_as_well() -> None:
    waiting = payout().transfer_answered(Done("tr_1"), AT).bank_answered(NO_FUNDS, AT)
    assert (waiting.status, waiting.reason) == (PayoutStatus.PENDING, Reason.AWAITING_FUNDS)
    assert (waiting.need, waiting.bank.attempt) == (Need.BANK, 2)
    assert not waiting.awaits_funds


def test_a_payout_says_what_it_needs_next() -> None:
    assert payout().need == Need.TRANSFER
    assert payout().transfer_answered(Done("tr_1"), AT).need == Need.BANK
    assert sent().need == Need.ARRIVAL
    assert sent().paid(AT).need == Need.NOTHING


def test_what_failed_at_the_bank_can_be_tried_again_and_what_failed_before_cannot() -> None:
    failed = sent().bank_failed(bank("failed"))
    assert failed.failure is not None
    assert (failed.failure.stage, failed.failure.code, failed.reason) == (
        Stage.BANK,
        "account_closed",
        Reason.BANK_FAILED,
    )
    again = failed.retried("finance:a", AT + 9)
    assert (again.status, again.need, again.bank.attempt) == (PayoutStatus.PENDING, Need.BANK, 2)
    assert (again.failure, again.reason, again.bank.stripe_id) == (None, None, None)
    refused = payout().transfer_answered(Refused("account_invalid", "no"), AT)
    for hopeless in (refused, payout(), sent()):
        with pytest.raises(IllegalTransition):
            hopeless.retried("finance:a", AT)


@pytest.mark.parametrize(
    "step",
    [
        lambda ended: ended.paid(AT),
        lambda ended: ended.transfer_answered(NO_ANSWER, AT),
        lambda ended: ended.bank_answered(Done(bank()), AT),
        lambda ended: ended.resending(AT),
    ],
)
def test_a_payout_that_has_failed_goes_nowhere_by_itself(step: Callable[[Payout], Payout]) -> None:
    with pytest.raises(IllegalTransition):
        step(sent().bank_failed(bank("failed")))


@given(
    amounts=st.lists(st.integers(min_value=1, max_value=1_000), max_size=20),
    available=st.integers(min_value=-100, max_value=5_000),
)
def test_waiting_payouts_are_served_oldest_first_within_what_there_is(
    amounts: list[int], available: int
) -> None:
    waiting = [payout(f"pay_{index:02d}", amount) for index, amount in enumerate(amounts)]
    served = list(affordable(reversed(waiting), available))
    assert served == waiting[: len(served)]
    assert not served or sum(row.amount.amount for row in served) <= available
    if len(served) < len(waiting):
        assert sum(amounts[: len(served) + 1]) > available


def test_the_smallest_payout_is_one_major_unit() -> None:
    assert [minimum(currency) for currency in ("USD", "JPY", "KWD")] == [100, 1, 1_000]
