"""What can be changed of the local Stripe's payments, and how they are found, through the real library."""

from typing import Any

import pytest
import stripe

from tests.contract.local_stripe import LocalStripe, raw, refusal

UPDATE = "https://docs.stripe.com/api/payment_intents/update"
CHARGE = "https://docs.stripe.com/api/charges/update"
EXPAND = "https://docs.stripe.com/api/expanding_objects"


def update(here: LocalStripe, intent: stripe.PaymentIntent, **params: Any) -> stripe.PaymentIntent:
    given: Any = params
    return here.client.v1.payment_intents.update(intent.id, given)


@pytest.mark.stripe_rule(UPDATE)
def test_an_intent_can_be_changed_until_it_is_paid_and_is_paid_as_changed(here: LocalStripe) -> None:
    ada = here.client.v1.customers.create().id
    intent = here.intent(metadata={"kept": "1", "unset": "1"})
    changed = update(
        here, intent, amount=2_000, currency="eur", customer=ada, description="Two", transfer_group="g",
        receipt_email="ada@example.com", metadata={"unset": "", "added": "1"},
    )  # fmt: skip
    assert (changed.amount, changed.currency, changed.status) == (2_000, "eur", "requires_payment_method")
    assert changed.metadata.to_dict() == {"kept": "1", "added": "1"}
    charge_id = here.simulator.pay(intent.id)["latest_charge"]
    charge = here.client.v1.charges.retrieve(charge_id)
    assert (charge.amount, charge.currency, charge.customer, charge.description) == (2_000, "eur", ada, "Two")
    assert (charge.transfer_group, charge.receipt_email) == ("g", "ada@example.com")
    assert "payment_intent.updated" not in here.event_types(), "Stripe has no such event"


@pytest.mark.stripe_rule(UPDATE)
def test_a_new_payment_method_must_be_confirmed(here: LocalStripe) -> None:
    intent = here.intent(payment_method_types=["card"])
    assert update(here, intent, payment_method="pm_card_amex").status == "requires_confirmation"
    assert here.client.v1.payment_intents.confirm(intent.id).status == "succeeded"


@pytest.mark.stripe_rule(UPDATE)
def test_changing_the_terms_while_the_holder_is_asked_wants_a_new_confirmation(here: LocalStripe) -> None:
    intent = here.confirmed("pm_card_threeDSecure2Required")
    assert update(here, intent, description="same terms").status == "requires_action"
    changed = update(here, intent, amount=2_000)
    assert (changed.status, changed.next_action) == ("requires_confirmation", None)


@pytest.mark.stripe_rule(UPDATE)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", 2_000),
        ("currency", "eur"),
        ("payment_method", "pm_card_visa"),
        ("capture_method", "manual"),
    ],
)
def test_the_terms_of_a_paid_intent_are_fixed_and_remarks_are_not(
    here: LocalStripe, name: str, value: Any
) -> None:
    intent = here.confirmed("pm_card_visa")
    with pytest.raises(stripe.InvalidRequestError, match="status of succeeded") as refused:
        update(here, intent, **{name: value, "description": "not this one"})
    assert refusal(refused) == (400, "payment_intent_unexpected_state", name)
    changed = update(here, intent, description="remark", metadata={"a": "1"})
    assert (changed.description, changed.metadata.to_dict()) == ("remark", {"a": "1"})


