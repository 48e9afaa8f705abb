"""Money that waits at Stripe is fetched back: once, never more than is there, whoever tells of it first."""

from itertools import combinations

import pytest

from marketplace.payouts.oversight import CancelPayout, cancel_payout
from marketplace.payouts.payout import Need, PayoutStatus, Reason
from marketplace.payouts.reversing import WhoseIsNotKnown, record_reversal
from marketplace.shared.errors import AlreadyApproved, IllegalTransition, InvalidRequest
from marketplace.shared.events import Cause
from marketplace.shared.ids import new_id
from marketplace.shared.running import run
from tests.fakes.payout_desk import EARNED, PayoutDesk
from tests.fakes.payout_rules import DAY, WATCHED, waits

FAILED = (PayoutStatus.FAILED, Reason.BANK_FAILED)


def returned(desk: PayoutDesk, amount: int = 10_000) -> str:
    """A payout that the bank would not have."""
    payout_id = desk.request(amount)
    desk.drain()
    desk.stripe.fail(desk.payout(payout_id).bank.stripe_id or "")
    desk.drain()
    return payout_id


def transfer(desk: PayoutDesk, payout_id: str) -> str:
    return desk.payout(payout_id).transfer.stripe_id or ""


def booked(desk: PayoutDesk) -> list[int]:
    """What each reversal's journal brought back to us."""
    journals = [one.journal for one in desk.store.events.values() if one.type == "payout.reversed"]
    rows = [row for one in journals if one for row in one.postings if row.account == "platform:stripe"]
    return [row.debit for row in rows]


def test_what_is_fetched_back_settles_the_debt_first_and_the_rest_is_available() -> None:
    desk = PayoutDesk()
    payout_id = returned(desk)
    desk.store.kept["worker:" + desk.payout(payout_id).worker_id, "USD", "owed"] = desk.owed = 4_000
    before = desk.kept("available")
    desk.reverse(payout_id)
    desk.drain()
    back = desk.payout(payout_id)
    assert (back.status, back.at_stripe, back.need) == (PayoutStatus.FAILED, 0, Need.NOTHING)
    assert back.reversals is not None
    assert [(row.amount, row.settled) for row in back.reversals.done] == [(10_000, 4_000)]
    assert (desk.kept("available") - before, desk.kept("owed")) == (6_000, 0)
    assert desk.stripe.available_now["USD"] == EARNED


def test_a_part_may_be_fetched_back_and_the_rest_tried_again() -> None:
    desk = PayoutDesk()
    payout_id = returned(desk)
    desk.reverse(payout_id, amount=3_000)
    desk.drain()
    assert waits(desk, payout_id) == FAILED
    with pytest.raises(InvalidRequest):
        desk.reverse(payout_id, amount=7_001)
    desk.retry(payout_id)
    desk.advance(3 * DAY, step=DAY)
    assert (desk.payout(payout_id).status, desk.kept("paid")) == (PayoutStatus.PAID, 7_000)
    with pytest.raises(IllegalTransition):
        desk.reverse(payout_id)
    desk.check()


@pytest.mark.parametrize("fault", ["down", "lost", "late", "busy", "error", "broken"])
def test_a_reversal_of_unknown_outcome_is_looked_up_and_booked_once(fault: str) -> None:
    desk = PayoutDesk()
    payout_id = returned(desk)
    faults = [fault]
    desk.fault = lambda name: faults.pop() if name == "reverse_transfer" and faults else "ok"
    desk.reverse(payout_id)
    with pytest.raises(IllegalTransition):
        desk.retry(payout_id)
    desk.drain()
    desk.advance(DAY, step=600)
    assert (booked(desk), desk.payout(payout_id).at_stripe) == ([10_000], 0)
    desk.check()


@pytest.mark.parametrize("heard", [True, False])
def test_a_reversal_in_the_dashboard_is_found_with_its_webhook_or_without(heard: bool) -> None:  # noqa: FBT001
    desk = PayoutDesk()
    payout_id = returned(desk)
    desk.stripe.fetch_back(transfer(desk, payout_id), 4_000)
    if not heard:
        desk.stripe.told.clear()
    desk.advance(8 * DAY, step=DAY)
    assert (booked(desk), desk.payout(payout_id).left.amount) == ([4_000], 6_000)
    desk.check()


