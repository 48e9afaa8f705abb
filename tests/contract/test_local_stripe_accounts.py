"""The local Stripe's accounts: what they may do, what is wanted of them, and how they end."""

from typing import Any

import pytest
import stripe

from sandbox.stripe import NotPossible, UnknownObject
from tests.contract.local_stripe import DAY, Inbox, LocalStripe, on, refusal


def updated(here: LocalStripe, worker: str, **params: Any) -> stripe.Account:
    changes: Any = params
    return here.client.v1.accounts.update(worker, changes)


def capability(here: LocalStripe, worker: str, name: str = "transfers") -> stripe.Capability:
    return here.client.v1.accounts.capabilities.retrieve(worker, name)


def wanted(account: stripe.Account) -> Any:
    assert account.requirements is not None
    return account.requirements


def assert_invalid(refused: pytest.ExceptionInfo[stripe.PermissionError]) -> None:
    """Not told apart: a foreign account, and none."""
    body: Any = refused.value.json_body
    assert (refused.value.http_status, body["error"]["code"]) == (403, "account_invalid")


# --- changes


@pytest.mark.stripe_rule("https://docs.stripe.com/api/accounts/update")
def test_an_update_changes_what_is_given_and_leaves_the_rest(here: LocalStripe) -> None:
    worker = here.worker(email="w@example.com", metadata={"a": "1", "b": "2"}).id
    profile = {"name": "Ana", "mcc": "7299"}
    updated(here, worker, business_profile=profile)
    account = updated(here, worker, metadata={"b": "", "c": "3"}, business_profile={"mcc": "8999"})
    assert account.metadata is not None
    assert account.metadata.to_dict() == {"a": "1", "c": "3"}
    assert account.business_profile is not None
    assert (account.business_profile.name, account.business_profile.mcc) == ("Ana", "8999")
    assert (account.email, account.country) == ("w@example.com", "US")


@pytest.mark.stripe_rule("https://docs.stripe.com/api/events/types#event_types-account.updated")
def test_a_changed_account_is_told_with_its_former_values_and_an_unchanged_one_is_not(
    here: LocalStripe,
) -> None:
    worker = here.worker(email="old@example.com").id
    updated(here, worker, email="new@example.com")
    updated(here, worker, email="new@example.com")
    [event] = here.client.v1.events.list({"type": "account.updated"}, on(worker)).data
    assert event.data.previous_attributes is not None
    assert event.data.previous_attributes.to_dict() == {"email": "old@example.com"}


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/manage-payout-schedule")
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"interval": "weekly", "weekly_anchor": "friday"}, {"weekly_payout_days": ["friday"]}),
        ({"interval": "monthly", "monthly_anchor": 31}, {"monthly_payout_days": [31]}),
        ({"interval": "daily"}, {}),
        ({"interval": "manual"}, {}),
    ],
)
def test_a_schedule_is_daily_weekly_monthly_or_manual(
    here: LocalStripe, given: dict[str, Any], shown: dict[str, Any]
) -> None:
    worker = here.worker().id
    settings: Any = updated(here, worker, settings={"payouts": {"schedule": given}}).settings
    assert settings.payouts.schedule.to_dict() == {"delay_days": 2, **given, **shown}


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/manage-payout-schedule")
@pytest.mark.parametrize(
    ("schedule", "param"),
    [
        ({"interval": "weekly"}, "weekly_anchor"),
        ({"interval": "monthly"}, "monthly_anchor"),
        ({"interval": "daily", "weekly_anchor": "monday"}, "weekly_anchor"),
        ({"interval": "monthly", "monthly_anchor": 32}, "monthly_anchor"),
        ({"interval": "hourly"}, "interval"),
    ],
)
def test_a_schedule_without_its_day_or_with_another_ones_is_refused(
    here: LocalStripe, schedule: dict[str, Any], param: str
) -> None:
    worker = here.worker().id
    with pytest.raises(stripe.InvalidRequestError) as refused:
        updated(here, worker, email="x@example.com", settings={"payouts": {"schedule": schedule}})
    assert refused.value.param == f"settings[payouts][schedule][{param}]"
    assert here.client.v1.accounts.retrieve(worker).email is None, "nothing else was changed"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/account/retrieve")
def test_the_own_account_is_that_which_the_request_acts_for(here: LocalStripe) -> None:
    worker = here.worker().id
    ours = here.client.v1.accounts.retrieve_current()
    assert here.client.v1.accounts.retrieve_current(options=on(worker)).id == worker
    assert (ours.type, ours.payouts_enabled) == ("standard", True)
    assert here.client.v1.accounts.retrieve(ours.id).id == ours.id
    assert ours.id not in [account.id for account in here.client.v1.accounts.list().data]
    with pytest.raises(stripe.InvalidRequestError):
        updated(here, ours.id, email="x@example.com")


@pytest.mark.stripe_rule("https://docs.stripe.com/error-codes#country-unsupported")
def test_an_account_in_a_country_where_stripe_is_not_is_refused(here: LocalStripe) -> None:
    with pytest.raises(
        stripe.InvalidRequestError, match="KP is not currently supported by Stripe"
    ) as refused:
        here.worker(country="KP")
    assert refusal(refused) == (400, "country_unsupported", "country")


