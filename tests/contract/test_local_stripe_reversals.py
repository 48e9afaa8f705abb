"""The local Stripe's transfer reversals: money comes back from a connected account."""

from typing import Any

import pytest
import stripe

from tests.contract.local_stripe import DAY, LocalStripe, on, refusal

REVERSE = "https://docs.stripe.com/connect/separate-charges-and-transfers#reverse-transfers"
CATEGORIES = "https://docs.stripe.com/reports/reporting-categories"


def sent(here: LocalStripe, amount: int = 30_000, currency: str = "usd") -> stripe.Transfer:
    here.worker_with(amount, currency)
    return here.client.v1.transfers.list().data[0]


def reverse(here: LocalStripe, transfer: str, **params: Any) -> stripe.Reversal:
    given: Any = params
    return here.client.v1.transfers.reversals.create(transfer, given)


@pytest.mark.stripe_rule(REVERSE)
@pytest.mark.parametrize(("amount", "currency"), [(30_000, "usd"), (12_345, "jpy"), (9_999, "kwd")])
def test_a_reversal_takes_back_all_that_is_left_of_a_transfer_at_once(
    here: LocalStripe, amount: int, currency: str
) -> None:
    transfer = sent(here, amount, currency)
    before = here.balance()[currency][0]
    reversal = reverse(here, transfer.id)
    assert (reversal.amount, reversal.currency, reversal.transfer) == (amount, currency, transfer.id)
    assert here.balance(str(transfer.destination)) == {currency: (0, 0)}
    assert here.balance() == {currency: (before + amount, 0)}
    whole = here.client.v1.transfers.retrieve(transfer.id)
    assert (whole.amount_reversed, whole.reversed) == (amount, True)
    assert [row.id for row in whole.reversals.data] == [reversal.id]


@pytest.mark.stripe_rule("https://docs.stripe.com/api/transfer_reversals/create")
def test_a_transfer_can_be_reversed_in_parts_until_nothing_is_left(here: LocalStripe) -> None:
    transfer = sent(here)
    reverse(here, transfer.id, amount=10_000)
    half_way = here.client.v1.transfers.retrieve(transfer.id)
    assert (half_way.amount_reversed, half_way.reversed) == (10_000, False)
    assert reverse(here, transfer.id).amount == 20_000
    with pytest.raises(stripe.InvalidRequestError, match="already fully reversed") as refused:
        reverse(here, transfer.id)
    assert refused.value.http_status == 400


@pytest.mark.stripe_rule("https://docs.stripe.com/api/transfer_reversals/create")
def test_a_reversal_above_the_remainder_is_refused(here: LocalStripe) -> None:
    transfer = sent(here)
    reverse(here, transfer.id, amount=10_000)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unreversed amount") as refused:
        reverse(here, transfer.id, amount=20_001)
    assert refusal(refused) == (400, None, "amount")
    assert here.balance(str(transfer.destination)) == {"usd": (20_000, 0)}


