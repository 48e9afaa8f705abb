"""A payout has one transfer, and its money is somewhere at every moment, whatever goes wrong."""

import random
from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.payouts.payout import PayoutStatus, Reason, Stage
from tests.fakes.payout_desk import EARNED, PayoutDesk, scrambled

DAY = 86_400
FAULTS = ("ok", "ok", "ok", "down", "lost", "late", "busy", "error", "broken", "refuse:balance_insufficient")
ENDED = (PayoutStatus.PAID, PayoutStatus.FAILED)


def only(name: str, *faults: str) -> Callable[[str], str]:
    """`faults` one after the other at the calls of that name, then nothing."""
    left = list(faults)
    return lambda called: left.pop(0) if called == name and left else "ok"


def test_a_payout_takes_two_commits_to_be_sent_and_one_to_be_paid() -> None:
    desk = PayoutDesk()
    payout_id = desk.request()
    desk.drain()
    sent = desk.payout(payout_id)
    assert (sent.status, sent.reason) == (PayoutStatus.SENT, None)
    assert [event.type for event in desk.store.events.values() if event.journal] == [
        "payout.pending",
        "payout.sent",
    ]
    desk.advance(2 * DAY, step=DAY)
    assert desk.payout(payout_id).status == PayoutStatus.PAID
    assert (desk.kept("available"), desk.kept("paid")) == (EARNED - 10_000, 10_000)
    desk.check()


def test_a_refused_transfer_gives_the_money_back() -> None:
    desk = PayoutDesk()
    desk.fault = only("send_transfer", "refuse:account_invalid")
    payout_id = desk.request()
    desk.drain()
    failed = desk.payout(payout_id)
    assert failed.status == PayoutStatus.FAILED
    assert failed.failure is not None
    assert (failed.failure.stage, failed.failure.code) == (Stage.TRANSFER, "account_invalid")
    assert desk.kept("available") == EARNED
    desk.check()


def test_a_refused_bank_payout_leaves_the_money_at_stripe() -> None:
    desk = PayoutDesk()
    desk.fault = only("send_to_bank", "refuse:payouts_not_allowed")
    payout_id = desk.request()
    desk.drain()
    failed = desk.payout(payout_id)
    assert (failed.status, failed.reason) == (PayoutStatus.FAILED, Reason.ACCOUNT_NOT_VERIFIED)
    assert (desk.kept("at_stripe"), desk.kept("in_transit")) == (10_000, 0)
    desk.check()


def test_what_waits_for_funds_is_sent_when_they_come_the_oldest_first() -> None:
    desk = PayoutDesk(funds=0)
    first, second = desk.request(20_000), desk.request(10_000)
    desk.drain()
    for payout_id in (first, second):
        waiting = desk.payout(payout_id)
        assert (waiting.status, waiting.reason) == (PayoutStatus.PENDING, Reason.AWAITING_FUNDS)
    desk.stripe.fund("USD", 20_000)
    desk.drain()
    assert desk.payout(first).status == PayoutStatus.SENT
    assert desk.payout(second).status == PayoutStatus.PENDING
    desk.check()


def test_funds_are_found_by_the_clock_when_nobody_tells_of_them() -> None:
    desk = PayoutDesk(funds=0)
    payout_id = desk.request()
    desk.drain()
    desk.stripe.available_now["USD"] = 10_000
    desk.advance(DAY, step=3_600)
    assert desk.payout(payout_id).status == PayoutStatus.SENT
    assert desk.stripe.sent_keys.count(f"{payout_id}:transfer:1") == 1


@pytest.mark.parametrize("fault", ["down", "lost", "late", "busy", "error", "broken"])
@pytest.mark.parametrize("call", ["send_transfer", "send_to_bank"])
def test_an_unknown_outcome_is_looked_up_before_anything_is_sent_again(call: str, fault: str) -> None:
    desk = PayoutDesk()
    desk.fault = only(call, fault)
    payout_id = desk.request()
    desk.work()
    unknown = desk.payout(payout_id)
    assert unknown.status == PayoutStatus.UNKNOWN
    desk.stripe.told.clear()
    desk.messages.clear()
    desk.advance(240, step=60)
    expected = PayoutStatus.SENT if fault in ("lost", "broken") else PayoutStatus.UNKNOWN
    assert desk.payout(payout_id).status == expected
    step = "transfer" if call == "send_transfer" else "payout"
    assert desk.stripe.sent_keys.count(f"{payout_id}:{step}:1") <= 1
    desk.advance(3 * DAY, step=600)
    assert desk.payout(payout_id).status in (PayoutStatus.SENT, PayoutStatus.PAID)
    attempts = {key.rpartition(":")[2] for key in desk.stripe.sent_keys}
    assert attempts == ({"1", "2"} if fault == "error" else {"1"})
    desk.check()


@pytest.mark.parametrize("call", ["send_transfer", "send_to_bank"])
def test_a_key_that_repeats_an_error_is_given_up_within_the_hour(call: str) -> None:
    desk = PayoutDesk()
    desk.fault = only(call, "error")
    payout_id = desk.request()
    desk.advance(3_600, step=60)
    assert desk.payout(payout_id).status == PayoutStatus.SENT
    desk.check()


def test_a_webhook_finds_a_lost_transfer_at_once() -> None:
    desk = PayoutDesk()
    desk.fault = only("send_transfer", "lost")
    payout_id = desk.request()
    desk.drain()
    assert desk.payout(payout_id).status == PayoutStatus.SENT
    assert desk.stripe.sent_keys.count(f"{payout_id}:transfer:1") == 1


