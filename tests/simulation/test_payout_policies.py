"""Holds, approvals, cancels, debts and schedules: whatever comes in between, no law of money bends."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.payouts.payout import PayoutStatus, Reason
from marketplace.payouts.rules import PayoutRules
from marketplace.payouts.schedule import Interval
from marketplace.payouts.timing import BANK_SECONDS
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.shared.errors import AlreadyApproved, IllegalTransition
from marketplace.shared.events import EventType
from marketplace.shared.money import Money
from marketplace.storage import codec
from tests.fakes.payout_desk import EARNED, OWNER, START, UNHINDERED, WORKER, PayoutDesk, scrambled

DAY = 86_400
HELD = replace(UNHINDERED, hold_seconds=3 * DAY)
WATCHED = replace(UNHINDERED, approval_above=5_000)
STRICT = replace(UNHINDERED, hold_seconds=2 * DAY, approval_above=5_000)
FAULTS = ("ok", "ok", "ok", "ok", "down", "lost", "late", "busy", "error", "broken", "refuse:account_invalid")
ENDED = (PayoutStatus.PAID, PayoutStatus.FAILED, PayoutStatus.CANCELLED)
PEOPLE = ("finance:a", "finance:b", "finance:c")


def waits(desk: PayoutDesk, payout_id: str) -> tuple[PayoutStatus, Reason | None]:
    payout = desk.payout(payout_id)
    return payout.status, payout.reason


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


def test_a_schedule_pays_out_all_that_is_available_once_whoever_repeats_what() -> None:
    desk = PayoutDesk()
    desk.schedule(Interval.DAILY)
    desk.clock.at += DAY
    desk.fire()
    desk.messages *= 3
    due = next(event for _, event in desk.messages if event.type == EventType.PAYOUT_SCHEDULE_DUE)
    desk.drain()
    (payout,) = desk.payouts()
    assert (payout.amount.amount, payout.requested_at) == (EARNED, due.at)
    desk.store.kept[OWNER, "USD", "available"] += 700
    desk.messages.append(("payouts", due))
    desk.drain()
    assert len(desk.payouts()) == 1


def test_a_schedule_whose_clock_is_late_pays_out_once_and_goes_on_from_its_own_instant() -> None:
    desk = PayoutDesk()
    desk.schedule(Interval.DAILY)
    desk.clock.at += 5 * DAY
    for _ in range(6):
        desk.fire()
        desk.drain()
    (payout,) = desk.payouts()
    assert payout.requested_at <= START + DAY
    asked = [event for event in desk.store.events.values() if event.type == EventType.PAYOUT_SCHEDULE_DUE]
    assert len(asked) == 1


def test_a_schedule_leaves_alone_what_is_below_its_minimum() -> None:
    desk = PayoutDesk()
    desk.schedule(Interval.DAILY, Money(EARNED + 1, "USD"))
    desk.advance(3 * DAY, step=DAY)
    assert desk.payouts() == []
    desk.store.kept[OWNER, "USD", "available"] += 1
    desk.advance(DAY, step=DAY)
    assert [payout.amount.amount for payout in desk.payouts()] == [EARNED + 1]


def test_a_schedule_does_nothing_when_there_is_nothing() -> None:
    desk = PayoutDesk()
    desk.store.kept.clear()
    desk.schedule(Interval.DAILY)
    desk.advance(3 * DAY, step=DAY)
    assert {event.type for event in desk.store.events.values()} == {EventType.PAYOUT_SCHEDULE_UPDATED}


@pytest.mark.parametrize("told_before", [True, False])
def test_an_account_that_is_not_ready_postpones_its_schedule_without_loss(told_before: bool) -> None:  # noqa: FBT001
    desk = PayoutDesk()
    desk.schedule(Interval.MONTHLY)

    def enabled(*, yes: bool) -> None:
        account = desk.store.read(PayoutAccount, payout_account_id(WORKER))
        assert account is not None
        changed = replace(account[0], payouts_enabled=yes)
        desk.store.heads[changed.id] = (account[1] + 1, codec.dump(changed))

    if told_before:
        enabled(yes=False)
    desk.clock.at += 31 * DAY
    desk.fire()
    enabled(yes=False)
    desk.drain()
    desk.advance(9 * DAY, step=DAY)
    assert desk.payouts() == []
    enabled(yes=True)
    desk.advance(2 * DAY, step=DAY)
    assert [payout.amount.amount for payout in desk.payouts()] == [EARNED]


def _journey(crash_at: set[int], play: Callable[[PayoutDesk], None], rules: PayoutRules) -> PayoutDesk:
    desk = PayoutDesk(crash_at=crash_at, rules=rules, owed=3_000)
    play(desk)
    desk.quiet = True
    desk.advance(8 * DAY, step=12 * 3_600)
    desk.check()
    return desk


def _approved(desk: PayoutDesk) -> None:
    payout_id = desk.request(20_000)
    for person in PEOPLE[:2]:
        desk.approve(payout_id, person)
    desk.advance(3 * DAY, step=DAY)


def _cancelled(desk: PayoutDesk) -> None:
    payout_id = desk.request(20_000)
    desk.approve(payout_id, "finance:a")
    desk.cancel(payout_id)


def _scheduled(desk: PayoutDesk) -> None:
    desk.schedule(Interval.WEEKLY)
    desk.advance(7 * DAY, step=DAY)
    (payout,) = desk.payouts()
    for person in PEOPLE[:2]:
        desk.approve(payout.id, person)


@pytest.mark.parametrize(
    ("play", "status", "journals"),
    [
        (_approved, PayoutStatus.PAID, 3),
        (_cancelled, PayoutStatus.CANCELLED, 2),
        (_scheduled, PayoutStatus.PAID, 3),
    ],
)
def test_a_kill_at_any_point_changes_nothing(
    play: Callable[[PayoutDesk], None], status: PayoutStatus, journals: int
) -> None:
    touches = _journey(set(), play, STRICT).touches
    for point in range(touches + 1):
        desk = _journey({point}, play, STRICT)
        (payout,) = desk.payouts()
        assert payout.status == status, point
        assert sum(event.journal is not None for event in desk.store.events.values()) == journals, point
        assert len(desk.stripe.transfers) == (status == PayoutStatus.PAID), point


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_no_mix_of_policies_breaks_a_law(seed: int) -> None:
    _mixed_days(seed)


@pytest.mark.deep
@settings(max_examples=20_000, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_no_mix_of_policies_breaks_a_law_on_many_more_days(seed: int) -> None:
    _mixed_days(seed)


def _mixed_days(seed: int) -> None:
    """Plays the days of `seed`, whatever they bring, and checks the laws after every step."""
    rng = random.Random(seed)
    desk = PayoutDesk(
        funds=rng.choice((0, 15_000, EARNED)),
        crash_at={rng.randrange(1, 300) for _ in range(6)},
        rules=rng.choice((UNHINDERED, HELD, WATCHED, STRICT)),
        owed=rng.choice((0, 0, 3_000, 2 * EARNED)),
    )
    desk.fault = lambda _: rng.choice(FAULTS)
    if rng.random() < 0.4:
        desk.schedule(Interval.DAILY, Money(rng.randrange(100, EARNED), "USD"))

    def somebody_else() -> None:
        known = desk.payouts()
        if rng.random() < 0.1 and known:
            _decide(desk, rng)
        elif rng.random() < 0.03 and len(known) < 5:
            desk.perhaps(lambda: desk.request(rng.randrange(100, 9_000)))

    desk.meanwhile = somebody_else
    for _ in range(60):
        _step(desk, rng)
        desk.check()
    desk.meanwhile, desk.fault, desk.quiet = (lambda: None), (lambda _: "ok"), True
    desk.stripe.fund("USD", 4 * EARNED)
    desk.drain()
    for _ in range(4):
        for payout in desk.payouts():
            for person in PEOPLE:
                desk.perhaps(lambda: desk.approve(payout.id, person))  # noqa: B023
        desk.advance(3 * DAY, step=2 * 3_600)
    for payout in desk.payouts():
        assert payout.status in ENDED, payout
    desk.check()


def _step(desk: PayoutDesk, rng: random.Random) -> None:
    step, known = rng.random(), desk.payouts()
    if step < 0.1 and len(known) < 5:
        desk.perhaps(lambda: desk.request(rng.randrange(100, 9_000)))
    elif step < 0.2:
        desk.clock.at += rng.choice((1, 60, 600, 3_600, 12 * 3_600, 30 * 3_600))
    elif step < 0.3:
        desk.fire()
    elif step < 0.35:
        desk.stripe.arrive()
    elif step < 0.4:
        desk.stripe.fund("USD", rng.randrange(1, 20_000))
    elif step < 0.55 and known:
        _decide(desk, rng)
    elif step < 0.6 and desk.stripe.told:
        desk.stripe.told.pop(rng.randrange(len(desk.stripe.told)))
    else:
        desk.collect()
        scrambled(desk, rng)


def _decide(desk: PayoutDesk, rng: random.Random) -> None:
    """Somebody of finance does something about some payout, sensible or not."""
    payout, person = rng.choice(desk.payouts()), rng.choice(PEOPLE)
    decide = rng.choice((desk.approve, desk.approve, desk.cancel, desk.retry))
    desk.perhaps(lambda: decide(payout.id, person))
