"""Holds, approvals, cancels, debts, schedules and reversals at once: no law of money bends."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.payouts.payout import PayoutStatus
from marketplace.payouts.rules import PayoutRules
from marketplace.payouts.schedule import Interval
from marketplace.shared.money import Money
from tests.fakes.payout_desk import EARNED, UNHINDERED, PayoutDesk, scrambled
from tests.fakes.payout_rules import DAY, HELD, PEOPLE, STRICT, WATCHED

FAULTS = ("ok", "ok", "ok", "ok", "down", "lost", "late", "busy", "error", "broken", "refuse:account_invalid")
ENDED = (PayoutStatus.PAID, PayoutStatus.FAILED, PayoutStatus.CANCELLED)


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


@settings(max_examples=120, deadline=None)
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
    decide = rng.choice((desk.approve, desk.approve, desk.cancel, desk.retry, desk.reverse))
    desk.perhaps(lambda: decide(payout.id, person))
