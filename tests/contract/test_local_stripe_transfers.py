"""The local Stripe's transfers: drawn from a charge or from the balance, changed, found."""

from typing import Any

import pytest
import stripe

from tests.contract.local_stripe import DAY, LocalStripe, on, refusal

AVAILABILITY = "https://docs.stripe.com/connect/separate-charges-and-transfers#transfer-availability"


def drawn(here: LocalStripe, charge: str, amount: int, currency: str = "usd", **more: Any) -> stripe.Transfer:
    return here.transfer(here.verified_worker(), amount, currency, source_transaction=charge, **more)


# --- drawn from a charge


@pytest.mark.stripe_rule(AVAILABILITY)
@pytest.mark.parametrize(("amount", "currency"), [(10_000, "usd"), (5_000, "jpy"), (9_990, "kwd")])
def test_a_transfer_from_a_charge_succeeds_at_once_and_is_available_with_the_charge(
    here: LocalStripe, amount: int, currency: str
) -> None:
    charge = here.paid(amount, currency)
    worker = here.verified_worker()
    before = here.balance()[currency][1]
    transfer = here.transfer(worker, amount, currency, source_transaction=charge.id)
    assert transfer.source_transaction == charge.id
    assert here.balance(worker) == {currency: (0, amount)}
    assert here.balance() == {currency: (0, before - amount)}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.payout(worker, amount, currency)
    assert refused.value.code == "balance_insufficient"
    here.after(2 * DAY)
    assert here.balance(worker) == {currency: (amount, 0)}
    assert here.event_types(worker)[-1] == "balance.available"


@pytest.mark.stripe_rule(AVAILABILITY)
def test_a_transfer_from_an_available_charge_is_available_at_once_whatever_the_balance_is(
    here: LocalStripe,
) -> None:
    charge = here.paid(10_000)
    here.after(2 * DAY)
    here.client.v1.payouts.create({"amount": 9_000, "currency": "usd"})
    transfer = drawn(here, charge.id, 5_000)
    assert here.balance(str(transfer.destination)) == {"usd": (5_000, 0)}
    assert here.balance() == {"usd": (10_000 - 320 - 9_000 - 5_000, 0)}, "the platform owes Stripe"


@pytest.mark.stripe_rule(AVAILABILITY)
def test_all_transfers_of_one_charge_stay_within_its_amount(here: LocalStripe) -> None:
    charge = here.paid(10_000)
    drawn(here, charge.id, 7_000)
    with pytest.raises(stripe.InvalidRequestError, match="must not exceed the source amount") as refused:
        drawn(here, charge.id, 3_001)
    assert refusal(refused) == (400, None, "amount")
    assert "already a transfer using this source, amounting to 70.00 usd" in str(refused.value)
    assert drawn(here, charge.id, 3_000).amount == 3_000


@pytest.mark.stripe_rule(AVAILABILITY)
def test_a_transfer_from_a_charge_has_the_charge_s_currency(here: LocalStripe) -> None:
    charge = here.paid(10_000, "usd")
    with pytest.raises(
        stripe.InvalidRequestError, match=r"must be the same as the transfer currency \(eur\)"
    ):
        drawn(here, charge.id, 100, "eur")


@pytest.mark.stripe_rule("https://docs.stripe.com/api/transfers/create#create_transfer-source_transaction")
def test_an_unknown_charge_and_one_that_took_no_money_pay_no_transfer(here: LocalStripe) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        drawn(here, "ch_none", 100)
    assert refusal(refused) == (400, "resource_missing", "source_transaction")
    declined: Any = {"payment_method": "pm_card_chargeDeclined", "payment_method_types": ["card"]}
    with pytest.raises(stripe.CardError):
        here.intent(confirm=True, **declined)
    [failed] = here.client.v1.charges.list().data
    with pytest.raises(stripe.InvalidRequestError) as refused:
        drawn(here, failed.id, 100)
    assert refusal(refused) == (400, None, "source_transaction")
    assert here.client.v1.transfers.list().data == []


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/separate-charges-and-transfers#transfer-options")
def test_a_transfer_from_a_charge_shares_the_charge_s_group_or_gives_it_one(here: LocalStripe) -> None:
    ungrouped = here.paid()
    assert drawn(here, ungrouped.id, 100).transfer_group == f"group_{ungrouped.id}"
    assert here.client.v1.charges.retrieve(ungrouped.id).transfer_group == f"group_{ungrouped.id}"
    intent = here.intent(transfer_group="ORDER_95")
    here.simulator.pay(intent.id)
    grouped = str(here.client.v1.payment_intents.retrieve(intent.id).latest_charge)
    assert drawn(here, grouped, 100).transfer_group == "ORDER_95"
    with pytest.raises(stripe.InvalidRequestError):
        drawn(here, grouped, 100, transfer_group="ORDER_96")


# --- changed, found


@pytest.mark.stripe_rule("https://docs.stripe.com/api/transfers/update")
def test_description_and_metadata_of_a_transfer_can_be_changed_and_it_is_told(here: LocalStripe) -> None:
    here.funded()
    transfer = here.transfer(here.verified_worker(), 100, metadata={"a": "1", "b": "2"})
    changed = here.client.v1.transfers.update(transfer.id, {"description": "May", "metadata": {"a": ""}})
    assert (changed.description, changed.metadata.to_dict()) == ("May", {"b": "2"})
    [event] = here.client.v1.events.list({"type": "transfer.updated"}).data
    former: Any = event.data.previous_attributes
    assert former.to_dict() == {"description": None, "metadata": {"a": "1", "b": "2"}}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.transfers.update("tr_none", {"description": "May"})
    assert refusal(refused) == (404, "resource_missing", "transfer")


@pytest.mark.stripe_rule("https://docs.stripe.com/api/transfers/list")
def test_transfers_are_listed_by_destination_and_time(here: LocalStripe) -> None:
    here.funded()
    ana, ben = here.verified_worker(), here.verified_worker()
    first = here.transfer(ana, 1).id
    here.after(10)
    later = here.transfer(ana, 2).id
    here.transfer(ben, 3)
    transfers = here.client.v1.transfers
    assert [row.id for row in transfers.list({"destination": ana}).data] == [later, first]
    assert [row.amount for row in transfers.list({"created": {"gte": here.clock.at}}).data] == [3, 2]


@pytest.mark.stripe_rule("https://docs.stripe.com/api/transfers/create#create_transfer-destination")
def test_a_transfer_to_nobody_is_refused(here: LocalStripe) -> None:
    here.funded()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.transfer("acct_none", 100)
    assert refusal(refused) == (400, "resource_missing", "destination")


@pytest.mark.stripe_rule("https://docs.stripe.com/currencies#zero-decimal")
@pytest.mark.parametrize(("currency", "amount"), [("jpy", 12_345), ("kwd", 1_234)])
def test_a_transfer_takes_any_amount_of_any_currency(here: LocalStripe, currency: str, amount: int) -> None:
    worker = here.worker_with(amount, currency)
    assert here.balance(worker) == {currency: (amount, 0)}
    assert here.client.v1.transfers.list().data[0].currency == currency


@pytest.mark.stripe_rule("https://docs.stripe.com/connect/authentication")
def test_a_connected_account_transfers_nothing_itself(here: LocalStripe) -> None:
    worker = here.worker_with(1_000)
    with pytest.raises(stripe.InvalidRequestError):
        here.client.v1.transfers.list(options=on(worker))
