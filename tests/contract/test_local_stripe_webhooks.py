"""The local Stripe's webhooks: who is told what, when, and what happens when nobody listens."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
import stripe

from tests.contract.local_stripe import ANY_URL, DAY, START, Inbox, LocalStripe

SECRET = "whsec_platform"
CONNECT_SECRET = "whsec_connect"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    yield inbox
    inbox.close()


# --- delivery


@pytest.mark.stripe_rule("https://docs.stripe.com/webhooks/signature")
def test_a_delivered_event_is_signed_by_the_simulator_s_clock_over_the_exact_bytes(
    here: LocalStripe, inbox: Inbox
) -> None:
    here.simulator.register_webhook(inbox.url, SECRET, connect=False)
    here.intent()
    here.clock.at += 7
    assert here.simulator.run_due() == 1
    [received] = inbox.received
    assert received.signature.startswith(f"t={START + 7},v1=")
    assert received.signed_with(SECRET)
    assert not received.signed_with(CONNECT_SECRET)
    assert not replace(received, body=received.body + b" ").signed_with(SECRET)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/events/object")
def test_an_event_carries_the_whole_object_and_the_request_that_caused_it(
    here: LocalStripe, inbox: Inbox
) -> None:
    here.simulator.register_webhook(inbox.url, SECRET, connect=False)
    intent = here.client.v1.payment_intents.create(
        {"amount": 500, "currency": "usd", "metadata": {"top_up": "top_1"}},
        {"idempotency_key": "top_1:create:1"},
    )
    here.simulator.run_due()
    [event] = [received.event for received in inbox.received]
    assert event["data"]["object"] == intent.to_dict()
    assert (event["type"], event["object"]) == ("payment_intent.created", "event")
    assert (event["api_version"], event["livemode"]) == (stripe.api_version, False)
    assert (event["created"], event["pending_webhooks"]) == (START, 1)
    assert intent.last_response is not None
    request = {"id": intent.last_response.request_id, "idempotency_key": "top_1:create:1"}
    assert event["request"] == request
    assert "account" not in event


@pytest.mark.stripe_rule("https://docs.stripe.com/api/events/object")
def test_an_event_shows_its_object_as_it_was_then(here: LocalStripe) -> None:
    intent = here.intent()
    here.simulator.pay(intent.id)
    [created] = here.client.v1.events.list({"type": "payment_intent.created"}).data
    assert created.data.object["status"] == "requires_payment_method"


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/webhooks")
def test_events_of_connected_accounts_go_to_connect_endpoints_and_the_rest_to_the_platform_s(
    here: LocalStripe,
) -> None:
    ours, theirs = Inbox(), Inbox()
    here.simulator.register_webhook(ours.url, SECRET, connect=False)
    here.simulator.register_webhook(theirs.url, CONNECT_SECRET, connect=True)
    worker = here.worker_with(1_000)
    here.payout(worker, 1_000)
    here.after(2 * DAY)
    ours.close()
    theirs.close()
    assert {"account.updated", "payout.paid"}.isdisjoint(ours.types())
    assert "transfer.created" in ours.types()
    assert theirs.types() == [
        "account.external_account.created",
        "capability.updated",
        "account.updated",
        "payout.created",
        "payout.updated",
        "payout.paid",
    ]
    assert {received.event["account"] for received in theirs.received} == {worker}


@pytest.mark.stripe_rule("https://docs.stripe.com/api/webhook_endpoints/create")
def test_an_endpoint_hears_only_what_it_enabled(here: LocalStripe, inbox: Inbox) -> None:
    here.simulator.register_webhook(inbox.url, SECRET, connect=False, enabled_events=["charge.updated"])
    here.simulator.pay(here.intent().id)
    here.after(1)
    assert inbox.types() == ["charge.updated"]


def test_webhooks_arrive_in_the_order_of_their_instants(here: LocalStripe, inbox: Inbox) -> None:
    here.simulator.register_webhook(inbox.url, SECRET, connect=False)
    here.simulator.pay(here.intent().id)
    here.after(5 * DAY)
    assert inbox.types() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
        "balance.available",
    ]
    assert [received.event["created"] for received in inbox.received] == [
        START, START, START, START + 1, START + 2 * DAY,
    ]  # fmt: skip


@pytest.mark.stripe_rule("https://docs.stripe.com/api/webhook_endpoints/object")
def test_an_endpoint_made_through_the_api_shows_its_secret_once_and_is_told(
    here: LocalStripe, inbox: Inbox
) -> None:
    made = here.client.v1.webhook_endpoints.create({"url": inbox.url, "enabled_events": ["*"]})
    assert str(made.secret).startswith("whsec_")
    [listed] = here.client.v1.webhook_endpoints.list().data
    assert (listed.id, "secret" in listed.to_dict()) == (made.id, False)
    here.intent()
    here.simulator.run_due()
    [received] = inbox.received
    assert received.signed_with(str(made.secret))


@pytest.mark.stripe_rule("https://docs.stripe.com/webhooks")
def test_a_deleted_endpoint_hears_nothing_not_even_what_was_queued(here: LocalStripe, inbox: Inbox) -> None:
    made = here.client.v1.webhook_endpoints.create({"url": inbox.url, "enabled_events": ["*"]})
    here.intent()
    assert here.client.v1.webhook_endpoints.delete(made.id).deleted
    here.simulator.run_due()
    assert (inbox.received, here.simulator.next_due()) == ([], None)
    assert here.client.v1.events.list({"delivery_success": False}).data == [], "nobody is waiting"


@pytest.mark.stripe_rule("https://docs.stripe.com/webhooks")
def test_a_disabled_endpoint_hears_nothing_until_it_is_enabled_again(here: LocalStripe, inbox: Inbox) -> None:
    endpoints = here.client.v1.webhook_endpoints
    made = endpoints.create({"url": inbox.url, "enabled_events": ["*"]})
    assert endpoints.update(made.id, {"disabled": True}).status == "disabled"
    here.intent()
    assert endpoints.update(made.id, {"disabled": False}).status == "enabled"
    told = here.intent()
    here.simulator.run_due()
    assert [received.event["data"]["object"]["id"] for received in inbox.received] == [told.id]


@pytest.mark.stripe_rule("https://docs.stripe.com/webhooks")
def test_an_endpoint_that_is_disabled_when_a_retry_is_due_gets_no_more_of_them(
    here: LocalStripe, inbox: Inbox
) -> None:
    endpoints = here.client.v1.webhook_endpoints
    made = endpoints.create({"url": inbox.url, "enabled_events": ["*"]})
    inbox.status = 500
    here.intent()
    here.simulator.run_due()
    endpoints.update(made.id, {"disabled": True})
    endpoints.update(made.id, {"disabled": False})
    here.after(60)
    assert len(inbox.received) == 2, "enabled again in time, it still gets them"
    endpoints.update(made.id, {"disabled": True})
    here.after(4 * DAY)
    assert (len(inbox.received), here.simulator.next_due()) == (2, None)
    [event] = here.client.v1.events.list({"delivery_success": False}).data
    assert event.type == "payment_intent.created"


def test_an_endpoint_can_be_moved_and_told_of_other_events(here: LocalStripe, inbox: Inbox) -> None:
    endpoints = here.client.v1.webhook_endpoints
    made = endpoints.create({"url": ANY_URL, "enabled_events": ["payout.paid"], "metadata": {"a": "1"}})
    changes: Any = {
        "url": inbox.url,
        "enabled_events": ["*"],
        "description": "moved",
        "metadata": {"a": "", "b": "2"},
    }
    moved = endpoints.update(made.id, changes)
    assert (moved.url, moved.description, moved.metadata.to_dict()) == (inbox.url, "moved", {"b": "2"})
    assert "secret" not in moved.to_dict()
    here.intent()
    here.simulator.run_due()
    assert inbox.types() == ["payment_intent.created"]
    assert inbox.received[0].signed_with(str(made.secret))


@pytest.mark.parametrize("params", [{"url": "nowhere"}, {"enabled_events": ["Everything!"]}, {"url": ""}])
def test_an_endpoint_that_could_not_work_is_refused(here: LocalStripe, params: dict[str, Any]) -> None:
    whole: Any = {"url": ANY_URL, "enabled_events": ["*"]} | params
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.webhook_endpoints.create(whole)
    assert refused.value.http_status == 400


def test_what_is_due_is_known_beforehand(here: LocalStripe, inbox: Inbox) -> None:
    assert here.simulator.next_due() is None
    here.simulator.register_webhook(inbox.url, SECRET, connect=False)
    here.simulator.pay(here.intent().id)
    assert here.simulator.next_due() == START, "three webhooks"
    assert here.simulator.run_due() == 3
    assert here.simulator.next_due() == START + 1
    assert here.after(1) == 2, "the charge is booked, and told"
    assert here.simulator.next_due() == START + 2 * DAY
    assert here.after(2 * DAY) == 2, "the money is available, and told"
    assert here.simulator.next_due() is None
    assert here.simulator.run_due() == 0


# --- failure


@pytest.mark.parametrize("status", [302, 400, 500])
@pytest.mark.stripe_rule("https://docs.stripe.com/webhooks")
def test_anything_but_2xx_is_tried_again_later(here: LocalStripe, inbox: Inbox, status: int) -> None:
    here.simulator.register_webhook(inbox.url, SECRET, connect=False)
    here.intent()
    inbox.status = status
    here.simulator.run_due()
    [event] = here.client.v1.events.list({"delivery_success": False}).data
    assert event.pending_webhooks == 1
    inbox.status = 204
    assert here.after(59) == 0
    assert here.after(1) == 1
    first, second = inbox.received
    assert first.body == second.body
    assert (first.path, second.path) == ("/hook", "/hook"), "a redirect is not followed"
    assert second.signature.startswith(f"t={START + 60},"), "signed anew"
    assert here.client.v1.events.retrieve(event.id).pending_webhooks == 0
    assert here.client.v1.events.list({"delivery_success": False}).data == []


@pytest.mark.stripe_rule("https://docs.stripe.com/webhooks")
def test_an_endpoint_that_is_down_is_tried_at_growing_intervals_for_three_days_and_no_longer(
    here: LocalStripe, inbox: Inbox
) -> None:
    here.simulator.register_webhook(inbox.url, SECRET, connect=False)
    inbox.status = 503
    here.intent()
    tried = []
    while (due := here.simulator.next_due()) is not None:
        here.clock.at = due
        here.simulator.run_due()
        tried.append(due - START)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses == sorted(pauses)
    assert pauses[:3] == [60, 240, 960]
    assert 2 * DAY < tried[-1] <= 3 * DAY
    assert len(inbox.received) == len(tried)


def test_nobody_listening_is_a_failure_like_any_other(here: LocalStripe) -> None:
    gone = Inbox()
    gone.close()
    here.simulator.register_webhook(gone.url, SECRET, connect=False)
    here.intent()
    assert here.simulator.run_due() == 1
    assert here.simulator.next_due() == START + 60


def test_a_receiver_may_ask_this_stripe_before_it_answers(here: LocalStripe, inbox: Inbox) -> None:
    seen: list[str] = []
    here.simulator.register_webhook(inbox.url, SECRET, connect=False)
    intent = here.intent()
    inbox.meanwhile = lambda: seen.append(here.client.v1.payment_intents.retrieve(intent.id).status)
    here.simulator.run_due()
    assert seen == ["requires_payment_method"]


def test_registering_again_moves_the_endpoint_and_what_is_undelivered_follows(
    here: LocalStripe, inbox: Inbox
) -> None:
    gone = Inbox()
    gone.close()
    before = here.simulator.register_webhook(gone.url, SECRET, connect=False)
    here.intent()
    here.simulator.run_due()
    assert here.simulator.register_webhook(inbox.url, "whsec_new", connect=False) == before
    here.after(60)
    [received] = inbox.received
    assert received.signed_with("whsec_new")
