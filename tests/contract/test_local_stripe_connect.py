"""The local Stripe's Connect, through the real library over HTTP: accounts, transfers, bank payouts."""

import pytest
import stripe

from sandbox.stripe import NotPossible, UnknownObject
from tests.contract.local_stripe import ANY_URL, DAY, START, LocalStripe, on, refusal

# --- connected accounts


@pytest.mark.stripe_rule("https://docs.stripe.com/api/accounts/create")
def test_a_new_account_is_manual_unverified_and_told_what_is_due(here: LocalStripe) -> None:
    account = here.worker(
        email="w@example.com",
        metadata={"worker": "wrk_1"},
        settings={"payouts": {"schedule": {"interval": "manual"}}},
    )
    assert account.requirements is not None
    assert account.requirements.currently_due
    assert "external_account" in account.requirements.currently_due
    assert (account.payouts_enabled, account.charges_enabled, account.details_submitted) == (False,) * 3
    assert account.settings is not None
    assert account.settings.payouts is not None
    assert account.settings.payouts.schedule.interval == "manual"
    assert here.client.v1.accounts.retrieve(account.id).email == "w@example.com"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/accounts/create#create_account-controller")
def test_a_controller_account_keeps_what_its_controller_was_given(here: LocalStripe) -> None:
    account = here.client.v1.accounts.create(
        {
            "country": "JP",
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "stripe_dashboard": {"type": "express"},
            },
            "tos_acceptance": {"service_agreement": "recipient"},
        }
    )
    assert account.controller is not None
    assert account.controller.losses is not None
    assert (account.type, account.controller.losses.payments) == ("none", "application")
    assert account.default_currency == "jpy"
    assert account.tos_acceptance is not None
    assert account.tos_acceptance.service_agreement == "recipient"


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/webhooks")
def test_verifying_enables_payouts_and_tells_so_once_on_the_account(here: LocalStripe) -> None:
    worker = here.worker()
    here.simulator.verify(worker.id)
    here.simulator.verify(worker.id)
    verified = here.client.v1.accounts.retrieve(worker.id)
    assert (verified.payouts_enabled, verified.charges_enabled, verified.details_submitted) == (True,) * 3
    assert verified.requirements is not None
    assert verified.requirements.currently_due == []
    happened = ["account.external_account.created", "capability.updated", "account.updated"]
    assert here.event_types(worker.id) == happened
    [event] = here.client.v1.events.list({"type": "account.updated"}, on(worker.id)).data
    assert event.account == worker.id
    assert event.data.previous_attributes is not None
    assert event.data.previous_attributes["payouts_enabled"] is False
    assert "account.updated" not in here.event_types(), "it happened on the connected account"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/account_links/object")
def test_an_account_link_leads_to_onboarding_for_five_minutes(here: LocalStripe) -> None:
    worker = here.worker().id
    link = here.client.v1.account_links.create(
        {"account": worker, "type": "account_onboarding", "refresh_url": ANY_URL, "return_url": ANY_URL}
    )
    assert link.url.startswith(f"{here.server.base_url}/connect/setup/")
    assert link.expires_at == START + 300


# --- transfers


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/separate-charges-and-transfers")
def test_a_transfer_moves_available_money_to_the_connected_account_at_once(here: LocalStripe) -> None:
    here.funded(100_000)
    worker = here.verified_worker()
    transfer = here.transfer(worker, 30_000, transfer_group="pay_1", metadata={"payout": "pay_1"})
    assert here.balance() == {"usd": (100_000 - 2_930 - 30_000, 0)}
    assert here.balance(worker) == {"usd": (30_000, 0)}
    ours = here.client.v1.balance_transactions.retrieve(str(transfer.balance_transaction))
    assert (ours.amount, ours.fee, ours.type) == (-30_000, 0, "transfer")
    assert ours.reporting_category == "transfer"
    assert ours.source == transfer.id
    [theirs] = here.transactions(worker)
    assert (theirs.amount, theirs.type, theirs.reporting_category) == (30_000, "payment", "charge")
    assert theirs.source == transfer.destination_payment