def test_what_was_fetched_back_unheard_is_found_when_the_rest_is_tried_again() -> None:
    desk = PayoutDesk()
    payout_id = returned(desk)
    desk.stripe.fetch_back(transfer(desk, payout_id), 4_000)
    desk.stripe.told.clear()
    desk.retry(payout_id)
    desk.advance(3 * DAY, step=3_600)
    assert (desk.payout(payout_id).status, desk.kept("paid")) == (PayoutStatus.PAID, 6_000)
    desk.check()


def test_a_paid_ones_transfer_takes_the_money_that_another_has_waiting() -> None:
    desk = PayoutDesk()
    paid = desk.request(10_000)
    desk.drain()
    desk.advance(2 * DAY, step=DAY)
    waiting = returned(desk, 9_000)
    desk.stripe.fetch_back(transfer(desk, paid), 5_000)
    desk.drain()
    assert (desk.payout(paid).status, desk.payout(waiting).left.amount) == (PayoutStatus.PAID, 4_000)
    desk.check()


def test_what_nobodys_money_explains_waits_an_hour_and_is_then_in_suspense() -> None:
    desk = PayoutDesk()
    paid = desk.request(10_000)
    desk.drain()
    desk.advance(2 * DAY, step=DAY)
    desk.stripe.connected += 700
    desk.stripe.fetch_back(transfer(desk, paid), 700)
    ((_, reversal),) = desk.stripe.fetched_back

    def record(at: int) -> None:
        cause = Cause(new_id("evt"), "payouts", new_id("req"), at)
        run(desk.store, cause, lambda tx: record_reversal(paid, reversal, (), tx))

    with pytest.raises(WhoseIsNotKnown):
        record(reversal.created_at + 3_599)
    record(reversal.created_at + 3_600)
    (event,) = [one for one in desk.store.events.values() if one.type == "payout.reversed"]
    assert event.journal is not None
    assert [(row.account, row.debit, row.credit) for row in event.journal.postings] == [
        ("platform:stripe", 700, 0),
        ("platform:suspense", 0, 700),
    ]


def test_a_large_one_is_fetched_back_when_somebody_else_agrees_or_stays() -> None:
    desk = PayoutDesk(rules=WATCHED)
    payout_id = desk.request(10_000)
    for person in ("finance:a", "finance:b"):
        desk.approve(payout_id, person)
    desk.drain()
    desk.stripe.fail(desk.payout(payout_id).bank.stripe_id or "")
    desk.drain()
    desk.reverse(payout_id, person="finance:c")
    desk.drain()
    with pytest.raises(AlreadyApproved):
        desk.approve(payout_id, "finance:c")
    assert (waits(desk, payout_id)[1], booked(desk)) == (Reason.NEEDS_APPROVAL, [])
    desk.call("finance:a", lambda tx: cancel_payout(CancelPayout(payout_id, "idn_a"), tx))
    assert waits(desk, payout_id) == FAILED
    desk.reverse(payout_id, person="finance:c")
    desk.approve(payout_id, "finance:a")
    desk.drain()
    assert booked(desk) == [10_000]
    desk.check()


def test_a_kill_at_any_point_and_at_any_two_points_books_one_reversal() -> None:
    def journey(crash_at: set[int]) -> int:
        desk = PayoutDesk()
        payout_id = returned(desk)
        begun, desk.crash_at = desk.touches, {desk.touches + point for point in crash_at}
        desk.reverse(payout_id, amount=6_000)
        desk.drain()
        touches = desk.touches - begun
        desk.quiet = True
        desk.advance(DAY, step=6 * 3_600)
        assert (booked(desk), desk.payout(payout_id).at_stripe) == ([6_000], 4_000), crash_at
        desk.check()
        return touches

    touches = journey(set())
    for count in (1, 2):
        for points in combinations(range(1, touches + 1), count):
            journey(set(points))
