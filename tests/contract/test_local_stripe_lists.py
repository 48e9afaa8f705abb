"""The local Stripe's lists and expansion, through the real library over HTTP."""

from typing import Any

import pytest
import stripe

from tests.contract.local_stripe import START, LocalStripe

# --- lists


@pytest.mark.stripe_rule("https://docs.stripe.com/api/pagination")
def test_a_list_is_newest_first_ten_at_a_time(here: LocalStripe) -> None:
    ids = [here.intent().id for _ in range(12)]
    page = here.client.v1.payment_intents.list()
    assert [intent.id for intent in page.data] == ids[:1:-1]
    assert (page.has_more, page.url) == (True, "/v1/payment_intents")


@pytest.mark.stripe_rule("https://docs.stripe.com/api/pagination")
def test_cursors_walk_the_whole_list_down_and_up_again(here: LocalStripe) -> None:
    ids = [here.intent().id for _ in range(7)][::-1]
    listed = here.client.v1.payment_intents.list
    assert [intent.id for intent in listed({"limit": 3}).auto_paging_iter()] == ids
    above = listed({"limit": 3, "ending_before": ids[5]})
    assert ([intent.id for intent in above.data], above.has_more) == (ids[2:5], True)
    top = listed({"limit": 3, "ending_before": ids[2]})
    assert ([intent.id for intent in top.data], top.has_more) == (ids[:2], False)
    last = listed({"limit": 3, "starting_after": ids[3]})
    assert ([intent.id for intent in last.data], last.has_more) == (ids[4:], False)


def test_a_cursor_keeps_its_place_while_new_objects_arrive_and_under_a_filter(here: LocalStripe) -> None:
    customer = here.client.v1.customers.create().id
    mine = [here.intent(customer=customer).id for _ in range(3)]
    stranger = here.intent().id
    here.intent(customer=customer)
    page = here.client.v1.payment_intents.list({"customer": customer, "starting_after": stranger})
    assert [intent.id for intent in page.data] == mine[::-1]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"starting_after": "pi_none"}, "starting_after"),
        ({"ending_before": "pi_none"}, "ending_before"),
        ({"starting_after": "pi_none", "ending_before": "pi_none"}, "ending_before"),
        ({"created": {"after": 5}}, "created[after]"),
        ({"created": "today"}, "created"),
        ({"colour": "red"}, "colour"),
    ],
)
@pytest.mark.stripe_rule("https://docs.stripe.com/api/pagination")
def test_a_list_refuses_what_it_cannot_page_or_filter_by(
    here: LocalStripe, params: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.client.raw_request("get", "/v1/payment_intents", **params)
    assert (refused.value.http_status, refused.value.param) == (400, param)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/payment_intents/list")
def test_created_filters_by_an_instant_or_by_bounds(here: LocalStripe) -> None:
    ids = []
    for _ in range(3):
        ids.append(here.intent().id)
        here.clock.at += 10

    def found(created: Any) -> list[str]:
        return [intent.id for intent in here.client.v1.payment_intents.list({"created": created}).data]

    assert found(START + 10) == [ids[1]]
    assert found({"gt": START}) == [ids[2], ids[1]]
    assert found({"gte": START, "lt": START + 20}) == [ids[1], ids[0]]
    assert found({"lte": START}) == [ids[0]]


# --- expansion


@pytest.mark.stripe_rule("https://docs.stripe.com/expand")
def test_expansion_reaches_through_an_object_into_the_next(here: LocalStripe) -> None:
    intent = here.intent(customer=here.client.v1.customers.create({"name": "Ada"}).id)
    here.simulator.pay(intent.id)
    here.after(1)
    path = ["latest_charge.balance_transaction", "customer", "payment_method"]
    seen = here.client.v1.payment_intents.retrieve(intent.id, {"expand": path})
    assert isinstance(seen.latest_charge, stripe.Charge)
    assert isinstance(seen.latest_charge.balance_transaction, stripe.BalanceTransaction)
    assert seen.latest_charge.balance_transaction.fee == 320
    assert isinstance(seen.customer, stripe.Customer)
    assert seen.customer.name == "Ada"
    again = here.client.v1.payment_intents.retrieve(intent.id)
    assert isinstance(again.latest_charge, str), "what is stored stays an id"


@pytest.mark.stripe_rule("https://docs.stripe.com/expand")
def test_lists_and_new_objects_expand_too(here: LocalStripe) -> None:
    here.funded()
    worker = here.verified_worker()
    transfer = here.transfer(worker, 100, expand=["destination_payment", "balance_transaction.source"])
    assert isinstance(transfer.destination_payment, stripe.Charge)
    assert transfer.destination_payment.amount == 100
    assert isinstance(transfer.balance_transaction, stripe.BalanceTransaction)
    assert isinstance(transfer.balance_transaction.source, stripe.Transfer)
    [row] = here.client.v1.charges.list({"expand": ["data.balance_transaction"]}).data
    assert isinstance(row.balance_transaction, stripe.BalanceTransaction)


@pytest.mark.parametrize("path", ["amount", "colour", "latest_charge.colour", "data.customer", "a.b.c.d.e"])
@pytest.mark.stripe_rule("https://docs.stripe.com/expand")
def test_what_cannot_be_expanded_is_refused_before_anything_is_made(here: LocalStripe, path: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        here.intent(expand=[path])
    assert (refused.value.http_status, refused.value.param) == (400, "expand")
    assert here.client.v1.payment_intents.list().data == []
