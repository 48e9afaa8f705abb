"""The local Stripe's requirements: what is wanted of an account, by when, and what it stops."""

from typing import Any

import pytest
import stripe

from tests.contract.local_stripe import DAY, LocalStripe, on

DOCUMENT = "individual.verification.document"


def capability(here: LocalStripe, worker: str) -> stripe.Capability:
    return here.client.v1.accounts.capabilities.retrieve(worker, "transfers")


def wanted(account: stripe.Account) -> Any:
    assert account.requirements is not None
    return account.requirements


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/handling-api-verification")
def test_a_requirement_with_a_deadline_is_due_until_then_and_past_due_afterwards(here: LocalStripe) -> None:
    worker = here.verified_worker()
    deadline = here.clock.at + 14 * DAY
    here.simulator.require(worker, DOCUMENT, deadline)
    due = here.client.v1.accounts.retrieve(worker)
    assert (due.payouts_enabled, wanted(due).current_deadline) == (True, deadline)
    assert (wanted(due).currently_due, wanted(due).past_due) == ([DOCUMENT], [])
    assert wanted(due).eventually_due == [DOCUMENT]
    here.after(14 * DAY - 1)
    assert here.client.v1.accounts.retrieve(worker).payouts_enabled
    here.after(1)
    late = here.client.v1.accounts.retrieve(worker)
    assert (late.payouts_enabled, late.charges_enabled) == (False, False)
    assert (wanted(late).past_due, wanted(late).disabled_reason) == ([DOCUMENT], "requirements.past_due")


@pytest.mark.stripe_rule(
    "https://docs.stripe.com/api/capabilities/object#capability_object-requirements-past_due"
)
def test_a_past_due_requirement_disables_the_capabilities_and_so_transfers_and_payouts(
    here: LocalStripe,
) -> None:
    worker = here.worker_with(1_000)
    here.simulator.require(worker, DOCUMENT, here.clock.at)
    stopped: Any = capability(here, worker)
    assert (stopped.status, stopped.requirements.past_due) == ("inactive", [DOCUMENT])
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.transfer(worker, 100)
    assert refused.value.code == "insufficient_capabilities_for_transfer"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.payout(worker, 100)
    assert refused.value.code == "payouts_not_allowed"


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/handling-api-verification")
def test_what_is_provided_in_time_never_falls_past_due(here: LocalStripe) -> None:
    worker = here.verified_worker()
    here.simulator.require(worker, DOCUMENT, here.clock.at + DAY)
    here.simulator.verify(worker)
    here.after(2 * DAY)
    account = here.client.v1.accounts.retrieve(worker)
    assert (account.payouts_enabled, wanted(account).currently_due) == (True, [])


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/handling-api-verification")
def test_providing_what_is_past_due_enables_the_account_again(here: LocalStripe) -> None:
    worker = here.verified_worker()
    here.simulator.require(worker, DOCUMENT, here.clock.at)
    here.simulator.verify(worker)
    account = here.client.v1.accounts.retrieve(worker)
    assert (account.payouts_enabled, wanted(account).disabled_reason) == (True, None)
    assert capability(here, worker).status == "active"


@pytest.mark.stripe_rule(
    "https://docs.stripe.com/api/accounts/object#account_object-requirements-currently_due"
)
def test_a_requirement_without_a_deadline_stops_nothing(here: LocalStripe) -> None:
    worker = here.verified_worker()
    here.simulator.require(worker, DOCUMENT)
    here.after(90 * DAY)
    account = here.client.v1.accounts.retrieve(worker)
    assert (account.payouts_enabled, wanted(account).currently_due) == (True, [DOCUMENT])


@pytest.mark.stripe_rule(
    "https://docs.stripe.com/api/accounts/object#account_object-requirements-pending_verification"
)
def test_what_a_new_owner_submitted_is_pending_until_stripe_has_verified_it(here: LocalStripe) -> None:
    worker = here.worker().id
    here.simulator.submit(worker)
    waiting = here.client.v1.accounts.retrieve(worker)
    assert (waiting.details_submitted, waiting.payouts_enabled) == (True, False)
    assert wanted(waiting).disabled_reason == "requirements.pending_verification"
    assert (wanted(waiting).currently_due, wanted(waiting).past_due) == ([], [])
    assert "individual.dob.day" in wanted(waiting).pending_verification
    assert capability(here, worker).status == "inactive"
    here.after(3600)
    verified = here.client.v1.accounts.retrieve(worker)
    assert (verified.payouts_enabled, wanted(verified).disabled_reason) == (True, None)
    assert (wanted(verified).pending_verification, capability(here, worker).status) == ([], "active")


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/handling-api-verification")
def test_an_enabled_account_stays_so_while_what_it_submitted_is_being_verified(here: LocalStripe) -> None:
    worker = here.verified_worker()
    here.simulator.require(worker, DOCUMENT, here.clock.at + DAY)
    here.simulator.submit(worker)
    waiting = here.client.v1.accounts.retrieve(worker)
    assert (waiting.payouts_enabled, wanted(waiting).pending_verification) == (True, [DOCUMENT])
    here.after(2 * DAY)
    assert wanted(here.client.v1.accounts.retrieve(worker)).pending_verification == []


@pytest.mark.stripe_rule("https://docs.stripe.com/api/events/types#event_types-capability.updated")
def test_a_missed_deadline_is_told_of_the_capability_and_of_the_account(here: LocalStripe) -> None:
    worker = here.verified_worker()
    here.simulator.require(worker, DOCUMENT, here.clock.at + DAY)
    told = len(here.event_types(worker))
    here.after(DAY)
    assert here.event_types(worker)[told:] == ["capability.updated", "account.updated"]
    [event] = here.client.v1.events.list({"type": "account.updated", "limit": 1}, on(worker)).data
    former: Any = event.data.previous_attributes
    assert (former["payouts_enabled"], former["requirements"]["past_due"]) == (True, [])
