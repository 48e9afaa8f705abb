"""Schedules pay out by themselves, once each time, whatever is late."""

from dataclasses import replace

import pytest

from marketplace.payouts.schedule import Interval
from marketplace.people.payout_account import PayoutAccount, payout_account_id
from marketplace.shared.events import EventType
from marketplace.shared.money import Money
from marketplace.storage import codec
from tests.fakes.crashing_store import START
from tests.fakes.payout_desk import EARNED, OWNER, WORKER, PayoutDesk
from tests.fakes.payout_rules import DAY


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


def test_what_came_due_by_a_schedule_that_was_switched_off_since_is_not_paid_out() -> None:
    desk = PayoutDesk()
    desk.schedule(Interval.DAILY)
    desk.clock.at += DAY
    desk.fire()
    desk.clock.at += 60
    desk.schedule(Interval.MANUAL)
    desk.drain()
    assert desk.payouts() == []


def test_a_message_that_comes_again_days_later_pays_nothing_that_was_earned_since() -> None:
    desk = PayoutDesk()
    desk.schedule(Interval.MONTHLY)
    desk.clock.at += 31 * DAY
    desk.fire()
    due = next(event for _, event in desk.messages if event.type == EventType.PAYOUT_SCHEDULE_DUE)
    desk.request(EARNED)
    desk.drain()
    desk.store.kept[OWNER, "USD", "available"] += 700
    desk.store.kept[OWNER, "EUR", "available"] += 700
    desk.clock.at += 2 * DAY
    desk.messages.append(("payouts", due))
    desk.drain()
    assert [payout.amount.amount for payout in desk.payouts()] == [EARNED]


@pytest.mark.parametrize(("late", "paid"), [(2 * DAY, [EARNED]), (40 * DAY, [])])
def test_a_message_that_waited_pays_what_was_there_when_it_was_due_and_nothing_after_the_next_day(
    late: int, paid: list[int]
) -> None:
    desk = PayoutDesk()
    desk.schedule(Interval.MONTHLY)
    desk.clock.at += 31 * DAY
    desk.fire()
    waiting, desk.messages = list(desk.messages), []
    desk.store.kept[OWNER, "USD", "available"] += 700
    desk.clock.at += late
    desk.fire()
    desk.messages = waiting
    desk.drain()
    assert [payout.amount.amount for payout in desk.payouts()] == paid


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


def test_a_schedule_leaves_what_a_debt_makes_too_small_to_be_sent() -> None:
    desk = PayoutDesk(owed=10_000)
    desk.store.kept[OWNER, "USD", "available"] = 150
    desk.schedule(Interval.DAILY)
    for _ in range(2):
        desk.clock.at += DAY
        desk.fire()
        desk.drain()
    assert desk.payouts() == []
    assert (desk.kept("available"), desk.kept("owed")) == (150, 10_000)