@pytest.mark.stripe_rule(UPDATE)
@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"amount": 10}, "amount_too_small", "amount"),
        ({"currency": "huf"}, "amount_too_small", "amount"),
        ({"customer": "cus_none"}, "resource_missing", "customer"),
        ({"payment_method": "pm_none"}, "resource_missing", "payment_method"),
    ],
)
def test_a_change_is_held_to_the_rules_of_a_new_intent(
    here: LocalStripe, params: Any, code: str, param: str
) -> None:
    intent = here.intent(10_000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        update(here, intent, **params)
    assert refusal(refused) == (400, code, param)
    assert here.client.v1.payment_intents.retrieve(intent.id).to_dict() == intent.to_dict()


@pytest.mark.stripe_rule(CHARGE)
def test_what_is_said_of_a_charge_can_be_changed_and_is_told(here: LocalStripe) -> None:
    charge = here.paid()
    params: Any = {"description": "A day's work", "metadata": {"a": "1"}, "receipt_email": "ada@example.com"}
    changed = here.client.v1.charges.update(charge.id, params)
    assert (changed.description, changed.receipt_email) == ("A day's work", "ada@example.com")
    told = here.client.v1.events.list({"type": "charge.updated"}).data[0]
    assert told.data.previous_attributes is not None
    assert told.data.previous_attributes.to_dict() == {
        "description": None,
        "metadata": {},
        "receipt_email": None,
    }


@pytest.mark.stripe_rule(EXPAND)
def test_a_charge_has_its_refunds_only_when_they_are_expanded_newest_first(here: LocalStripe) -> None:
    charge = here.paid()
    made = [here.client.v1.refunds.create({"charge": charge.id, "amount": 100}).id for _ in range(11)]
    assert not hasattr(here.client.v1.charges.retrieve(charge.id), "refunds")
    path = ["refunds.data.balance_transaction"]
    refunds = here.client.v1.charges.retrieve(charge.id, {"expand": path}).refunds
    assert refunds is not None
    assert [refund.id for refund in refunds.data] == made[:0:-1]
    assert (refunds.has_more, refunds.url) == (True, f"/v1/charges/{charge.id}/refunds")
    assert isinstance(refunds.data[0].balance_transaction, stripe.BalanceTransaction)
    listed = here.client.v1.charges.list({"expand": ["data.refunds"]}).data[0]
    assert listed.refunds is not None
    assert len(listed.refunds.data) == 10
    with pytest.raises(stripe.InvalidRequestError):
        here.client.v1.charges.retrieve(charge.id, {"expand": ["refunds.data"]})


@pytest.mark.stripe_rule("https://docs.stripe.com/api/refunds/list")
def test_refunds_and_disputes_are_listed_by_charge_by_payment_and_by_time(here: LocalStripe) -> None:
    charges = [here.paid(), here.paid()]
    refunds = [here.client.v1.refunds.create({"charge": charge.id, "amount": 100}) for charge in charges]
    disputes = [here.simulator.dispute(str(charge.payment_intent))["id"] for charge in charges]
    v1 = here.client.v1
    assert [row.id for row in v1.refunds.list({"charge": charges[0].id}).data] == [refunds[0].id]
    of_charge: Any = raw(here, "GET", f"/v1/charges/{charges[1].id}/refunds").json()
    assert [row["id"] for row in of_charge["data"]] == [refunds[1].id]
    paid = str(charges[1].payment_intent)
    assert [row.id for row in v1.refunds.list({"payment_intent": paid}).data] == [refunds[1].id]
    assert [row.id for row in v1.disputes.list({"payment_intent": paid}).data] == [disputes[1]]
    assert [row.id for row in v1.disputes.list({"charge": charges[0].id}).data] == [disputes[0]]
    assert v1.refunds.list({"created": {"lt": refunds[0].created}}).data == []
    assert len(v1.disputes.list({"created": {"gte": charges[0].created}}).data) == 2


@pytest.mark.stripe_rule("https://docs.stripe.com/api/refunds/update")
def test_only_the_metadata_of_a_refund_can_be_changed(here: LocalStripe) -> None:
    refund = here.client.v1.refunds.create({"charge": here.paid().id, "metadata": {"a": "1"}})
    changed = here.client.v1.refunds.update(refund.id, {"metadata": {"b": "2"}})
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"a": "1", "b": "2"}
    assert here.event_types()[-2:] == ["refund.updated", "charge.refund.updated"]