@pytest.mark.stripe_rule(
    "https://docs.stripe.com/connect/separate-charges-and-transfers#transfer-availability"
)
def test_pending_money_cannot_be_transferred_and_the_refusal_changes_nothing(here: LocalStripe) -> None:
    here.funded(10_000)
    here.paid(50_000)
    worker = here.verified_worker()
    before = here.balance()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.transfer(worker, 10_000 - 320 + 1)
    assert refusal(refused) == (400, "balance_insufficient", None)
    assert here.balance() == before
    assert here.client.v1.transfers.list().data == []
    assert here.transfer(worker, 10_000 - 320).amount == 9_680, "all that is available may go"


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/currencies")
def test_money_of_one_currency_does_not_cover_a_transfer_of_another(here: LocalStripe) -> None:
    here.funded(1_000_000, "usd")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.transfer(here.verified_worker(), 100, "eur")
    assert refused.value.code == "balance_insufficient"


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/account-capabilities#transfers")
def test_an_account_that_is_not_onboarded_cannot_receive_transfers(here: LocalStripe) -> None:
    here.funded()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.transfer(here.worker().id, 100)
    assert refusal(refused) == (400, "insufficient_capabilities_for_transfer", "destination")


@pytest.mark.stripe_rule("https://docs.stripe.com/api/transfers/list")
def test_transfers_are_found_by_their_group_alone(here: LocalStripe) -> None:
    here.funded()
    worker = here.verified_worker()
    wanted = [here.transfer(worker, amount, transfer_group="pay_1").id for amount in (1, 2)]
    here.transfer(worker, 3, transfer_group="pay_10")
    here.transfer(worker, 4)
    found = here.client.v1.transfers.list({"transfer_group": "pay_1"}).data
    assert [transfer.id for transfer in found] == wanted[::-1]


# --- bank payouts


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payouts/object#payout_object-status")
def test_a_payout_is_pending_then_in_transit_then_paid_two_days_later(here: LocalStripe) -> None:
    worker = here.worker_with(30_000)
    created_at = here.clock.at
    payout = here.payout(worker, 20_000)
    assert (payout.status, payout.automatic, payout.arrival_date) == ("pending", False, created_at + 2 * DAY)
    assert here.balance(worker) == {"usd": (10_000, 0)}, "the money is gone at once"

    statuses = []
    for seconds in (3599, 1, 2 * DAY - 3601, 1):
        here.after(seconds)
        statuses.append(here.client.v1.payouts.retrieve(payout.id, options=on(worker)).status)
    assert statuses == ["pending", "in_transit", "in_transit", "paid"]
    assert here.event_types(worker)[-3:] == ["payout.created", "payout.updated", "payout.paid"]
    assert "payout.paid" not in here.event_types(), "it happened on the connected account"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payouts/failures")
@pytest.mark.parametrize("seconds", [None, 3600, 2 * DAY], ids=["pending", "in_transit", "paid"])
def test_a_payout_can_fail_at_any_stage_and_the_money_returns_to_the_account(
    here: LocalStripe, seconds: int | None
) -> None:
    worker = here.worker_with(30_000)
    payout = here.payout(worker, 20_000)
    if seconds is not None:
        here.after(seconds)
    failed = here.simulator.fail_payout(payout.id, "account_closed")
    assert (failed["status"], failed["failure_code"]) == ("failed", "account_closed")
    assert here.balance(worker) == {"usd": (30_000, 0)}
    returned = here.client.v1.balance_transactions.retrieve(
        failed["failure_balance_transaction"], options=on(worker)
    )
    assert (returned.amount, returned.type) == (20_000, "payout_failure")
    assert (returned.reporting_category, returned.source) == ("payout_reversal", payout.id)
    assert here.event_types(worker)[-1] == "payout.failed"

    here.after(3 * DAY)

    assert here.client.v1.payouts.retrieve(payout.id, options=on(worker)).status == "failed", "it stays so"
    with pytest.raises(NotPossible):
        here.simulator.fail_payout(payout.id, "account_closed")


