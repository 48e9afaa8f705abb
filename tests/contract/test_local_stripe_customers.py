"""The local Stripe's customers and what they own, through the real library over HTTP."""

from typing import Any

import pytest
import stripe

from tests.contract.local_stripe import LocalStripe, refusal

UPDATE = "https://docs.stripe.com/api/customers/update"
DELETE = "https://docs.stripe.com/api/customers/delete"
ATTACH = "https://docs.stripe.com/api/payment_methods/attach"
DETACH = "https://docs.stripe.com/api/payment_methods/detach"


def customer(here: LocalStripe, **known: Any) -> str:
    params: Any = known
    return here.client.v1.customers.create(params).id


def attached(here: LocalStripe, owner: str, card: str = "pm_card_visa") -> str:
    return here.client.v1.payment_methods.attach(card, {"customer": owner}).id


@pytest.mark.stripe_rule(UPDATE)
def test_an_update_changes_what_is_given_and_tells_what_it_was(here: LocalStripe) -> None:
    ada = customer(here, name="Ada", email="ada@example.com", metadata={"kept": "1", "unset": "1"})
    params: Any = {"name": "Ada L.", "metadata": {"unset": "", "added": "1"}}
    changed = here.client.v1.customers.update(ada, params)
    assert (changed.name, changed.email) == ("Ada L.", "ada@example.com")
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"kept": "1", "added": "1"}
    [told] = here.client.v1.events.list({"type": "customer.updated"}).data
    assert told.data.previous_attributes is not None
    assert told.data.previous_attributes.to_dict() == {
        "name": "Ada",
        "metadata": {"kept": "1", "unset": "1"},
    }


@pytest.mark.stripe_rule(DELETE)
def test_a_deleted_customer_leaves_its_id_and_cannot_be_changed_or_charged(here: LocalStripe) -> None:
    ada = customer(here, name="Ada")
    gone = here.client.v1.customers.delete(ada)
    assert gone.to_dict() == {"id": ada, "object": "customer", "deleted": True}
    assert here.client.v1.customers.retrieve(ada).to_dict() == gone.to_dict()
    assert here.client.v1.customers.list().data == []
    assert here.event_types()[-1] == "customer.deleted"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.customers.update(ada, {"name": "Ada"})
    assert refusal(refused) == (404, "resource_missing", "customer")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.customers.delete(ada)
    assert refusal(refused) == (404, "resource_missing", "customer")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.intent(customer=ada)
    assert refusal(refused) == (400, "resource_missing", "customer")


@pytest.mark.stripe_rule(DELETE)
def test_what_a_deleted_customer_paid_still_names_them_as_deleted(here: LocalStripe) -> None:
    ada = customer(here)
    intent = here.intent(customer=ada)
    here.client.v1.customers.delete(ada)
    seen: Any = here.client.v1.payment_intents.retrieve(intent.id, {"expand": ["customer"]}).customer
    assert (seen.id, seen.deleted) == (ada, True)


@pytest.mark.stripe_rule(ATTACH)
def test_an_attached_payment_method_belongs_to_its_customer_and_pays_for_them(here: LocalStripe) -> None:
    ada = customer(here)
    visa, amex = attached(here, ada), attached(here, ada, "pm_card_amex")
    assert [row.id for row in here.client.v1.customers.payment_methods.list(ada).data] == [amex, visa]
    assert here.event_types()[-2:] == ["payment_method.attached"] * 2
    assert here.confirmed(visa, customer=ada).status == "succeeded"
    assert here.confirmed(visa, customer=ada).payment_method == visa, "as often as they like"


@pytest.mark.stripe_rule(ATTACH)
def test_a_payment_method_pays_only_for_its_own_customer(here: LocalStripe) -> None:
    ada, bob = customer(here), customer(here)
    visa = attached(here, ada)
    with pytest.raises(stripe.InvalidRequestError, match="does not belong to the Customer") as refused:
        here.confirmed(visa, customer=bob)
    assert refusal(refused) == (400, None, "payment_method")
    with pytest.raises(stripe.InvalidRequestError, match="Please include the Customer") as refused:
        here.confirmed(visa)
    assert refusal(refused) == (400, "parameter_missing", "source")
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        here.client.v1.payment_methods.attach(visa, {"customer": bob})


@pytest.mark.stripe_rule("https://docs.stripe.com/testing#declined-payments")
def test_a_declining_card_cannot_be_attached_but_the_one_that_declines_later_can(here: LocalStripe) -> None:
    ada = customer(here)
    with pytest.raises(stripe.CardError) as declined:
        attached(here, ada, "pm_card_chargeDeclinedExpiredCard")
    assert refusal(declined) == (402, "expired_card", None)
    kept = attached(here, ada, "pm_card_chargeCustomerFail")
    with pytest.raises(stripe.CardError):
        here.confirmed(kept, customer=ada)


@pytest.mark.stripe_rule(DETACH)
def test_a_detached_payment_method_is_nobody_s(here: LocalStripe) -> None:
    ada = customer(here)
    visa = attached(here, ada)
    assert here.client.v1.payment_methods.detach(visa).customer is None
    assert here.client.v1.customers.payment_methods.list(ada).data == []
    assert here.event_types()[-1] == "payment_method.detached"
    with pytest.raises(stripe.InvalidRequestError, match="not attached"):
        here.client.v1.payment_methods.detach(visa)


@pytest.mark.stripe_rule(DELETE)
def test_deleting_a_customer_detaches_their_payment_methods(here: LocalStripe) -> None:
    ada = customer(here)
    visa = attached(here, ada)
    here.client.v1.customers.delete(ada)
    assert here.client.v1.payment_methods.retrieve(visa).customer is None
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.v1.payment_methods.attach(visa, {"customer": ada})
    assert refusal(refused) == (400, "resource_missing", "customer")