# --- capabilities


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/account-capabilities")
def test_a_requested_capability_is_inactive_until_the_account_is_verified(here: LocalStripe) -> None:
    worker = here.worker(capabilities={"transfers": {"requested": True}}).id
    before = capability(here, worker)
    assert (before.status, before.requested, capability(here, worker, "card_payments").status) == (
        "inactive", True, "unrequested",
    )  # fmt: skip
    here.simulator.verify(worker)
    assert capability(here, worker).status == "active"
    listed = here.client.v1.accounts.capabilities.list(worker).data
    assert {row.id: row.status for row in listed}["transfers"] == "active"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/capabilities/update")
def test_a_capability_can_be_asked_for_later_and_given_up(here: LocalStripe) -> None:
    worker = here.verified_worker()
    asked = updated(here, worker, capabilities={"card_payments": {"requested": True}})
    assert asked.capabilities is not None
    assert asked.capabilities.to_dict() == {"transfers": "active", "card_payments": "active"}
    left = updated(here, worker, capabilities={"transfers": {"requested": False}})
    assert left.capabilities is not None
    assert left.capabilities.to_dict() == {"card_payments": "active"}
    here.funded()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.transfer(worker, 100)
    assert refused.value.code == "insufficient_capabilities_for_transfer"


# --- the end


@pytest.mark.stripe_rule("https://docs.stripe.com/api/account/reject")
def test_a_rejected_account_can_do_nothing_and_is_not_verified_again(here: LocalStripe) -> None:
    worker = here.verified_worker()
    account = here.client.v1.accounts.reject(worker, {"reason": "fraud"})
    assert (account.payouts_enabled, account.charges_enabled) == (False, False)
    assert wanted(account).disabled_reason == "rejected.fraud"
    with pytest.raises(NotPossible):
        here.simulator.verify(worker)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/account/reject")
def test_only_an_account_that_the_platform_answers_for_can_be_rejected_by_it(here: LocalStripe) -> None:
    controller: Any = {"losses": {"payments": "stripe"}, "stripe_dashboard": {"type": "full"}}
    account = here.client.v1.accounts.create({"controller": controller})
    with pytest.raises(stripe.InvalidRequestError):
        here.client.v1.accounts.reject(account.id, {"reason": "other"})


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/handling-api-verification")
def test_stripe_rejects_for_reasons_of_its_own(here: LocalStripe) -> None:
    worker = here.verified_worker()
    here.simulator.reject(worker, "listed")
    assert wanted(here.client.v1.accounts.retrieve(worker)).disabled_reason == "rejected.listed"
    with pytest.raises(NotPossible):
        here.simulator.reject(worker, "bad_mood")


@pytest.mark.stripe_rule("https://docs.stripe.com/api/accounts/delete")
def test_an_account_is_deleted_only_without_money(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    with pytest.raises(stripe.InvalidRequestError):
        here.client.v1.accounts.delete(worker)
    here.payout(worker, 1_000)
    gone = here.client.v1.accounts.delete(worker)
    assert (gone.id, gone.deleted) == (worker, True)
    with pytest.raises(stripe.PermissionError) as refused:
        here.client.v1.accounts.retrieve(worker)
    assert_invalid(refused)


@pytest.mark.stripe_rule(
    "https://docs.stripe.com/api/events/types#event_types-account.application.deauthorized"
)
def test_an_account_that_revokes_access_is_told_of_and_unknown_from_then_on(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    payout = here.payout(worker, 500)
    here.simulator.disconnect(worker)
    for call in (
        lambda: here.client.v1.accounts.retrieve(worker),
        lambda: here.client.v1.balance.retrieve(options=on(worker)),
        lambda: here.client.v1.payouts.retrieve(payout.id, options=on(worker)),
    ):
        with pytest.raises(stripe.PermissionError) as refused:
            call()
        assert_invalid(refused)
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        here.transfer(worker, 100)
    assert refusal(unknown) == (400, "resource_missing", "destination")
    here.after(3 * DAY)
    with pytest.raises(UnknownObject):
        here.simulator.verify(worker)


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/webhooks#connect-webhooks")
def test_that_an_account_left_is_the_last_thing_told_of_it(
    here: LocalStripe,
) -> None:
    inbox = Inbox()
    worker = here.worker_with(1_000)
    here.payout(worker, 500)
    here.simulator.register_webhook(inbox.url, "whsec_connect", connect=True)
    here.simulator.disconnect(worker)
    here.after(3 * DAY)
    inbox.close()
    assert inbox.types() == ["account.application.deauthorized"]
    [told] = inbox.received
    assert (told.event["account"], told.event["data"]["object"]["object"]) == (worker, "application")


# --- the Express Dashboard, bank accounts


@pytest.mark.stripe_rule("https://docs.stripe.com/api/account/create_login_link")
def test_a_login_link_is_refused_before_onboarding(here: LocalStripe) -> None:
    worker = here.worker().id
    with pytest.raises(stripe.InvalidRequestError, match="has not completed onboarding"):
        here.client.v1.accounts.login_links.create(worker)
    here.simulator.verify(worker)
    assert worker in here.client.v1.accounts.login_links.create(worker).url


@pytest.mark.stripe_rule("https://docs.stripe.com/api/external_account_bank_accounts/list")
def test_the_bank_accounts_of_an_account_are_listed(here: LocalStripe) -> None:
    worker = here.verified_worker()
    [row] = here.client.v1.accounts.external_accounts.list(worker).data
    again: Any = here.client.v1.accounts.external_accounts.retrieve(worker, row.id)
    assert (again.status, again.currency, again.account) == ("new", "usd", worker)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.accounts.external_accounts.retrieve(worker, "ba_none")
    assert refusal(refused) == (404, "resource_missing", "id")