@pytest.mark.stripe_rule("https://docs.stripe.com/error-codes#payouts-not-allowed")
def test_a_payout_of_an_unverified_account_is_refused(here: LocalStripe) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.payout(here.worker().id, 100)
    assert refusal(refused) == (400, "payouts_not_allowed", None)


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/manual-payouts")
def test_a_payout_beyond_the_balance_is_refused(here: LocalStripe) -> None:
    worker = here.worker_with(30_000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.payout(worker, 30_001)
    assert refusal(refused) == (400, "balance_insufficient", None)
    assert here.client.v1.payouts.list(options=on(worker)).data == []


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payouts")
def test_the_platform_pays_out_to_its_own_bank(here: LocalStripe) -> None:
    here.funded(10_000)
    payout = here.client.v1.payouts.create({"amount": 9_000, "currency": "usd"})
    here.after(2 * DAY)
    [paid] = here.client.v1.payouts.list({"status": "paid"}).data
    assert paid.id == payout.id
    assert here.balance() == {"usd": (10_000 - 320 - 9_000, 0)}
    assert here.event_types()[-1] == "payout.paid"


@pytest.mark.stripe_rule("https://docs.stripe.com/currencies#special-cases")
def test_a_bank_takes_forints_without_decimals(here: LocalStripe) -> None:
    worker = here.worker_with(100_000, "huf")
    with pytest.raises(stripe.InvalidRequestError, match="divisible by 100"):
        here.payout(worker, 99_950, "huf")
    assert here.payout(worker, 99_900, "huf").status == "pending"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payouts/failures")
def test_a_payout_code_that_stripe_does_not_have_fails_nothing(here: LocalStripe) -> None:
    payout = here.payout(here.worker_with(100), 100)
    with pytest.raises(NotPossible):
        here.simulator.fail_payout(payout.id, "bad_mood")


def test_control_functions_know_the_ids_of_their_own_kind_only(here: LocalStripe) -> None:
    intent = here.intent()
    with pytest.raises(UnknownObject):
        here.simulator.pay("pi_none")
    with pytest.raises(UnknownObject):
        here.simulator.verify(intent.id)
    with pytest.raises(UnknownObject):
        here.simulator.fail_payout(intent.id, "account_closed")


# --- direct charges


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/account-capabilities")
def test_an_account_charges_cards_itself_once_its_card_payments_are_active(here: LocalStripe) -> None:
    wishes = {"card_payments": {"requested": True}, "transfers": {"requested": True}}
    able, unable = here.worker(capabilities=wishes).id, here.verified_worker()
    for account in (able, unable):
        with pytest.raises(stripe.InvalidRequestError, match="without the `card_payments`") as refused:
            charged_by(here, account)
        assert refusal(refused) == (400, None, None)
        waiting = here.client.v1.payment_intents.create({"amount": 1_000, "currency": "usd"}, on(account)).id
        with pytest.raises(NotPossible):
            here.simulator.pay(waiting)
    here.simulator.verify(able)
    assert charged_by(here, able).status == "succeeded"
    assert here.balance(able)["usd"][0] == 1_000 - 59


def charged_by(here: LocalStripe, account: str) -> stripe.PaymentIntent:
    intent = here.client.v1.payment_intents.create(
        {
            "amount": 1_000,
            "currency": "usd",
            "payment_method": "pm_card_bypassPending",
            "payment_method_types": ["card"],
        },
        on(account),
    )
    confirmed = here.client.v1.payment_intents.confirm(intent.id, options=on(account))
    here.after(1)
    return confirmed
