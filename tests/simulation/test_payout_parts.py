"""What a worker withdraws in parts counts together; what is instant costs its fee, or goes the slow way."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.payouts import recent
from marketplace.payouts.instant import FeePayer, Method
from marketplace.payouts.payout import PayoutStatus, Reason
from marketplace.payouts.use_cases import RequestPayout, request_payout
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.shared.errors import InstantUnsupported, InvalidRequest
from marketplace.shared.ids import new_id
from marketplace.shared.money import Money
from marketplace.storage import codec
from tests.fakes.payout_desk import EARNED, UNHINDERED, WORKER, PayoutDesk
from tests.fakes.payout_rules import DAY, waits

WEEK = 7 * DAY
TOGETHER = replace(UNHINDERED, approval_above=5_000, approval_window_seconds=WEEK)
WATCHED = (PayoutStatus.PENDING, Reason.NEEDS_APPROVAL)


def test_parts_of_a_week_that_come_to_too_much_need_two_people() -> None:
    desk = PayoutDesk(rules=TOGETHER)
    first, second, third = desk.request(3_000), desk.request(2_000), desk.request(100)
    assert [waits(desk, one) == WATCHED for one in (first, second, third)] == [False, False, True]
    desk.advance(8 * DAY, step=DAY)
    assert waits(desk, desk.request(5_000)) != WATCHED


@pytest.mark.parametrize("moment", [1, 2, 3])
@pytest.mark.parametrize("passes", [0, DAY])
def test_of_two_parts_at_once_the_second_sees_the_first(moment: int, passes: int) -> None:
    """One comes in between what the other reads, or just before it commits; perhaps midnight as well."""
    desk = PayoutDesk(rules=TOGETHER)
    inside: list[str] = []

    def meanwhile() -> None:
        if desk.touches == moment:
            desk.clock.at += passes
            inside.append(desk.request(3_000))

    desk.meanwhile = meanwhile
    outer = desk.request(3_000)
    assert [waits(desk, one) == WATCHED for one in (*inside, outer)] == [False, True]
    desk.check()


@given(
    asked=st.lists(st.tuples(st.integers(0, 2 * DAY), st.integers(1, 9_999)), max_size=30),
    window=st.sampled_from((DAY, WEEK, 7, 1)),
)
def test_the_figures_hold_at_least_the_window_and_at_most_a_slot_more(
    asked: list[tuple[int, int]], window: int
) -> None:
    figures: dict[str, int] = {}
    paid: list[tuple[int, int]] = []
    at = 1_790_000_000
    for pause, amount in asked:
        at += pause
        told = recent.within(figures, window_seconds=window, at=at)
        slot = max(1, window // recent.SLOTS)
        assert told >= sum(some for when, some in paid if when > at - slot * recent.SLOTS)
        assert told <= sum(some for when, some in paid if when > at - slot * (recent.SLOTS + 1))
        figure = recent.counted(figures, amount, window_seconds=window, at=at)
        figures[figure.name] = figures.get(figure.name, 0) + figure.change
        paid.append((at, amount))
    assert len(figures) <= recent.SLOTS + 1


def instantly(desk: PayoutDesk, amount: int = 10_000, *currencies: str) -> str:
    """Asked for at once, with a bank account that takes that."""
    found = desk.store.read(PayoutAccount, payout_account_id(WORKER))
    assert found is not None
    account = replace(found[0], instant_currencies=currencies or ("USD",))
    desk.store.heads[account.id] = (found[1] + 1, codec.dump(account))
    payout_id = new_id("pay")
    command = RequestPayout(payout_id, WORKER, Money(amount, "USD"), desk.rules, Method.INSTANT)
    desk.call(WORKER, lambda tx: request_payout(command, tx))
    return payout_id


def fees(desk: PayoutDesk, account: str) -> int:
    """What an account of ours was credited."""
    rows = [row for one in desk.store.events.values() if one.journal for row in one.journal.postings]
    return sum(row.credit - row.debit for row in rows if row.account == account)


@pytest.mark.parametrize(("payer", "to_bank"), [(FeePayer.WORKER, 9_900), (FeePayer.PLATFORM, 10_000)])
def test_an_instant_payout_is_there_within_the_hour_and_whoever_shall_bears_its_fee(
    payer: FeePayer, to_bank: int
) -> None:
    desk = PayoutDesk(rules=replace(UNHINDERED, instant_fee_payer=payer))
    payout_id = instantly(desk)
    desk.advance(3_600, step=1_800)
    assert (desk.payout(payout_id).status, desk.kept("paid")) == (PayoutStatus.PAID, to_bank)
    assert fees(desk, "platform:fees") == 10_000 - to_bank
    assert fees(desk, "platform:stripe_fees") == -59
    assert desk.kept("available") == EARNED - 10_000
    desk.check()


def test_what_cannot_go_instantly_goes_the_standard_way_and_costs_nothing() -> None:
    desk = PayoutDesk()
    refusals = ["refuse:instant_payouts_limit_exceeded"]
    desk.fault = lambda name: refusals.pop() if name == "send_to_bank" and refusals else "ok"
    payout_id = instantly(desk)
    desk.drain()
    sent = desk.payout(payout_id)
    assert (sent.status, sent.goes_instantly) == (PayoutStatus.SENT, False)
    assert sent.instant is not None
    assert sent.instant.refusal is not None
    assert sent.instant.refusal.code == "instant_payouts_limit_exceeded"
    assert (desk.kept("available"), fees(desk, "platform:fees")) == (EARNED - 9_900, 0)
    desk.check()


def test_an_instant_payout_that_fails_gives_its_fee_back_and_is_tried_again_the_standard_way() -> None:
    desk = PayoutDesk()
    payout_id = instantly(desk)
    desk.drain()
    desk.stripe.fail(desk.payout(payout_id).bank.stripe_id or "")
    desk.drain()
    assert (desk.kept("available"), fees(desk, "platform:fees")) == (EARNED - 9_900, 0)
    desk.retry(payout_id)
    desk.drain()
    assert desk.payout(payout_id).expected_at == desk.clock.at + 2 * DAY
    assert fees(desk, "platform:stripe_fees") == 0
    desk.check()


@pytest.mark.parametrize("tried_again", [True, False])
def test_a_fee_that_stripe_gives_back_is_booked_however_late_it_tells(tried_again: bool) -> None:  # noqa: FBT001
    desk = PayoutDesk()
    payout_id = instantly(desk)
    desk.drain()
    desk.stripe.fail(desk.payout(payout_id).bank.stripe_id or "")
    silences = ["down"] * 3
    desk.fault = lambda name: silences.pop() if name == "instant_fees" and silences else "ok"
    desk.collect()
    desk.work()
    (desk.retry if tried_again else desk.reverse)(payout_id)
    desk.drain()
    assert (silences, fees(desk, "platform:stripe_fees")) == ([], 0)
    desk.check()


@pytest.mark.parametrize(
    ("ask", "refusal"),
    [
        (lambda desk: instantly(desk, 10_000, "EUR"), InstantUnsupported),
        (lambda desk: instantly(desk, 149), InvalidRequest),
    ],
)
def test_an_instant_payout_is_refused_where_the_bank_takes_none_or_it_is_too_small(
    ask: Callable[[PayoutDesk], Any], refusal: type[Exception]
) -> None:
    desk = PayoutDesk()
    with pytest.raises(refusal):
        ask(desk)
    assert desk.payouts() == []
