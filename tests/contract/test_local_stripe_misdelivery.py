"""Webhooks that go astray: twice, out of order, late, never; the same ones for the same seed."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.stripe import Misdelivery
from sandbox.stripe.misdelivery import DUPLICATED_AFTER_SECONDS_MAX, REORDERED_SECONDS_MAX
from tests.contract.local_stripe import DAY, START, Inbox, LocalStripe

SECRET = "whsec_platform"
CREATED = "payment_intent.created"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    yield inbox
    inbox.close()


@pytest.fixture
def here(inbox: Inbox) -> Iterator[LocalStripe]:
    here = LocalStripe.start()
    here.simulator.register_webhook(inbox.url, SECRET, connect=False)
    yield here
    here.close()


def undelivered(here: LocalStripe) -> list[str]:
    return [event.type for event in here.client.v1.events.list({"delivery_success": False}).data]


def make(here: LocalStripe, count: int) -> list[str]:
    return [here.intent().id for _ in range(count)]


def arrived(inbox: Inbox) -> list[str]:
    return [received.event["data"]["object"]["id"] for received in inbox.received]


@pytest.mark.stripe_rule("https://docs.stripe.com/webhooks")
def test_an_event_may_be_delivered_twice(here: LocalStripe, inbox: Inbox) -> None:
    here.simulator.misdeliver(Misdelivery(duplicate=1))
    [intent] = make(here, 1)
    here.simulator.run_due()
    assert (arrived(inbox), undelivered(here)) == ([intent], [])
    here.after(DUPLICATED_AFTER_SECONDS_MAX)
    first, second = inbox.received
    assert first.body != second.body, "the second says that nobody waits for it any more"
    assert first.event["id"] == second.event["id"]
    assert second.signed_with(SECRET)
    assert (here.simulator.next_due(), undelivered(here)) == (None, [])


def test_a_second_copy_that_nobody_takes_is_not_tried_again(here: LocalStripe, inbox: Inbox) -> None:
    here.simulator.misdeliver(Misdelivery(duplicate=1))
    make(here, 1)
    here.simulator.run_due()
    inbox.status = 500
    here.after(DUPLICATED_AFTER_SECONDS_MAX)
    assert (len(inbox.received), here.simulator.next_due(), undelivered(here)) == (2, None, [])


@pytest.mark.stripe_rule("https://docs.stripe.com/webhooks")
def test_events_may_arrive_in_another_order_than_they_happened(here: LocalStripe, inbox: Inbox) -> None:
    here.simulator.misdeliver(Misdelivery(reorder=0.5, seed=1))
    made = make(here, 20)
    here.simulator.run_due()
    assert 0 < len(inbox.received) < 20
    for _ in range(REORDERED_SECONDS_MAX):
        here.after(1)
    assert sorted(arrived(inbox)) == sorted(made)
    assert arrived(inbox) != made
    assert undelivered(here) == []


def test_a_delayed_event_comes_when_the_clock_says_so(here: LocalStripe, inbox: Inbox) -> None:
    here.simulator.misdeliver(Misdelivery(delay=1, delay_seconds=DAY))
    make(here, 1)
    here.simulator.run_due()
    assert (inbox.received, undelivered(here)) == ([], [CREATED])
    assert here.simulator.next_due() == START + DAY
    here.after(DAY - 1)
    assert inbox.received == []
    here.after(1)
    [received] = inbox.received
    assert received.signature.startswith(f"t={START + DAY},")
    assert undelivered(here) == []


def test_a_dropped_event_never_comes_but_the_api_lists_it(here: LocalStripe, inbox: Inbox) -> None:
    here.simulator.misdeliver(Misdelivery(drop=1))
    make(here, 1)
    here.after(4 * DAY)
    assert (inbox.received, here.simulator.next_due()) == ([], None)
    assert undelivered(here) == [CREATED]


def test_what_failed_after_a_misdelivery_is_tried_again_as_ever(here: LocalStripe, inbox: Inbox) -> None:
    here.simulator.misdeliver(Misdelivery(delay=1, delay_seconds=30))
    make(here, 1)
    here.simulator.run_due()
    inbox.status = 500
    here.after(30)
    inbox.status = 200
    assert here.after(59) == 0
    assert here.after(1) == 1
    assert (len(inbox.received), undelivered(here)) == (2, [])


def test_only_the_types_that_were_named_go_astray(here: LocalStripe, inbox: Inbox) -> None:
    here.simulator.misdeliver(Misdelivery(drop=1, types=("charge.*", "balance.available")))
    here.simulator.pay(here.intent().id)
    here.after(3 * DAY)
    assert inbox.types() == [CREATED, "payment_intent.succeeded"]


def test_each_mode_strikes_about_as_often_as_it_was_told(here: LocalStripe, inbox: Inbox) -> None:
    here.simulator.misdeliver(Misdelivery(duplicate=0.2, drop=0.2, seed=5))
    made = make(here, 60)
    here.after(DUPLICATED_AFTER_SECONDS_MAX)
    times = Counter(Counter(arrived(inbox)).values())
    assert 4 <= 60 - sum(times.values()) <= 22, "dropped"
    assert 3 <= times[2] <= 22, "twice"
    assert set(arrived(inbox)) <= set(made)


def test_the_same_history_and_seed_go_astray_alike() -> None:
    def story(seed: int) -> list[str]:
        inbox, here = Inbox(), LocalStripe.start()
        here.simulator.register_webhook(inbox.url, SECRET, connect=False)
        here.simulator.misdeliver(Misdelivery(duplicate=0.3, reorder=0.3, delay=0.3, drop=0.3, seed=seed))
        make(here, 15)
        for _ in range(30):
            here.after(DAY // 10)
        here.close()
        inbox.close()
        return arrived(inbox)

    assert story(1) == story(1) != story(2)


def test_misdelivery_ends_when_told_but_what_is_late_stays_late(here: LocalStripe, inbox: Inbox) -> None:
    here.simulator.misdeliver(Misdelivery(delay=1, delay_seconds=60))
    [late] = make(here, 1)
    here.simulator.run_due()
    here.simulator.misdeliver(None)
    [prompt] = make(here, 1)
    here.simulator.run_due()
    assert arrived(inbox) == [prompt]
    here.after(60)
    assert arrived(inbox) == [prompt, late]


@pytest.mark.parametrize(
    "how",
    [
        {"duplicate": -0.1},
        {"reorder": 1.1},
        {"drop": float("nan")},
        {"delay": 1, "delay_seconds": 0},
        {"delay": 1, "delay_seconds": 3 * DAY + 1},
        {"types": ()},
        {"types": ("charge.*", "charges.*")},
    ],
)
def test_a_misdelivery_that_makes_no_sense_is_refused(how: Any) -> None:
    with pytest.raises(ValueError, match=r"must|no event"):
        Misdelivery(**how)