def test_the_bank_may_tell_of_a_payout_before_we_have_written_it_down() -> None:
    desk = PayoutDesk()
    desk.fault = only("send_to_bank", "lost")
    payout_id = desk.request()
    desk.work()
    assert desk.payout(payout_id).status == PayoutStatus.UNKNOWN
    desk.clock.at += 2 * DAY
    desk.stripe.arrive()
    desk.collect()
    desk.drain()
    assert desk.payout(payout_id).status == PayoutStatus.PAID
    desk.check()


@pytest.mark.parametrize("order", [("payout.paid", "payout.failed"), ("payout.failed", "payout.paid")])
def test_a_bank_that_returns_the_money_late_is_believed_in_either_order(order: tuple[str, str]) -> None:
    desk = PayoutDesk()
    payout_id = desk.request()
    desk.drain()
    desk.clock.at += 2 * DAY
    desk.stripe.arrive()
    desk.stripe.fail(desk.payout(payout_id).bank.stripe_id or "")
    desk.stripe.told.sort(key=lambda note: order.index(note["stripe_type"]))
    desk.drain()
    failed = desk.payout(payout_id)
    assert (failed.status, failed.reason) == (PayoutStatus.FAILED, Reason.BANK_FAILED)
    assert (desk.kept("paid"), desk.kept("at_stripe")) == (0, 10_000)
    desk.check()


def test_money_paid_and_then_returned_is_booked_back() -> None:
    desk = PayoutDesk()
    payout_id = desk.request()
    desk.drain()
    desk.advance(2 * DAY, step=DAY)
    assert desk.kept("paid") == 10_000
    desk.stripe.fail(desk.payout(payout_id).bank.stripe_id or "")
    desk.drain()
    assert (desk.kept("paid"), desk.kept("at_stripe")) == (0, 10_000)
    assert desk.payout(payout_id).paid_at is None
    desk.check()


def test_webhooks_that_never_come_are_made_up_for() -> None:
    desk = PayoutDesk()
    payout_id = desk.request()
    for _ in range(5):
        desk.stripe.told.clear()
        desk.drain()
        desk.clock.at += DAY
        desk.stripe.arrive()
        desk.stripe.told.clear()
        desk.fire()
    desk.drain()
    assert desk.payout(payout_id).status == PayoutStatus.PAID
    desk.check()


def test_a_late_return_is_found_by_the_clock_when_nobody_tells_of_it_and_then_never_looked_for() -> None:
    desk = PayoutDesk()
    first, second = desk.request(), desk.request()
    desk.drain()
    desk.advance(2 * DAY, step=DAY)
    desk.stripe.fail(desk.payout(first).bank.stripe_id or "")
    desk.stripe.told.clear()
    desk.advance(9 * DAY, step=DAY)
    assert desk.payout(first).status == PayoutStatus.PAID
    desk.advance(2 * DAY, step=DAY)
    assert [desk.payout(one).status for one in (first, second)] == [PayoutStatus.FAILED, PayoutStatus.PAID]
    assert desk.payout(second).sweep_at is None
    desk.check()


def _journey(crash_at: set[int]) -> PayoutDesk:
    """Requested, sent, paid; killed at the given touches of store and Stripe."""
    desk = PayoutDesk(crash_at=crash_at)
    payout_id = desk.request()
    desk.drain()
    desk.advance(2 * DAY, step=DAY)
    desk.quiet = True
    desk.advance(3 * DAY, step=6 * 3_600)
    assert desk.payout(payout_id).status == PayoutStatus.PAID, crash_at
    assert len(desk.stripe.transfers) == len(desk.stripe.bank) == 1, crash_at
    journals = [event.journal.description for event in desk.store.events.values() if event.journal]
    assert len(journals) == len(set(journals)) == 3, (crash_at, journals)
    desk.check()
    return desk


def test_a_kill_at_any_point_and_at_any_two_points_changes_nothing() -> None:
    touches = _journey(set()).touches
    for point in range(1, touches + 1):
        _journey({point})
    for pair in combinations(range(1, touches + 1), 2):
        _journey(set(pair))


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_every_payout_ends_with_one_transfer_at_most_and_its_money_in_one_place(seed: int) -> None:
    _bad_days(seed)


@pytest.mark.deep
@settings(max_examples=20_000, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_every_payout_ends_well_on_many_more_bad_days(seed: int) -> None:
    _bad_days(seed)


def _bad_days(seed: int) -> None:
    """Plays the days of `seed`, whatever they bring, and checks the laws after every step."""
    rng = random.Random(seed)
    desk = PayoutDesk(
        funds=rng.choice((0, 15_000, EARNED)), crash_at={rng.randrange(1, 300) for _ in range(8)}
    )
    desk.fault = lambda _: rng.choice(FAULTS)
    requested: list[str] = []
    for _ in range(60):
        step = rng.random()
        if step < 0.1 and len(requested) < 4:
            requested.append(desk.request(rng.randrange(100, 9_000)))
        elif step < 0.2:
            desk.clock.at += rng.choice((1, 60, 600, 3_600, 12 * 3_600, 30 * 3_600))
        elif step < 0.3:
            desk.fire()
        elif step < 0.4:
            desk.stripe.arrive()
        elif step < 0.45:
            desk.stripe.fund("USD", rng.randrange(1, 20_000))
        elif step < 0.5 and desk.stripe.told:
            desk.stripe.told.pop(rng.randrange(len(desk.stripe.told)))
        else:
            desk.collect()
            scrambled(desk, rng)
        desk.check()
    desk.fault, desk.quiet = (lambda _: "ok"), True
    desk.stripe.fund("USD", EARNED)
    desk.drain()
    desk.advance(6 * DAY, step=3_600)
    for payout_id in requested:
        assert desk.payout(payout_id).status in ENDED, desk.payout(payout_id)
    desk.check()