@pytest.mark.stripe_rule(REVERSE)
def test_money_that_the_account_does_not_have_any_more_cannot_come_back(here: LocalStripe) -> None:
    transfer = sent(here)
    here.payout(str(transfer.destination), 20_000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        reverse(here, transfer.id, amount=10_001)
    assert refusal(refused) == (400, "balance_insufficient", None)
    assert reverse(here, transfer.id, amount=10_000).amount == 10_000


@pytest.mark.stripe_rule(CATEGORIES)
def test_a_reversal_is_a_transfer_refund_here_and_a_payment_refund_there(here: LocalStripe) -> None:
    transfer = sent(here)
    reversal = reverse(here, transfer.id, amount=10_000)
    ours = here.client.v1.balance_transactions.retrieve(str(reversal.balance_transaction))
    assert (ours.amount, ours.type, ours.reporting_category, ours.source) == (
        10_000, "transfer_refund", "transfer_reversal", reversal.id,
    )  # fmt: skip
    theirs = here.transactions(str(transfer.destination))[0]
    assert (theirs.amount, theirs.type, theirs.reporting_category, theirs.source) == (
        -10_000, "payment_refund", "refund", reversal.destination_payment_refund,
    )  # fmt: skip


@pytest.mark.stripe_rule("https://docs.stripe.com/api/refunds/object#refund_object-source_transfer_reversal")
def test_the_payment_that_the_transfer_became_is_refunded(here: LocalStripe) -> None:
    transfer = sent(here)
    worker = str(transfer.destination)
    reversal = reverse(here, transfer.id, amount=10_000, expand=["destination_payment_refund"])
    refund: Any = reversal.destination_payment_refund
    assert (refund.amount, refund.charge, refund.status) == (
        10_000,
        transfer.destination_payment,
        "succeeded",
    )
    assert refund.source_transfer_reversal == reversal.id
    payment = here.client.v1.charges.retrieve(str(transfer.destination_payment), options=on(worker))
    assert (payment.amount_refunded, payment.refunded) == (10_000, False)
    reverse(here, transfer.id)
    payment = here.client.v1.charges.retrieve(str(transfer.destination_payment), options=on(worker))
    assert (payment.amount_refunded, payment.refunded) == (30_000, True)


@pytest.mark.stripe_rule("https://docs.stripe.com/api/events/types#event_types-transfer.reversed")
def test_every_reversal_is_told_to_the_platform_a_partial_one_too(here: LocalStripe) -> None:
    transfer = sent(here)
    reverse(here, transfer.id, amount=1)
    reverse(here, transfer.id)
    later, first = here.client.v1.events.list({"type": "transfer.reversed"}).data
    told: list[Any] = [event.data.object for event in (first, later)]
    assert [(row["amount_reversed"], row["reversed"]) for row in told] == [(1, False), (30_000, True)]
    assert here.event_types(str(transfer.destination))[-1] == "charge.refunded"


@pytest.mark.stripe_rule("https://docs.stripe.com/api/transfer_reversals/list")
def test_a_transfer_shows_its_ten_newest_reversals_and_lists_them_all(here: LocalStripe) -> None:
    transfer = sent(here)
    made = [reverse(here, transfer.id, amount=1).id for _ in range(11)][::-1]
    shown = here.client.v1.transfers.retrieve(transfer.id).reversals
    assert ([row.id for row in shown.data], shown.has_more) == (made[:10], True)
    listed = here.client.v1.transfers.reversals.list(transfer.id, {"limit": 100})
    assert [row.id for row in listed.data] == made


@pytest.mark.stripe_rule("https://docs.stripe.com/api/transfer_reversals/update")
def test_the_metadata_of_a_reversal_can_be_changed_and_nothing_else(here: LocalStripe) -> None:
    transfer = sent(here)
    reversal = reverse(here, transfer.id, amount=1, metadata={"a": "1"})
    here.client.v1.transfers.reversals.update(transfer.id, reversal.id, {"metadata": {"b": "2"}})
    found = here.client.v1.transfers.reversals.retrieve(transfer.id, reversal.id)
    assert found.metadata is not None
    assert found.metadata.to_dict() == {"a": "1", "b": "2"}
    assert here.client.v1.transfers.retrieve(transfer.id).reversals.data[0].metadata == found.metadata


@pytest.mark.stripe_rule("https://docs.stripe.com/api/transfer_reversals/retrieve")
def test_a_reversal_is_found_on_its_own_transfer_only(here: LocalStripe) -> None:
    transfer = sent(here)
    reversal = reverse(here, transfer.id, amount=1)
    other = here.transfer(str(transfer.destination), 1)
    for of, wanted, param in (
        (other.id, reversal.id, "id"),
        (transfer.id, "trr_none", "id"),
        ("tr_none", reversal.id, "transfer"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            here.client.v1.transfers.reversals.retrieve(of, wanted)
        assert refusal(refused) == (404, "resource_missing", param)


@pytest.mark.stripe_rule(REVERSE)
def test_what_is_still_pending_comes_back_pending(here: LocalStripe) -> None:
    charge = here.paid(10_000)
    worker = here.verified_worker()
    before = here.balance()
    transfer = here.transfer(worker, 10_000, source_transaction=charge.id)
    reverse(here, transfer.id)
    assert (here.balance(worker), here.balance()) == ({"usd": (0, 0)}, before)
    here.after(2 * DAY)
    assert here.balance(worker) == {"usd": (0, 0)}
    assert here.transfer(worker, 9_680).amount == 9_680
